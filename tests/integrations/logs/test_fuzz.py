"""Whatever bytes a file holds, an import ends with a report or a refusal, and never in between."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from brigade.integrations.logs.map_file import load_map
from brigade.kernel.records.audit import verify
from brigade.kernel.records.models import JournalEntry, Record
from brigade.kernel.refused import Invalid
from tests.integrations.logs.conftest import Importing

HEADER = b"case_id,activity,resource,timestamp\n"
CELLS = st.sampled_from(
    [
        b"1", b"2", b" 1 ", b"", b"Wait", b"Closed", b"Closed\\", b'"', b'""', b'"a\nb"', b"\x00",
        b"\xff", b"\\N", b"\\.", b"2024-02-01T10:00:00", b"2024-02-01T10:00:00+02:00",
        b"0000-00-00", b"9999-12-31T23:59:59", "Grüße\u2028\U0001f600".encode(), b"x" * 500,
        b"{}", b"%s", b"'; drop table x; --", b"\x7f\x01", b"'", b"\xed\xa0\x80",
    ]
)  # fmt: skip
LINES = st.lists(st.lists(CELLS, min_size=1, max_size=5).map(b",".join), max_size=8)
FILES = st.one_of(
    LINES.map(lambda lines: HEADER + b"\n".join(lines)),
    st.binary(max_size=200).map(lambda noise: HEADER + noise),
    st.binary(max_size=200),
)


@pytest.mark.django_db
@given(content=FILES)
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_any_bytes_are_reported_or_imported(importing: Importing, content: bytes) -> None:
    before = JournalEntry.objects.filter(record__isnull=False).count()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "log.csv"
        file.write_bytes(content)
        try:
            report = importing(file, "italian_helpdesk")
        except Invalid:
            return
    assert report.rows == report.entries_made + report.entries_known + report.rejected
    after = JournalEntry.objects.filter(record__isnull=False).count()
    assert after - before == report.entries_made
    assert verify().holds


@pytest.mark.django_db
def test_headers_may_say_anything(importing: Importing, tmp_path: Path) -> None:
    file = tmp_path / "log.csv"
    file.write_bytes(
        b'case_id,activity,resource,timestamp,"a ""quoted"" \\ {name}",%s,"line\nbreak",\xc3\xa4\n'
        b"1,Wait,Ann,2024-02-01T10:00:00,x\\,%d,\xc3\xb6,{y}\n"
    )
    importing(file, "italian_helpdesk")
    assert Record.objects.get().data["source"] == {
        'a "quoted" \\ {name}': "x\\",
        "%s": "%d",
        "line\nbreak": "ö",
        "ä": "{y}",
    }
    assert load_map("italian_helpdesk").map == "italian_helpdesk"
