"""Every line of a file becomes cells or is reported, whatever is in it."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from brigade.integrations.logs.reading import BadLine, Row, Source, read_rows
from brigade.kernel.refused import Invalid


class Bytes(Source):
    """A source that lies in memory."""

    def __init__(self, content: bytes) -> None:
        self.content = content

    def lines(self):  # type: ignore[no-untyped-def]
        yield from (
            self.content.splitlines(keepends=True)
            if b"\r" not in self.content
            else (line + b"\n" for line in self.content.split(b"\n"))
        )


def read(content: bytes) -> list[Row | BadLine]:
    return list(read_rows(Bytes(content), "utf-8", ","))


def cells(content: bytes) -> list[list[str]]:
    return [row.cells for row in read(content) if isinstance(row, Row)]


def test_plain_rows_and_quoted_ones() -> None:
    assert cells(b'a,b\n1,"x, ""y"""\n') == [["a", "b"], ["1", 'x, "y"']]


def test_a_quoted_cell_may_run_over_lines_and_the_count_goes_on() -> None:
    rows = read(b'a,b\n1,"x\ny"\n2,z\n')
    assert [(row.line, row.last_line) for row in rows if isinstance(row, Row)] == [
        (1, 1), (2, 3), (4, 4),
    ]  # fmt: skip


def test_one_forgotten_quote_costs_one_line() -> None:
    rows = read(b'a,b\n1,"x\n2,y\n3,z\n')
    assert next(row for row in rows if isinstance(row, BadLine)).line == 2
    assert cells(b'a,b\n1,"x\n2,y\n3,z\n') == [["a", "b"], ["2", "y"], ["3", "z"]]


def test_an_inch_mark_is_no_quote() -> None:
    assert cells(b'a,b\n1,5" disk\n2,y\n') == [["a", "b"], ["1", '5" disk'], ["2", "y"]]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (b"1,\x00\n", "nul_character"),
        (b"1,\xff\n", "not_decodable"),
        (b"1," + b"x" * 200_000 + b"\n", "not_csv"),
        (b"x" * (1024 * 1024 + 5) + b"\n", "line_too_long"),
    ],
)
def test_what_no_cell_can_hold_is_reported(tmp_path: Path, line: bytes, code: str) -> None:
    file = tmp_path / "log.csv"
    file.write_bytes(b"a,b\n" + line + b"2,y\n")
    rows = list(read_rows(Source(file), "utf-8", ","))
    assert [row.code for row in rows if isinstance(row, BadLine)] == [code]
    assert rows[-1] == Row(3, 3, ["2", "y"])


def test_a_compressed_file_that_ends_in_the_middle_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "log.csv.gz"
    file.write_bytes(gzip.compress(b"a,b\n" * 5000)[:-20])
    with pytest.raises(Invalid, match="ends in the middle"):
        list(read_rows(Source(file), "utf-8", ","))


def test_a_byte_order_mark_is_not_part_of_the_first_name() -> None:
    assert cells(b"\xef\xbb\xbfa,b\n") == [["a", "b"]]


@given(
    st.lists(st.sampled_from([b"a", b",", b'"', b"\n", b"\r", b"\x00", b"\xff", b" "])).map(
        b"".join
    )
)
@example(b'"\n"\n"')
@settings(max_examples=400)
def test_every_line_that_is_not_empty_is_accounted_for(content: bytes) -> None:
    rows = read(content)
    seen = [
        line
        for row in rows
        for line in ([row.line] if isinstance(row, BadLine) else range(row.line, row.last_line + 1))
    ]
    assert len(seen) == len(set(seen))
    for number, line in enumerate(content.split(b"\n"), start=1):
        if line.strip(b"\r"):
            assert number in seen
