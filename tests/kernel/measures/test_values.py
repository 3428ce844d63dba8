"""Every figure against cases made by hand, each at the boundary where it could be wrong."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from brigade.kernel.instants import at_instant
from brigade.kernel.measures.library import installed
from brigade.kernel.measures.periods import period_named
from brigade.kernel.measures.queries import Counted, counted, rows_behind
from brigade.kernel.parties.models import Person
from brigade.kernel.records.models import Record
from brigade.kernel.work.assigning import assign
from brigade.kernel.work.linking import link
from brigade.kernel.work.moving import move
from brigade.kernel.work.opening import open_record
from brigade.kernel.work.saying import say
from tests.cast import Cast

pytestmark = pytest.mark.django_db
LONDON = ZoneInfo("Europe/London")
LATER = datetime(2026, 9, 1, tzinfo=UTC)
DONE = {"resolution": "Restarted.", "category": "software", "close_code": "fixed"}


def on(month: int, day: int, hour: int = 9, minute: int = 0, second: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, second, tzinfo=LONDON)


def reported(cast: Cast, at: datetime, **more: object) -> Record:
    """Log a P2 incident (answer within 30 minutes, restore within 8 office hours)."""
    fields = {"title": "Ledger down", "requester": cast.eve, "service": cast.erp}
    with at_instant(at):
        return open_record(
            "incident", by=cast.sam, fields={**fields, "impact": 2, "urgency": 1, **more}
        )


def step(cast: Cast, record: Record, transition: str, at: datetime, **fields: object) -> Record:
    with at_instant(at):
        return move(record, transition, by=cast.sam, fields=fields)


def resolved(cast: Cast, opened: datetime, at: datetime) -> Record:
    return step(cast, reported(cast, opened), "resolve", at, **DONE)


def value(key: str, period: str, as_of: datetime = LATER, **more: Any) -> Counted:
    chosen = period_named(period, "Europe/London")
    assert chosen is not None
    more.setdefault("person", None)
    return counted(installed()[key], [chosen], as_of=as_of, **more)[period, 0]


def test_a_kept_target_counts_where_its_clock_stopped(timed: Cast) -> None:
    resolved(timed, on(3, 2), on(3, 2, 17))
    assert value("K01", "2026-03") == Counted(1, 1, 1)
    assert value("K01", "2026-02") == Counted(0, 0, 0)


def test_a_missed_target_counts_where_it_fell_due_even_while_it_still_runs(timed: Cast) -> None:
    late = reported(timed, on(3, 31, 9))
    with at_instant(on(3, 31, 17)):
        assert value("K01", "2026-03", as_of=on(3, 31, 17)) == Counted(0, 0, 0)
    assert value("K01", "2026-03", as_of=on(3, 31, 17, 0, 1)) == Counted(0, 1, 1)
    step(timed, late, "resolve", on(4, 2), **DONE)
    assert value("K01", "2026-03") == Counted(0, 1, 1)
    assert value("K01", "2026-04") == Counted(0, 0, 0)


def test_one_that_is_over_time_and_rests_counts_where_it_went_over(timed: Cast) -> None:
    late = reported(timed, on(3, 31, 9))
    late = step(timed, late, "start", on(3, 31, 9))
    late = step(timed, late, "wait", on(4, 2), waiting_reason="requester")
    assert value("K01", "2026-03") == Counted(0, 1, 1)
    step(timed, late, "resolve", on(4, 3), **DONE)
    assert value("K01", "2026-03") == Counted(0, 1, 1)
    assert value("K01", "2026-04") == Counted(0, 0, 0)


def test_a_void_clock_counts_nowhere(timed: Cast) -> None:
    step(timed, reported(timed, on(3, 2)), "cancel", on(3, 9), cancel_reason="A mistake")
    assert value("K01", "2026-03") == Counted(0, 0, 0)


def test_an_answer_counts_in_its_own_clock(timed: Cast) -> None:
    record = reported(timed, on(3, 2, 9))
    with at_instant(on(3, 2, 9, 30)):
        say(record, "We are on it.", by=timed.sam, visibility="public")
    reported(timed, on(3, 2, 10))
    assert value("K02", "2026-03", as_of=on(3, 2, 10, 31)) == Counted(1, 2, 2)


def test_time_to_restore_is_summed_and_divided_without_duplicates(timed: Cast) -> None:
    first = resolved(timed, on(3, 2, 9), on(3, 2, 10))
    resolved(timed, on(3, 2, 9), on(3, 2, 12))
    twin = reported(timed, on(3, 2, 9))
    link(twin, first, "duplicates", by=timed.sam)
    step(timed, twin, "resolve", on(3, 2, 17), **DONE)
    coded = reported(timed, on(3, 2, 9))
    step(timed, coded, "resolve", on(3, 2, 17), **DONE | {"close_code": "duplicate"})
    assert value("K03", "2026-03") == Counted(4 * 3600, 2, 2, {"p50": 7200, "p90": 10080})


def test_a_period_is_half_open_in_the_reporting_zone_over_daylight_saving(timed: Cast) -> None:
    resolved(timed, on(3, 31), datetime(2026, 3, 31, 22, 59, 59, 999999, tzinfo=UTC))
    resolved(timed, on(3, 31), datetime(2026, 3, 31, 23, 0, tzinfo=UTC))
    march, april = period_named("2026-03", "Europe/London"), period_named("2026-04", "UTC")
    assert march is not None and april is not None
    assert march.end - march.start == timedelta(days=31) - timedelta(hours=1)
    assert value("K07", "2026-03").n == 1
    assert value("K07", "2026-04").n == 1
    both = counted(installed()["K07"], [march.step(-1), march], person=None, as_of=LATER)
    assert [both[key, 0].n for key in ("2026-02", "2026-03")] == [0, 1]


def test_reopened_within_thirty_days_counts_where_it_had_been_resolved(timed: Cast) -> None:
    quick = resolved(timed, on(3, 30), on(3, 31, 12))
    quick = step(timed, quick, "reopen", on(4, 2, 12))
    resolved(timed, on(3, 2), on(3, 2, 12))
    assert value("K05", "2026-03") == Counted(1, 2, 2), "open again, and yet resolved in March"
    step(timed, quick, "resolve", on(4, 3), **DONE)
    assert value("K05", "2026-03") == Counted(1, 2, 2)
    assert value("K05", "2026-04") == Counted(0, 1, 1)


def test_reopened_twice_within_a_period_counts_once(timed: Cast) -> None:
    record = resolved(timed, on(3, 2), on(3, 2, 12))
    for day in (3, 5):
        record = step(timed, record, "reopen", on(3, day))
        record = step(timed, record, "resolve", on(3, day, 17), **DONE)
    assert value("K05", "2026-03") == Counted(1, 1, 1)
    assert value("K07", "2026-03").n == 1


def test_the_backlog_is_what_was_open_at_the_end(timed: Cast) -> None:
    for age in range(1, 11):
        reported(timed, on(3, 31, 23, 59) - timedelta(days=age))
    resolved(timed, on(3, 1), on(3, 20))
    resolved(timed, on(3, 1), on(4, 10))
    reported(timed, on(4, 1, 0))
    back = resolved(timed, on(1, 1, 23), on(3, 31, 12))
    step(timed, back, "reopen", on(4, 1, 12))
    found = value("K06", "2026-03")
    assert found.n == 11, "resolved at the end, although opened again later"
    # Ranked: 1 to 10 days and a minute, 30 days and 14 hours: the tenth of eleven is 10 days.
    # In between the clocks went forward, and an age is elapsed time: an hour less.
    assert found.num == 10 * 86400 + 60 - 3600
    gone = value("K06", "2026-04", as_of=on(4, 5))
    assert gone.n == 13, "asked before its end, a period is taken as it stands"


def test_reassignments_count_beyond_the_first_team(timed: Cast) -> None:
    record = reported(timed, on(3, 2))
    for team in (timed.network_operations, timed.service_desk):
        with at_instant(on(3, 2, 10)):
            record = assign(record, by=timed.sam if team != timed.service_desk else timed.lena,
                            team=team)  # fmt: skip
    with at_instant(on(3, 2, 12)):
        move(record, "resolve", by=timed.lena, fields=DONE)
    resolved(timed, on(3, 2), on(3, 2, 12))
    assert value("K07", "2026-03") == Counted(2, 2, 2)


def test_a_figure_ends_where_sight_ends_and_opens_its_rows(timed: Cast) -> None:
    kept = resolved(timed, on(3, 2), on(3, 2, 17))
    missed = resolved(timed, on(3, 2), on(3, 5))
    assert value("K01", "2026-03", person=timed.sam) == Counted(1, 2, 2)
    assert value("K01", "2026-03", person=timed.fred) == Counted(0, 0, 0)

    def behind(part: str, person: Person | None = None) -> set[int]:
        march = period_named("2026-03", "Europe/London")
        assert march is not None
        rows = rows_behind(installed()["K01"], march, part, person=person, as_of=LATER)
        return {row.record_id for row in rows}

    assert behind("num") == {kept.pk}
    assert behind("den", timed.sam) == {kept.pk, missed.pk}
    assert behind("den", timed.fred) == set()


def test_a_cut_adds_up_and_a_whole_is_no_average_of_percentages(timed: Cast) -> None:
    resolved(timed, on(2, 2), on(2, 2, 17))
    for _each in range(3):
        resolved(timed, on(3, 2), on(3, 5))
    spring = period_named("2026-Q1", "Europe/London")
    march = period_named("2026-03", "Europe/London")
    assert spring is not None and march is not None
    k01 = installed()["K01"]
    whole = counted(k01, march.leading(3), person=None, as_of=LATER, whole=True)["2026-03", 0]
    assert whole == Counted(1, 4, 4) == value("K01", "2026-Q1")
    cut = counted(k01, [spring], person=None, as_of=LATER, cut="service")
    assert cut == {("2026-Q1", timed.erp.pk): Counted(1, 4, 4)}
    k03 = counted(installed()["K03"], march.leading(3), person=None, as_of=LATER, whole=True)
    assert k03["2026-03", 0].beside["p50"] == 30 * 3600, "ranked anew over all rows"
