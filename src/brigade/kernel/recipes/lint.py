"""Lint: whether a recipe fits together, and fits the installation, at every level it has.

An error (E) stands in the way of publishing; a warning (W) asks to be looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from brigade.kernel.recipes import graph
from brigade.kernel.recipes.errors import LintError, RecipeError
from brigade.kernel.recipes.expressions import lint_expressions
from brigade.kernel.recipes.facts import NOTHING_KNOWN, World
from brigade.kernel.recipes.language import Body, Field, Presence
from brigade.kernel.recipes.lexis import names
from brigade.kernel.recipes.lint_approvals import own_matters, undecidable
from brigade.kernel.recipes.lint_automation import automation
from brigade.kernel.recipes.lint_clocks import endless_clocks, unmeasured, unpromised
from brigade.kernel.recipes.lint_people import unbound, untakable
from brigade.kernel.recipes.lint_use import (
    empty_fields,
    many_states,
    stranded,
    unready,
    unused_states,
)
from brigade.kernel.recipes.lint_words import no_such
from brigade.kernel.recipes.merge import Effective, effective, levels
from brigade.kernel.recipes.parse import Document, read
from brigade.kernel.recipes.references import unknown_references
from brigade.kernel.sentences import _

_RANK = {"new": 0, "active": 1, "waiting": 1, "resolved": 2, "closed": 3}


def lint_text(source: str | bytes, world: World = NOTHING_KNOWN) -> list[LintError]:
    """Return everything about a recipe file; whatever the input, nothing is raised."""
    try:
        return lint(read(source), world)
    except RecipeError as fault:
        return list(fault.errors)


def lint(document: Document, world: World = NOTHING_KNOWN) -> list[LintError]:
    """Return errors and warnings of a recipe at all its levels; what is not known is not asked."""
    found: list[LintError] = []
    for level in levels(document):
        try:
            found += findings(effective(document, level), world)
        except RecipeError as fault:
            found += fault.errors
    return _sorted(found)


def findings(chosen: Effective, world: World = NOTHING_KNOWN) -> list[LintError]:
    """Return errors and warnings of a recipe at one level, in the order of the file."""
    return _sorted([*lint_effective(chosen, world), *warnings(chosen, world)])


def _sorted(found: Iterable[LintError]) -> list[LintError]:
    once = {(each.code, each.path, each.message): each for each in reversed(list(found))}
    return sorted(once.values(), key=lambda error: (error.line or 0, error.code, error.path))


def lint_effective(chosen: Effective, world: World = NOTHING_KNOWN) -> list[LintError]:
    """Return the errors of a recipe at one level."""
    return [
        *(
            chosen.error("E03", no_such(ref.what, ref.name), ref.path)
            for ref in unknown_references(chosen.body, chosen.document.recipe)
        ),
        *lint_expressions(chosen),
        *_ways(chosen),
        *unbound(chosen, world),
        *undecidable(chosen, world),
        *_fillable(chosen),
        *automation(chosen),
        *endless_clocks(chosen),
        *stranded(chosen, world),
        *unmeasured(chosen, world),
        *own_matters(chosen, world),
    ]


def warnings(chosen: Effective, world: World = NOTHING_KNOWN) -> list[LintError]:
    """Return the warnings of a recipe at one level: sound, but worth a look."""
    return [
        *unused_states(chosen, world),
        *many_states(chosen),
        *untakable(chosen, world),
        *empty_fields(chosen, world),
        *unready(chosen, world),
        *unpromised(chosen, world),
    ]


def _ways(chosen: Effective) -> Iterator[LintError]:
    body, initial = chosen.body, chosen.document.recipe.record.initial
    if initial not in body.states:
        return
    lost = graph.unreachable(body, initial)
    for state in lost:
        message = _("The state “%(state)s” cannot be reached from “%(first)s”.")
        yield chosen.error("E01", message % {"state": state, "first": initial}, f"states.{state}")
    for state in graph.dead_ends(body):
        if state not in lost:
            message = _("From the state “%(state)s” no way leads to an end.") % {"state": state}
            yield chosen.error("E02", message, f"states.{state}")


def _fillable(chosen: Effective) -> Iterator[LintError]:
    body, initial = chosen.body, chosen.document.recipe.record.initial
    earlier = graph.reversed_edges(graph.moves_between(body))
    for key, field in body.fields.items():
        needed = required_in(field, body)
        if not needed or field.default is not None or _is_set_by_effect(key, body):
            continue
        open_in = _editable_in(field, body)
        for state in needed:
            before = graph.reachable(earlier, [state])
            if not before & open_in and not (state == initial and open_in):
                said = {"field": key, "state": state}
                message = _("“%(field)s” is required in “%(state)s” and not open before it.")
                yield chosen.error("E08", message % said, f"fields.{key}.required")
                break


def required_in(field: Field, body: Body) -> list[str]:
    """Return the states in which a field must be filled; a condition counts in none."""
    return _covered(field.required, body) if isinstance(field.required, Presence) else []


def _editable_in(field: Field, body: Body) -> set[str]:
    if field.computed is not None or field.editable is False:
        return set()
    editable = field.editable
    return set(_covered(editable, body) if isinstance(editable, Presence) else body.states)


def _covered(rule: Presence, body: Body) -> list[str]:
    if rule.from_ is None:
        return [state for state in names(rule.in_) if state in body.states]
    first = body.states.get(rule.from_)
    rank = _RANK.get(first.category, 9) if first else 9
    return [key for key, state in body.states.items() if _RANK.get(state.category, -1) >= rank]


def _is_set_by_effect(key: str, body: Body) -> bool:
    return any(
        key in (effect.set or {}) or effect.increment == key
        for move in body.transitions.values()
        for effect in move.do
    )
