"""Figures count what happened, inside what the reader may see, and open the rows behind them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from brigade.kernel.instants import at_instant
from brigade.kernel.parties.models import Person
from brigade.kernel.records.lists import filtered
from brigade.kernel.work.moving import move
from brigade.kernel.work.opening import open_record
from brigade.operation.incidents.queries import (
    Scope,
    by_whom,
    came_in,
    how_long,
    log_figures,
    open_work,
)
from brigade.operation.incidents.queries.log import month_ends
from tests.cast import Cast
from tests.integrations.logs.conftest import DATA, Importing, console, importing
from tests.kernel.work.conftest import desk

__all__ = ["console", "desk", "importing"]
pytestmark = pytest.mark.django_db
MONDAY = datetime(2030, 3, 25, 9, tzinfo=UTC)
MARCH = {"start": datetime(2030, 3, 1, tzinfo=UTC), "end": datetime(2030, 4, 1, tzinfo=UTC)}


@pytest.fixture
def week(desk: Cast) -> Cast:
    """Four incidents from Monday on, a day apart; Sam resolved two, after 2 and 6 hours."""
    for number, requester in enumerate([desk.eve, desk.sid, desk.eve, desk.sid]):
        at = MONDAY + timedelta(days=number)
        record = open_record(
            "incident",
            by=desk.sam,
            fields={"title": f"Broken {number}", "requester": requester.pk, "urgent": number == 0},
            origin="simulation",
            at=at,
        )
        if number < 2:
            move(record, "start", by=desk.sam, origin="simulation", at=at + timedelta(hours=1))
            move(
                record,
                "resolve",
                by=desk.sam,
                fields={"resolution": "Done."},
                origin="simulation",
                at=at + timedelta(hours=2 + 4 * number),
            )
    return desk


def test_what_came_in_by_day_and_by_week(week: Cast) -> None:
    days = came_in(Scope(week.lena, **MARCH))
    assert len(days) == 31
    assert [day.opened for day in days[24:28]] == [1, 1, 1, 1]
    assert [day.resolved for day in days[24:28]] == [1, 1, 0, 0]
    weeks = came_in(Scope(week.lena, **MARCH), "week")
    assert (str(weeks[0].start), len(weeks)) == ("2030-02-25", 5)
    assert [each.opened for each in weeks] == [0, 0, 0, 0, 4]
    assert filtered(week.lena, weeks[4].opened_filter).count() == 4
    assert filtered(week.lena, weeks[4].resolved_filter).count() == 2


def test_a_day_is_a_day_of_the_zone(week: Cast) -> None:
    days = came_in(Scope(week.lena, zone="Pacific/Auckland", **MARCH))
    found = {str(day.start): day.opened for day in days if day.opened}
    assert found == {"2030-03-25": 1, "2030-03-26": 1, "2030-03-27": 1, "2030-03-28": 1}
    days = came_in(Scope(week.lena, zone="Pacific/Kiritimati", **MARCH))
    assert str(next(day for day in days if day.opened).start) == "2030-03-25"


def test_what_is_open_by_age_priority_team_and_person(week: Cast) -> None:
    with at_instant(MONDAY + timedelta(days=4)):
        found = open_work(Scope(week.lena))
    assert found.total == 2
    assert [(each.key, each.count) for each in found.by_age] == [
        (1, 1), (3, 1), (7, 0), (30, 0), (None, 0),
    ]  # fmt: skip
    assert [(each.key, each.count) for each in found.by_priority] == [(4, 2)]
    assert [(each.label, each.count) for each in found.by_team] == [("Service desk", 2)]
    assert [(each.key, each.count) for each in found.by_assignee] == [(None, 2)]
    for part in (*found.by_age, *found.by_priority, *found.by_team, *found.by_assignee):
        assert part.filter is not None
        assert filtered(week.lena, part.filter).count() == part.count


def test_how_long_it_took_and_who_did_it(week: Cast) -> None:
    overall, by_priority = how_long(Scope(week.lena, **MARCH))
    assert (overall.count, overall.mean, overall.median, overall.p90) == (2, 4.0, 4.0, 5.6)
    assert [(each.key, each.count, each.median) for each in by_priority] == [
        (2, 1, 2.0),
        (4, 1, 6.0),
    ]
    [sam] = by_whom(Scope(week.lena, **MARCH))
    assert (sam.key, sam.label, sam.count) == (week.sam.pk, "Sam Desk", 2)
    assert sam.filter is not None
    assert filtered(week.lena, sam.filter).count() == 2


def test_figures_end_where_sight_ends(week: Cast) -> None:
    assert open_work(Scope(week.eve)).total == 1
    assert log_figures(Scope(week.eve))["incidents"] == 2
    assert log_figures(Scope(week.vera))["incidents"] == 4
    assert log_figures(Scope(week.fred))["incidents"] == 0
    assert how_long(Scope(week.fred, **MARCH))[0].mean is None


def test_the_log_figures_of_records_opened_here(week: Cast) -> None:
    figures = log_figures(Scope(None))
    assert figures["incidents"] == 4
    assert figures["by_contact_type"] == {"desk": 4}
    assert figures["by_priority"] == {"2": 1, "4": 3}
    assert figures["resolved_known"] == 2
    assert figures["hours_open_to_resolve_mean"] == 4.0
    assert figures["top_groups_at_close"] == [["Service desk", 4]]
    assert figures["opened_per_month"] == {"2030-03": 4}
    assert figures["open_backlog_at"] == {"2030-03-31 24:00": 4}
    assert figures["incidents_never_reassigned"] == 4


def test_the_log_figures_of_an_import(console: Person, importing: Importing) -> None:
    importing(DATA / "updates.csv", "servicenow_incidents")
    figures = log_figures(Scope(None))
    assert (figures["events"], figures["incidents"], figures["reopened_incidents"]) == (12, 3, 1)
    assert figures["incidents_that_waited_for_user"] == 1
    assert figures["incidents_that_waited_for_vendor"] == 1
    assert (figures["made_sla_true"], figures["made_sla_false"]) == (2, 1)
    assert (figures["with_problem"], figures["with_rfc"], figures["caused_by_change"]) == (1, 1, 1)
    assert figures["with_knowledge"] == 1
    assert (figures["total_reassignments"], figures["incidents_never_reassigned"]) == (1, 2)
    assert figures["hours_open_to_resolve_median"] == 4.0
    assert figures["by_contact_type"] == {"Fax": 1, "Phone": 1, "Self service": 1}
    assert figures["top_groups_at_close"] == [["Field", 2], ["mail Team", 1]]
    assert figures["open_backlog_at"] == {"2024-03-31 24:00": 2}


def test_a_period_takes_what_was_opened_in_it(console: Person, importing: Importing) -> None:
    importing(DATA / "updates.csv", "servicenow_incidents")
    second = datetime(2024, 3, 2, tzinfo=UTC)
    figures = log_figures(Scope(None, start=second, end=second + timedelta(days=1)))
    assert figures["incidents"] == 1
    assert log_figures(Scope(None, source="elsewhere"))["incidents"] == 0


def test_a_month_ends_in_its_zone() -> None:
    ends = month_ends(
        datetime(2023, 12, 31, 23, 30, tzinfo=UTC), datetime(2024, 2, 1, tzinfo=UTC), "Europe/Rome"
    )
    assert [label for label, _at in ends] == ["2024-01-31 24:00", "2024-02-29 24:00"]
    assert ends[0][1] == datetime(2024, 1, 31, 23, 0, tzinfo=UTC)
