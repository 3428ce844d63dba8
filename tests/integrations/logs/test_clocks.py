"""The stopwatch of a map: from a case's first row to its last, resting where the map says."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from brigade.integrations.logs.actions import start_import
from brigade.integrations.logs.clocks import brought_rules
from brigade.integrations.logs.map_file import MapInvalid, load_map, read_map
from brigade.integrations.logs.mapping import SHIPPED
from brigade.kernel.clocks.measuring import Shown, account_of, shown_clocks
from brigade.kernel.clocks.models import Clock, Segment
from brigade.kernel.instants import NEVER
from brigade.kernel.parties.models import Person
from brigade.kernel.records.audit import verify
from brigade.kernel.records.models import Record
from brigade.kernel.refused import Invalid
from brigade.kernel.work.saying import say
from tests.cast import Cast
from tests.integrations.logs.conftest import DATA, Importing

VINST = DATA / "vinst.csv"
MAP = "vinst_log"
HOUR, DAY = 3600, 24 * 3600
EXPECTED = {
    "V1": (1800 + 12 * HOUR + DAY + 10, 30 * DAY + 3 * HOUR + 1800),
    "V2": (0, 0),
    "V3": (HOUR, HOUR + 1800),
    "V4": (300, 0),
}
"""Case: seconds that ran, seconds that were paused."""
LATER = datetime(2030, 1, 1, tzinfo=UTC)


def shown(at: datetime | None = None, source: str = "") -> Iterator[Shown]:
    return shown_clocks(None, at=at, source=source, brought=brought_rules())


def seconds(at: datetime | None = None) -> dict[str, tuple[int, int]]:
    return {row.source_id: (row.running_seconds, row.paused_seconds) for row in shown(at)}


def everything() -> list[list[object]]:
    clocks = Clock.objects.order_by("record_id", "number").values_list()
    segments = Segment.objects.order_by("record_id", "clock_number", "number").values_list()
    return [list(clocks), list(segments)]


def reasons(case: str) -> list[tuple[str, str]]:
    rows = Segment.objects.filter(record__source_id=case).order_by("number")
    return list(rows.values_list("kind", "reason"))


def test_every_case_has_one_clock_and_every_second_is_accounted_for(importing: Importing) -> None:
    importing(VINST, MAP)
    assert seconds() == EXPECTED
    assert Clock.objects.count() == Record.objects.count() == 4
    assert set(Clock.objects.values_list("name", "due_at", "target")) == {("lifetime", NEVER, None)}
    assert verify().holds


def test_neither_completed_nor_cancelled_stops_it_and_only_wait_pauses_it(
    importing: Importing,
) -> None:
    importing(VINST, MAP)
    assert reasons("V1") == [("run", ""), ("pause", "Wait - User"), ("pause", "Wait - Vendor")]
    assert Clock.objects.get(record__source_id="V1").state == "running"
    assert Record.objects.get(source_id="V1").state == "cancelled"
    assert Clock.objects.get(record__source_id="V3").state == "paused"


def test_it_shows_no_more_than_up_to_the_last_row(importing: Importing) -> None:
    importing(VINST, MAP)
    assert seconds(LATER) == seconds() == EXPECTED


def test_at_an_earlier_instant_it_shows_what_it_showed_then(importing: Importing) -> None:
    importing(VINST, MAP)
    rows = {row.source_id: row for row in shown(datetime(2024, 3, 3, 10, 30, tzinfo=UTC))}
    assert set(rows) == {"V1", "V2", "V3"}
    one, three = rows["V1"], rows["V3"]
    assert (one.state, one.running_seconds, one.paused_seconds) == ("paused", 1800, 2 * DAY + 7200)
    assert (three.state, three.running_seconds, three.paused_seconds) == ("paused", 0, 1800)


def test_a_replay_of_the_journal_gives_the_same_clocks(importing: Importing) -> None:
    importing(VINST, MAP, chunk_rows=3)
    for record in Record.objects.order_by("id"):
        (account,) = account_of(record, LATER, brought_rules())
        assert account.agrees
        ends = [stretch.segment.end for stretch in account.stretches]
        assert ends[:-1] == [stretch.segment.begin for stretch in account.stretches[1:]]
        ran = sum(s.segment.seconds for s in account.stretches if s.segment.kind == "run")
        assert ran == EXPECTED[record.source_id][0]


def test_importing_again_changes_nothing(importing: Importing) -> None:
    importing(VINST, MAP)
    before = everything()
    assert importing(VINST, MAP).entries_made == 0
    assert everything() == before


def test_a_later_longer_export_extends_it(importing: Importing, tmp_path: Path) -> None:
    importing(VINST, MAP)
    whole = [[row[1:] for row in rows] for rows in everything()]  # type: ignore[index]
    header, *rows = VINST.read_text().splitlines()
    for length in range(3, len(rows) + 1, 4):
        earlier = tmp_path / "log.csv"
        earlier.write_text("\n".join([header, *rows[:length]]) + "\n")
        own = tmp_path / "own.yaml"
        own.write_text((SHIPPED / "vinst_log.yaml").read_text().replace(": vinst\n", ": parts\n"))
        importing(earlier, str(own))
        for record in Record.objects.filter(source="parts"):
            assert all(one.agrees for one in account_of(record, LATER, brought_rules()))
    (tmp_path / "log.csv").write_text(VINST.read_text())
    importing(tmp_path / "log.csv", str(own))
    parts = {row.source_id: row for row in shown(source="parts")}
    for row in shown(source="vinst"):
        again = parts[row.source_id]
        assert (again.running_seconds, again.paused_seconds) == EXPECTED[row.source_id]
    assert len(whole[1]) * 2 == Segment.objects.count()


def test_work_done_here_does_not_move_it(cast: Cast, importing: Importing) -> None:
    importing(VINST, MAP)
    record = Record.objects.get(source_id="V3")
    say(record, "Ours now.", by=cast.lena, visibility="internal")
    assert seconds() == seconds(LATER) == EXPECTED
    fresh = Record.objects.get(pk=record.pk)
    assert [one.agrees for one in account_of(fresh, LATER, brought_rules())] == [True]


def test_a_clock_that_is_not_what_the_journal_gives_is_noticed(importing: Importing) -> None:
    importing(VINST, MAP)
    Clock.objects.filter(record__source_id="V1").update(counted=7)
    record = Record.objects.get(source_id="V1")
    assert [one.agrees for one in account_of(record, LATER, brought_rules())] == [False]


def test_a_log_out_of_order_counts_no_second_twice(importing: Importing, tmp_path: Path) -> None:
    text = (SHIPPED / "vinst_log.yaml").read_text()
    unsorted = tmp_path / "unsorted.yaml"
    unsorted.write_text(text.replace("  order:\n    - {column: timestamp, as: instant}\n", ""))
    log = tmp_path / "log.csv"
    header, first, *_rest = VINST.read_text().splitlines()
    rows = ("08:00", "09:00", "08:30", "10:00")
    log.write_text("\n".join([header, *(first.replace("08:00", at) for at in rows)]) + "\n")
    importing(log, str(unsorted))
    assert seconds() == {"V1": (2 * HOUR, 0)}


def test_other_clocks_for_the_same_source_are_refused(
    console: Person, importing: Importing, tmp_path: Path
) -> None:
    importing(VINST, MAP)
    text = (SHIPPED / "vinst_log.yaml").read_text()
    for other in (text.replace("begins: Wait", "begins: Queued"), text.split("clocks:")[0]):
        with pytest.raises(Invalid) as refused:
            start_import(VINST, read_map(other), by=console)
        assert refused.value.code == "clocks_differ"
    assert start_import(VINST, load_map(MAP), by=console).source == "vinst"


def test_an_import_that_wrote_nothing_binds_nobody(importing: Importing, tmp_path: Path) -> None:
    text = (SHIPPED / "vinst_log.yaml").read_text()
    own = tmp_path / "own.yaml"
    own.write_text(text.replace("pause: {column: sub_status", "pause: {column: sub_state"))
    with pytest.raises(Invalid, match="sub_state"):
        importing(VINST, str(own))
    importing(VINST, MAP)
    assert seconds() == EXPECTED


def test_clocks_that_the_map_gained_later_start_on_what_is_here(
    importing: Importing, tmp_path: Path
) -> None:
    own = tmp_path / "own.yaml"
    own.write_text((SHIPPED / "vinst_log.yaml").read_text().split("clocks:")[0])
    importing(VINST, str(own))
    assert not Clock.objects.exists()
    assert importing(VINST, MAP).entries_made == 0
    assert seconds() == EXPECTED


def test_a_case_of_two_centuries_is_measured(importing: Importing, tmp_path: Path) -> None:
    log = tmp_path / "log.csv"
    header, row, *_rest = VINST.read_text().splitlines()
    log.write_text("\n".join([header, *(row.replace("2024", y) for y in ("1970", "2199"))]) + "\n")
    importing(log, MAP)
    assert seconds()["V1"][0] > 2**31


@pytest.mark.parametrize("column", ["case_id", "timestamp", "resource"])
def test_a_pause_names_a_column_that_is_kept_as_written(column: str) -> None:
    text = (SHIPPED / "vinst_log.yaml").read_text()
    with pytest.raises(MapInvalid, match=f"{column} is not kept as written"):
        read_map(text.replace("{column: sub_status, begins", f"{{column: {column}, begins"))


def test_a_pause_may_name_a_column_no_other_part_names(
    importing: Importing, tmp_path: Path
) -> None:
    text = (SHIPPED / "vinst_log.yaml").read_text()
    own = tmp_path / "own.yaml"
    own.write_text(
        text.replace("{column: sub_status, begins: Wait}", "{column: status, begins: [Q, Comp]}")
    )
    importing(VINST, str(own))
    assert seconds()["V1"] == (30 * DAY + 15 * HOUR + 3000, 600 + DAY + 10)
