"""The figures page of incidents: what came in, what is open, how long it took, by whom.

Every figure carries the filter of the list behind it, so that whoever doubts a
number can open its rows. All of it is computed when asked, inside what the
person may read.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from brigade.kernel import instants
from brigade.kernel.records.lists import ListFilter
from brigade.kernel.records.models.record import OPEN_CATEGORIES
from brigade.operation.incidents.queries.scope import KIND, Scope, hours, ids_of, rows

AGES = (1, 3, 7, 30)
"""Days that cut open incidents by age: under 1, 1 to 3, 3 to 7, 7 to 30, older."""

MOST = 20
"""Slices of a breakdown by team or person; the rest is one slice."""


@dataclass(frozen=True, slots=True)
class Arrivals:
    """What came in and what was resolved in one day or week, [start, end) in the scope's zone."""

    start: date
    end: date
    opened: int
    resolved: int
    opened_filter: ListFilter
    resolved_filter: ListFilter


@dataclass(frozen=True, slots=True)
class Slice:
    """A part of a whole. `key` is an id, a priority or a bound in days; None is "none given".

    `filter` lists its rows; None where no one filter does.
    """

    key: int | None
    label: str
    count: int
    filter: ListFilter | None


@dataclass(frozen=True, slots=True)
class OpenWork:
    """What is open now, and cut in four ways."""

    total: int
    filter: ListFilter
    by_age: list[Slice]
    by_priority: list[Slice]
    by_team: list[Slice]
    by_assignee: list[Slice]


@dataclass(frozen=True, slots=True)
class Duration:
    """Hours from opened to resolved of `count` incidents; None where there are none.

    `key` and `label` say of which: a priority, a person, or all (None, "").
    """

    key: int | None
    label: str
    count: int
    mean: float | None
    median: float | None
    p90: float | None
    filter: ListFilter | None


def came_in(scope: Scope, by: Literal["day", "week"] = "day") -> list[Arrivals]:
    """Return one row per day or week (from Monday) of the scope's period, empty ones too.

    The scope needs both bounds; the first and last row are whole days or weeks
    cut to the period's bounds in their filters.
    """
    if scope.start is None or scope.end is None:
        raise ValueError("a row per day needs a first and a last one")
    zone, length = ZoneInfo(scope.zone), timedelta(days=1 if by == "day" else 7)
    opened = _per(by, scope, "opened_at")
    resolved = _per(by, scope, "resolved_at")
    start = scope.start.astimezone(zone).date()
    if by == "week":
        start -= timedelta(days=start.weekday())
    found: list[Arrivals] = []
    while _midnight(start, zone) < scope.end:
        end = start + length
        since = max(_midnight(start, zone), scope.start.astimezone(UTC))
        before = min(_midnight(end, zone), scope.end.astimezone(UTC))
        found.append(
            Arrivals(
                start,
                end,
                opened.get(start, 0),
                resolved.get(start, 0),
                ListFilter(kinds=(KIND,), opened_since=since, opened_before=before),
                ListFilter(kinds=(KIND,), resolved_since=since, resolved_before=before),
            )
        )
        start = end
    return found


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


def _per(by: str, scope: Scope, column: str) -> dict[date, int]:
    records = scope.opened() if column == "opened_at" else scope.resolved()
    ids, parameters = ids_of(records)
    statement = f"""
        select date_trunc(%s, {column} at time zone %s)::date, count(*)
        from records_record where id in ({ids}) group by 1
    """
    return dict(rows(statement, [by, scope.zone, *parameters]))


def open_work(scope: Scope) -> OpenWork:
    """Return what is open now, whenever it was opened: by age, priority, team and assignee."""
    open_now = scope.records().filter(state_category__in=OPEN_CATEGORIES)
    ids, parameters = ids_of(open_now)
    all_of_it = ListFilter(kinds=(KIND,), categories=OPEN_CATEGORIES)
    total = rows(f"select count(*) from ({ids}) r", parameters)[0][0]
    return OpenWork(
        total=int(total),
        filter=all_of_it,
        by_age=_by_age(ids, parameters),
        by_priority=_by_priority(ids, parameters),
        by_team=_by_owner("team", "parties_team", ids, parameters),
        by_assignee=_by_owner("assignee", "parties_person", ids, parameters),
    )


def _open(**more: Any) -> ListFilter:
    return ListFilter(kinds=(KIND,), categories=OPEN_CATEGORIES, **more)


def _by_age(ids: str, parameters: tuple[Any, ...]) -> list[Slice]:
    now = instants.now()
    cuts = [now - timedelta(days=days) for days in AGES]
    statement = f"""
        select %s - width_bucket(opened_at, %s::timestamptz[]), count(*)
        from records_record where id in ({ids}) group by 1
    """
    counted = dict(rows(statement, [len(cuts), cuts[::-1], *parameters]))
    return [
        Slice(
            AGES[place] if place < len(AGES) else None,
            "",
            int(counted.get(place, 0)),
            _open(
                opened_since=cuts[place] if place < len(AGES) else None,
                opened_before=cuts[place - 1] if place else None,
            ),
        )
        for place in range(len(AGES) + 1)
    ]


def _by_priority(ids: str, parameters: tuple[Any, ...]) -> list[Slice]:
    statement = f"""
        select priority, count(*) from records_record where id in ({ids})
        group by 1 order by 1 nulls last
    """
    return [
        Slice(key, "", int(count), None if key is None else _open(priorities=(key,)))
        for key, count in rows(statement, parameters)
    ]


def _by_owner(column: str, table: str, ids: str, parameters: tuple[Any, ...]) -> list[Slice]:
    statement = f"""
        select r.{column}_id, coalesce(o.name, ''), count(*) from records_record r
        left join {table} o on o.id = r.{column}_id
        where r.id in ({ids}) group by 1, 2 order by 3 desc, 2, 1
    """
    counted = rows(statement, parameters)
    found = [
        Slice(key, label, int(count), _owner_filter(column, key))
        for key, label, count in counted[:MOST]
    ]
    rest = sum(int(count) for _key, _label, count in counted[MOST:])
    return [*found, Slice(-1, "", rest, None)] if rest else found


def _owner_filter(column: str, key: int | None) -> ListFilter | None:
    if column == "team":
        return None if key is None else _open(teams=(key,))
    return _open(unassigned=True) if key is None else _open(assignee=key)


def how_long(scope: Scope) -> tuple[Duration, list[Duration]]:
    """Return hours from opened to resolved over the period, altogether and by priority."""
    return _durations(scope, "")[0], _durations(scope, "priority")


def by_whom(scope: Scope) -> list[Duration]:
    """Return who resolved how many in the period and how long it took, busiest first.

    Who an incident is assigned to now counts as who resolved it.
    """
    return _durations(scope, "assignee")[:MOST]


_GROUPS = {
    "": ("null::bigint", "''", ""),
    "priority": ("r.priority", "''", ""),
    "assignee": (
        "r.assignee_id",
        "coalesce(p.name, '')",
        "left join parties_person p on p.id = r.assignee_id",
    ),
}


def _durations(scope: Scope, group: str) -> list[Duration]:
    ids, parameters = ids_of(scope.resolved())
    key, label, join = _GROUPS[group]
    order = "3 desc, 2, 1" if group == "assignee" else "1 nulls last"
    statement = f"""
        select {key}, {label}, count(*), avg(seconds),
            percentile_cont(0.5) within group (order by seconds),
            percentile_cont(0.9) within group (order by seconds)
        from (select r.*, extract(epoch from r.resolved_at - r.opened_at) as seconds
            from records_record r where r.id in ({ids})) r {join}
        group by 1, 2 order by {order}
    """
    found = [
        Duration(
            one, words, int(count), hours(mean), hours(median), hours(p90),
            _duration_filter(scope, group, one),
        )
        for one, words, count, mean, median, p90 in rows(statement, parameters)
    ]  # fmt: skip
    if not found and not group:
        found = [Duration(None, "", 0, None, None, None, _duration_filter(scope, "", None))]
    return found


def _duration_filter(scope: Scope, group: str, key: int | None) -> ListFilter | None:
    period = {"resolved_since": scope.start, "resolved_before": scope.end}
    if not group:
        return ListFilter(kinds=(KIND,), **period)  # type: ignore[arg-type]
    if group == "priority":
        return None if key is None else ListFilter(kinds=(KIND,), priorities=(key,), **period)  # type: ignore[arg-type]
    if key is None:
        return ListFilter(kinds=(KIND,), unassigned=True, **period)  # type: ignore[arg-type]
    return ListFilter(kinds=(KIND,), assignee=key, **period)  # type: ignore[arg-type]
