"""`brigade report`: figures for people and programs, from what is recorded."""

from __future__ import annotations

import sys
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer

from brigade.config.cli.frame import JsonOption, installation
from brigade.config.cli.output import Output

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person

AsOption = Annotated[
    str, typer.Option("--as", help="Address of a person: count only what they may see.")
]
FirstOption = Annotated[
    str, typer.Option("--from", help="First day an incident was opened, YYYY-MM-DD.")
]
LastOption = Annotated[
    str, typer.Option("--to", help="Last day an incident was opened, YYYY-MM-DD.")
]
MeasureOption = Annotated[
    str, typer.Option(help="One measure, such as K01, over twelve periods; else all of one.")
]
PeriodOption = Annotated[
    str, typer.Option(help="Measures of this period: 2026-03, 2026-Q1, 2026 or 2026-W12.")
]
CsvOption = Annotated[bool, typer.Option("--csv", help="Write measures as CSV.")]
XlsxOption = Annotated[
    bool, typer.Option("--xlsx", help="Write measures as a workbook; send it to a file.")
]

app = typer.Typer(add_completion=False, no_args_is_help=True)


@app.callback()
def _reports() -> None:
    """Print figures, computed from the rows at this moment."""


@app.command("incidents")
def incidents(
    as_: AsOption = "",
    first: FirstOption = "",
    last: LastOption = "",
    source: Annotated[str, typer.Option(help="Only what was imported from this source.")] = "",
    zone: Annotated[
        str, typer.Option(help="Time zone of days and months; default: that of the import's map.")
    ] = "",
    measure: MeasureOption = "",
    period: PeriodOption = "",
    csv: CsvOption = False,
    xlsx: XlsxOption = False,
    json: JsonOption = False,
) -> None:
    """Report incidents: how many, from where, how long, what waits.

    Without --as the whole installation is counted, in the name of whoever sits
    at its command line. With --measure, --period, --csv or --xlsx the measures
    of the adopted recipe are reported instead.
    """
    out = Output(json)
    if measure or period or csv or xlsx:
        _measures(out, measure, period, as_, csv, xlsx)
        return
    with installation():
        from brigade.integrations.logs.queries import imported_zone
        from brigade.kernel.parties.lookups import installation as settings_of
        from brigade.operation.incidents.queries import Scope, log_figures

        zone = zone or imported_zone(source or None) or settings_of().timezone
        scope = Scope(
            person=person_of(as_) if as_ else None,
            zone=zone,
            start=_day(first, zone, "from"),
            end=_day(last, zone, "to", following=True),
            source=source,
        )
        figures = log_figures(scope)
        out.result({"zone": zone, "figures": figures}, lambda: _words(figures))


def _measures(out: Output, measure: str, period: str, as_: str, csv: bool, xlsx: bool) -> None:
    """Report measures of a period, or one over the twelve up to it."""
    with installation():
        from brigade.kernel.measures import tables
        from brigade.kernel.measures.figures import (
            figures,
            measure_shown,
            measures_shown,
            period_asked,
            reading,
        )

        person = person_of(as_) if as_ else None
        reading(person)
        periods = period_asked(period).leading(12 if measure else 1)
        chosen = [measure_shown(measure)] if measure else measures_shown("incident")
        rows = tables.lines(one for each in chosen for one in figures(person, each, periods))
    if xlsx:
        sys.stdout.buffer.write(tables.as_xlsx(rows))
    elif csv:
        sys.stdout.write(tables.as_csv(rows))
    else:
        shown = [dict(zip(tables.COLUMNS, row, strict=True)) for row in rows]
        out.result({"measures": shown}, lambda: "\n".join(map(_measure_line, shown)))


def _measure_line(row: dict[str, Any]) -> str:
    value = "too few to say" if row["value"] is None else f"{row['value']} {row['unit']}"
    return (
        f"{row['measure']} {row['title']}, {row['period']}: {value}"
        f" (n = {row['n']}, {row['state']}, query {row['query_hash'][:12]})"
    )


def person_of(address: str) -> Person:
    """Return whom `--as` names; Hidden where nobody has the address."""
    from brigade.kernel.parties.models import Person
    from brigade.kernel.parties.names import tidy_email
    from brigade.kernel.refused import Hidden

    person = Person.objects.filter(email=tidy_email(address)).first()
    if person is None:
        raise Hidden("no_such_person", f"Nobody here has the address {address}.", "as")
    return person


def _day(text: str, zone: str, field: str, *, following: bool = False) -> datetime | None:
    """Return the first instant of a day in a zone, or of the day after it."""
    from brigade.kernel.refused import Invalid

    if not text:
        return None
    try:
        day = date.fromisoformat(text) + timedelta(days=1 if following else 0)
        return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone))
    except (ValueError, OverflowError, KeyError) as error:
        raise Invalid("bad_date", f"{text} is no day. Write it like 2026-03-27.", field) from error


def _words(figures: dict[str, Any]) -> str:
    lines: list[str] = []
    for key, value in figures.items():
        name = key.replace("_", " ")
        if isinstance(value, dict):
            lines.append(f"{name}:")
            lines += [f"  {label}: {count}" for label, count in value.items()]
        elif isinstance(value, list):
            lines.append(f"{name}: " + ", ".join(f"{label} {count}" for label, count in value))
        else:
            lines.append(f"{name}: {'-' if value is None else value}")
    return "\n".join(lines)
