"""`brigade clocks`: what every clock shows, and where each of its seconds went."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer

from brigade.config.cli.frame import JsonOption, installation
from brigade.config.cli.output import Output

if TYPE_CHECKING:
    from brigade.kernel.clocks.measuring import Account, Shown
    from brigade.kernel.clocks.replay import Stretch
    from brigade.kernel.parties.models import Person
    from brigade.kernel.records.models import Record

LAST_ENTRY = "last-entry"
AsOption = Annotated[str, typer.Option("--as", help="Address of a person: only what they may see.")]
_SAYS_ZONE = re.compile(r"(?:Z|[+-]\d\d(?::?\d\d)?)$")
RESTS = {"pause": "paused", "resolved": "stopped"}

app = typer.Typer(
    add_completion=False, no_args_is_help=True, help="Read clocks, explain them, count them again."
)


@app.command()
def export(
    as_of: Annotated[
        str,
        typer.Option(
            "--as-of",
            help="An instant such as 2026-03-27T16:40Z, or last-entry: that "
            "of each record. Default: now.",
        ),
    ] = "",
    source: Annotated[str, typer.Option(help="Only records imported from this source.")] = "",
    as_: AsOption = "",
    json: JsonOption = False,
) -> None:
    """Write what every clock shows: seconds of its calendar that ran and that were paused.

    A stopwatch that came with an import counts up to the last row of its case.
    """
    out = Output(json)
    with installation():
        from brigade.integrations.logs.clocks import brought_rules
        from brigade.kernel import instants
        from brigade.kernel.clocks.measuring import shown_clocks

        at = None if as_of == LAST_ENTRY else _instant(as_of) if as_of else instants.now()
        person = _person(as_) if as_ else None
        shown = list(shown_clocks(person, at=at, source=source, brought=brought_rules()))
    data = {"as_of": at or LAST_ENTRY, "rows": [asdict(row) for row in shown]}
    out.result(data, lambda: "\n".join(map(_line, shown)) or "No clock was started.")


@app.command()
def explain(
    number: Annotated[str, typer.Argument(help="The record's number, such as INC-20418.")],
    zone: Annotated[
        str, typer.Option(help="Time zone to write times in; default: the reader's.")
    ] = "",
    as_: AsOption = "",
    json: JsonOption = False,
) -> None:
    """Account for every stretch of a record's clocks: counted or not, and why.

    The clocks are derived from the journal again; it is said where what is
    stored differs.
    """
    out = Output(json)
    with installation():
        from brigade.integrations.logs.clocks import brought_rules
        from brigade.kernel import instants
        from brigade.kernel.clocks.measuring import account_of
        from brigade.kernel.parties.lookups import installation as settings_of

        person = _person(as_) if as_ else None
        local = _zone(zone or (person.timezone if person else settings_of().timezone))
        record = _record(person, number)
        accounts = account_of(record, instants.now(), brought_rules())
        clocks = [_explained(account, local) for account in accounts]
    data = {"record": record.number, "zone": local.key, "clocks": clocks}
    out.result(data, lambda: _words(data))


@app.command()
def recompute(
    target: Annotated[
        list[str] | None,
        typer.Option(help="Key of a target, such as incident.restore; may be repeated."),
    ] = None,
    calendar: Annotated[
        list[str] | None,
        typer.Option(help="Key of a calendar, such as office-hours; may be repeated."),
    ] = None,
    batch: Annotated[int, typer.Option(min=1, max=10_000, help="Records of one statement.")] = 1000,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would move and write nothing.")
    ] = False,
    json: JsonOption = False,
) -> None:
    """Hold running clocks to the targets and calendars as they are now; all, if none is named.

    The worker does the same by itself within seconds of a change. Safe to repeat,
    to break off and to run beside it: what is held already is left alone. Exit
    code 1 where records were written meanwhile and have to be gone through again.
    """
    out = Output(json)
    with installation() as here:
        from brigade.kernel.work.recounting import recompute_clocks

        keys, calendars = _targets(target or []), _calendars(here.operator, calendar or [])
        with out.progress("Records") as step:
            found = recompute_clocks(
                keys=keys, calendars=calendars, dry_run=dry_run, batch=batch, watch=step
            )
    data = asdict(found) | {"dry_run": dry_run}
    out.result(data, lambda: _recomputed(data))
    if found.left:
        raise typer.Exit(1)


def _targets(keys: Sequence[str]) -> list[str]:
    from brigade.kernel.clocks.models import Target
    from brigade.kernel.refused import Hidden

    known = set(Target.objects.filter(key__in=keys).values_list("key", flat=True))
    for key in keys:
        if key not in known:
            raise Hidden("no_such_target", f"No target was ever called {key}.", "target")
    return list(keys)


def _calendars(person: Person, keys: Sequence[str]) -> list[int]:
    from brigade.kernel.calendars.queries import calendar_for

    return [calendar_for(person, key).pk for key in keys]


def _recomputed(data: dict[str, Any]) -> str:
    verb = "would move" if data["dry_run"] else "moved"
    words = [
        f"{data['records']} records with running clocks, {data['moved']} {verb},"
        f" {data['newly_over']} over time by it."
    ]
    if data["left"]:
        words.append(f"{data['left']} were written meanwhile: run it again.")
    return "\n".join(words)


def _person(address: str) -> Person:
    from brigade.config.cli.report import person_of

    return person_of(address)


def _record(person: Person | None, number: str) -> Record:
    from brigade.kernel.records.access import records_open_to_desk
    from brigade.kernel.records.models import Record
    from brigade.kernel.refused import Hidden

    rows = Record.objects.all() if person is None else records_open_to_desk(person)
    record = rows.filter(number=number).first()
    if record is None:
        raise Hidden("no_such_record", f"There is no record {number}.", "number")
    return record


def _instant(text: str) -> datetime:
    from brigade.kernel.refused import Invalid

    try:
        at = datetime.fromisoformat(text).astimezone(UTC) if _SAYS_ZONE.search(text) else None
    except (ValueError, OverflowError):
        at = None
    if at is None:
        raise Invalid(
            "bad_instant",
            f"{text} is no instant. Write last-entry, or one with its zone: 2026-03-27T16:40Z.",
            "as_of",
        )
    return at


def _zone(name: str) -> ZoneInfo:
    from brigade.kernel.refused import Invalid

    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise Invalid(
            "bad_zone", f"There is no time zone {name}. Write one like Europe/Rome.", "zone"
        ) from error


def _line(row: Shown) -> str:
    where = f" ({row.source} {row.source_id})" if row.source else ""
    return (
        f"{row.record}{where}  {row.clock} {row.state}:"
        f" ran {row.running_seconds} s, paused {row.paused_seconds} s"
    )


def _explained(account: Account, zone: ZoneInfo) -> dict[str, Any]:
    """Return one clock for programs: instants in the reader's zone, seconds of its calendar."""
    clock = account.clock
    seconds = {"run": 0, "pause": 0}
    for line in account.stretches:
        if line.segment.kind in seconds:
            seconds[line.segment.kind] += line.segment.seconds
    due = clock.due()
    return {
        "clock": clock.name,
        "state": clock.state,
        "target_seconds": clock.promise.seconds,
        "due_at": due and due.astimezone(zone),
        "until": account.until.astimezone(zone),
        "running_seconds": seconds["run"],
        "paused_seconds": seconds["pause"],
        "as_stored": account.agrees,
        "stretches": [_stretch(line, zone) for line in account.stretches],
    }


def _stretch(line: Stretch, zone: ZoneInfo) -> dict[str, Any]:
    segment = line.segment
    return {
        "begin": segment.begin.astimezone(zone),
        "end": segment.end.astimezone(zone),
        "counted": segment.kind == "run",
        "why": segment.kind,
        "reason": segment.reason,
        "seconds": segment.seconds,
        "closed_seconds": round((segment.end - segment.begin).total_seconds()) - segment.seconds,
        "counted_before": line.counted_before,
        "finished": line.finished,
    }


def _words(data: dict[str, Any]) -> str:
    lines = [f"{data['record']}, times of {data['zone']}"]
    for clock in data["clocks"]:
        lines.append(
            f"{clock['clock']}, {clock['state']}: ran {_span(clock['running_seconds'])},"
            f" paused {_span(clock['paused_seconds'])} until {_at(clock['until'])}"
        )
        lines += ["  " + _sentence(stretch) for stretch in clock["stretches"]]
        if clock["due_at"]:
            lines.append(f"  due {_at(clock['due_at'])}, {_span(clock['target_seconds'])} promised")
        if not clock["as_stored"]:
            lines.append("  NOT as it is stored: the journal gives another clock.")
    return "\n".join(lines if data["clocks"] else [*lines, "No clock was started."])


def _sentence(stretch: dict[str, Any]) -> str:
    counted = "counted" if stretch["counted"] else "not counted, " + RESTS[stretch["why"]]
    reason = f" ({stretch['reason']})" if stretch["reason"] else ""
    closed = stretch["closed_seconds"]
    outside = f", {_span(closed)} outside its calendar" if closed else ""
    return (
        f"{_at(stretch['begin'])} to {_at(stretch['end'])}: {_span(stretch['seconds'])}"
        f" {counted}{reason}{outside}"
    )


def _at(at: datetime) -> str:
    return at.isoformat(sep=" ", timespec="seconds")


def _span(seconds: int) -> str:
    """Return seconds as hours, minutes and seconds: 731:05:09."""
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
