"""What a measure may ask of a row, and what that is in SQL: one place for every word.

`records_record` is never renamed, because the clause of what a reader may see
is compiled for that name. `c` is a clock, `x` what its base adds. `%(as_of)s` is the
instant of asking.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

CATEGORIES: Final = ("new", "active", "waiting", "resolved", "closed", "cancelled")
OUTCOMES: Final = ("met", "breached", "open", "void", "none")

OPERATORS: Final = {
    "=": "=", "!=": "is distinct from", "<": "<", "<=": "<=", ">": ">", ">=": ">=",
    "in": "= any", "not in": "<> all",
}  # fmt: skip
WHOLE: Final = ("in", "not in")
"""Operators that take a list."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a row: what it is compared with, and its SQL. `among` closes its values."""

    type: type
    sql: str
    among: tuple[str, ...] = ()


_DUPLICATE = """exists (select 1 from records_link l
    where l.record_id = records_record.id and l.type = 'duplicates')"""

# A paused clock past its time has no due instant of its own; its segments know when it was.
OVER_SINCE: Final = """(select least(
        add_open_seconds(s.calendar_version_id, s.begin, (c.seconds - s.before)::bigint), s."end")
    from (select g.*, sum(g.seconds) over (order by g.number) - g.seconds as before
        from clocks_segment g where g.record_id = c.record_id
            and g.clock_number = c.number and g.kind = 'run') s
    where s.before + s.seconds >= c.seconds order by s.number limit 1)"""

_EARLIEST = f"""least(c.stopped_at, case when c.counted > c.seconds
    and c.due_at >= timestamptz '9999-01-01 00:00+00' then {OVER_SINCE} else c.due_at end)"""

_OUTCOME = """case when c.state = 'void' then 'void' when c.seconds is null then 'none'
    when c.counted > c.seconds then 'breached' when c.state = 'stopped' then 'met'
    when c.state = 'running' and c.due_at < %(as_of)s then 'breached' else 'open' end"""

# What has a date by which it was to be settled, as its practice keeps it on the record.
_DECIDE_BY = "(records_record.data ->> 'decide_by')::timestamptz"

_SETTLED = f"""case when records_record.data ->> 'decide_by' is null then 'none'
    when coalesce(records_record.data ->> 'by_silence', '') = 'true' then 'breached'
    when records_record.state_category = 'cancelled' then 'void'
    when records_record.resolved_at <= {_DECIDE_BY} then 'met'
    when {_DECIDE_BY} < %(as_of)s then 'breached' else 'open' end"""

_REASSIGNMENTS = """coalesce((records_record.data -> 'facts' ->> 'reassignments')::bigint,
    greatest(0, (select count(*) from records_journalentry e
        where e.record_id = records_record.id and e.changes -> 'team' ->> 1 is not null) - 1))"""

_RECORD: Final = {
    "category": Field(str, "records_record.state_category", CATEGORIES),
    "channel": Field(str, "records_record.channel"),
    "close_code": Field(str, "records_record.data ->> 'close_code'"),
    "duplicate": Field(bool, _DUPLICATE),
    "priority": Field(int, "records_record.priority"),
    "source": Field(str, "records_record.source"),
}

FIELDS: Final[dict[str, dict[str, Field]]] = {
    "record": _RECORD
    | {
        "reopened_after_days": Field(int, "extract(epoch from x.reopened_after) / 86400"),
        "outcome": Field(str, _SETTLED, OUTCOMES),
    },
    "clock": _RECORD | {"name": Field(str, "c.name"), "outcome": Field(str, _OUTCOME, OUTCOMES)},
}

AMOUNTS: Final[dict[str, dict[str, str]]] = {
    "record": {
        "age": "extract(epoch from x.at - records_record.opened_at)",
        "latency_wd": "(records_record.data ->> 'latency_wd')::int",
        "reassignments": _REASSIGNMENTS,
    },
    "clock": {"consumed": "c.counted"},
}
"""What may be summed or ranked: seconds, or a number of times or days."""

UNITS: Final = {"latency_wd": "working_days"}
"""Units of amounts that are no seconds, where they are ranked beside a figure."""

INSTANTS: Final[dict[str, dict[str, str]]] = {
    "record": {
        "decide_by": _DECIDE_BY,
        "opened": "records_record.opened_at",
        "resolved": "records_record.resolved_at",
        "closed": "records_record.closed_at",
        "ever_resolved": "x.at",
        "end": "records_record.opened_at",
    },
    "clock": {
        "earliest:stopped,due": _EARLIEST,
        "stopped": "c.stopped_at",
        "resolved": "records_record.resolved_at",
    },
}
"""What may put a row into a period. `ever_resolved` takes every resolving, undone ones too."""

DIMENSIONS: Final = {
    "service": "records_record.service_id",
    "customer": "records_record.customer_id",
    "team": "records_record.team_id",
    "provider": "records_record.provider_id",
}

NEEDS: Final = {"reopened_after_days": "ever_resolved", "age": "end"}
"""Words that only mean something where the period is taken that way."""
