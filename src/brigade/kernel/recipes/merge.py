"""The effective recipe: the facets an organisation adopts, laid one over the other.

A map merges key by key; a scalar or a list replaces. Only `kpis`, `policies` and
`links` append. What refers to a state, transition, clock or field of a facet that
is not adopted is left out: it is no fault, it is simply not here yet.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from brigade.kernel.recipes.elements import in_language, plain_words
from brigade.kernel.recipes.errors import LintError, RecipeError
from brigade.kernel.recipes.language import Body, Facet
from brigade.kernel.recipes.lint_words import no_such
from brigade.kernel.recipes.parse import Document, shape_errors
from brigade.kernel.recipes.prune import prune
from brigade.kernel.sentences import _

APPENDED = ("kpis", "policies", "links")
_PLACED = ("level", "needs", "label")
"""What says of a facet where it stands and what it is called, and is no part of the sum."""


@dataclass(frozen=True, slots=True)
class Effective:
    """A recipe as it is run: which facets, and the sum of what they say."""

    document: Document
    level: int
    facets: tuple[str, ...]
    body: Body
    data: Mapping[str, Any]

    def path(self, inner: str) -> str:
        """Return the path in the file of something of the body: the last facet that says it."""
        paths = [f"facets.{facet}.{inner}" for facet in reversed(self.facets)]
        said = [path for path in paths if path in self.document.lines]
        added = [path for path in paths if _leads(self.document.data, path)]
        return next(iter(said or added), inner)

    def error(self, code: str, message: str, inner: str) -> LintError:
        """Return a finding about something of the body, with its path and line in the file."""
        path = self.path(inner)
        line = self.document.line(path)
        for facet in reversed(self.facets) if line is None else ():
            line = line or self.document.line(f"facets.{facet}.{inner}")
        return LintError(code, message, path, line)


def effective(
    document: Document, level: int, *, on: Iterable[str] = (), off: Iterable[str] = ()
) -> Effective:
    """Return the recipe at an adoption level, with single facets switched on or off.

    Raises RecipeError where an unmet need (E09), an unknown facet (E03) or a
    contradiction between facets (E00) stands in the way.
    """
    return with_facets(document, level, _chosen(document, level, set(on), set(off)))


def with_facets(document: Document, level: int, chosen: tuple[str, ...]) -> Effective:
    """Return the recipe with exactly these facets, in level order."""
    data: dict[str, Any] = {}
    for facet in chosen:
        _lay_over(data, _content(document.data["facets"][facet]), top=True)
    prune(data, document.recipe)
    try:
        body = Body.model_validate(data)
    except ValidationError as invalid:
        raise RecipeError(_located(invalid, document, chosen)) from None
    return Effective(document, level, chosen, body, data)


def levels(document: Document) -> list[int]:
    """Return the adoption levels at which the recipe says something new."""
    return sorted({facet.level for facet in document.recipe.facets.values()})


def _chosen(document: Document, level: int, on: set[str], off: set[str]) -> tuple[str, ...]:
    facets = document.recipe.facets
    if unknown := sorted((on | off) - facets.keys()):
        raise RecipeError(LintError("E03", no_such("facet", name), "facets") for name in unknown)
    names = [
        name
        for name, facet in facets.items()
        if (facet.level <= level or name in on) and name not in off
    ]
    unmet = [
        LintError(
            "E09",
            _("The facet “%(facet)s” needs “%(need)s”, which is not adopted.")
            % {"facet": facet_words(name, facets[name]), "need": _needed(need, facets)},
            f"facets.{name}.needs",
            document.line(f"facets.{name}.needs"),
        )
        for name in names
        for need in facets[name].needs
        if need not in names
    ]
    if unmet:
        raise RecipeError(unmet)
    return tuple(sorted(names, key=lambda name: facets[name].level))


def _leads(data: Mapping[Any, Any], path: str) -> bool:
    """Say whether a path leads to something, also where an overlay added it and no line tells."""
    inner: Any = data
    for step in path.split("."):
        if not isinstance(inner, Mapping) or step not in inner:
            return False
        inner = inner[step]
    return True


def facet_words(name: str, facet: Facet) -> str:
    """Return what a facet is called before people: by its label, else by its key."""
    return in_language(facet.label) if facet.label else plain_words(name)


def _needed(name: str, facets: Mapping[str, Facet]) -> str:
    return facet_words(name, facets[name]) if name in facets else name


def _content(facet: Mapping[str, Any]) -> dict[str, Any]:
    return {key: copy.deepcopy(facet[key]) for key in facet if key not in _PLACED}


def _lay_over(under: dict[Any, Any], over: Mapping[Any, Any], *, top: bool = False) -> None:
    for key, value in over.items():
        below = under.get(key)
        if top and key in APPENDED and isinstance(below, list):
            below.extend(item for item in value if item not in below)
        elif isinstance(below, dict) and isinstance(value, dict):
            _lay_over(below, value)
        else:
            under[key] = value


def _located(
    invalid: ValidationError, document: Document, chosen: tuple[str, ...]
) -> list[LintError]:
    lines = {
        path.split(".", 2)[2]: line
        for path, line in document.lines.items()
        if path.startswith(tuple(f"facets.{facet}." for facet in chosen))
    }
    return shape_errors(invalid, lines)
