"""Lint: whether the elements of a recipe fit together, at every level it can be adopted at."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from brigade.kernel.recipes import graph
from brigade.kernel.recipes.errors import LintError, RecipeError
from brigade.kernel.recipes.expressions import lint_expressions
from brigade.kernel.recipes.language import Body, Field, Presence
from brigade.kernel.recipes.lexis import names
from brigade.kernel.recipes.lint_clocks import endless_clocks, unmeasured
from brigade.kernel.recipes.merge import Effective, effective, levels
from brigade.kernel.recipes.parse import Document, read
from brigade.kernel.recipes.references import unknown_references

_RANK = {"new": 0, "active": 1, "waiting": 1, "resolved": 2, "closed": 3}


def lint_text(
    source: str | bytes,
    *,
    bound: Collection[str] | None = None,
    measures: Collection[str] | None = None,
) -> list[LintError]:
    """Return everything wrong with a recipe file; whatever the input, nothing is raised."""
    try:
        return lint(read(source), bound=bound, measures=measures)
    except RecipeError as fault:
        return list(fault.errors)


def lint(
    document: Document,
    *,
    bound: Collection[str] | None = None,
    measures: Collection[str] | None = None,
) -> list[LintError]:
    """Return the errors of a recipe at all its levels.

    `bound` names the roles that a person is bound to, once somebody adopts it;
    without it only what the file itself says about owners is judged. `measures` are
    the figures that are measured here; without it no figure is asked for its source.
    """
    found: dict[tuple[str, str, str], LintError] = {}
    for level in levels(document):
        try:
            errors = lint_effective(effective(document, level), bound=bound, measures=measures)
        except RecipeError as fault:
            errors = list(fault.errors)
        for error in errors:
            found.setdefault((error.code, error.path, error.message), error)
    return sorted(found.values(), key=lambda error: (error.line or 0, error.code, error.path))


def lint_effective(
    chosen: Effective,
    *,
    bound: Collection[str] | None = None,
    measures: Collection[str] | None = None,
) -> list[LintError]:
    """Return the errors of a recipe at one level."""
    found = [
        chosen.error("E03", f"there is no {ref.what} {ref.name!r}", ref.path)
        for ref in unknown_references(chosen.body, chosen.document.recipe)
    ]
    found += lint_expressions(chosen)
    found += _ways(chosen)
    found += _people(chosen, bound)
    found += _fillable(chosen)
    found += _automation(chosen)
    found += endless_clocks(chosen)
    found += unmeasured(chosen, measures)
    return found


def _ways(chosen: Effective) -> Iterator[LintError]:
    body, initial = chosen.body, chosen.document.recipe.record.initial
    if initial not in body.states:
        return
    lost = graph.unreachable(body, initial)
    for state in lost:
        message = f"the state {state!r} cannot be reached from {initial!r}"
        yield chosen.error("E01", message, f"states.{state}")
    for state in graph.dead_ends(body):
        if state not in lost:
            message = f"from the state {state!r} no way leads to an end"
            yield chosen.error("E02", message, f"states.{state}")


def _people(chosen: Effective, bound: Collection[str] | None) -> Iterator[LintError]:
    owner = chosen.document.recipe.owner
    if owner is None:
        yield chosen.error("E05", "the recipe names no owner", "owner")
    elif bound is not None and owner not in bound:
        yield chosen.error("E05", f"nobody is bound to the owner {owner!r}", "owner")
    for key, row in chosen.body.raci.items():
        if row.A is None:
            message = f"nobody is accountable (A) for {key!r}"
            yield chosen.error("E05", message, f"raci.{key}")
        elif bound is not None and row.A not in bound:
            message = f"nobody is bound to the accountable role {row.A!r}"
            yield chosen.error("E05", message, f"raci.{key}.A")


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
                message = f"{key!r} is required in {state!r} but cannot be filled in before it"
                yield chosen.error("E08", message, f"fields.{key}.required")
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


def _automation(chosen: Effective) -> Iterator[LintError]:
    body, record = chosen.body, chosen.document.recipe.record
    for key in dict.fromkeys(graph.automatic_loops(body)):
        message = f"the timer {key!r} moves records in a circle without anybody acting"
        yield chosen.error("E10", message, f"timers.{key}")
    for key, timer in body.timers.items():
        breeds = any(e.create_record and e.create_record.kind == record.kind for e in timer.do)
        if breeds and record.initial in names(timer.in_):
            message = f"every record that the timer {key!r} opens would open another"
            yield chosen.error("E10", message, f"timers.{key}")
        move = body.transitions.get(timer.fire or "")
        if move and "system" not in names(move.by):
            message = f"the timer {key!r} fires {timer.fire!r}, which is not open to system"
            yield chosen.error("E03", message, f"timers.{key}.fire")
        elif move and not set(names(timer.in_)) & set(names(move.from_)):
            message = f"{timer.fire!r} does not lead out of where the timer {key!r} runs"
            yield chosen.error("E03", message, f"timers.{key}.fire")
