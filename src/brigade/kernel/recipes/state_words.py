"""What else holds in one state, in words: its clocks, who may act, checks and approvals."""

from __future__ import annotations

from collections.abc import Iterable

from brigade.kernel.recipes.compiled import CompiledRecipe
from brigade.kernel.recipes.elements import SELF, in_language, plain_words
from brigade.kernel.recipes.lexis import names
from brigade.kernel.recipes.reactions import Clock, Trigger
from brigade.kernel.recipes.role_names import role_name
from brigade.kernel.sentences import _


def clocks_in(recipe: CompiledRecipe, state: str) -> list[str]:
    """Return what happens to clocks in a state, as sentences."""
    found = []
    for key, clock in recipe.clocks.items():
        name = {"clock": in_language(clock.label) if clock.label else plain_words(key)}
        if clock.pause and state in names(clock.pause.in_):
            paused = _("%(clock)s is paused.") if not clock.pause.when else _(
                "%(clock)s is paused where a condition holds."
            )  # fmt: skip
            found.append(paused % name)
        elif _enters(clock.stop, state):
            found.append(_("%(clock)s stops.") % name)
        elif _enters(clock.start, state):
            found.append(_("%(clock)s starts.") % name)
        elif _runs_from(recipe, clock, state):
            found.append(_("%(clock)s may be running.") % name)
    return found


def acting_in(recipe: CompiledRecipe, state: str) -> list[str]:
    """Return the roles that may take a step from a state, each once."""
    roles = dict.fromkeys(role for move in recipe.transitions_from(state) for role in move.by)
    return [
        role_name(role, recipe.label(role) if role in recipe.fields else None) for role in roles
    ]


def checks_in(recipe: CompiledRecipe, state: str) -> list[str]:
    """Return the checks of a state and of the steps out of it."""
    steps = [move.key for move in recipe.transitions_from(state)]
    return [
        in_language(check.label) if check.label else plain_words(check.item)
        for key in (state, *steps)
        for check in recipe.checklists.get(key, ())
    ]


def approvals_in(recipe: CompiledRecipe, state: str) -> list[str]:
    """Return who is asked for approval in a state, as sentences."""
    return [
        (_("%(approval)s, once %(after)s is given: %(who)s.") if rule.after else
         _("%(approval)s: %(who)s."))
        % {
            "approval": _called(recipe, key),
            "after": _listed(_called(recipe, each) for each in names(rule.after)),
            "who": _listed(role_name(role) for role in names(rule.approvers)),
        }
        for key, rule in recipe.approvals.items()
        if state in names(rule.in_)
    ]  # fmt: skip


def _called(recipe: CompiledRecipe, approval: str) -> str:
    label = recipe.approvals[approval].label
    return in_language(label) if label else plain_words(approval)


def _enters(trigger: Trigger | None, state: str) -> bool:
    return trigger is not None and state in names(trigger.enter)


def _runs_from(recipe: CompiledRecipe, clock: Clock, state: str) -> bool:
    """Say whether a record can come to a state after a clock started, and before it stopped."""
    starts = {each for each in recipe.states if _enters(clock.start, each)}
    stops = {each for each in recipe.states if _enters(clock.stop, each)}
    seen, ahead = set(starts), list(starts)
    while ahead:
        here = ahead.pop()
        for move in recipe.transitions_from(here):
            to = here if move.to == SELF else move.to
            if to not in seen | stops:
                seen.add(to)
                ahead.append(to)
    return state in seen and not recipe.states[state].terminal


def _listed(words: Iterable[str]) -> str:
    return ", ".join(word for word in words if word)
