"""Trees of choices: branches in branches, each named by its dotted path from the root."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated

from pydantic import Field as Spec

from brigade.kernel.recipes.lexis import Key, Label, Model

MOST = 500
"""Branches of one tree; a longer list is a catalogue, and nobody chooses from it well."""
LONGEST = 100
"""Characters of a path, as a record's column holds them."""
STEP = " › "
"""What stands between the names of a path when a reader sees it."""


class Branch(Model):
    """A place in a tree, and the places inside it."""

    label: Label | None = None
    of: Annotated[dict[Key, Branch], Spec(min_length=1, max_length=100)] | None = None


Tree = Annotated[dict[Key, Branch], Spec(min_length=1, max_length=100)]


def branches(tree: Mapping[str, Branch], above: str = "") -> Iterator[tuple[str, Branch]]:
    """Yield every branch with its path, a branch before what is inside it."""
    for key, branch in tree.items():
        path = f"{above}.{key}" if above else key
        yield path, branch
        yield from branches(branch.of or {}, path)


def check_tree(tree: Mapping[str, Branch]) -> None:
    """Raise ValueError for a tree too large to choose from, or paths too long to keep."""
    paths = [path for path, _branch in branches(tree)]
    if len(paths) > MOST:
        raise ValueError(f"a tree has at most {MOST} branches")
    if any(len(path) > LONGEST for path in paths):
        raise ValueError(f"a path of the tree is longer than {LONGEST} characters")


def beneath(paths: Iterable[str | int], path: str) -> list[str]:
    """Return a path of a tree and all those inside it."""
    return [str(one) for one in paths if one == path or str(one).startswith(f"{path}.")]


def ways_to(path: str) -> list[str]:
    """Return the paths from the root down to a path, itself included."""
    keys = path.split(".")
    return [".".join(keys[: depth + 1]) for depth in range(len(keys))]
