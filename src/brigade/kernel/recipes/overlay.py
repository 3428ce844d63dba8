"""An organisation's overlay: what it changes in a recipe, path by path, each with its reason.

A path is dotted and stable: `facets.prioritise.priority.matrix`. A map merges key
by key; a scalar or a list is one leaf and is replaced. Operations hold plain JSON,
so that a number that is a key may be written as text. They work on the recipe as
the library has it, never on each other: one path has one operation.
"""

from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pydantic import ValidationError

from brigade.kernel.recipes.errors import LintError, RecipeError
from brigade.kernel.recipes.language import Recipe
from brigade.kernel.recipes.parse import Document, shape_errors
from brigade.kernel.recipes.parse_yaml import checked

OPERATIONS = ("set", "unset", "add", "rename_label")
FAULT = "E00"
MOST = 500
"""Operations of one overlay; more than that is a recipe of one's own."""
_FIXED = ("level", "needs")
"""What places a facet among the others: no overlay moves it."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One change: what is done to a path, why, and by whom (a name, as it was then)."""

    kind: str
    path: str
    to: Any
    why: str
    author: str

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> Operation:
        """Read `{set: path, to: value, why: ..., author: ...}`; raises RecipeError."""
        kinds = [kind for kind in OPERATIONS if kind in data]
        extra = sorted(set(map(str, data)) - {*OPERATIONS, "to", "why", "author"})
        path = data[kinds[0]] if len(kinds) == 1 else ""
        if len(kinds) != 1 or extra or not isinstance(path, str):
            raise _fault("an operation is one of set, unset, add and rename_label on a path", "")
        if (kinds[0] == "unset") != ("to" not in data):
            raise _fault("all but unset say what it becomes (to)", path)
        why, author = data.get("why"), data.get("author", "")
        if not isinstance(why, str) or not why.strip() or not isinstance(author, str):
            raise _fault("an operation says why", path)
        for part in (path, data.get("to"), why, author):
            checked(part, path)
        return cls(kinds[0], path, data.get("to"), why.strip(), author)

    def as_dict(self) -> dict[str, Any]:
        """Return the operation as plain JSON, as `read` takes it."""
        to = {} if self.kind == "unset" else {"to": self.to}
        return {self.kind: self.path, **to, "why": self.why, "author": self.author}


def read_all(overlay: Iterable[Mapping[str, Any]]) -> tuple[Operation, ...]:
    """Read an overlay; raises RecipeError for one that is none or speaks twice of a path."""
    operations = tuple(Operation.read(each) for each in overlay)
    if len(operations) > MOST:
        raise _fault(f"an overlay has at most {MOST} operations", "")
    seen: set[str] = set()
    for each in operations:
        if each.path in seen:
            raise _fault("two operations are about this path", each.path)
        seen.add(each.path)
    return operations


def with_operations(
    overlay: Sequence[Operation], more: Iterable[Operation], *, without: Iterable[str] = ()
) -> tuple[Operation, ...]:
    """Return the overlay with more operations, which replace what it said of their paths.

    `without` names paths on which the library's own shall hold again.
    """
    kept = {each.path: each for each in overlay if each.path not in set(without)}
    return tuple((kept | {each.path: each for each in more}).values())


def overlaid(document: Document, overlay: Sequence[Operation]) -> Document:
    """Return the recipe with an overlay merged in; raises RecipeError with path and reason.

    Without operations it is the very same document, and so has the same checksum.
    """
    if not overlay:
        return document
    data = applied(document.data, overlay)
    try:
        recipe = Recipe.model_validate(data)
    except ValidationError as invalid:
        lines = {**document.lines, **{each.path: 0 for each in overlay}}
        errors = shape_errors(invalid, lines)
        raise RecipeError(replace(each, line=each.line or None) for each in errors) from None
    content = [document.checksum, [each.as_dict() for each in overlay]]
    checksum = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
    own = document.own | (_fields(recipe) - _fields(document.recipe))
    return replace(document, recipe=recipe, data=data, checksum=checksum, own=own)


def _fields(recipe: Recipe) -> set[str]:
    return {name for facet in recipe.facets.values() for name in facet.fields}


def applied(data: Mapping[Any, Any], overlay: Iterable[Operation]) -> dict[Any, Any]:
    """Return a copy of a recipe's plain data with every operation done."""
    changed: dict[Any, Any] = copy.deepcopy(dict(data))
    for each in overlay:
        _apply(changed, each)
    return changed


def value_at(data: Mapping[Any, Any], path: str) -> Any:
    """Return what stands at a path of plain data; raises RecipeError where nothing does."""
    holder, key = _holder(data, path)
    if key not in holder:
        raise _fault("there is nothing at this path", path)
    return holder[key]


def _apply(data: dict[Any, Any], operation: Operation) -> None:
    path = operation.path
    _check_path(path)
    holder, key = _holder(data, path)
    there = key in holder
    if operation.kind == "add" and there:
        raise _fault("this is there already: set it instead", path)
    if operation.kind != "add" and not there:
        raise _fault("there is nothing at this path", path)
    if operation.kind == "unset":
        del holder[key]
    elif operation.kind == "rename_label":
        _rename(holder[key], operation)
    elif there and isinstance(holder[key], dict) and isinstance(operation.to, Mapping):
        _merge(holder[key], operation.to)
    else:
        holder[key] = _plain(operation.to)


def _check_path(path: str) -> None:
    steps = path.split(".")
    if len(steps) < 3 or steps[0] != "facets" or not all(steps):
        raise _fault("a path leads into a facet: facets.NAME. and what is inside it", path)
    if steps[2] in _FIXED:
        raise _fault("where a facet stands among the others is not tailored", path)


def _holder(data: Any, path: str) -> tuple[dict[Any, Any], Any]:
    """Return the map in which the last step of a path lies, and its key there."""
    *way, last = path.split(".")
    for step in way:
        if isinstance(data, list):
            raise _fault("a list is one leaf: replace it as a whole", path)
        if not isinstance(data, Mapping) or _key(step) not in data:
            raise _fault("nothing leads to this path", path)
        data = data[_key(step)]
    if isinstance(data, list):
        raise _fault("a list is one leaf: replace it as a whole", path)
    if not isinstance(data, dict):
        raise _fault("nothing leads to this path", path)
    return data, _key(last)


def _key(step: Any) -> Any:
    """Return a step of a path as the key it is: digits are a number, as YAML reads them."""
    return int(step) if isinstance(step, str) and step.isascii() and step.isdigit() else step


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {_key(key): _plain(inner) for key, inner in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list) else value


def _merge(under: dict[Any, Any], over: Mapping[Any, Any]) -> None:
    for key, value in _plain(over).items():
        if isinstance(under.get(key), dict) and isinstance(value, dict):
            _merge(under[key], value)
        else:
            under[key] = value


def _rename(element: Any, operation: Operation) -> None:
    if not isinstance(element, dict):
        raise _fault("only what is a map has a label", operation.path)
    element["label"] = copy.deepcopy(operation.to)


def _fault(message: str, path: str) -> RecipeError:
    return RecipeError([LintError(FAULT, message, path)])
