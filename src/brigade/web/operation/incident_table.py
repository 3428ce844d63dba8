"""The figures of incidents as a plain table for a spreadsheet: one figure a line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from brigade.kernel.parties.tables import write_table
from brigade.operation.incidents.queries.page import AGES

if TYPE_CHECKING:
    from brigade.operation.incidents.queries import Arrivals, Duration, OpenWork, Slice
    from brigade.web.operation.periods import Period

COLUMNS = ("figure", "of", "from", "to", "value", "unit")
"""Names for programs: they do not follow the reader's language. `to` is the last day of it."""


def as_csv(
    period: Period,
    arrivals: Sequence[Arrivals],
    work: OpenWork,
    long: tuple[Duration, Sequence[Duration]],
    people: Sequence[Duration],
    *,
    priority: Mapping[int, str],
) -> str:
    """Return the figures of a period; hours have three places, a cell no formula."""
    first, last = period.first.isoformat(), period.last.isoformat()
    altogether, by_priority = long
    lines = [*_arrivals(arrivals, first, last)]
    lines.append(("open_now", "", "", "", str(work.total), "incidents"))
    lines += _slices("open_now_by_age", work.by_age, [_age(n) for n in range(len(work.by_age))])
    for name, parts in (
        ("priority", work.by_priority),
        ("team", work.by_team),
        ("assignee", work.by_assignee),
    ):
        labels = [_label(part, priority if name == "priority" else {}) for part in parts]
        lines += _slices(f"open_now_by_{name}", parts, labels)
    lines += _durations("resolved", [altogether], {}, (first, last))
    lines += _durations("resolved_by_priority", by_priority, priority, (first, last))
    lines += _durations("resolved_by_assignee", people, {}, (first, last))
    return write_table(COLUMNS, lines)


Line = tuple[str, str, str, str, str, str]


def _arrivals(arrivals: Sequence[Arrivals], first: str, last: str) -> Iterator[Line]:
    for row in arrivals:
        start = max(row.start.isoformat(), first)
        end = min(row.end.fromordinal(row.end.toordinal() - 1).isoformat(), last)
        yield ("came_in", "", start, end, str(row.opened), "incidents")
        yield ("resolved", "", start, end, str(row.resolved), "incidents")


def _slices(figure: str, parts: Sequence[Slice], labels: Sequence[str]) -> list[Line]:
    return [
        (figure, label, "", "", str(part.count), "incidents")
        for part, label in zip(parts, labels, strict=True)
    ]


def _durations(
    figure: str, parts: Sequence[Duration], names: Mapping[int, str], span: tuple[str, str]
) -> Iterator[Line]:
    for part in parts:
        label = names.get(part.key or 0, part.label)
        if figure != "resolved":
            yield (figure, label, *span, str(part.count), "incidents")
        for name, value in (("mean", part.mean), ("median", part.median), ("p90", part.p90)):
            if value is not None:
                yield (f"{figure}_{name}", label, *span, f"{value:.3f}", "hours")


def _label(part: Slice, names: Mapping[int, str]) -> str:
    return "all others" if part.key == -1 else names.get(part.key or 0, part.label)


def _age(place: int) -> str:
    low = AGES[place - 1] if place else 0
    return f"{low} to {AGES[place]} days" if place < len(AGES) else f"over {AGES[-1]} days"
