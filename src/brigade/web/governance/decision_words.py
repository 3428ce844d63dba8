"""A decision in words: what waits on whom, how it stands, and where its days went."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from babel import dates
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from brigade.governance.decisions.rules import Split, letter, score
from brigade.governance.decisions.timing import split_of
from brigade.kernel import instants
from brigade.web.governance.right_words import body_words
from brigade.web.shell.money import money
from brigade.web.shell.times import locale, localtime

if TYPE_CHECKING:
    from brigade.governance.decisions.models import Decision
    from brigade.kernel.approvals.models import Approval, ApprovalSeat


def working_days(count: int) -> str:
    """Return a number of working days in words."""
    return ngettext("%(num)d working day", "%(num)d working days", count) % {"num": count}


def waits_on(decision: Decision) -> str:
    """Return on whom a decision waits now."""
    state = decision.record.state
    if state != "open":
        requester = decision.record.requester
        return requester.name if requester else ""
    if decision.escalated_at is not None and decision.right.escalate_to is not None:
        return decision.right.escalate_to.name
    return body_words(decision.right)


def costs(decision: Decision) -> str:
    """Return what is at stake as money, nothing where it is not about money."""
    return money(decision.amount, decision.currency) if decision.currency else ""


@dataclass(frozen=True, slots=True)
class Line:
    """A decision as the register shows it."""

    decision: Decision
    waits_on: str
    since: str
    costs: str
    late: bool


def line(decision: Decision) -> Line:
    """Return a line of the register."""
    return Line(
        decision,
        waits_on(decision),
        working_days(split_of(decision).total),
        costs(decision),
        is_late(decision),
    )


def is_late(decision: Decision) -> bool:
    """Tell whether it was decided after its deadline, or is not by now."""
    return (decision.decided_at or instants.now()) > decision.deadline


def finding(waiting: list[Line]) -> str:
    """Return what waits as one sentence."""
    if not waiting:
        return _("Nothing waits for a decision.")
    late = sum(one.late for one in waiting)
    said = ngettext(
        "%(num)d decision waits.", "%(num)d decisions wait.", len(waiting)
    ) % {"num": len(waiting)}  # fmt: skip
    if late:
        said += " " + ngettext(
            "%(num)d is over its deadline.", "%(num)d are over their deadline.", late
        ) % {"num": late}  # fmt: skip
    return said


def outcome_words(decision: Decision) -> str:
    """Return how a decision ended, nothing while it is open."""
    words = {
        "approved": _("As recommended"),
        "rejected": _("Not as recommended"),
        "lapsed": _("Nobody decided"),
    }
    if decision.record.state == "withdrawn":
        return _("Withdrawn")
    return words.get(decision.outcome, "")


def split_rows(split: Split) -> list[dict[str, Any]]:
    """Return where the working days went, as facts."""
    return [
        {"label": _("Preparing"), "value": working_days(split.preparing)},
        {"label": _("Waiting for the quorum"), "value": working_days(split.waiting)},
        {"label": _("Deliberating"), "value": working_days(split.deliberating)},
        {"label": _("Escalated"), "value": working_days(split.escalated)},
        {"label": _("Altogether"), "value": working_days(split.total)},
    ]


def compared(decision: Decision) -> dict[str, Any]:
    """Return the options by criteria, as a table."""
    options = [
        {
            "name": f"{letter(place)}. {one['title']}",
            "chosen": place == decision.recommended,
            "amount": money(one["amount"], decision.currency or "EUR")
            if one["amount"] is not None
            else "–",
            "score": score(decision.criteria, one),
        }
        for place, one in enumerate(decision.options)
    ]
    rows = [
        {
            "name": one["name"],
            "weight": one["weight"],
            "cells": [
                {"text": option["marks"][number]["text"], "chosen": place == decision.recommended}
                for place, option in enumerate(decision.options)
            ],
        }
        for number, one in enumerate(decision.criteria)
    ]
    return {
        "options": options,
        "rows": rows,
        "scored": any(one["score"] is not None for one in options),
        "money": any(one["amount"] is not None for one in decision.options),
    }


def seat_words(seat: ApprovalSeat, me: int, recommended: str) -> dict[str, Any]:
    """Return a seat with how it voted: for or against the option recommended."""
    said = {
        "approve": _("for %(option)s") % {"option": recommended},
        "reject": _("against %(option)s") % {"option": recommended},
        "abstain": _("abstains"),
        "need_info": _("asks for more"),
    }
    mine = _("you") if seat.person_id == me else _("not yet")
    voted = seat.vote not in ("", "need_info")
    when = localtime(seat.voted_at, "date") if voted and seat.voted_at else ""
    return {
        "name": seat.person.name,
        "voted": voted,
        "said": ", ".join(filter(None, (said.get(seat.vote, mine), str(when)))),
    }


def lead(decision: Decision, vote: Approval | None, seats: list[Any], mine: bool) -> str:
    """Return the one sentence on top: what is asked of the reader, or how it stands."""
    if decision.outcome or decision.record.state_category == "cancelled":
        ended = {"outcome": outcome_words(decision)}
        if decision.decided_at is None:
            return _("%(outcome)s.") % ended
        ended["when"] = _day(decision.decided_at)
        return _("%(outcome)s, on %(when)s.") % ended
    if vote is None:
        return _("To be decided by %(when)s.") % {"when": _day(decision.deadline)}
    voted = sum(one["voted"] for one in seats)
    stands = _("%(voted)d of %(seats)d have voted.") % {"voted": voted, "seats": len(seats)}
    asked = (
        _("You are asked to decide by %(when)s.")
        if mine
        else _("In the vote, to be decided by %(when)s.")
    ) % {"when": _day(decision.deadline)}
    option = {"option": letter(decision.recommended or 0)}
    return " ".join((asked, _("Recommended: option %(option)s.") % option, stands))


def calendar_day(day: date | None) -> str:
    """Return a day of the calendar in words, nothing for none."""
    return "" if day is None else dates.format_date(day, "medium", locale=locale())


def _day(at: datetime) -> str:
    return str(localtime(at, "date"))
