"""Figures as a table for a spreadsheet: CSV and XLSX, the same lines, no cell a formula."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from brigade.kernel.parties.tables import write_table

if TYPE_CHECKING:
    from brigade.kernel.measures.figures import Figure

COLUMNS = (
    "measure", "title", "version", "period", "from", "to", "state", "by", "of", "value", "unit",
    "n", "numerator", "denominator", "p50", "p90", "query_hash",
)  # fmt: skip
"""Names for programs: they do not follow the reader's language. `to` is the last day."""

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"

Cell = str | int | float | None


def lines(figures: Iterable[Figure], by: str = "") -> list[list[Cell]]:
    """Return one line a figure; a value that too few rows would give is left empty."""
    return [_line(one, by) for one in figures]


def _line(one: Figure, by: str) -> list[Cell]:
    measure, counted = one.definition.measure, one.counted
    value = None if one.value is None else round(one.value, 4)
    return [
        one.definition.key, measure.title, measure.version, one.period.key,
        one.period.first.isoformat(), one.period.last.isoformat(), one.state, by, one.name,
        value, measure.unit, counted.n, None if one.too_few else counted.num, counted.den,
        one.beside("p50"), one.beside("p90"), one.query_hash,
    ]  # fmt: skip


def as_csv(rows: Iterable[list[Cell]], columns: Sequence[str] = COLUMNS) -> str:
    """Return lines as CSV text, every cell harmless to a spreadsheet."""
    return write_table(columns, [["" if cell is None else str(cell) for cell in row]
                                 for row in rows])  # fmt: skip


def as_xlsx(
    rows: Iterable[list[Cell]], columns: Sequence[str] = COLUMNS, sheet_name: str = "Figures"
) -> bytes:
    """Return lines as a workbook: text is written as text and never read as a formula or link."""
    import xlsxwriter  # four megabytes that a process keeps only once somebody has asked

    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
               "strings_to_numbers": False}  # fmt: skip
    with xlsxwriter.Workbook(out, options) as book:
        sheet = book.add_worksheet(sheet_name)
        bold = book.add_format({"bold": True})
        for place, name in enumerate(columns):
            sheet.write_string(0, place, name, bold)
        for number, row in enumerate(rows, start=1):
            for place, cell in enumerate(row):
                if isinstance(cell, str):
                    sheet.write_string(number, place, cell)
                elif cell is not None:
                    sheet.write_number(number, place, cell)
        sheet.freeze_panes(1, 0)
    return out.getvalue()
