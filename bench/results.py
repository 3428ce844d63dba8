"""The account of a run as a page to read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

FIGURES = {
    "ms": "p50 ms",
    "p95_ms": "p95 ms",
    "per_second": "a second",
    "server_cpu_ms": "server CPU ms",
    "client_cpu_ms": "client CPU ms",
}
OTHER = {
    "bytes": "bytes",
    "nodes": "nodes",
    "first_requests": "requests, first visit",
    "first_bytes": "bytes, first visit",
    "next_requests": "requests, next visit",
    "next_bytes": "bytes, next visit",
    "rows_per_second": "rows/s",
    "rows_per_second_with_start": "rows/s with start and connect",
    "mib": "MiB",
    "idle_seconds": "after idle seconds",
}

BUSY = (
    "**The machine had other work to do:** rates, milliseconds and ratios are not those of a free"
    " one and no goal is decided by them. Server CPU is the figure to go by."
)


def markdown(account: Mapping[str, Any]) -> str:
    """Return the whole account in Markdown."""
    machine = account["machine"]
    lines = [
        "# How fast",
        "",
        "Made by `bin/bench --records " + ",".join(map(str, account["records"])) + "`"
        f" on {machine['day']} at commit {machine['commit']}: {machine['cores']} cores,"
        f" {machine['memory_gib']} GiB, {machine['system']}, Python {machine['python']},"
        f" PostgreSQL {machine['postgresql']} on a unix socket, fsync on."
        f" Load average {machine['load_at_start']} before and {machine['load_at_end']} after.",
        "",
        f"Medians of {account['rounds']} interleaved rounds of {account['seconds_a_round']} s; the"
        " rounds stand beside. `docs/guides/measuring.md` says what each measure is.",
        "",
    ]
    if max(machine["load_at_start"] or 0, machine["load_at_end"] or 0) > machine["cores"]:
        lines += [BUSY, ""]
    for size, found in account["sizes"].items():
        lines += [f"## {int(size):,} records", "", *_ratios(found["ratios"])]
        lines += ["", *_measures(found["measures"]), ""]
    lines += _growth(account["ratios"])
    lines += ["## Goals", "", *_goals(account["goals"])]
    return "\n".join(lines) + "\n"


def _ratios(ratios: Mapping[str, Any]) -> list[str]:
    lines = ["| compared | median | rounds |", "|---|---|---|"]
    for name, value in ratios.items():
        if not name.endswith("_rounds"):
            rounds = ratios.get(f"{name}_rounds") or []
            lines.append(f"| {name} | {_number(value)} | {_each(rounds)} |")
    return lines


def _measures(measures: Mapping[str, Any]) -> list[str]:
    head = ["measure", *FIGURES.values(), "each round", "besides"]
    lines = ["| " + " | ".join(head) + " |", "|---" * len(head) + "|"]
    for name, seen in measures.items():
        leading = next((f for f in ("per_second", "rows_per_second", "ms") if f in seen), "ms")
        rounds = [each.get(leading) for each in seen.get("rounds", [])]
        besides = ", ".join(
            f"{_number(seen[key])} {text}"
            for key, text in OTHER.items()
            if seen.get(key) is not None
        )
        cells = [name, *(_number(seen.get(key)) for key in FIGURES), _each(rounds), besides]
        lines.append("| " + " | ".join(cells) + " |")
    return lines


def _growth(ratios: Mapping[str, Any]) -> list[str]:
    grown = {name: value for name, value in ratios.items() if name.startswith("growth_")}
    if not grown:
        return []
    lines = ["## Growth of p50 from the smallest size to the largest", ""]
    return [*lines, *(f"- {name[7:]}: {value}" for name, value in grown.items()), ""]


def _goals(goals: list[dict[str, Any]]) -> list[str]:
    lines = ["| goal | records | bound | measured | kept |", "|---|---|---|---|---|"]
    for goal in goals:
        kept = ("yes" if goal["kept"] else "no") if goal["counts"] else "(another size counts)"
        lines.append(
            f"| {goal['goal']} | {goal['records']:,} | {goal['bound']} | {_number(goal['value'])}"
            f" | {kept} |"
        )
    return lines


def _number(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:,.0f}" if value >= 100 else f"{value:.2f}"
    return f"{value:,}" if isinstance(value, int) else str(value)


def _each(values: list[Any]) -> str:
    return " / ".join(_number(value) for value in values if value is not None)
