"""The clock engine against known answers and against itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from brigade.kernel.calendars.business_time import Calendar
from brigade.kernel.calendars.hours import from_content
from brigade.kernel.clocks.engine import (
    PAUSED,
    RUN,
    RUNNING,
    STOPPED,
    Clock,
    Happening,
    Promise,
    Rule,
    Trigger,
    advance,
)

LONDON = ZoneInfo("Europe/London")
OFFICE = Calendar(
    from_content(
        "Europe/London",
        {"weekly": dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), "08:00-18:00")},
    )
)
EARLY = Calendar(
    from_content(
        "Europe/London",
        {"weekly": dict.fromkeys(("mon", "wed", "thu", "fri", "sat"), "06:00-12:00 13:00-20:00")},
    )
)
MINUTE = 60


def london(day: int, hour: int, minute: int = 0, month: int = 3) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=LONDON).astimezone(UTC)


def trigger(*names: str) -> Trigger:
    return Trigger(frozenset(names))


def pauses(context: Mapping[str, Any]) -> str:
    waits = context["state"] == "waiting" and context.get("waiting_reason") == "requester"
    return "requester" if waits else ""


RESPOND = Rule(
    "respond", "incident.respond", trigger("enter:new"), trigger("start", "public_reply"),
    trigger(), lambda context: "",
)  # fmt: skip
RESTORE = Rule(
    "restore", "incident.restore", trigger("enter:new"), trigger("enter:resolved"),
    trigger("reopen"), pauses,
)  # fmt: skip
TEAM = Rule(
    "team", "ola.team", trigger("assign_team"), trigger("assign_team", "resolve"),
    trigger(), lambda context: "", per="team",
)  # fmt: skip
RULES = (RESPOND, RESTORE, TEAM)
SECONDS = {("respond", 2): 30 * MINUTE, ("respond", 1): 15 * MINUTE,
           ("restore", 2): 8 * 60 * MINUTE, ("restore", 1): 4 * 60 * MINUTE}  # fmt: skip


def promise_for(rule: Rule, context: Mapping[str, Any], at: datetime) -> Promise | None:
    if rule.name == "team":
        return Promise(9, 2 * 60 * MINUTE, 1, OFFICE)
    seconds = SECONDS.get((rule.name, context["priority"]))
    return None if seconds is None else Promise(context["priority"], seconds, 1, OFFICE)


def at(when: datetime, *names: str, **context: Any) -> Happening:
    return Happening(when, frozenset(names), {"priority": 2, "team": 7, **context})


STORY = (
    at(london(27, 16, 40), "enter:new", "assign_team", state="new"),
    at(london(27, 16, 55), "public_reply", state="new"),
    at(london(27, 17, 0), "start", "enter:active", state="active"),
    at(london(27, 17, 10), "wait", "enter:waiting", state="waiting", waiting_reason="requester"),
    at(london(30, 9, 0), "resume", "enter:active", state="active"),
    at(london(30, 10, 0), state="active", priority=1),
    at(london(30, 12, 10), "resolve", "enter:resolved", state="resolved", priority=1),
)


def play(happenings: tuple[Happening, ...] | list[Happening]) -> dict[str, Clock]:
    clocks: list[Clock] = []
    for happening in happenings:
        clocks = advance(clocks, happening, RULES, promise_for)
    return {clock.name: clock for clock in clocks}


def test_clock_truth_across_pause_daylight_saving_and_reprioritisation() -> None:
    respond = play(STORY[:2])["respond"]
    assert (respond.state, respond.counted, respond.met()) == (STOPPED, 15 * MINUTE, True)
    restore = play(STORY[:3])["restore"]
    assert restore.due() == london(30, 14, 40)
    assert play(STORY[:4])["restore"].due() is None
    restore = play(STORY[:5])["restore"]
    assert (restore.paused, restore.due()) == (110 * MINUTE, london(30, 16, 30))
    restore = play(STORY[:6])["restore"]
    assert (restore.counted, restore.due()) == (90 * MINUTE, london(30, 12, 30))
    restore = play(STORY)["restore"]
    assert (restore.counted, restore.met()) == (220 * MINUTE, True)
    assert [segment.seconds // 60 for segment in restore.segments] == [30, 110, 60, 130]


def test_a_promise_used_up_before_it_is_raised_was_due_where_it_was_used_up() -> None:
    late = at(london(30, 15, 0), state="active", priority=1)
    restore = play([*STORY[:5], late])["restore"]
    assert restore.counted == 390 * MINUTE
    assert restore.due() == london(30, 12, 30)
    assert restore.met() is False


def test_a_stopped_clock_comes_back_with_reopen_and_the_rest_between_does_not_count() -> None:
    reopened = at(london(30, 13, 10), "reopen", "enter:active", state="active", priority=1)
    restore = play([*STORY, reopened])["restore"]
    assert restore.state == RUNNING
    assert restore.due() == london(30, 13, 30)
    assert restore.segments[-1].kind == "resolved"


def test_each_hand_over_has_a_clock_of_its_own() -> None:
    clocks: list[Clock] = []
    for happening in (
        at(london(27, 9), "enter:new", "assign_team", state="new", team=7),
        at(london(27, 10), "assign_team", state="new", team=8),
        at(london(27, 11), "assign_team", state="new", team=7),
    ):
        clocks = advance(clocks, happening, RULES, promise_for)
    teams = [(c.subject, c.state, c.counted) for c in clocks if c.name == "team"]
    assert teams == [(7, STOPPED, 3600), (8, STOPPED, 3600), (7, RUNNING, 0)]


def test_no_match_no_clock_and_a_lost_match_ends_it() -> None:
    assert "restore" not in play([at(london(27, 9), "enter:new", state="new", priority=4)])
    lost = play([STORY[0], at(london(27, 17), state="new", priority=4)])["restore"]
    assert (lost.state, lost.met()) == ("void", None)


NAMES = st.sampled_from(
    [
        "start",
        "public_reply",
        "wait",
        "resume",
        "resolve",
        "enter:resolved",
        "reopen",
        "assign_team",
        "",
    ]
)


@st.composite
def walks(draw: st.DrawFn) -> list[Happening]:
    begin = draw(st.datetimes(datetime(2026, 3, 20), datetime(2026, 11, 10))).replace(tzinfo=UTC)
    steps = [at(begin, "enter:new", "assign_team", state="new")]
    for _n in range(draw(st.integers(0, 12))):
        begin += timedelta(seconds=draw(st.integers(0, 400_000)))
        steps.append(
            at(
                begin,
                draw(NAMES),
                state=draw(st.sampled_from(["new", "active", "waiting", "resolved"])),
                waiting_reason=draw(st.sampled_from(["requester", "provider", None])),
                priority=draw(st.sampled_from([1, 2, 3])),
                team=draw(st.sampled_from([7, 8])),
            )
        )
    return steps


@given(walks())
@settings(max_examples=300, deadline=None)
def test_segments_follow_each_other_and_add_up(walk: list[Happening]) -> None:
    clocks: list[Clock] = []
    for happening in walk:
        clocks = advance(clocks, happening, RULES, promise_for)
    for clock in clocks:
        marks = [clock.started, *(segment.end for segment in clock.segments)]
        assert [segment.begin for segment in clock.segments] == marks[:-1]
        assert marks[-1] == clock.mark or not clock.segments
        assert clock.counted == sum(s.seconds for s in clock.segments if s.kind == RUN)
        assert clock.paused == sum(s.seconds for s in clock.segments if s.kind == "pause")
        if clock.state == PAUSED:
            assert clock.due() is None
        if clock.state == RUNNING and (due := clock.due()) is not None and due >= clock.mark:
            assert clock.counted_at(due) == clock.promise.seconds


@given(walks(), st.integers(0, 12))
@settings(max_examples=200, deadline=None)
def test_going_on_from_where_it_stood_is_a_replay_from_the_start(
    walk: list[Happening], cut: int
) -> None:
    once: list[Clock] = []
    for happening in walk[:cut]:
        once = advance(once, happening, RULES, promise_for)
    stored = list(once)
    for happening in walk[cut:]:
        stored = advance(stored, happening, RULES, promise_for)
    again: list[Clock] = []
    for happening in walk:
        again = advance(again, happening, RULES, promise_for)
    assert stored == again
