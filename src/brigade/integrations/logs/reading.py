"""From a file to rows of cells, whatever is in the file. Pure.

A log comes from elsewhere and may be broken anywhere. Every line ends up as
cells or as a `BadLine` with its number and the reason; nothing is skipped in
silence, and one unclosed quote costs one line, not the rest of the file.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import zlib
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, NamedTuple

from django.utils.translation import gettext as _

from brigade.kernel.refused import Invalid

LONGEST_LINE = 1024 * 1024
MOST_LINES = 200
"""Lines that one quoted cell may run over before its quote counts as forgotten."""


class Row(NamedTuple):
    """One row of a file: the numbers of its first and last line, from 1, and its cells."""

    line: int
    last_line: int
    cells: list[str]


class BadLine(NamedTuple):
    """A line that is no row, and why: a code of `findings` and what it is about."""

    line: int
    code: str
    value: str = ""


@dataclass
class Shape:
    """How rows are written here: the delimiter, and the width that the header sets."""

    delimiter: str
    width: int | None = None

    def fits(self, row: Row | BadLine) -> bool:
        """Tell whether this can be a row of the file."""
        return isinstance(row, Row) and self.width in (None, len(row.cells))

    def learn(self, row: Row | BadLine) -> None:
        """Take the width from the first row."""
        if self.width is None and isinstance(row, Row):
            self.width = len(row.cells)


class Source:
    """A log file, plain or gzipped; `position` bytes of `size` have been read."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._raw: IO[bytes] = path.open("rb")
        self.size = path.stat().st_size
        zipped = self._raw.read(2) == b"\x1f\x8b"
        self._raw.seek(0)
        self._file: IO[bytes] = gzip.GzipFile(fileobj=self._raw) if zipped else self._raw  # type: ignore[assignment]

    @property
    def position(self) -> int:
        """Return how many bytes of the file on disk have been read."""
        return self._raw.tell()

    def close(self) -> None:
        """Let go of the file."""
        self._raw.close()

    def lines(self) -> Iterator[bytes]:
        """Yield lines with their end; a line beyond the limit comes cut, without its end."""
        try:
            while line := self._file.readline(LONGEST_LINE):
                cut = not line.endswith(b"\n") and len(line) == LONGEST_LINE
                yield line
                while cut and (rest := self._file.readline(LONGEST_LINE)):
                    cut = not rest.endswith(b"\n")
        except (OSError, EOFError, zlib.error) as error:
            raise Invalid(
                "file_broken", _("The compressed file ends in the middle. Copy it again."), "file"
            ) from error


def digest_of(path: Path) -> str:
    """Return the sha256 of a file, by which a repeated import is known."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_rows(source: Source, encoding: str, delimiter: str) -> Iterator[Row | BadLine]:
    """Yield every row of the file, its header first, and every line that is none.

    Empty lines are no rows and not counted.
    """
    encoding = "utf-8-sig" if encoding == "utf-8" else encoding
    shape = Shape(delimiter)
    block: list[str] = []
    number = 0
    for number, raw in enumerate(source.lines(), start=1):
        text = _text(number, raw, encoding if number == 1 else encoding.removesuffix("-sig"))
        if isinstance(text, BadLine):
            yield from _rows_of(number - len(block), block, shape, final=True)
            block = []
            yield text
            continue
        block.append(text)
        too_much = len(block) > MOST_LINES or sum(map(len, block)) > LONGEST_LINE
        if too_much or _closed(block):
            block = yield from _rows_of(number + 1 - len(block), block, shape)
    yield from _rows_of(number + 1 - len(block), block, shape, final=True)


def _text(number: int, raw: bytes, encoding: str) -> str | BadLine:
    if len(raw) == LONGEST_LINE and not raw.endswith(b"\n"):
        return BadLine(number, "line_too_long")
    if b"\0" in raw:
        return BadLine(number, "nul_character")
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError:
        return BadLine(number, "not_decodable", encoding)


def _closed(block: list[str]) -> bool:
    """Tell whether every quote opened in the block is closed, by counting them."""
    return sum(line.count('"') for line in block) % 2 == 0


def _rows_of(
    first: int, block: list[str], shape: Shape, *, final: bool = False
) -> Generator[Row | BadLine, None, list[str]]:
    """Yield the rows of lines that may belong together; return the lines that wait for more.

    Where a quote stays open, or lines joined by one do not make rows of the
    right width, the line that opened it is taken by itself and the lines after
    it are tried again.
    """
    start = 0
    while start < len(block):
        stop = next(
            (stop for stop in range(start + 1, len(block) + 1) if _closed(block[start:stop])), 0
        )
        if not stop and start and not final:
            return block[start:]
        stop = stop or start + 1
        found = list(_cells_of(first + start, block[start:stop], shape.delimiter))
        if stop - start > 1 and not all(map(shape.fits, found)):
            stop = start + 1
            found = list(_cells_of(first + start, block[start:stop], shape.delimiter))
        for row in found:
            shape.learn(row)
            yield row
        start = stop
    return []


def _cells_of(first: int, block: list[str], delimiter: str) -> Iterator[Row | BadLine]:
    """Yield the rows of a block; in one with an open quote that is a mistake of its line."""
    strict = len(block) > 1 or not _closed(block)
    reader = csv.reader(block, delimiter=delimiter, strict=strict)
    start = first
    try:
        for cells in reader:
            following = first + reader.line_num
            if cells:
                yield Row(start, following - 1, cells)
            start = following
    except csv.Error as error:
        for line in range(start, first + len(block)):
            yield BadLine(line, "not_csv", str(error))
