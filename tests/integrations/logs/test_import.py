"""A log becomes records and their journal: complete, in order, once."""

from __future__ import annotations

import gzip
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from brigade.integrations.logs.actions import preview_import, start_import
from brigade.integrations.logs.map_file import load_map
from brigade.integrations.logs.models import ImportLine, ImportRun
from brigade.kernel.parties.models import Person, Team
from brigade.kernel.records.audit import verify
from brigade.kernel.records.models import JournalEntry, Record
from brigade.kernel.refused import Invalid, NotPermitted
from brigade.kernel.work.saying import say
from tests.cast import Cast
from tests.integrations.logs.conftest import DATA, Importing
from tests.kernel.records.test_chain import python_hash

UPDATES = DATA / "updates.csv"
SERVICENOW = "servicenow_incidents"


def entries_of(case: str) -> list[JournalEntry]:
    return list(JournalEntry.objects.filter(record__source_id=case).order_by("number"))


def test_every_row_is_an_entry_at_its_original_instant(importing: Importing) -> None:
    report = importing(UPDATES, SERVICENOW)
    assert report.rows == report.entries_made == 12
    assert report.rejected == 0
    first, second, third, *_rest = entries_of("A1")
    assert first.at == datetime(2024, 3, 1, 8, 5, tzinfo=UTC)
    assert (first.kind, second.kind, third.kind) == ("opened", "moved", "changed")
    assert third.changes == {}
    assert second.changes is not None
    assert second.changes["state"] == ["new", "active"]
    assert {entry.origin for entry in entries_of("A1")} == {"import"}


def test_rows_are_ordered_by_the_map_not_by_the_file(importing: Importing, tmp_path: Path) -> None:
    header, *rows = UPDATES.read_text().splitlines()
    turned = tmp_path / "turned.csv"
    turned.write_text("\n".join([header, *reversed(rows)]) + "\n")
    importing(turned, SERVICENOW)
    assert [entry.changes.get("state") for entry in entries_of("A1") if entry.changes] == [
        [None, "new"], ["new", "active"], ["active", "resolved"], ["resolved", "closed"],
    ]  # fmt: skip


def test_the_record_holds_the_facts_of_the_source(importing: Importing) -> None:
    importing(UPDATES, SERVICENOW)
    record = Record.objects.get(source="servicenow", source_id="A1")
    assert record.state == "closed"
    assert record.title == "Printing, Jam"
    assert record.opened_at == datetime(2024, 3, 1, 8, 0, tzinfo=UTC)
    assert record.resolved_at == datetime(2024, 3, 1, 12, 0, tzinfo=UTC)
    assert (record.priority, record.priority_fact) == (3, "3 - Moderate")
    assert record.data["facts"]["knowledge"] is True
    assert record.data["source"]["location"] == "North"
    assert record.team is not None
    assert record.team.name == "Field"
    assert record.entries == record.version == 5


def test_a_state_the_map_does_not_list_stays_and_is_reported(importing: Importing) -> None:
    report = importing(UPDATES, SERVICENOW)
    strange = entries_of("B2")[2]
    assert strange.changes == {"source_state": ["Awaiting User Info", "-100"]}
    found = [each for each in report.findings if each.code == "unknown_state"]
    assert [(each.line, each.value, each.taken) for each in found] == [(9, "-100", True)]


def test_what_cannot_be_read_is_kept_out_of_the_record_and_reported(importing: Importing) -> None:
    report = importing(UPDATES, SERVICENOW)
    record = Record.objects.get(source_id="C3")
    assert (record.priority, record.priority_fact, record.impact) == (None, "7 - Odd", None)
    assert (record.channel, record.resolved_at) == ("Fax", None)
    codes = Counter((each.column, each.code) for each in report.findings if each.line == 13)
    assert codes[("resolved_at", "bad_date")] == 1
    assert codes[("priority", "unknown_value")] == 1
    assert codes[("knowledge", "unknown_value")] == 1


def test_waiting_keeps_for_whom(importing: Importing) -> None:
    importing(UPDATES, SERVICENOW)
    reasons = [
        entry.changes["waiting_reason"]
        for entry in entries_of("B2")
        if entry.changes and "waiting_reason" in entry.changes
    ]
    assert reasons == [[None, "requester"], ["requester", None], [None, "provider"]]
    assert Record.objects.get(source_id="B2").data["waiting_reason"] == "provider"


def test_people_and_teams_are_made_on_the_way_and_cannot_sign_in(importing: Importing) -> None:
    report = importing(UPDATES, SERVICENOW)
    caller = Person.objects.get(name="Caller One")
    assert not caller.has_usable_password()
    assert caller.email is None
    assert report.people_made == 4
    assert Team.objects.filter(name__iexact="mail team").count() == 1
    assert report.teams_made == 2


def test_importing_again_changes_nothing(importing: Importing) -> None:
    importing(UPDATES, SERVICENOW)
    before = list(Record.objects.order_by("id").values())
    again = importing(UPDATES, SERVICENOW)
    assert (again.entries_made, again.entries_known, again.people_made) == (0, 12, 0)
    assert list(Record.objects.order_by("id").values()) == before
    assert JournalEntry.objects.filter(origin="import", record__isnull=False).count() == 12


def test_the_chain_holds_and_is_the_one_every_writer_makes(importing: Importing) -> None:
    importing(UPDATES, SERVICENOW, chunk_rows=3)
    assert verify().holds
    for entry in entries_of("B2"):
        assert bytes(entry.hash) == python_hash(entry)


class Killed(Exception):
    """Stands for a process that dies between two chunks."""


def test_an_import_that_was_broken_off_is_completed_by_the_next(importing: Importing) -> None:
    def die(progress: object) -> None:
        if getattr(progress, "phase", "") == "writing" and getattr(progress, "done", 0):
            raise Killed

    with pytest.raises(Killed):
        importing(UPDATES, SERVICENOW, chunk_rows=3, watch=die)
    assert 0 < JournalEntry.objects.filter(record__source="servicenow").count() < 12
    report = importing(UPDATES, SERVICENOW, chunk_rows=3)
    assert (report.entries_made, report.entries_known) == (12, 0)
    assert ImportRun.objects.count() == 1
    assert Record.objects.count() == 3
    assert verify().holds


def test_a_later_export_adds_what_is_new(importing: Importing, tmp_path: Path) -> None:
    header, *rows = UPDATES.read_text().splitlines()
    earlier = tmp_path / "earlier.csv"
    earlier.write_text("\n".join([header, *rows[:8]]) + "\n")
    importing(earlier, SERVICENOW)
    report = importing(UPDATES, SERVICENOW)
    assert (report.entries_made, report.entries_known) == (4, 8)
    assert (report.records_made, report.records_grown) == (1, 1)
    grown = Record.objects.get(source_id="B2")
    assert (grown.state, grown.entries) == ("waiting", 6)
    assert entries_of("B2")[3].changes["state"] == ["waiting", "resolved"]  # type: ignore[index]
    assert verify().holds


def test_a_row_that_comes_too_late_is_reported_not_squeezed_in(
    importing: Importing, tmp_path: Path
) -> None:
    header, *rows = UPDATES.read_text().splitlines()
    gap = tmp_path / "gap.csv"
    gap.write_text("\n".join([header, rows[0], *rows[2:5]]) + "\n")
    importing(gap, SERVICENOW)
    report = importing(UPDATES, SERVICENOW)
    assert [(f.line, f.code) for f in report.findings if not f.taken] == [(3, "late_row")]
    assert report.rows == report.entries_made + report.entries_known + report.rejected


def test_a_case_that_was_worked_on_here_is_left_alone(
    cast: Cast, importing: Importing, tmp_path: Path
) -> None:
    header, *rows = UPDATES.read_text().splitlines()
    earlier = tmp_path / "earlier.csv"
    earlier.write_text("\n".join([header, *rows[:8]]) + "\n")
    importing(earlier, SERVICENOW)
    say(Record.objects.get(source_id="B2"), "Ours now.", by=cast.lena, visibility="internal")
    report = importing(UPDATES, SERVICENOW)
    assert {f.code for f in report.findings if not f.taken} == {"worked_on_here"}
    assert Record.objects.get(source_id="B2").entries == 4


def test_a_dry_run_reports_the_same_and_writes_nothing(
    console: Person, importing: Importing
) -> None:
    people = Person.objects.count()
    dry = preview_import(UPDATES, load_map(SERVICENOW), by=console).as_json()
    assert not Record.objects.exists()
    assert not ImportRun.objects.exists()
    assert Person.objects.count() == people
    real = importing(UPDATES, SERVICENOW).as_json()
    apart = {"dry_run", "run", "seconds", "rows_per_second"}
    assert {k: v for k, v in dry.items() if k not in apart} == {
        k: v for k, v in real.items() if k not in apart
    }


def test_broken_lines_are_reported_and_the_others_taken(importing: Importing) -> None:
    report = importing(DATA / "broken.csv", "italian_helpdesk")
    assert [(f.line, f.code, f.taken) for f in report.findings] == [
        (3, "repeated", True),
        (4, "case_missing", False),
        (5, "bad_instant", False),
        (6, "wrong_cells", False),
        (7, "not_csv", False),
    ]
    assert report.rows == 9
    assert report.rows == report.entries_made + report.rejected
    assert ImportLine.objects.count() == 5
    assert [entry.kind for entry in entries_of("1")] == ["opened", "changed", "moved", "moved"]
    assert entries_of("2")[0].actor.name == "Bob the second"  # type: ignore[union-attr]


def test_a_row_that_is_a_whole_case_becomes_several_entries(importing: Importing) -> None:
    report = importing(DATA / "cases.csv", "hp_service_manager")
    assert [entry.source_row for entry in entries_of("I2")] == [
        "Open_Time", "Reopen_Time", "Resolved_Time", "Close_Time",
    ]  # fmt: skip
    record = Record.objects.get(source_id="I2")
    assert (record.priority, record.priority_fact, record.state) == (None, "NA", "closed")
    assert record.data["facts"]["reassignments"] == 0
    found = [(f.line, f.column, f.code, f.taken) for f in report.findings]
    assert (4, "Open_Time", "bad_date", True) in found
    assert (5, "", "no_instant", False) in found
    assert importing(DATA / "cases.csv", "hp_service_manager").entries_made == 0


def test_a_compressed_file_is_the_same_file(importing: Importing, tmp_path: Path) -> None:
    packed = tmp_path / "updates.csv.gz"
    packed.write_bytes(gzip.compress(UPDATES.read_bytes()))
    assert importing(packed, SERVICENOW).entries_made == 12
    assert importing(UPDATES, SERVICENOW).entries_made == 0


def test_a_column_the_map_names_must_be_there(importing: Importing, tmp_path: Path) -> None:
    short = tmp_path / "short.csv"
    short.write_text("number,incident_state\nA1,New\n")
    with pytest.raises(Invalid, match="sys_updated_at"):
        importing(short, SERVICENOW)
    assert ImportRun.objects.get().state == ImportRun.State.FAILED


def test_only_administrators_import(cast: Cast, console: Person) -> None:
    with pytest.raises(NotPermitted):
        start_import(UPDATES, load_map(SERVICENOW), by=cast.sam)
    assert start_import(UPDATES, load_map(SERVICENOW), by=cast.ada).by == cast.ada


def test_columns_without_a_name_are_left_out(importing: Importing, tmp_path: Path) -> None:
    file = tmp_path / "log.csv"
    file.write_text("case_id,activity,resource,timestamp,,\n1,Wait,Ann,2024-02-01T10:00:00,x,\n")
    assert importing(file, "italian_helpdesk").entries_made == 1
    assert Record.objects.get().data["source"] == {}
