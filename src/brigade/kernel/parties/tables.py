"""CSV as people really have it: read into rows with errors by line, and written safely. Pure.

Whatever the bytes, reading gives rows and errors, never an exception: Excel's
semicolons, a byte-order mark, an old Windows encoding, a cell of a megabyte.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.utils.translation import gettext as _

from brigade.kernel.parties.names import folded

MOST_BYTES: Final = 20_000_000
MOST_ROWS: Final = 100_000
LONGEST_CELL: Final = 10_000
MOST_ERRORS: Final = 200
SEPARATOR: Final = "|"
"""Between the values of a cell that holds several, such as the teams of a person."""

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class LineError:
    """What is wrong in a line of the file (the header is line 1), and in which column."""

    line: int
    column: str
    message: str


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the file: its number, and the trimmed text of the columns that it has."""

    line: int
    cells: dict[str, str]


@dataclass(slots=True)
class Table:
    """A file as it was read: good rows, what is wrong, and what was noticed on the way."""

    rows: list[Row] = field(default_factory=list)
    errors: list[LineError] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass(slots=True)
class ImportReport:
    """What an import did, or would do in a dry run. With any error nothing was written."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    errors: list[LineError] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    dry_run: bool = False

    def count(self, outcome: str) -> None:
        """Count one row as "created", "changed" or "unchanged"."""
        setattr(self, outcome, getattr(self, outcome) + 1)

    def as_dict(self) -> dict[str, Any]:
        """Return the report as plain values for JSON."""
        return {
            "dry_run": self.dry_run,
            "created": self.created,
            "changed": self.changed,
            "unchanged": self.unchanged,
            "errors": [
                {"line": error.line, "column": error.column, "message": error.message}
                for error in self.errors
            ],
            "notes": self.notes,
        }


def read_table(
    data: bytes, *, columns: Sequence[str], required: Sequence[str], key: Sequence[str]
) -> Table:
    """Read a CSV file whose header names some of `columns` and all of `required`.

    Comma, semicolon or tab; UTF-8 with or without a mark, else Latin-1, which is
    noted. A second line with the same value in every column of `key` is an error.
    """
    table = Table()
    text = _decode(data, table)
    if text is None:
        return table
    header, lines = _lines(text, columns, table)
    names = _header(header, columns, required, table)
    if table.errors:
        return table
    seen: dict[tuple[str, ...], int] = {}
    for line, cells in lines:
        row = _row(line, cells, names, table)
        if row is None:
            continue
        _note_twin(row, key, seen, table)
        table.rows.append(row)
        if len(table.rows) > MOST_ROWS or len(table.errors) >= MOST_ERRORS:
            message = _("Reading stopped here: too many lines or too many errors.")
            table.errors.append(LineError(line, "", message))
            break
    return table


def _decode(data: bytes, table: Table) -> str | None:
    if len(data) > MOST_BYTES:
        message = _("The file is larger than %(size)d MB.") % {"size": MOST_BYTES // 1_000_000}
        table.errors.append(LineError(1, "", message))
        return None
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in data:
        message = _("This is not a text file in UTF-8. Save it as CSV UTF-8.")
        table.errors.append(LineError(1, "", message))
        return None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        table.notes.append(_("The file is not UTF-8; it was read as Latin-1. Check the accents."))
        return data.decode("latin-1")


def _lines(
    text: str, columns: Sequence[str], table: Table
) -> tuple[list[str], Iterable[tuple[int, list[str]]]]:
    first = text.lstrip("\r\n").split("\n", 1)[0]
    known = [folded(column) for column in columns]
    delimiter = max(
        ",;\t", key=lambda mark: sum(_plain(cell) in known for cell in first.split(mark))
    )
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)

    def numbered() -> Iterable[tuple[int, list[str]]]:
        while True:
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error:
                message = _("This line is not CSV: look for a stray quotation mark.")
                table.errors.append(LineError(max(reader.line_num, 1), "", message))
                return
            if any(cell.strip() for cell in cells):
                yield reader.line_num, cells

    lines = iter(numbered())
    _line, header = next(lines, (1, []))
    return header, lines


def _plain(cell: str) -> str:
    return folded(cell.strip().strip('"')).replace(" ", "_")


def _header(
    header: list[str], columns: Sequence[str], required: Sequence[str], table: Table
) -> list[str]:
    if table.errors:
        return []
    names = [_plain(cell) for cell in header]
    for name in required:
        if name not in names:
            message = _("The column “%(name)s” is missing.") % {"name": name}
            table.errors.append(LineError(1, name, message))
    for name in sorted({name for name in names if names.count(name) > 1 and name in columns}):
        message = _("The column “%(name)s” is there twice.") % {"name": name}
        table.errors.append(LineError(1, name, message))
    for name in names:
        if name and name not in columns:
            table.notes.append(_("The column “%(name)s” is not used.") % {"name": name[:60]})
    return [name if name in columns else "" for name in names]


def _row(line: int, cells: list[str], names: list[str], table: Table) -> Row | None:
    if len(cells) > len(names):
        message = _("This line has more cells than the header.")
        table.errors.append(LineError(line, "", message))
        return None
    found: dict[str, str] = {}
    for name, cell in zip(names, cells, strict=False):
        if len(cell) > LONGEST_CELL:
            message = _("At most %(count)d characters, please.") % {"count": LONGEST_CELL}
            table.errors.append(LineError(line, name, message))
            return None
        if name:
            found[name] = harmless_back(cell.strip())
    return Row(line, found)


def _note_twin(
    row: Row, key: Sequence[str], seen: dict[tuple[str, ...], int], table: Table
) -> None:
    identity = tuple(folded(row.cells.get(name, "")) for name in key)
    if not any(identity):
        return
    if identity in seen:
        message = _("The same as line %(line)d.") % {"line": seen[identity]}
        table.errors.append(LineError(row.line, key[0], message))
    seen.setdefault(identity, row.line)


def harmless(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula: a quote before its first sign."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def harmless_back(cell: str) -> str:
    """Return what `harmless` was given."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULA) else cell


def write_table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return CSV text with a header, commas and CRLF, every cell harmless to a spreadsheet."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(columns)
    for row in rows:
        writer.writerow([harmless(cell) for cell in row])
    return out.getvalue()


def several(cell: str) -> list[str]:
    """Return the values of a cell that may hold several: "Service desk | Network"."""
    return [value for part in cell.split(SEPARATOR) if (value := part.strip())]


def yes_or_no(cell: str) -> bool | None:
    """Return what a cell says in English or German, or None for neither."""
    word = folded(cell)
    if word in ("yes", "y", "true", "1", "ja", "j", "wahr"):
        return True
    return False if word in ("no", "n", "false", "0", "nein", "falsch") else None
