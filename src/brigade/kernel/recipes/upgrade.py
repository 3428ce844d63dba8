"""A newer library under an organisation's overlay: a merge of three, path by path.

Old library, new library, and what the organisation made of the old one. What only
the library changed is taken, what only the organisation changed is kept, what both
changed alike needs nobody. Where both changed it differently, or what was tailored is
gone, a person answers: every operation and every change of the library is on a card,
and nothing is dropped unasked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from brigade.kernel.recipes.differences import (
    MISSING,
    Change,
    Steps,
    alike,
    as_json,
    at,
    children,
    differences,
    related,
    steps_of,
)
from brigade.kernel.recipes.overlay import Operation, applied

Kind = Literal["taken", "kept", "same", "conflict", "orphan"]
ASKED: tuple[Kind, ...] = ("conflict", "orphan")
"""The cards a person answers."""
ELEMENT = 4
"""Steps of the path of one element: facets.core.timers.autoclose."""
UNREAD = (("recipe",), ("version",))
"""What a new version changes in any case."""
ORDER: tuple[Kind, ...] = (*ASKED, "taken", "kept", "same")


@dataclass(frozen=True, slots=True)
class Card:
    """One thing to know about an upgrade, or to answer.

    `old` and `new` are what the library had and has at the path, `ours` what holds
    here; MISSING where nothing stands. `changes` are the paths of the library it
    accounts for, `operations` those of the overlay. `proposal` is how a list of both
    would read, where both changed one.
    """

    kind: Kind
    path: str
    old: Any
    new: Any
    ours: Any
    changes: tuple[Change, ...] = ()
    operations: tuple[Operation, ...] = ()
    proposal: Any = MISSING

    @property
    def why(self) -> str:
        """Return the reasons of the organisation's change."""
        return "; ".join(dict.fromkeys(each.why for each in self.operations))

    @property
    def author(self) -> str:
        """Return who made the organisation's change."""
        names = dict.fromkeys(each.author for each in self.operations if each.author)
        return ", ".join(names)

    def as_dict(self) -> dict[str, Any]:
        """Return the card as plain JSON; what is missing is left out."""
        values = {"old": self.old, "new": self.new, "ours": self.ours, "proposal": self.proposal}
        told = {name: as_json(value) for name, value in values.items() if value is not MISSING}
        return {
            "kind": self.kind,
            "path": self.path,
            **told,
            "why": self.why,
            "author": self.author,
            "changes": [each.as_dict() for each in self.changes],
            "operations": [each.as_dict() for each in self.operations],
        }


@dataclass(frozen=True, slots=True)
class Point:
    """A place at which the three documents are compared, and who changed it."""

    steps: Steps
    who: Literal["library", "ours", "same", "both"]
    lost: bool = False


@dataclass(frozen=True)
class Upgrade:
    """The merge of a new library with the overlay that was written for the old one."""

    old: Mapping[Any, Any]
    new: Mapping[Any, Any]
    overlay: tuple[Operation, ...]

    @cached_property
    def ours(self) -> dict[Any, Any]:
        """Return the old library as the organisation made it; raises RecipeError."""
        return applied(self.old, self.overlay)

    @cached_property
    def marks(self) -> tuple[frozenset[Steps], ...]:
        """Return the paths each operation decides, in the order of the overlay."""
        return tuple(frozenset(decided(each, self.old)) for each in self.overlay)

    @cached_property
    def points(self) -> tuple[Point, ...]:
        """Return every place where somebody changed something."""
        marks = [mark for each in self.marks for mark in each]
        found = _compared((), self.old, self.new, self.ours, marks)
        return tuple(point for point in found if point.steps[:1] not in UNREAD)

    def points_of(self, place: int) -> list[Point]:
        """Return the points an operation speaks of, by its place in the overlay."""
        marks = self.marks[place]
        return [each for each in self.points if any(related(each.steps, one) for one in marks)]

    @cached_property
    def cards(self) -> tuple[Card, ...]:
        """Return all there is to know: what is asked first, then what is settled."""
        found = [card for point in self.points for card in self._cards(point)]
        found += [card for place in range(len(self.overlay)) for card in self._settled(place)]
        return tuple(sorted(found, key=lambda card: ORDER.index(card.kind)))

    @property
    def asked(self) -> tuple[Card, ...]:
        """Return the cards somebody has to answer."""
        return tuple(card for card in self.cards if card.kind in ASKED)

    def _cards(self, point: Point) -> Iterator[Card]:
        """Yield what the library changed at a point; the organisation may have as well."""
        steps = point.steps
        old, new, ours = (at(each, steps) for each in (self.old, self.new, self.ours))
        changes = tuple(differences(old, new, steps))
        if point.who == "library":
            for each in changes:
                yield Card("taken", each.path, each.old, each.new, each.old, (each,))
        elif point.who != "ours":
            places = [n for n in range(len(self.overlay)) if point in self.points_of(n)]
            said = tuple(self.overlay[place] for place in places)
            marks = [mark for place in places for mark in self.marks[place]]
            below = any(len(mark) > len(steps) and related(mark, steps) for mark in marks)
            gone = new is MISSING or (below and not isinstance(new, Mapping))
            kind: Kind = "same" if point.who == "same" else "orphan" if gone else "conflict"
            proposal = MISSING if point.who == "same" else both_lists(old, new, ours)
            yield Card(kind, ".".join(steps), old, new, ours, changes, said, proposal)

    def _settled(self, place: int) -> Iterator[Card]:
        """Yield what of an operation is kept; all of it, or the paths only we changed."""
        operation, marks = self.overlay[place], self.marks[place]
        near = self.points_of(place)
        kept = {each.steps for each in near if each.who == "ours"}
        if len(kept) == len(near) and near:
            paths = [steps_of(operation.path)]
        else:
            paths = sorted(mark for mark in marks if any(related(mark, each) for each in kept))
        for steps in paths:
            old, new, ours = (at(each, steps) for each in (self.old, self.new, self.ours))
            yield Card("kept", ".".join(steps), old, new, ours, (), (operation,))
        if not near:
            yield Card("same", operation.path, MISSING, MISSING, MISSING, (), (operation,))


def both_lists(old: Any, new: Any, ours: Any) -> Any:
    """Return a list with what each side added and without what each took away; else MISSING."""
    if not (isinstance(new, list) and isinstance(ours, list)):
        return MISSING
    before = old if isinstance(old, list) else []
    kept = [each for each in new if _in(each, ours) or not _in(each, before)]
    return kept + [each for each in ours if not _in(each, before) and not _in(each, new)]


def _in(value: Any, among: Sequence[Any]) -> bool:
    return any(alike(value, each) for each in among)


def decided(operation: Operation, old: Mapping[Any, Any]) -> Iterator[Steps]:
    """Yield the paths an operation decides: a map that is merged decides its leaves."""
    steps = steps_of(operation.path)
    if operation.kind == "rename_label":
        yield (*steps, "label")
    elif operation.kind == "unset" or not isinstance(operation.to, Mapping):
        yield steps
    else:
        yield from _merged(steps, operation.to, at(old, steps))


def _merged(steps: Steps, value: Any, old: Any) -> Iterator[Steps]:
    laid_over = isinstance(value, Mapping) and isinstance(old, Mapping)
    if laid_over or (value and isinstance(value, Mapping) and old is MISSING):
        below = children(old)
        for key, inner in children(value).items():
            yield from _merged((*steps, key), inner, below.get(key, MISSING))
    else:
        yield steps


def _compared(
    steps: Steps, old: Any, new: Any, ours: Any, marks: Sequence[Steps], *, lost: bool = False
) -> Iterator[Point]:
    """Yield who changed what, as far up as one of the sides changed alone.

    Of a facet, or a part of one, that the library dropped, each element is looked at
    by itself (`lost`), so that one tailored thing does not bring back the others.
    """
    near = [mark for mark in marks if related(mark, steps)]
    maps = isinstance(new, Mapping) and isinstance(ours, Mapping)
    maps = maps and (isinstance(old, Mapping) or bool(new and ours))
    map_or_gone = all(each is MISSING or isinstance(each, Mapping) for each in (old, ours))
    dropped = new is MISSING and map_or_gone and len(steps) < ELEMENT
    if not near:
        if not alike(old, new):
            yield Point(steps, "library")
    elif dropped and (old is not MISSING or (lost and ours is not MISSING)):
        for key in {**children(old), **children(ours)}:
            below = [children(each).get(key, MISSING) for each in (old, ours)]
            yield from _compared((*steps, key), below[0], MISSING, below[1], near, lost=True)
    elif alike(old, new) and not lost:
        yield Point(steps, "ours")
    elif alike(new, ours) and not (maps and isinstance(old, Mapping)):
        yield Point(steps, "same")
    elif maps:
        for key in {**children(old), **children(new), **children(ours)}:
            one, other, third = (children(each).get(key, MISSING) for each in (old, new, ours))
            yield from _compared((*steps, key), one, other, third, near)
    else:
        yield Point(steps, "both", lost)
