"""Where the working days of a decision went, and how its options compare."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from brigade.governance.decisions.rules import Split, closing_of, read_paper, score, split
from brigade.kernel.calendars.business_time import Calendar
from brigade.kernel.calendars.hours import from_content
from brigade.kernel.refused import Invalid

WEEK = {day: "09:00-17:00" for day in ("mon", "tue", "wed", "thu", "fri")}
ROUND_THE_CLOCK = dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), "00:00-24:00")
BOARD = Calendar(from_content("UTC", {"weekly": WEEK}))


def on(day: int, hour: int = 10) -> datetime:
    return datetime(2026, 3, day, hour, tzinfo=UTC)


DEADLINE = on(16, 17)
COST = {"name": "Cost", "weight": 1}


def gone(opened: int | None, quorum: int | None, until: int) -> Split:
    return split(
        BOARD, raised=on(2), opened=None if opened is None else on(opened),
        quorum=None if quorum is None else on(quorum), deadline=DEADLINE, until=on(until),
    )  # fmt: skip


def test_the_deadline_is_the_closing_of_its_day() -> None:
    assert closing_of(BOARD, on(2), 10) == DEADLINE
    assert closing_of(BOARD, on(6, 20), 1) == on(10, 17), "what comes on a Friday night is Monday's"
    always = Calendar(from_content("UTC", {"weekly": ROUND_THE_CLOCK}))
    assert closing_of(always, on(2), 10) == on(13, 0), "a day without closing ends at midnight"


@pytest.mark.parametrize(
    ("dates", "wanted"),
    [
        ((5, None, 18), (3, 7, 0, 2)),  # the story: no quorum by the deadline
        ((5, 10, 12), (3, 3, 2, 0)),
        ((5, 10, 18), (3, 3, 4, 2)),  # what the deadline cuts off is escalated
        ((None, None, 18), (10, 0, 0, 2)),  # never put to the vote in time
        ((17, 18, 19), (10, 0, 0, 3)),
        ((2, 2, 2), (0, 0, 0, 0)),
    ],
)
def test_days_go_into_one_of_four(
    dates: tuple[int | None, int | None, int], wanted: tuple[int, ...]
) -> None:
    found = gone(*dates)
    assert (found.preparing, found.waiting, found.deliberating, found.escalated) == wanted
    assert found.total == BOARD.working_days_between(on(2), on(dates[2]))


@settings(max_examples=150, deadline=None)
@given(some.lists(some.integers(0, 23 * 29), min_size=3, max_size=3), some.booleans())
def test_no_day_is_lost_or_counted_twice(hours: list[int], quorum: bool) -> None:
    opened, met, until = (
        datetime(2026, 3, 2 + hour // 24, hour % 24, tzinfo=UTC) for hour in sorted(hours)
    )
    found = split(BOARD, raised=on(2, 0), opened=opened, quorum=met if quorum else None,
                  deadline=DEADLINE, until=until)  # fmt: skip
    assert min(found.preparing, found.waiting, found.deliberating, found.escalated) >= 0
    assert found.total == BOARD.working_days_between(on(2, 0), until)


def test_options_are_scored_by_weight() -> None:
    criteria = [{"name": "Risk", "weight": 35}, {"name": "Cost", "weight": 25}]
    kept, options = read_paper(
        criteria,
        [{"title": "A", "marks": [{"text": "High", "points": 20}, {"points": 80}]}, {"title": "B"}],
        0,
    )
    assert score(kept, options[0]) == round((35 * 20 + 25 * 80) / 60)
    assert score(kept, options[1]) is None, "nothing is guessed where no points are given"
    assert [mark["text"] for mark in options[0]["marks"]] == ["High", ""]


@pytest.mark.parametrize(
    ("paper", "field"),
    [
        (([], [], 0), "options"),
        (([], [{"title": "A"}], None), "recommended"),
        (([], [{"title": "A"}], 1), "recommended"),
        (([{"name": "", "weight": 1}], [{"title": "A"}], 0), "criteria"),
        (([{"name": "Cost", "weight": 0}], [{"title": "A"}], 0), "criteria"),
        (
            ([{"name": "C", "weight": 1}], [{"title": "A", "marks": [{"points": 101}]}], 0),
            "options",
        ),
        (([], [{"title": "A", "amount": -1}], 0), "options"),
    ],
)
def test_a_paper_says_what_is_asked(paper: tuple[list, list, int | None], field: str) -> None:  # type: ignore[type-arg]
    with pytest.raises(Invalid) as no:
        read_paper(*paper)
    assert no.value.field == field
