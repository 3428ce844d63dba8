"""The verbs of decision rights: word one, word it anew, end it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypedDict, Unpack

from django.utils.translation import gettext as _

from brigade.governance.decision_rights.access import may_word_rights
from brigade.governance.decision_rights.models import DecisionRight
from brigade.governance.decision_rights.rules import check_wording
from brigade.kernel import instants
from brigade.kernel.parties.access import needed
from brigade.kernel.parties.acting import acting
from brigade.kernel.parties.roles import ROLES
from brigade.kernel.refused import Invalid, Refused

if TYPE_CHECKING:
    from brigade.kernel.calendars.models import Calendar
    from brigade.kernel.parties.models import Person, Team

TOPIC = re.compile(r"[a-z][a-z0-9_]{0,39}")
CURRENCY = re.compile(r"[A-Z]{3}")


class Wish(TypedDict, total=False):
    """What a right says; the model says what each word means."""

    topic: str
    currency: str
    amount_from: int
    amount_to: int | None
    body: Team | None
    role: str
    seats: int
    quorum: int
    majority: str
    must: list[str]
    deadline_wd: int
    calendar: Calendar
    escalate_to: Person | None
    default_if_silent: str
    silent_wd: int
    voting: str


def add_right(*, by: Person, os_user: str = "", **wish: Unpack[Wish]) -> DecisionRight:
    """Say who decides on a topic between two amounts from now on.

    A gap beside it or an overlap is no refusal here, since bands are worded one
    after the other: the page shows them as errors, and nothing can be raised there.
    """
    needed(may_word_rights(by))
    row = DecisionRight(made_by=by, valid_from=instants.now(), deadline_wd=10)
    _word(row, wish)
    with acting(by, os_user=os_user):
        row.save()
        row.series = row.pk
        row.save(update_fields=["series"])
    return row


def change_right(
    right: DecisionRight, *, by: Person, os_user: str = "", **wish: Unpack[Wish]
) -> DecisionRight:
    """Word a right anew from now on; what was raised under the old wording keeps it."""
    needed(may_word_rights(by))
    with acting(by, os_user=os_user):
        old = _ended(right)
        row = DecisionRight(
            series=old.series, made_by=by, valid_from=old.valid_to or instants.now()
        )
        for name in Wish.__annotations__:
            setattr(row, name, getattr(old, name))
        _word(row, wish)
        row.save()
    return row


def end_right(right: DecisionRight, *, by: Person, os_user: str = "") -> DecisionRight:
    """Let nobody decide by this right any more; decisions that run keep it."""
    needed(may_word_rights(by))
    with acting(by, os_user=os_user):
        return _ended(right)


def _ended(right: DecisionRight) -> DecisionRight:
    row = DecisionRight.objects.select_for_update().get(pk=right.pk)
    if row.valid_to is not None:
        raise Refused(
            "right_ended", _("This right was changed or ended meanwhile. Look at it again.")
        )
    row.valid_to = max(instants.now(), row.valid_from)
    row.save(update_fields=["valid_to"])
    return row


def _word(row: DecisionRight, wish: Wish) -> None:
    for name, value in wish.items():
        setattr(row, name, value)
    if not TOPIC.fullmatch(row.topic):
        raise Invalid(
            "bad_topic", _("A topic is a short name such as investment or risk_acceptance."),
            "topic",
        )  # fmt: skip
    _check_band(row)
    if (row.body is None) == (not row.role):
        raise Invalid("no_body", _("Choose the team that decides, or the role."), "body")
    unknown = {row.role, *row.must} - set(ROLES) - {""}
    if unknown:
        raise Invalid(
            "no_such_role",
            _("There is no role “%(role)s”.") % {"role": min(unknown)},
            "role" if row.role in unknown else "must",
        )
    if row.calendar_id is None:
        raise Invalid("no_calendar", _("Choose the calendar whose days count."), "calendar")
    check_wording(
        seats=row.seats, quorum=row.quorum, majority=row.majority, default=row.default_if_silent,
        voting=row.voting, deadline=row.deadline_wd, silent=row.silent_wd,
    )  # fmt: skip


def _check_band(row: DecisionRight) -> None:
    if row.currency and not CURRENCY.fullmatch(row.currency):
        raise Invalid("bad_currency", _("A currency has three letters, such as EUR."), "currency")
    if not row.currency and (row.amount_from or row.amount_to is not None):
        raise Invalid("no_currency", _("Say in which currency the amounts are."), "currency")
    if not 0 <= row.amount_from < 2**63 or (
        row.amount_to is not None and not row.amount_from < row.amount_to < 2**63
    ):
        raise Invalid(
            "bad_band", _("The upper end has to be more than the lower one."), "amount_to"
        )
