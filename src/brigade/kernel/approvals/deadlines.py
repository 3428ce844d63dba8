"""By when a decision is wanted, counted in a calendar, and how it moves while seats wait."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from brigade.kernel.calendars.business_time import NeverOpen
from brigade.kernel.calendars.queries import business_time_of, standard_version
from brigade.kernel.instants import NEVER
from brigade.kernel.recipes.spans import Span

if TYPE_CHECKING:
    from brigade.kernel.approvals.models import Approval


def calendar_of_boards() -> int | None:
    """Return the version of the calendar that decisions are counted in where none was named."""
    return standard_version("board")


def after(start: datetime, span: Span, calendar_version: int | None) -> datetime:
    """Return the instant a span later; a day is a working day of the calendar.

    Without a calendar, or in one that has closed for good, a day is 24 hours.
    """
    if calendar_version is None:
        return start + span.elapsed()
    time = business_time_of(calendar_version)
    try:
        if span.unit == "d":
            return time.add_working_days(start, span.amount)
        return time.add_open_seconds(start, int(span.elapsed().total_seconds()))
    except NeverOpen:
        return start + span.elapsed()


def open_seconds(start: datetime, end: datetime, calendar_version: int | None) -> int:
    """Return how many seconds of a calendar lie between two instants."""
    if end <= start:
        return 0
    if calendar_version is None:
        return int((end - start).total_seconds())
    return business_time_of(calendar_version).open_seconds(start, end)


def later(start: datetime, seconds: int, calendar_version: int | None) -> datetime:
    """Return when so many open seconds have passed."""
    if calendar_version is None:
        return start + timedelta(seconds=seconds)
    try:
        return business_time_of(calendar_version).add_open_seconds(start, seconds)
    except NeverOpen:
        return start + timedelta(seconds=seconds)


def next_reminder(approval: Approval, at: datetime) -> datetime:
    """Return when who has not voted is reminded next, NEVER where not any more.

    Reminders lie at shares (percent) of the time between `counted_from` and the deadline.
    """
    start = approval.counted_from or approval.opened_at
    if start is None or approval.deadline == NEVER or approval.held_at is not None:
        return NEVER
    whole = open_seconds(start, approval.deadline, approval.calendar_version_id)
    marks = (
        later(start, whole * share // 100, approval.calendar_version_id)
        for share in _shares(approval.reminders)
    )
    return min((mark for mark in marks if mark > at), default=NEVER)


def _shares(stored: Iterable[int]) -> list[int]:
    return sorted(int(share) for share in stored)


def hold(approval: Approval, at: datetime) -> None:
    """Let the deadline stand still: a seat waits for information."""
    if approval.held_at is None:
        approval.held_at = at
        approval.remind_at = NEVER


def resume(approval: Approval, at: datetime) -> None:
    """Let the deadline go on, by as much open time later as it stood still."""
    if approval.held_at is None:
        return
    stood = open_seconds(approval.held_at, at, approval.calendar_version_id)
    approval.held_at = None
    if approval.deadline != NEVER:
        approval.deadline = later(approval.deadline, stood, approval.calendar_version_id)
    approval.remind_at = next_reminder(approval, at)
