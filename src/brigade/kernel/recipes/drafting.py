"""A draft read: the recipe as its overlay would make it, and everything lint says of it.

Plain values in, plain values out: no row is touched, so that a page, a program and a
check in the background judge the same draft alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from brigade.kernel.recipes.compile import compile_effective
from brigade.kernel.recipes.compiled import CompiledRecipe
from brigade.kernel.recipes.elements import SELF, Field, Presence
from brigade.kernel.recipes.errors import LintError, RecipeError
from brigade.kernel.recipes.facts import NOTHING_KNOWN, World
from brigade.kernel.recipes.lint import findings
from brigade.kernel.recipes.merge import Effective, effective, with_facets
from brigade.kernel.recipes.overlay import Operation, overlaid, with_operations
from brigade.kernel.recipes.parse import Document, read


@dataclass(frozen=True, slots=True)
class Drafted:
    """A draft read: the library's recipe, the recipe it makes, and the findings."""

    library: Document
    chosen: Effective
    findings: tuple[LintError, ...]

    @property
    def errors(self) -> tuple[LintError, ...]:
        """The findings that forbid publishing; what begins with W only warns."""
        return tuple(each for each in self.findings if is_error(each.code))


def is_error(code: str) -> bool:
    """Say whether a finding of this code forbids publishing."""
    return code.startswith("E")


def drafted(
    source: str,
    overlay: Sequence[Operation],
    level: int,
    *,
    facets: Iterable[str] | None = None,
    world: World = NOTHING_KNOWN,
) -> Drafted:
    """Read a draft at a level, with the facets of the version it was begun from.

    Raises RecipeError where an operation does not fit, and where no recipe comes of
    it; whatever else is wrong is among the findings.
    """
    document = read(source)
    on, off = switched(document, level, facets)
    chosen = effective(overlaid(document, overlay), level, on=on, off=off)
    return Drafted(document, chosen, tuple(findings(chosen, world)))


def switched(
    document: Document, level: int, facets: Iterable[str] | None
) -> tuple[frozenset[str], frozenset[str]]:
    """Return which facets are switched on above a level, and which off below it.

    `facets` are those that run; one that the recipe does not know is left out.
    """
    if facets is None:
        return frozenset(), frozenset()
    known, running = document.recipe.facets, set(facets)
    above = {name for name in running & known.keys() if known[name].level > level}
    below = {name for name, facet in known.items() if facet.level <= level and name not in running}
    return frozenset(above), frozenset(below)


def facets_of(source: str, base: str, level: int, facets: Iterable[str]) -> list[str]:
    """Return the facets a draft has: those of its base, and what a newer library brings.

    A facet the base's text did not know follows the level; nobody has left it out.
    """
    if source == base:
        return list(facets)
    known, newer = read(base).recipe.facets, read(source).recipe.facets
    brought = [name for name, facet in newer.items() if facet.level <= level and name not in known]
    return [*facets, *brought]


def drawable(draft: Drafted) -> CompiledRecipe | None:
    """Return the recipe of a draft for looking at, or None where an expression has a fault.

    What refers to something that is not there (E03) is left out: the findings tell of it.
    """
    try:
        compiled = compile_effective(draft.chosen)
    except RecipeError:
        return None
    states, moves = compiled.states, compiled.transitions
    ways = {
        key: replace(move, from_=tuple(state for state in move.from_ if state in states))
        for key, move in moves.items()
        if move.to == SELF or move.to in states
    }
    timers = {
        key: replace(timer, in_=tuple(state for state in timer.in_ if state in states))
        for key, timer in compiled.timers.items()
        if timer.fire is None or timer.fire in ways
    }
    fields = {key: _known(field, states) for key, field in compiled.fields.items()}
    return replace(compiled, transitions=ways, timers=timers, fields=fields)


def _known(field: Field, states: Mapping[str, Any]) -> Field:
    rule = field.required
    lost = isinstance(rule, Presence) and rule.from_ is not None and rule.from_ not in states
    return replace(field, required=None) if lost else field


def with_changes(
    overlay: Sequence[Operation], more: Iterable[Operation], *, without: Iterable[str] = ()
) -> tuple[Operation, ...]:
    """Return the overlay with more operations; what is inside something added joins it.

    An overlay speaks once of a path and never of its own operations, so a change to a
    state that it added itself is a change of how it adds it.
    """
    gone = set(without)
    result = tuple(each for each in overlay if not _inside(each.path, gone))
    for each in more:
        holder = next((old for old in result if _holds(old, each)), None)
        if holder is None:
            kept = [old for old in result if not old.path.startswith(f"{each.path}.")]
            result = with_operations(kept if each.kind == "unset" else result, [each])
        else:
            result = _joined(result, holder, each)
    return result


def _inside(path: str, gone: set[str]) -> bool:
    return any(path == each for each in gone)


def _holds(old: Operation, new: Operation) -> bool:
    """Say whether an operation brought in what another one is about."""
    if old.kind != "add" or not isinstance(old.to, Mapping):
        return False
    return new.path.startswith(f"{old.path}.") or (
        new.path == old.path and new.kind in ("rename_label", "unset", "set")
    )


def _joined(
    overlay: tuple[Operation, ...], holder: Operation, new: Operation
) -> tuple[Operation, ...]:
    if new.path == holder.path and new.kind == "unset":
        return tuple(each for each in overlay if each is not holder)
    path = new.path[len(holder.path) + 1 :]
    steps = path.split(".") if path else []
    if new.kind == "rename_label":
        steps.append("label")
    changed = replace(
        holder, to=_with(holder.to, steps, new), why=new.why, author=new.author or holder.author
    )
    return tuple(changed if each is holder else each for each in overlay)


def _with(value: Any, steps: list[str], new: Operation) -> Any:
    if not steps:
        return {**value, **new.to} if isinstance(new.to, Mapping) else new.to
    first, *rest = steps
    inner = dict(value) if isinstance(value, Mapping) else {}
    if not rest and new.kind == "unset":
        inner.pop(first, None)
    else:
        inner[first] = new.to if not rest else _with(inner.get(first, {}), rest, new)
    return inner


def untailored(draft: Drafted) -> CompiledRecipe:
    """Return the recipe as the library has it, with the facets of the draft."""
    return compile_effective(with_facets(draft.library, draft.chosen.level, draft.chosen.facets))


def with_removed(
    recipe: CompiledRecipe, library: CompiledRecipe
) -> tuple[CompiledRecipe, dict[str, str]]:
    """Return a recipe with what the library has beside it, and a mark for each difference.

    Marks name states and steps: "states.verify" is "add", "transitions.resolve" is "del".
    """
    marks: dict[str, str] = {}
    for section in ("states", "transitions"):
        ours, theirs = getattr(recipe, section), getattr(library, section)
        marks |= {f"{section}.{key}": "add" for key in ours.keys() - theirs.keys()}
        marks |= {f"{section}.{key}": "del" for key in theirs.keys() - ours.keys()}
    both = replace(
        recipe,
        states={**library.states, **recipe.states},
        transitions={**library.transitions, **recipe.transitions},
    )
    return both, marks
