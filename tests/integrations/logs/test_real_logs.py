"""The public logs, through the command line, against the figures published with them."""

from __future__ import annotations

import csv
import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from brigade.integrations.logs.clocks import brought_rules
from brigade.kernel.clocks.measuring import account_of, shown_clocks
from brigade.kernel.clocks.models import Clock, Segment
from brigade.kernel.instants import now
from brigade.kernel.records.audit import verify
from brigade.kernel.records.models import JournalEntry, Record
from brigade.operation.incidents.queries import Scope, log_figures
from tests.integrations.logs.conftest import Importing

pytestmark = [pytest.mark.django_db, pytest.mark.real_data]


def test_the_servicenow_log_gives_its_published_figures(
    real_data: Path, importing: Importing
) -> None:
    report = importing(real_data / "events/uci_incident_log.csv.gz", "servicenow_incidents")
    assert report.rows == report.entries_made == 36_092
    assert JournalEntry.objects.filter(origin="import", changes={}).count() == 7_366
    expected = json.loads((real_data / "events/uci_incident_log.expected.json").read_text())
    figures = log_figures(Scope(None, zone="UTC"))
    backlog: dict[str, Any] = expected.pop("open_backlog_at")
    found = figures.pop("open_backlog_at")
    assert figures == expected
    assert backlog.items() <= found.items()
    assert verify().holds
    again = importing(real_data / "events/uci_incident_log.csv.gz", "servicenow_incidents")
    assert (again.entries_made, again.entries_known) == (0, 36_092)


def test_the_help_desk_log_is_imported_whole(real_data: Path, importing: Importing) -> None:
    report = importing(real_data / "events/italian_helpdesk.csv.gz", "italian_helpdesk")
    assert report.rows == report.entries_made == 6_448
    assert report.records_made == 1_376
    assert verify().holds


def test_the_service_manager_table_is_imported_whole(real_data: Path, importing: Importing) -> None:
    report = importing(
        real_data / "events/bpic2014_full_columns_sample_40.csv", "hp_service_manager"
    )
    assert (report.rows, report.records_made, report.rejected) == (40, 40, 0)
    assert Record.objects.filter(priority=None, priority_fact="NA").count() == 2
    assert Record.objects.filter(priority_fact="3", priority=3).exists()
    assert verify().holds


@pytest.mark.parametrize("log", ["bpic2013_incidents", "bpic2013_closed_problems"])
def test_the_lifetime_clock_of_every_vinst_case_is_right_to_the_second(
    real_data: Path, importing: Importing, log: str
) -> None:
    report = importing(real_data / f"events/{log}.csv.gz", "vinst_log")
    assert report.rows == report.entries_made
    assert report.findings == ()
    with gzip.open(real_data / f"events/{log}.per_case.csv.gz", "rt", encoding="utf-8") as file:
        cases = list(csv.DictReader(file))
    expected = {
        row["case_id"]: (int(row["active_seconds"]), int(row["waiting_seconds"])) for row in cases
    }
    found = list(shown_clocks(None, at=None, brought=brought_rules()))
    assert {row.source_id: (row.running_seconds, row.paused_seconds) for row in found} == expected
    assert len(found) == len(cases) == report.records_made
    some = Record.objects.order_by("source_id")[: min(100, len(cases))]
    assert all(one.agrees for record in some for one in account_of(record, now(), brought_rules()))
    before = list(Clock.objects.order_by("id").values()), Segment.objects.count()
    assert importing(real_data / f"events/{log}.csv.gz", "vinst_log").entries_made == 0
    assert (list(Clock.objects.order_by("id").values()), Segment.objects.count()) == before
