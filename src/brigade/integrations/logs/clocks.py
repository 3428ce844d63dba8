"""The clocks a map starts: their rules for the engine, and which map's rules hold where."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from brigade.integrations.logs.mapping import ClockPart, LogMap
from brigade.integrations.logs.queries import maps_with_clocks
from brigade.kernel.clocks.bringing import keep_brought_clocks
from brigade.kernel.clocks.engine import Rule, Trigger
from brigade.kernel.clocks.promises import STOPWATCH
from brigade.kernel.clocks.queries import records_without_clocks
from brigade.kernel.clocks.rules import OPENED
from brigade.kernel.recipes.compiled import CompiledRecipe
from brigade.kernel.refused import Invalid

AT_ONCE = 500
"""Records per transaction."""
REASON = 40
"""Characters of a cell that a clock keeps as the reason of its pause."""


def rules_of_map(log_map: LogMap) -> tuple[Rule, ...]:
    """Return the engine's rules for the clocks of a map."""
    return tuple(_rule(name, clock, log_map) for name, clock in log_map.clocks.items())


def brought_rules() -> dict[str, Sequence[Rule]]:
    """Return the rules that measure what was imported, by the source of the records."""
    return {source: rules_of_map(log_map) for source, log_map in maps_with_clocks().items()}


def start_missing_clocks(log_map: LogMap) -> None:
    """Start the clocks of a map on records that came before the map had any."""
    rules, after = rules_of_map(log_map), 0
    while rules and (missing := records_without_clocks(log_map.source, after, AT_ONCE)):
        with transaction.atomic():
            keep_brought_clocks(missing, rules)
        after = missing[-1]


def check_clocks(log_map: LogMap, recipe: CompiledRecipe) -> None:
    """Refuse clocks whose name the recipe has, and clocks unlike those of an earlier import.

    A clock follows from its record's journal and one rule; two rules for the
    records of one source would leave open which one made it.
    """
    for name in log_map.clocks:
        if name in recipe.clocks:
            raise Invalid(
                "map_invalid",
                _("clocks.%(name)s: the recipe has a clock of this name; choose another.")
                % {"name": name},
                "map",
            )
    earlier = maps_with_clocks().get(log_map.source)
    if earlier is not None and _written(earlier) != _written(log_map):
        raise Invalid(
            "clocks_differ",
            _(
                "Records from “%(source)s” were imported with other clocks. Take the map’s clocks "
                "as they were, or give the map another source."
            )
            % {"source": log_map.source},
            "map",
        )


def _rule(name: str, clock: ClockPart, log_map: LogMap) -> Rule:
    nothing = Trigger(frozenset())
    return Rule(
        name=name,
        target=STOPWATCH,
        start=Trigger(frozenset([OPENED])),
        stop=nothing,
        resume=nothing,
        pauses=_pauses(clock, log_map),
        to_last=True,
    )


def _pauses(clock: ClockPart, log_map: LogMap) -> Callable[[Mapping[str, Any]], str]:
    if clock.pause is None:
        return lambda context: ""
    path, begins = log_map.kept_as(clock.pause.column), clock.pause.begins

    def reason(context: Mapping[str, Any]) -> str:
        cell = context.get(str(path))
        return cell[:REASON] if isinstance(cell, str) and cell.startswith(begins) else ""

    return reason


def _written(log_map: LogMap) -> dict[str, Any]:
    """Return all of a map on which its clocks depend."""
    return {
        name: (clock, log_map.kept_as(clock.pause.column) if clock.pause else None)
        for name, clock in log_map.clocks.items()
    }
