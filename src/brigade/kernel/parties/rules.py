"""What must be true of parties and rights, over plain values. No rows, no queries."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cache
from typing import Final
from zoneinfo import available_timezones

from brigade.kernel.parties.names import tidy_email
from brigade.kernel.parties.roles import ROLES, SCOPES
from brigade.kernel.refused import Invalid, Refused
from brigade.kernel.sentences import _

LANGUAGES: Final = ("en", "de")
THEMES: Final = ("system", "light", "dark")
DENSITIES: Final = ("comfortable", "compact")
TOKEN_SCOPES: Final = ("read", "write")
LONGEST_TOKEN: Final = timedelta(days=366)
_SIGN = r"[^\s@.<>()\[\],;:\\\"]"
_ADDRESS = re.compile(rf"(?:{_SIGN}|\.)+@(?:{_SIGN}+\.)+{_SIGN}+")
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def text(value: str, field: str, *, longest: int = 200, required: bool = True) -> str:
    """Return `value` on one line and trimmed, or refuse it as too long, empty or unprintable."""
    tidy = " ".join(value.split())
    if required and not tidy:
        raise Invalid("required", _("Please fill this in."), field)
    return _bounded(tidy, field, longest)


def paragraph(value: str, field: str, *, longest: int = 10_000) -> str:
    """Return a longer text trimmed, its lines kept."""
    return _bounded(value.strip(), field, longest)


def _bounded(value: str, field: str, longest: int) -> str:
    if len(value) > longest:
        raise Invalid(
            "too_long", _("At most %(count)d characters, please.") % {"count": longest}, field
        )
    if "\x00" in value or any("\ud800" <= letter <= "\udfff" for letter in value):
        raise Invalid("unprintable", _("This holds a character that cannot be stored."), field)
    return value


def email(value: str | None, field: str = "email", *, required: bool = False) -> str | None:
    """Return an address in its stored form, or None; refuse what cannot be one."""
    address = tidy_email(value)
    if address is None:
        if required:
            raise Invalid("required", _("Please fill this in."), field)
        return None
    if len(address) > 254 or not _ADDRESS.fullmatch(address) or not address.isprintable():
        raise Invalid("email", _("This is not a mail address."), field)
    return address


def code(value: str, field: str = "code") -> str:
    """Return a short code of letters, digits, dots, dashes and underscores."""
    tidy = value.strip()
    if len(tidy) > 60 or not _CODE.fullmatch(tidy):
        raise Invalid("code", _("A code has letters, digits, dots, dashes or underscores."), field)
    return tidy


def one_of(value: str, choices: Iterable[str], field: str) -> str:
    """Return `value` when it is one of `choices`, and name them all when it is not."""
    allowed = list(choices)
    if value not in allowed:
        raise Invalid("choice", _("One of: %(choices)s.") % {"choices": ", ".join(allowed)}, field)
    return value


@cache
def zones() -> frozenset[str]:
    """Return the names of the time zones there are; reading them walks a whole folder."""
    return frozenset(available_timezones())


def timezone(value: str, field: str = "timezone") -> str:
    """Return the name of an IANA time zone."""
    if value not in zones():
        raise Invalid("timezone", _("This is not a time zone, such as Europe/London."), field)
    return value


def period(valid_from: datetime, valid_to: datetime | None) -> None:
    """Refuse a period that ends before it starts, or has no time zone."""
    if valid_from.tzinfo is None or (valid_to is not None and valid_to.tzinfo is None):
        raise Invalid("naive", _("An instant needs a time zone."), "valid_from")
    if valid_to is not None and valid_to <= valid_from:
        raise Invalid("period", _("The end must come after the start."), "valid_to")


def role_scope(role: str, scope_type: str, scope_id: int | None) -> None:
    """Refuse a role nobody knows, or a scope that makes no sense for it."""
    one_of(role, [key for key in ROLES if key != "requester"], "role")
    one_of(scope_type, SCOPES, "scope_type")
    if scope_type not in ROLES[role].scopes:
        raise Invalid(
            "role_scope",
            _("This role can be held in: %(scopes)s.") % {"scopes": ", ".join(ROLES[role].scopes)},
            "scope_type",
        )
    if (scope_type == "all") != (scope_id is None):
        raise Invalid("scope", _("Please say what the role is limited to."), "scope_id")


def switches(value: dict[str, bool], field: str, *, most: int = 100) -> dict[str, bool]:
    """Return a small map of names to yes or no, such as which parts of the menu are open."""
    if len(value) > most or not all(
        isinstance(key, str) and len(key) <= 60 and isinstance(state, bool)
        for key, state in value.items()
    ):
        raise Invalid("switches", _("Names with yes or no, please."), field)
    return dict(value)


def token_life(created_at: datetime, expires_at: datetime) -> None:
    """Refuse a token that never lives or lives longer than a year."""
    if expires_at.tzinfo is None:
        raise Invalid("naive", _("An instant needs a time zone."), "expires_at")
    if not created_at < expires_at <= created_at + LONGEST_TOKEN:
        raise Invalid("expiry", _("A token must expire within a year."), "expires_at")


def token_scopes(scopes: Iterable[str]) -> list[str]:
    """Return the scopes in their one order; refuse none and unknown ones."""
    asked = set(scopes)
    for scope in asked:
        one_of(scope, TOKEN_SCOPES, "scopes")
    if not asked:
        raise Invalid("required", _("Please choose what the token may do."), "scopes")
    return [scope for scope in TOKEN_SCOPES if scope in asked]


def reason_for_self_approval(reason: str) -> str:
    """Return the reason that makes up for the missing second person, or refuse without one."""
    tidy = " ".join(reason.split())
    if not tidy:
        raise Invalid(
            "reason",
            _("Nobody else can approve this yet. Please say why it is right; it will be listed."),
            "reason",
        )
    return tidy


def may_be_second_person(*, approver: int, asked_by: int, holder: int, stands_in: bool) -> None:
    """Refuse an approver who asked, who gains, or who stands in for the one who asked."""
    if approver == asked_by:
        raise Refused("own_request", _("Somebody else has to approve what you asked for."))
    if approver == holder:
        raise Refused("own_grant", _("Nobody approves a role for themselves."))
    if stands_in:
        raise Refused(
            "deputy", _("A deputy may not approve what the person they stand in for asked for.")
        )
