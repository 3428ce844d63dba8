"""From the clocks of a recipe to the engine's rules, and from entries to happenings: pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from brigade.kernel.clocks.engine import CANCELLED, CLOSED, Happening, Rule, Trigger
from brigade.kernel.recipes.cel import Expression, expression
from brigade.kernel.recipes.compiled import CompiledRecipe
from brigade.kernel.recipes.lexis import names
from brigade.kernel.recipes.reactions import Clock as ClockElement
from brigade.kernel.recipes.reactions import Pause
from brigade.kernel.recipes.reactions import Trigger as TriggerElement

SPEAKS = ("said", "moved")
"""Kinds of entries whose body is something somebody said."""
OPENED = "opened"
"""The happening of a record's first entry, and that entry's kind."""

VERSION = "recipe_version"
"""The change of an entry by which a record came to another version of its recipe: two ids."""

_compiled: dict[str, tuple[Rule, ...]] = {}


def rules_of(recipe: CompiledRecipe) -> tuple[Rule, ...]:
    """Return the engine's rules for a recipe's clocks, compiled once for each checksum."""
    if recipe.checksum not in _compiled:
        rules = (_rule(name, clock) for name, clock in recipe.clocks.items())
        _compiled[recipe.checksum] = tuple(rules)
    return _compiled[recipe.checksum]


def _rule(name: str, clock: ClockElement) -> Rule:
    return Rule(
        name=name,
        target=clock.target or "none",
        start=_trigger(clock.start),
        stop=_trigger(clock.stop),
        resume=_trigger(clock.resume),
        pauses=_pauses(clock.pause),
        per=clock.per,
    )


def _trigger(element: TriggerElement | None) -> Trigger:
    if element is None:
        return Trigger(frozenset())
    entered = (f"enter:{state}" for state in names(element.enter))
    events = (*names(element.on), *(element.first or ()), *(element.any or ()))
    return Trigger(frozenset([*entered, *events]))


def _pauses(element: Pause | None) -> Callable[[Mapping[str, Any]], str]:
    if element is None:
        return lambda context: ""
    states = frozenset(names(element.in_))
    when: Expression | None = expression(element.when) if element.when else None

    def reason(context: Mapping[str, Any]) -> str:
        if context.get("state") not in states or (when is not None and not when.holds(context)):
            return ""
        return str(context.get("waiting_reason") or context.get("state"))

    return reason


def happening_of(
    recipe: CompiledRecipe,
    context: Mapping[str, Any],
    *,
    at: datetime,
    kind: str,
    transition: str,
    visibility: str,
    spoken: bool,
    by_requester: bool,
    changes: Mapping[str, Any],
) -> Happening:
    """Return what a journal entry means to clocks; `context` holds the values after it."""
    happened = {OPENED} & {kind}
    if kind == "moved" and transition:
        happened.add(transition)
    if "state" in changes:
        state = changes["state"][1]
        happened.add(f"enter:{state}")
        category = recipe.category(state) if state in recipe.states else ""
        happened |= {category} & {CLOSED, CANCELLED}
    if "team" in changes and changes["team"][1] is not None:
        happened.add("assign_team")
    if "assignee" in changes and changes["assignee"][1] is not None:
        happened.add("assign_person")
    if spoken and kind in SPEAKS and visibility == "public":
        happened.add("requester_reply" if by_requester else "public_reply")
    return Happening(at, frozenset(happened), context)


def version_change(changes: Mapping[str, Any] | None) -> tuple[int, int] | None:
    """Return the versions of its recipe that a record left and came to in an entry, if it did."""
    change = (changes or {}).get(VERSION)
    return (change[0], change[1]) if change else None


def given_up(left: CompiledRecipe, come_to: CompiledRecipe) -> frozenset[str]:
    """Return the clocks that a version has no longer: they end where a record comes to it."""
    return frozenset(left.clocks) - frozenset(come_to.clocks)
