"""Lint of what is promised and measured: clocks that never stop, figures nobody measures."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from brigade.kernel.recipes import graph
from brigade.kernel.recipes.errors import LintError
from brigade.kernel.recipes.facts import World
from brigade.kernel.recipes.lexis import names
from brigade.kernel.recipes.merge import Effective
from brigade.kernel.recipes.reactions import EVENTS, Clock
from brigade.kernel.sentences import _

STOPWATCH = "none"
"""The target of a clock that only measures."""


def endless_clocks(chosen: Effective) -> Iterator[LintError]:
    """Yield E07 for a clock that nothing stops while work on a record goes on."""
    body = chosen.body
    reached = graph.reachable(graph.moves_between(body), [chosen.document.recipe.record.initial])
    fired = {
        key
        for key, move in body.transitions.items()
        if any(graph.can_fire(body, key, state) for state in names(move.from_) if state in reached)
    }
    for key, clock in body.clocks.items():
        if not _stops(clock, reached, fired | set(EVENTS)):
            message = _("Nothing that can happen stops the clock “%(clock)s”.") % {"clock": key}
            yield chosen.error("E07", message, f"clocks.{key}.stop")


def _stops(clock: Clock, states: Collection[str], events: Collection[str]) -> bool:
    stop = clock.stop
    if stop is None:
        return False
    listed = (*names(stop.on), *(stop.first or ()), *(stop.any or ()))
    return any(state in states for state in names(stop.enter)) or any(
        event in events for event in listed
    )


def unmeasured(chosen: Effective, world: World) -> Iterator[LintError]:
    """Yield E12 for a figure the recipe answers for and nothing here measures."""
    for key in chosen.body.kpis if world.measures is not None else ():
        if key not in (world.measures or ()):
            message = _("Nothing measures the figure %(figure)s.") % {"figure": key}
            yield chosen.error("E12", message, "kpis")


def unpromised(chosen: Effective, world: World) -> Iterator[LintError]:
    """Yield W06 for every clock whose target is promised nowhere: it will never run."""
    for key, clock in chosen.body.clocks.items() if world.targets is not None else ():
        if clock.target not in (None, STOPWATCH) and clock.target not in (world.targets or ()):
            message = _("No target “%(target)s” is promised, so the clock “%(clock)s” never runs.")
            said = {"target": clock.target, "clock": key}
            yield chosen.error("W06", message % said, f"clocks.{key}.target")
