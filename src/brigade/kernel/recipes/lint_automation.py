"""Lint of what happens by itself: circles nobody breaks, timers that cannot do what they say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from brigade.kernel.recipes import graph
from brigade.kernel.recipes.errors import LintError
from brigade.kernel.recipes.language import Body
from brigade.kernel.recipes.lexis import names
from brigade.kernel.recipes.merge import Effective
from brigade.kernel.recipes.reactions import Clock, Effect, Timer
from brigade.kernel.sentences import _


def automation(chosen: Effective) -> Iterator[LintError]:
    """Yield E10 for a circle without anybody acting, E03 for a timer that fires what it cannot."""
    yield from _circles(chosen)
    yield from _breeding(chosen)
    for key, timer in chosen.body.timers.items():
        yield from _firing(chosen, key, timer)


def _circles(chosen: Effective) -> Iterator[LintError]:
    body = chosen.body
    for key in dict.fromkeys(graph.automatic_loops(body)):
        message = _("The timer “%(timer)s” moves records in a circle without anybody acting.")
        yield chosen.error("E10", message % {"timer": key}, f"timers.{key}")
    starts = {key: set(_started(timer, body)) & set(body.timers)
              for key, timer in body.timers.items()}  # fmt: skip
    for key, after in starts.items():
        if key in graph.reachable(starts, after):
            message = _("The timer “%(timer)s” starts itself again, for ever.") % {"timer": key}
            yield chosen.error("E10", message, f"timers.{key}")


def _started(timer: Timer, body: Body) -> Iterator[str]:
    """Yield the timers that a timer starts, itself or by the step it fires."""
    move = body.transitions.get(timer.fire or "")
    for effect in [*timer.do, *(move.do if move else ())]:
        if effect.start_timer:
            yield effect.start_timer


def _breeding(chosen: Effective) -> Iterator[LintError]:
    body, record = chosen.body, chosen.document.recipe.record
    for key, timer in body.timers.items():
        if _opens(timer.do, record.kind) and record.initial in names(timer.in_):
            message = _("Every record that the timer “%(timer)s” opens would open another.")
            yield chosen.error("E10", message % {"timer": key}, f"timers.{key}")
    for position, rule in enumerate(body.escalations):
        clock = body.clocks.get(rule.clock)
        if clock and _opens(rule.do, record.kind) and _starts_at(clock, record.initial):
            message = _("Every record that an escalation of “%(clock)s” opens would open another.")
            path = f"escalations[{position}].do"
            yield chosen.error("E10", message % {"clock": rule.clock}, path)


def _opens(effects: Iterable[Effect], kind: str) -> bool:
    return any(each.create_record and each.create_record.kind == kind for each in effects)


def _starts_at(clock: Clock, state: str) -> bool:
    return clock.start is not None and state in names(clock.start.enter)


def _firing(chosen: Effective, key: str, timer: Timer) -> Iterator[LintError]:
    move = chosen.body.transitions.get(timer.fire or "")
    said = {"timer": key, "step": timer.fire}
    if move and "system" not in names(move.by):
        message = _("The timer “%(timer)s” fires “%(step)s”, which is not open to system.")
        yield chosen.error("E03", message % said, f"timers.{key}.fire")
    elif move and not set(names(timer.in_)) & set(names(move.from_)):
        message = _("“%(step)s” does not lead out of where the timer “%(timer)s” runs.")
        yield chosen.error("E03", message % said, f"timers.{key}.fire")
