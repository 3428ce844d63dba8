"""The arithmetic of a decision: its days, where they went, and how its options compare."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from brigade.kernel.calendars.hours import Hours
from brigade.kernel.calendars.schedule import instant
from brigade.kernel.refused import Invalid
from brigade.kernel.sentences import _

MOST_OPTIONS, MOST_CRITERIA = 8, 12


class Days(Protocol):
    """Working days of a board, as its calendar counts them."""

    def add_working_days(self, start: date, days: int) -> date:
        """Return the day so many working days later."""

    def working_days_between(self, start: datetime, end: datetime) -> int:
        """Return the working days from the day of one instant to that of another."""

    def hours_on(self, day: date) -> Hours:
        """Return the hours that hold on a day."""

    def working_day(self, at: datetime) -> date | None:
        """Return the working day of an instant, None while closed."""

    def next_opening(self, at: datetime) -> datetime:
        """Return the first open instant from an instant on."""


@dataclass(frozen=True, slots=True)
class Split:
    """Working days from raised to decided, by what they went into.

    Preparing: raised until the vote opened. Waiting: until enough had voted.
    Deliberating: until it was certain. Escalated: whatever came after the deadline.
    """

    preparing: int
    waiting: int
    deliberating: int
    escalated: int

    @property
    def total(self) -> int:
        """All of them."""
        return self.preparing + self.waiting + self.deliberating + self.escalated


def split(
    days: Days,
    *,
    raised: datetime,
    opened: datetime | None,
    quorum: datetime | None,
    deadline: datetime,
    until: datetime,
) -> Split:
    """Return where the working days went; `until` is when it was decided, or now.

    Every day counts once: what the deadline cuts off is escalated, whatever it
    would have been before it.
    """
    end = min(deadline, until)
    a = min(max(opened or end, raised), end)
    b = min(max(quorum or end, a), end)
    return Split(
        preparing=days.working_days_between(raised, a),
        waiting=days.working_days_between(a, b),
        deliberating=days.working_days_between(b, end),
        escalated=days.working_days_between(end, max(until, end)),
    )


def closing_of(days: Days, start: datetime, count: int) -> datetime:
    """Return when the working day that is so many after `start` closes."""
    first = days.working_day(start) or days.working_day(days.next_opening(start))
    assert first is not None
    wanted = days.add_working_days(first, count)
    return instant(max(end for _begin, end in days.hours_on(wanted).moments_on(wanted)))


def read_paper(
    criteria: Sequence[Mapping[str, Any]],
    options: Sequence[Mapping[str, Any]],
    recommended: int | None,
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return criteria and options as they are kept; raises Invalid with the field at fault."""
    if not 1 <= len(options) <= MOST_OPTIONS:
        raise Invalid("no_options", _("Give at least one option, and eight at most."), "options")
    if len(criteria) > MOST_CRITERIA:
        raise Invalid("many_criteria", _("Compare by twelve criteria at most."), "criteria")
    if recommended is None or not 0 <= recommended < len(options):
        raise Invalid("no_recommendation", _("Say which option you recommend."), "recommended")
    kept = [_criterion(one) for one in criteria]
    return kept, [_option(one, len(kept)) for one in options]


def _criterion(one: Mapping[str, Any]) -> dict[str, Any]:
    name, weight = str(one.get("name", "")).strip(), one.get("weight", 1)
    if not name or len(name) > 80 or not isinstance(weight, int) or not 0 < weight <= 100:
        raise Invalid(
            "bad_criterion", _("A criterion has a name, and a weight from 1 to 100."), "criteria"
        )
    return {"name": name, "weight": weight}


def _option(one: Mapping[str, Any], criteria: int) -> dict[str, Any]:
    title, amount = str(one.get("title", "")).strip(), one.get("amount")
    if not title or len(title) > 120:
        raise Invalid("bad_option", _("Give every option a short name."), "options")
    if amount is not None and (not isinstance(amount, int) or not 0 <= amount <= 10**15):
        raise Invalid(
            "bad_option", _("An option costs nothing or more, in whole cents."), "options"
        )
    marks = [*one.get("marks", [])][:criteria]
    marks += [{}] * (criteria - len(marks))
    return {"title": title, "amount": amount, "marks": [_mark(mark) for mark in marks]}


def _mark(mark: Mapping[str, Any]) -> dict[str, Any]:
    points = mark.get("points")
    if points is not None and (not isinstance(points, int) or not 0 <= points <= 100):
        raise Invalid("bad_points", _("Points go from 0 to 100."), "options")
    return {"text": str(mark.get("text", "")).strip()[:200], "points": points}


def score(criteria: Sequence[Mapping[str, Any]], option: Mapping[str, Any]) -> int | None:
    """Return an option's weighted points, 0 to 100; None where a criterion has none."""
    points = [mark.get("points") for mark in option["marks"]]
    if not points or None in points:
        return None
    weights: list[int] = [one["weight"] for one in criteria]
    total: int = sum(weight * point for weight, point in zip(weights, points, strict=True))
    return round(total / sum(weights))


def letter(place: int) -> str:
    """Return the letter an option is called by: A, B, C."""
    return "ABCDEFGH"[place]
