"""Two plain documents compared path by path, and the operations that lead from one to the other.

A map is compared key by key; a scalar or a list is one leaf. What is wholly new or
wholly gone is one difference, at the place where it begins.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from brigade.kernel.recipes.overlay import Operation

Steps = tuple[str, ...]
"""A path, step by step; a key that is a number is written as text."""


class _Missing:
    """What stands where nothing stands; null is a value, this is none."""

    def __repr__(self) -> str:
        return "MISSING"


MISSING: Final = _Missing()


@dataclass(frozen=True, slots=True)
class Change:
    """One path on which two documents differ; MISSING where one of them has nothing."""

    path: str
    old: Any
    new: Any

    def as_dict(self) -> dict[str, Any]:
        """Return the change as plain JSON; what is missing is left out."""
        values = {"old": self.old, "new": self.new}
        told = {name: as_json(value) for name, value in values.items() if value is not MISSING}
        return {"path": self.path, **told}


def steps_of(path: str) -> Steps:
    """Return a dotted path as its steps."""
    return tuple(path.split("."))


def related(one: Steps, other: Steps) -> bool:
    """Say whether one of two paths leads into the other, or both are the same."""
    shorter = min(len(one), len(other))
    return one[:shorter] == other[:shorter]


def at(data: Any, steps: Iterable[str]) -> Any:
    """Return what stands at a path, MISSING where nothing does."""
    for step in steps:
        data = children(data).get(step, MISSING)
    return data


def children(data: Any) -> dict[str, Any]:
    """Return what is in a map by the text of its keys; nothing where it is no map."""
    return {str(key): value for key, value in data.items()} if isinstance(data, Mapping) else {}


def alike(one: Any, other: Any) -> bool:
    """Say whether two values are the same; a number is not a yes, the order of keys is nothing."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        mine, theirs = children(one), children(other)
        return mine.keys() == theirs.keys() and all(alike(mine[key], theirs[key]) for key in mine)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(alike, one, other))
    return type(one) is type(other) and bool(one == other)


def differences(old: Any, new: Any, steps: Steps = ()) -> Iterator[Change]:
    """Yield every path on which two documents differ."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        before, after = children(old), children(new)
        for key in {**before, **after}:
            yield from differences(before.get(key, MISSING), after.get(key, MISSING), (*steps, key))
    elif not alike(old, new):
        yield Change(".".join(steps), old, new)


def leading(old: Any, new: Any, steps: Steps, *, why: str, author: str) -> list[Operation]:
    """Return the operations that make a new value of the old one at a path."""
    return [
        Operation(*_done(change), why, author) for change in differences(old, new, steps)
    ]  # fmt: skip


def _done(change: Change) -> tuple[str, str, Any]:
    if change.new is MISSING:
        return "unset", change.path, None
    return "add" if change.old is MISSING else "set", change.path, as_json(change.new)


def as_json(value: Any) -> Any:
    """Return a value as JSON has it: keys that are numbers become text."""
    if isinstance(value, Mapping):
        return {str(key): as_json(inner) for key, inner in value.items()}
    return [as_json(each) for each in value] if isinstance(value, list) else value


def leaves(data: Any, steps: Steps = ()) -> Iterator[Steps]:
    """Yield the path of every leaf; an empty map is one."""
    inside = children(data)
    if not inside:
        yield steps
    for key, value in inside.items():
        yield from leaves(value, (*steps, key))
