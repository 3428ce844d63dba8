"""The answers to what an upgrade asks, and the overlay that results.

*Retain*: what the organisation made of it stays. *Revert*: what the library has now
holds, and the tailoring goes. *Merge*: something third, which whoever answers writes;
of what the library no longer has, the path to which the tailoring moves.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from brigade.kernel.recipes.differences import (
    MISSING,
    Steps,
    as_json,
    at,
    children,
    leading,
    related,
    steps_of,
)
from brigade.kernel.recipes.errors import RecipeError
from brigade.kernel.recipes.overlay import Operation
from brigade.kernel.recipes.parse_yaml import checked
from brigade.kernel.recipes.upgrade import Card, Upgrade
from brigade.kernel.refused import Invalid, Refused
from brigade.kernel.sentences import _

Choice = Literal["retain", "merge", "revert"]
CHOICES: tuple[Choice, ...] = ("retain", "merge", "revert")
FACET = 2
"""Steps of the path of a facet, which no overlay brings back."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What becomes of one card.

    `to` is the value of a merge, `path` where an orphan goes; `why` and `author`
    replace those of the tailoring where they are given.
    """

    choice: Choice
    to: Any = MISSING
    path: str = ""
    why: str = ""
    author: str = ""


def settled(upgrade: Upgrade, answers: Mapping[str, Answer]) -> tuple[Operation, ...]:
    """Return the overlay for the new library, once every card that asks has its answer.

    Operations that nothing touches stay as they were written. Raises Refused for what
    is unanswered (`upgrade_open`), Invalid for an answer that does not fit.
    """
    asked = {card.path: card for card in upgrade.asked}
    for path, answer in answers.items():
        if path not in asked:
            raise Invalid(
                "no_such_card", _("Nothing is asked about “%(path)s”.") % {"path": path}, path
            )
        _readable(path, answer)
    if unanswered := [path for path in asked if path not in answers]:
        raise Refused(
            "upgrade_open",
            _("Answer with retain, merge or revert first: %(paths)s.")
            % {"paths": ", ".join(unanswered)},
            unanswered[0],
        )
    found: dict[int, list[Operation]] = {}
    for place, operation in enumerate(upgrade.overlay):
        stands = _stands(upgrade, place)
        found[place] = [operation] if stands else list(_pieces(upgrade, place))
    for card in asked.values():
        first = upgrade.overlay.index(card.operations[0])
        found.setdefault(first, []).extend(_answered(upgrade, card, answers[card.path]))
    return _together(upgrade.new, [each for place in sorted(found) for each in found[place]])


def _readable(path: str, answer: Answer) -> None:
    try:
        for part in (answer.to, answer.path, answer.why):
            checked(part, path)
    except RecipeError as fault:
        raise Invalid("bad_value", str(fault), path) from None


def _stands(upgrade: Upgrade, place: int) -> bool:
    """Say whether an operation does to the new library what it did to the old one."""
    operation = upgrade.overlay[place]
    near = upgrade.points_of(place)
    there = operation.kind == "add" and at(upgrade.new, steps_of(operation.path)) is not MISSING
    return bool(near) and not there and all(point.who == "ours" for point in near)


def _pieces(upgrade: Upgrade, place: int) -> Iterator[Operation]:
    """Yield, path by path, what remains of an operation of which a part was touched."""
    said = (upgrade.overlay[place],)
    for steps in [point.steps for point in upgrade.points_of(place) if point.who == "ours"]:
        near = [mark for mark in upgrade.marks[place] if related(mark, steps)]
        made = [
            each
            for each in _leading(upgrade, steps, said)
            if any(related(steps_of(each.path), mark) for mark in near)
        ]
        for mark in sorted(near):
            if not any(related(steps_of(each.path), mark) for each in made):
                made += _pinned(upgrade, mark, said)
        yield from (_as_written(upgrade, each, said) for each in made)


def _leading(upgrade: Upgrade, steps: Steps, said: Sequence[Operation]) -> list[Operation]:
    new, ours = at(upgrade.new, steps), at(upgrade.ours, steps)
    return leading(new, ours, steps, why=_whys(said), author=_authors(said))


def _pinned(upgrade: Upgrade, mark: Steps, said: Sequence[Operation]) -> Iterator[Operation]:
    """Yield what was set to what the library has anyway: it was said, so it stays said."""
    value = at(upgrade.ours, mark)
    if value is not MISSING:
        yield Operation("set", ".".join(mark), as_json(value), _whys(said), _authors(said))


def _answered(upgrade: Upgrade, card: Card, answer: Answer) -> Iterator[Operation]:
    """Yield what an answer puts in the place of a card's operations."""
    if answer.choice == "revert":
        return
    why, author = answer.why or card.why, answer.author or card.author
    if answer.choice == "merge" and card.kind == "orphan":
        yield from _moved(upgrade, card, answer.path, why, author)
        return
    value = card.ours
    if answer.choice == "merge":
        value = card.proposal if answer.to is MISSING else answer.to
        if value is MISSING:
            raise Invalid(
                "no_value", _("Say what “%(path)s” becomes.") % {"path": card.path}, card.path
            )
    steps = steps_of(card.path)
    if card.new is MISSING and at(upgrade.new, steps[:FACET]) is MISSING:
        raise Invalid(
            "facet_gone",
            _(
                "The library no longer has the facet of “%(path)s”. Give the path where the "
                "change belongs now, or revert it."
            )
            % {"path": card.path},
            card.path,
        )
    for each in leading(card.new, value, steps, why=why, author=author):
        yield _as_written(upgrade, each, card.operations)


def _moved(upgrade: Upgrade, card: Card, path: str, why: str, author: str) -> Iterator[Operation]:
    """Yield what the organisation changed at a path that is gone, at another one."""
    old, new = steps_of(card.path), steps_of(path)
    if at(upgrade.new, new[:-1]) is MISSING or len(new) <= FACET:
        raise Invalid(
            "no_such_path",
            _("The library has no place for “%(path)s”. Give a path it has.") % {"path": path},
            card.path,
        )
    value = at(upgrade.old, old)
    for each in leading(value, card.ours, old, why=why, author=author):
        steps = (*new, *steps_of(each.path)[len(old) :])
        there = at(upgrade.new, steps) is not MISSING
        if each.kind != "unset":
            each = replace(each, kind="set" if there else "add")
        if there or each.kind != "unset":
            yield replace(each, path=".".join(steps))


def _as_written(upgrade: Upgrade, piece: Operation, said: Sequence[Operation]) -> Operation:
    """Return a new label as the renaming it was."""
    for each in said:
        there = at(upgrade.new, steps_of(each.path)) is not MISSING
        if each.kind == "rename_label" and there and f"{each.path}.label" == piece.path:
            return replace(piece, kind="rename_label", path=each.path)
    return piece


def _together(new: Mapping[Any, Any], operations: Sequence[Operation]) -> tuple[Operation, ...]:
    """Return one operation for a path; what needs a part that is gone brings it along."""
    found: dict[str, Operation] = {}
    for each in operations:
        steps = steps_of(each.path)
        missing = [n for n in range(FACET + 1, len(steps)) if at(new, steps[:n]) is MISSING]
        if each.kind == "add" and missing:
            top = missing[0]
            value = each.to
            for step in reversed(steps[top:]):
                value = {step: value}
            each = replace(each, path=".".join(steps[:top]), to=value)
        before = found.get(each.path)
        if before is not None and each.kind == "add" == before.kind and missing:
            each = _both(before, each)
        found[each.path] = each
    return tuple(found.values())


def _both(one: Operation, other: Operation) -> Operation:
    said = (one, other)
    return replace(one, to=_laid(one.to, other.to), why=_whys(said), author=_authors(said))


def _laid(under: Any, over: Any) -> Any:
    if not (isinstance(under, Mapping) and isinstance(over, Mapping)):
        return as_json(over)
    below = children(under)
    return below | {
        key: _laid(below.get(key, MISSING), inner) for key, inner in children(over).items()
    }


def _whys(said: Sequence[Operation]) -> str:
    return "; ".join(dict.fromkeys(each.why for each in said))


def _authors(said: Sequence[Operation]) -> str:
    return ", ".join(dict.fromkeys(each.author for each in said if each.author))
