"""What is to be reached, and at which size it counts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple


class Goal(NamedTuple):
    """A figure of a measure (or of the ratios) that must be at least or at most something."""

    measure: str
    figure: str
    least: float | None = None
    most: float | None = None
    records: int | None = None
    """The size at which it counts; None for every size."""


GOALS = (
    Goal("ratios", "api_create_c4_vs_pgbench", least=0.30, records=100_000),
    Goal("api_create_c4", "per_second", least=900, records=100_000),
    Goal("ratios", "api_change_c4_vs_pgbench", least=0.35, records=100_000),
    Goal("api_change_c4", "per_second", least=700, records=100_000),
    Goal("ratios", "list_page_vs_raw_sql", most=3),
    Goal("api_read_c1", "ms", most=4, records=100_000),
    Goal("api_list_page_c1", "ms", most=8, records=100_000),
    Goal("search_rare", "ms", most=10, records=1_000_000),
    Goal("search_common", "ms", most=60, records=1_000_000),
    Goal("queue_page", "ms", most=20, records=1_000_000),
    Goal("record_page", "ms", most=20, records=1_000_000),
    Goal("import_log", "rows_per_second", least=5_000),
    Goal("memory", "mib", most=250),
)


def met(
    measures: Mapping[int, Mapping[str, Any]], ratios: Mapping[int, Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Return each goal at each size measured: the figure, the bound, and whether it is kept."""
    found = []
    for goal in GOALS:
        for size in measures:
            given = ratios[size] if goal.measure == "ratios" else measures[size][goal.measure]
            value = given.get(goal.figure)
            name = goal.figure if goal.measure == "ratios" else f"{goal.measure}.{goal.figure}"
            found.append(
                {
                    "goal": name,
                    "records": size,
                    "counts": goal.records in (None, size),
                    "value": value,
                    "bound": f">= {goal.least:g}"
                    if goal.least is not None
                    else f"<= {goal.most:g}",
                    "kept": value is not None
                    and (goal.least is None or value >= goal.least)
                    and (goal.most is None or value <= goal.most),
                }
            )
    return found
