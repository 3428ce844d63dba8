"""From what somebody typed to a value of a field, or a refusal that names the field."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from brigade.kernel.parties.lookups import (
    active_organisation,
    active_team,
    is_active_person,
)
from brigade.kernel.recipes.elements import Field
from brigade.kernel.records.canonical import check_text
from brigade.kernel.refused import Invalid
from brigade.kernel.services.queries import offering_in_use, service_in_use

TEXT_LIMIT = 20_000
TITLE_LIMIT = 300
COLUMN_TYPES = {
    "title": "text",
    "description": "note",
    "requester": "party",
    "assignee": "party",
    "customer": "organisation",
    "provider": "organisation",
    "team": "team",
    "service": "service",
    "offering": "offering",
    "category": "text",
    "channel": "text",
    "confidential": "bool",
    "impact": "int",
    "urgency": "int",
}
"""Types of the columns that a recipe need not declare."""


def read_value(name: str, raw: Any, field: Field | None, zone: str = "UTC") -> Any:
    """Return `raw` as the value of field `name`: text, int, bool, id or ISO instant.

    Empty input is None. `zone` is the reader's, for an instant typed without an
    offset. Raises Invalid with the field where the value does not fit.
    """
    if raw is None or (isinstance(raw, str) and not raw.strip()):
        return "" if name in ("description", "category") else None
    kind = field.type if field is not None else COLUMN_TYPES.get(name)
    if kind is None:
        raise Invalid(
            "unknown_field", _("There is no field called “%(field)s”.") % {"field": name}, name
        )
    reader = _READERS.get(kind, _text)
    if kind in ("enum", "tree") and field is not None and field.of:
        return _choice(name, raw, field)
    return reader(name, raw, zone)


def _no(name: str, message: str) -> Invalid:
    return Invalid("bad_value", message, name)


def _text(name: str, raw: Any, zone: str) -> str:
    if not isinstance(raw, str):
        raise _no(name, _("Give a text here."))
    text = check_text(raw.strip().replace("\r\n", "\n"), name)
    limit = TITLE_LIMIT if name == "title" else TEXT_LIMIT
    if len(text) > limit:
        raise _no(
            name, _("This is longer than %(limit)d characters. Shorten it.") % {"limit": limit}
        )
    if name in ("title", "category") and "\n" in text:
        raise _no(name, _("This has to fit on one line."))
    return text


def _whole(name: str, raw: Any, zone: str) -> int:
    try:
        number = int(str(raw))
    except ValueError as error:
        raise _no(name, _("Give a whole number.")) from error
    if isinstance(raw, float) or not -2_147_483_648 <= number <= 2_147_483_647:
        raise _no(name, _("Give a whole number."))
    return number


def _number(name: str, raw: Any, zone: str) -> int | str:
    """Return a number as the journal can carry it: whole, else its digits as text."""
    try:
        number = Decimal(str(raw).strip().replace(",", "."))
        number = number.quantize(Decimal("0.000001"))
    except InvalidOperation as error:
        raise _no(name, _("Give a number such as 12 or 0.5.")) from error
    if not number.is_finite() or abs(number) >= 10**15:
        raise _no(name, _("Give a number such as 12 or 0.5."))
    whole = number == number.to_integral_value()
    return int(number) if whole else f"{number.normalize():f}"


def _truth(name: str, raw: Any, zone: str) -> bool:
    if isinstance(raw, bool):
        return raw
    word = str(raw).strip().lower()
    if word in ("true", "on", "yes", "1"):
        return True
    if word in ("false", "off", "no", "0"):
        return False
    raise _no(name, _("Answer yes or no."))


def _choice(name: str, raw: Any, field: Field) -> Any:
    for choice in field.of:
        if str(choice) == str(raw):
            return choice
    if field.type == "tree":
        raise _no(name, _("There is no such place in the tree. Choose one from the list."))
    choices = ", ".join(str(choice) for choice in field.of)
    raise _no(name, _("Choose one of these: %(choices)s.") % {"choices": choices})


def _instant(name: str, raw: Any, zone: str) -> str:
    try:
        moment = raw if isinstance(raw, datetime) else datetime.fromisoformat(str(raw))
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=ZoneInfo(zone))
        return moment.astimezone(UTC).isoformat()
    except (ValueError, OverflowError) as error:
        raise _no(name, _("Give a date and time such as 2026-03-27 16:40.")) from error


def _date(name: str, raw: Any, zone: str) -> str:
    try:
        return datetime.fromisoformat(str(raw)).date().isoformat()
    except ValueError as error:
        raise _no(name, _("Give a date such as 2026-03-27.")) from error


def _identity(name: str, raw: Any) -> int:
    raw = getattr(raw, "pk", raw)
    try:
        number = int(str(raw))
    except ValueError as error:
        raise _no(name, _("Choose one from the list.")) from error
    if not 0 < number < 2**63:
        raise _no(name, _("Choose one from the list."))
    return number


def _party(name: str, raw: Any, zone: str) -> int:
    person = _identity(name, raw)
    if not is_active_person(person):
        raise _no(name, _("There is no such person, or they have left. Choose another."))
    return person


def _team(name: str, raw: Any, zone: str) -> int:
    team = active_team(_identity(name, raw))
    if team is None:
        raise _no(name, _("There is no such team. Choose another."))
    return team.pk


def _organisation(name: str, raw: Any, zone: str) -> int:
    organisation = active_organisation(_identity(name, raw))
    if organisation is None:
        raise _no(name, _("There is no such organisation. Choose another."))
    return organisation.pk


def _service(name: str, raw: Any, zone: str) -> int:
    service = _identity(name, raw)
    if not service_in_use(service):
        raise _no(name, _("There is no such service in use. Choose another."))
    return service


def _offering(name: str, raw: Any, zone: str) -> int:
    offering = _identity(name, raw)
    if not offering_in_use(offering):
        raise _no(name, _("There is no such offering to choose. Take another."))
    return offering


_READERS = {
    "text": _text,
    "note": _text,
    "tree": _text,
    "int": _whole,
    "number": _number,
    "bool": _truth,
    "datetime": _instant,
    "date": _date,
    "party": _party,
    "team": _team,
    "organisation": _organisation,
    "service": _service,
    "offering": _offering,
}
