"""The figures of a whole log of incidents, as `brigade report incidents` prints them.

Which figure comes from journal entries and which is a fact the source gave is
written in `docs/reference/incident-figures.md`.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from brigade.operation.incidents.queries.scope import (
    Scope,
    hours,
    ids_of,
    rows,
    state_categories,
)

TOP = 5

_INCIDENT = """
with incident as materialized (
    select r.id, r.opened_at, r.resolved_at, r.closed_at, r.recipe_version_id,
        coalesce(r.data -> 'facts' ->> 'priority', nullif(r.priority_fact, ''),
            r.priority::text, '') as priority,
        coalesce(r.data -> 'facts' ->> 'contact_type', r.channel) as contact_type,
        coalesce(r.data -> 'facts' ->> 'category', r.category) as category,
        coalesce(r.data -> 'facts' ->> 'group', t.name, '') as team,
        (r.data -> 'facts' ->> 'made_sla')::boolean as made_sla,
        coalesce((r.data -> 'facts' ->> 'reassignments')::bigint, (
            select count(*) from records_journalentry e
            where e.record_id = r.id and e.number > 1 and e.changes -> 'team' ->> 0 is not null
        )) as reassignments,
        r.data -> 'facts' ->> 'problem' as problem, r.data -> 'facts' ->> 'change' as rfc,
        r.data -> 'facts' ->> 'caused_by' as caused_by,
        coalesce((r.data -> 'facts' ->> 'knowledge')::boolean, false) as knowledge
    from records_record r left join parties_team t on t.id = r.team_id
    where r.id in ({ids})
)
"""

_TOTALS = """
select count(*),
    count(*) filter (where made_sla), count(*) filter (where not made_sla),
    coalesce(sum(reassignments), 0), count(*) filter (where reassignments = 0),
    count(problem), count(rfc), count(caused_by), count(*) filter (where knowledge),
    count(resolved_at), count(*) filter (where resolved_at < opened_at),
    avg(extract(epoch from resolved_at - opened_at)),
    percentile_cont(0.5) within group (order by extract(epoch from resolved_at - opened_at))
from incident
"""

_TOTAL_KEYS = (
    "incidents", "made_sla_true", "made_sla_false", "total_reassignments",
    "incidents_never_reassigned", "with_problem", "with_rfc", "caused_by_change",
    "with_knowledge", "resolved_known", "resolved_before_opened",
)  # fmt: skip

_HAPPENED = """
, category_of as (
    select * from unnest(%s::bigint[], %s::text[], %s::text[]) as c(version, state, category)
), happened as (
    select e.record_id,
        e.transition = 'reopen' or (was.category in ('resolved', 'closed', 'cancelled')
            and now_in.category in ('new', 'active', 'waiting')) as reopened,
        e.changes -> 'waiting_reason' ->> 1 as waits_for
    from incident i
    join records_journalentry e on e.record_id = i.id
    left join category_of was
        on was.version = i.recipe_version_id and was.state = e.changes -> 'state' ->> 0
    left join category_of now_in
        on now_in.version = i.recipe_version_id and now_in.state = e.changes -> 'state' ->> 1
)
select count(*), count(distinct record_id) filter (where reopened),
    count(distinct record_id) filter (where waits_for = 'requester'),
    count(distinct record_id) filter (where waits_for = 'provider')
from happened
"""

_HAPPENED_KEYS = (
    "events", "reopened_incidents", "incidents_that_waited_for_user",
    "incidents_that_waited_for_vendor",
)  # fmt: skip


def log_figures(scope: Scope) -> dict[str, Any]:
    """Return the figures of the incidents opened in the scope's period.

    Counts are integers, hours have three places, lists hold the five most
    frequent as `[label, count]`, ties by label. A group or category that the
    source left empty appears as the source writes emptiness.
    """
    opened = scope.opened()
    ids, parameters = ids_of(opened)
    incident = _INCIDENT.format(ids=ids)
    *totals, mean, median = rows(incident + _TOTALS, parameters)[0]
    categories = state_categories(opened)
    columns = [list(column) for column in zip(*categories, strict=True)] or [[], [], []]
    happened = rows(incident + _HAPPENED, [*parameters, *columns])[0]

    def counted(column: str, where: str = "true") -> list[tuple[str, int]]:
        statement = f"select {column}, count(*) from incident where {where} group by 1"
        return sorted((str(label), int(n)) for label, n in rows(incident + statement, parameters))

    figures: dict[str, Any] = dict(zip(_TOTAL_KEYS, map(int, totals), strict=True))
    figures |= dict(zip(_HAPPENED_KEYS, map(int, happened), strict=True))
    figures |= {
        "by_priority": dict(counted("priority")),
        "by_contact_type": dict(counted("contact_type")),
        "made_sla_false_by_priority": dict(counted("priority", "not made_sla")),
        "hours_open_to_resolve_mean": hours(mean),
        "hours_open_to_resolve_median": hours(median),
        "top_categories": _top(counted("category")),
        "top_groups_at_close": _top(counted("team")),
        "opened_per_month": _opened_per_month(incident, parameters, scope.zone),
        "open_backlog_at": _backlog(incident, parameters, scope.zone),
    }
    return figures


def _top(counted: list[tuple[str, int]]) -> list[list[Any]]:
    ranked = sorted(counted, key=lambda pair: (-pair[1], pair[0]))
    return [[label, count] for label, count in ranked[:TOP]]


def _opened_per_month(incident: str, parameters: tuple[Any, ...], zone: str) -> dict[str, int]:
    statement = (
        "select to_char(opened_at at time zone %s, 'YYYY-MM'), count(*) from incident"
        " group by 1 order by 1"
    )
    return {month: int(n) for month, n in rows(incident + statement, [*parameters, zone])}


def _backlog(incident: str, parameters: tuple[Any, ...], zone: str) -> dict[str, int]:
    """Count what was open at every month's end, from the first opening to the last event."""
    span = rows(
        incident + "select min(opened_at), max(greatest(opened_at, closed_at)) from incident",
        parameters,
    )[0]
    if span[0] is None:
        return {}
    ends = month_ends(span[0], span[1], zone)
    statement = """
        select t.n, count(i.id) from unnest(%s::timestamptz[]) with ordinality as t(at, n)
        left join incident i on i.opened_at < t.at and (i.closed_at is null or i.closed_at >= t.at)
        group by t.n order by t.n
    """
    counted = rows(incident + statement, [*parameters, [at for _label, at in ends]])
    return {ends[int(n) - 1][0]: int(count) for n, count in counted}


def month_ends(first: datetime, last: datetime, zone: str) -> list[tuple[str, datetime]]:
    """Return the end of every month from that of `first` to that of `last`, in a zone.

    As `("2016-03-31 24:00", instant in UTC)`: the end of a month is the first
    instant of the next.
    """
    local, end = first.astimezone(ZoneInfo(zone)), last.astimezone(ZoneInfo(zone))
    year, month = local.year, local.month
    found: list[tuple[str, datetime]] = []
    while (year, month) <= (end.year, end.month):
        days = (datetime(year + month // 12, month % 12 + 1, 1) - datetime(year, month, 1)).days
        label = f"{year:04}-{month:02}-{days:02} 24:00"
        year, month = year + month // 12, month % 12 + 1
        at = datetime(year, month, 1, tzinfo=ZoneInfo(zone)).astimezone(UTC)
        found.append((label, at))
    return found
