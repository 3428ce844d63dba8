"""Which rows a period has: the part of a measure's statement before its conditions.

Parameters: `kind`; `bounds`, the instants between contiguous periods, of which
`first` and `last` are the outermost; `ends`, the instant each period ends or is
asked at; `versions`, `states` and `categories`, what each state of a recipe is.
"""

from __future__ import annotations

from dataclasses import dataclass

from brigade.kernel.measures.vocabulary import INSTANTS

OPEN = "('new', 'active', 'waiting')"
RESOLVED = "('resolved', 'closed')"
ENDED = "('resolved', 'closed', 'cancelled')"

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
    """Return when records were opened again after an end of these categories, and which end."""
    return f"""with category_of as materialized (
    select * from unnest(%(versions)s::bigint[], %(states)s::text[], %(categories)s::text[])
        as k(version, state, category)
), reopening as materialized (
    select e.record_id, e.at, (
        select b.at from records_journalentry b
        join category_of k on k.version = r.recipe_version_id
            and k.state = b.changes -> 'state' ->> 1 and k.category in {ended}
        where b.record_id = e.record_id and b.number < e.number and b.changes ? 'state'
            and not exists (select 1 from category_of w where w.version = r.recipe_version_id
                and w.state = b.changes -> 'state' ->> 0 and w.category in {ended})
        order by b.number desc limit 1) as undone
    from records_journalentry e
    join records_record r on r.id = e.record_id and r.kind = %(kind)s
    join category_of was on was.version = r.recipe_version_id
        and was.state = e.changes -> 'state' ->> 0 and was.category in {ended}
    join category_of now_in on now_in.version = r.recipe_version_id
        and now_in.state = e.changes -> 'state' ->> 1 and now_in.category in {OPEN}
    where e.at >= {since} and e.changes ? 'state'
)"""


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
        return Base(_reopening(RESOLVED, "%(first)s"), _EVER, "x.period", at)
    if period_on == "end":
        return Base(_reopening(ENDED, "%(first_end)s"), _AT_END, "x.period", at)
    rows = _CLOCKS if source == "clock" else _RECORDS
    if period_on == "resolved":
        rows += f" and {_STANDS}"
    return Base("", f"{rows} and {_IN_PERIOD.format(at=at)}", _BUCKET.format(at=at), at)
