"""Cases of business time in a file, and what a calendar says to each.

Columns: case_id, timezone, weekly_hours (`mon-fri 09:00-12:00 13:00-17:00; sat 10:00-14:00`),
holidays (dates or yearly MM-DD), date_overrides (`2026-12-24 08:00-12:00; ...`), pauses
(`begin/end ; begin/end`), operation (due, elapsed, due_working_days), start, amount_seconds,
amount_days, end, expected, also_accept, plain_calculation, note.
"""

from __future__ import annotations

import csv
from datetime import date, datetime
from pathlib import Path

from brigade.kernel.calendars.business_time import Calendar
from brigade.kernel.calendars.hours import Exceptional, Hours
from brigade.kernel.calendars.notation import DAYS, Span, read_times

Case = dict[str, str]


def read(path: Path) -> list[Case]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def calendar(case: Case) -> Calendar:
    return Calendar(
        Hours(
            zone=case["timezone"],
            week=week(case["weekly_hours"]),
            holidays=dict.fromkeys(case["holidays"].replace(";", " ").split(), ""),
            exceptions=dict(exceptions(case["date_overrides"])),
        )
    )


def week(text: str) -> tuple[tuple[Span, ...], ...]:
    days: list[tuple[Span, ...]] = [()] * 7
    for part in filter(str.strip, text.split(";")):
        names, _blank, times = part.strip().partition(" ")
        for name in names.split(","):
            first, _dash, last = name.partition("-")
            low, high = DAYS.index(first), DAYS.index(last or first)
            for day in range(low, high + 1):
                days[day] = read_times(times, "weekly_hours")
    return tuple(days)


def exceptions(text: str) -> list[tuple[str, Exceptional]]:
    parts = [part.strip().partition(" ") for part in text.split(";") if part.strip()]
    return [(day, Exceptional(read_times(times, "date_overrides"))) for day, _, times in parts]


def pauses(case: Case) -> list[tuple[datetime, datetime]]:
    pairs = [pair.strip().split("/") for pair in case["pauses"].split(";") if pair.strip()]
    return [(datetime.fromisoformat(begin), datetime.fromisoformat(end)) for begin, end in pairs]


def day_or_instant(text: str) -> date:
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)


def answer(case: Case) -> object:
    """Return what the calendar says: a number of seconds, an instant or a day."""
    hours = calendar(case)
    if case["operation"] == "due_working_days":
        return hours.add_working_days(day_or_instant(case["start"]), int(case["amount_days"]))
    start = datetime.fromisoformat(case["start"])
    if case["operation"] == "due":
        return hours.add_open_seconds(start, int(case["amount_seconds"]), pauses(case))
    return hours.open_seconds(start, datetime.fromisoformat(case["end"]), pauses(case))


def accepted(case: Case) -> list[object]:
    """Return what may be said. Where a source is disputed, what plain counting gives."""
    if case["operation"] == "elapsed":
        if case["note"].startswith("DISPUTED"):
            return [int(case["plain_calculation"].removeprefix("gives"))]
        return [int(case["expected"])]
    texts = [case["expected"], *case["also_accept"].split(";")]
    return [day_or_instant(text.strip()) for text in texts if text.strip()]
