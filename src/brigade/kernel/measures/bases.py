"""Which rows a period has: the part of a measure's statement before its conditions.

Parameters: `kind`; `bounds`, the instants between contiguous periods, of which
`first` and `last` are the outermost; `ends`, the instant each period ends or is
asked at; `open_states`, `resolved_states` and `ended_states`, each as `version:state`.
"""

from __future__ import annotations

from dataclasses import dataclass

from brigade.kernel.measures.vocabulary import INSTANTS

OPEN = "('new', 'active', 'waiting')"

_BUCKET = "width_bucket({at}, %(bounds)s::timestamptz[])"
_RECORDS = "from records_record where records_record.kind = %(kind)s"
_CLOCKS = (
    "from clocks_clock c join records_record on records_record.id = c.record_id"
    " where records_record.kind = %(kind)s"
)
# Opened again counts as never ended; of an import the facts of its source stand.
_STANDS = f"not (records_record.state_category in {OPEN} and records_record.source = '')"
_IN_PERIOD = "{at} >= %(first)s and {at} < %(last)s"

_ENDED_AT = f"""case when {_STANDS}
    then least(records_record.resolved_at, records_record.closed_at) end"""


@dataclass(frozen=True, slots=True)
class Base:
    """The rows of a period: what stands before, whence they come, which period each is of."""

    before: str
    within: str
    bucket: str
    instant: str


def _reopening(ended: str, since: str) -> str:
    """Return when records were opened again after an end among these states, and which end."""
    was, became = _state("e", 0), _state("e", 1)
    return f"""with reopening as materialized (
    select e.record_id, e.at, (
        select b.at from records_journalentry b
        where b.record_id = e.record_id and b.number < e.number and b.changes ? 'state'
            and {_state("b", 1)} = any(%({ended})s)
            and not coalesce({_state("b", 0)} = any(%({ended})s), false)
        order by b.number desc limit 1) as undone
    from records_journalentry e
    join records_record r on r.id = e.record_id and r.kind = %(kind)s
    where e.at >= {since} and e.changes ? 'state'
        and {was} = any(%({ended})s) and {became} = any(%(open_states)s)
)"""


def _state(entry: str, side: int) -> str:
    """Return a state before (0) or after (1) an entry, with the recipe version it is of."""
    return f"(r.recipe_version_id || ':' || ({entry}.changes -> 'state' ->> {side}))"


_EVER = f"""from (
    select record_id, period, max(at) as at, min(reopened_after) as reopened_after from (
        select records_record.id as record_id, {_BUCKET.format(at="records_record.resolved_at")}
            as period, records_record.resolved_at as at, null::interval as reopened_after
        {_RECORDS} and {_STANDS} and {_IN_PERIOD.format(at="records_record.resolved_at")}
        union all
        select record_id, {_BUCKET.format(at="undone")}, undone, at - undone
        from reopening where {_IN_PERIOD.format(at="undone")}
    ) resolving group by record_id, period
) x join records_record on records_record.id = x.record_id where true"""

_AT_END = f"""from records_record
join unnest(%(ends)s::timestamptz[]) with ordinality x(at, period)
    on records_record.opened_at < x.at
where records_record.kind = %(kind)s
    and (records_record.state_category in {OPEN}
        or coalesce(records_record.resolved_at, records_record.closed_at) is not null)
    and ({_ENDED_AT} is null or {_ENDED_AT} >= x.at)
    and not exists (select 1 from reopening o where o.record_id = records_record.id
        and o.at >= x.at and o.undone < x.at)"""


def base_of(source: str, period_on: str) -> Base:
    """Return the rows of a source that a period has when it is taken by this instant."""
    at = INSTANTS[source][period_on]
    if period_on == "ever_resolved":
        return Base(_reopening("resolved_states", "%(first)s"), _EVER, "x.period", at)
    if period_on == "end":
        return Base(_reopening("ended_states", "%(first_end)s"), _AT_END, "x.period", at)
    rows = _CLOCKS if source == "clock" else _RECORDS
    if period_on == "resolved":
        rows += f" and {_STANDS}"
    return Base("", f"{rows} and {_IN_PERIOD.format(at=at)}", _BUCKET.format(at=at), at)
