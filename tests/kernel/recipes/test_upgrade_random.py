"""Whatever a library and an overlay change: all of it is accounted for, and the merge is right."""

from __future__ import annotations

import copy
from typing import Any

from hypothesis import given, note, settings
from hypothesis import strategies as st

from brigade.kernel.recipes.differences import (
    MISSING,
    Steps,
    alike,
    at,
    children,
    differences,
    leaves,
    related,
    steps_of,
)
from brigade.kernel.recipes.errors import RecipeError
from brigade.kernel.recipes.overlay import Operation, applied, read_all
from brigade.kernel.recipes.settling import Answer, settled
from brigade.kernel.recipes.upgrade import Upgrade, decided


def one(kind: str, path: str, to: Any = None) -> Operation:
    return Operation(kind, path, to, f"because of {path}", "Pia")


def told(found: Upgrade) -> list[tuple[str, str]]:
    return [(card.kind, card.path) for card in found.cards]


KEYS = ("a", "b", "c", "d")
value = st.one_of(
    st.integers(0, 2), st.booleans(), st.sampled_from(["x", "y", ""]), st.none(),
    st.lists(st.integers(0, 2), max_size=2),
)  # fmt: skip
trees = st.recursive(
    value, lambda inner: st.dictionaries(st.sampled_from(KEYS), inner, max_size=3), max_leaves=8
)
parts = st.fixed_dictionaries(
    {},
    optional={
        "fields": st.dictionaries(st.sampled_from(KEYS), trees, max_size=3),
        "states": st.dictionaries(st.sampled_from(KEYS), trees, max_size=2),
        "kpis": st.lists(st.integers(0, 2), max_size=2),
    },
)
facets = st.dictionaries(st.sampled_from(("core", "more")), parts, min_size=1)


@st.composite
def edited(draw: st.DrawFn, data: dict[str, Any]) -> dict[str, Any]:
    """The library after somebody changed, added or dropped things anywhere in it."""
    new = copy.deepcopy(data)
    for _turn in range(draw(st.integers(0, 4))):
        holder: Any = new
        depth = 0
        while (inner := [each for each in holder.values() if isinstance(each, dict) and each]) and (
            draw(st.integers(0, 3))
        ):
            holder = draw(st.sampled_from(inner))
            depth += 1
        if holder and draw(st.booleans()):
            del holder[draw(st.sampled_from(sorted(holder)))]
        elif depth == 0:
            holder[draw(st.sampled_from(("core", "more")))] = draw(parts)
        elif depth == 1:
            holder.update(draw(parts))
        else:
            holder[draw(st.sampled_from(KEYS))] = draw(trees)
    return new


@st.composite
def tailored(draw: st.DrawFn, data: dict[str, Any]) -> tuple[Operation, ...]:
    """An overlay that fits a library: any operation on any path, none about another's."""
    overlay: list[Operation] = []
    paths = sorted({mark[:n] for mark in leaves(data) for n in range(3, len(mark) + 1)})
    for _turn in range(draw(st.integers(0, 4)) if paths else 0):
        steps = draw(st.sampled_from(paths))
        kind = draw(st.sampled_from(["set", "unset", "add", "rename_label"]))
        if kind == "add":
            steps = (*steps[: max(3, len(steps) - 1)], draw(st.sampled_from(KEYS)))
        made = one(kind, ".".join(steps), None if kind == "unset" else draw(trees))
        marks = [mark for each in overlay for mark in decided(each, data)]
        if any(related(mark, other) for mark in marks for other in decided(made, data)):
            continue
        if made.path in {each.path for each in overlay}:
            continue
        try:
            applied(data, [*overlay, made])
        except RecipeError:
            continue
        overlay.append(made)
    return tuple(overlay)


def hollow(value: Any) -> bool:
    return value == {} or (isinstance(value, dict) and all(map(hollow, value.values())))


def show(found: Upgrade) -> str:
    overlay = [(each.kind, each.path, each.to) for each in found.overlay]
    return f"\nold={found.old}\nnew={found.new}\noverlay={overlay}\n{told(found)}"


@st.composite
def upgrades(draw: st.DrawFn) -> Upgrade:
    old = draw(facets)
    return Upgrade({"facets": old}, {"facets": draw(edited(old))}, draw(tailored({"facets": old})))


def answers_to(found: Upgrade, data: st.DataObject) -> dict[str, Answer]:
    """Retain or revert, at random; what belonged to a facet that is gone can only be reverted."""
    told: dict[str, Answer] = {}
    for card in found.asked:
        gone = at(found.new, steps_of(card.path)[:2]) is MISSING
        told[card.path] = Answer(
            "revert" if gone else data.draw(st.sampled_from(["retain", "revert"]))
        )
    return told


def count(found: Upgrade, path: Steps, *kinds: str) -> int:
    """How many cards of these kinds speak of a path."""
    cards = [card for card in found.cards if not kinds or card.kind in kinds]
    return sum(related(steps_of(card.path), path) for card in cards)


@settings(max_examples=60, deadline=None)
@given(found=upgrades())
def test_every_change_of_either_side_is_on_exactly_one_card(found: Upgrade) -> None:
    theirs = [
        change.path
        for change in differences(found.old, found.new)
        if change.new is not MISSING or not hollow(change.old)
    ]
    carried = [change.path for card in found.cards for change in card.changes]
    split = [path for path in carried if path not in theirs]
    assert len(set(carried)) == len(carried)
    for path in theirs:  # what the library dropped or added whole may be told in parts
        parts = [each for each in split if steps_of(each)[: len(steps_of(path))] == steps_of(path)]
        assert (path in carried) != bool(parts), path
    for operation in found.overlay:
        cards = [card for card in found.cards if operation in card.operations]
        assert cards, operation
        assert len({card.path for card in cards}) == len(cards)
    for change in differences(found.old, found.ours):
        steps = steps_of(change.path)
        if change.path.startswith("facets"):
            assert count(found, steps, "kept", "same", "conflict", "orphan") >= 1, change


@settings(max_examples=100, deadline=None)
@given(found=upgrades(), data=st.data())
def test_what_results_is_theirs_ours_and_the_answers_and_nothing_else(
    found: Upgrade, data: st.DataObject
) -> None:
    answers = answers_to(found, data)
    note(show(found))
    overlay = settled(found, answers)
    assert read_all([each.as_dict() for each in overlay]) == overlay
    result = applied(found.new, overlay)
    for path in {*leaves(found.new), *leaves(found.ours), *leaves(result)}:
        old, new, ours, got = (at(each, path) for each in
                               (found.old, found.new, found.ours, result))  # fmt: skip
        card = next((c for c in found.asked if related(steps_of(c.path), path)), None)
        if card is not None:
            wanted = new if answers[card.path].choice == "revert" else ours
            if len(path) >= len(steps_of(card.path)):
                assert alike(got, wanted), (path, card)
        elif alike(old, ours):
            assert alike(got, new) or children(got), path
        elif alike(old, new):
            assert alike(got, ours) or children(got), path
    for operation in found.overlay:
        cards = [card for card in found.cards if operation in card.operations]
        if all(card.kind == "kept" for card in cards) and len(cards) == 1:
            assert operation.why in " ".join(each.why for each in overlay), operation


@settings(max_examples=40, deadline=None)
@given(data=st.data(), old=facets)
def test_an_unchanged_library_leaves_the_overlay_as_it_is(
    data: st.DataObject, old: dict[str, Any]
) -> None:
    base = {"facets": old}
    overlay = data.draw(tailored(base))
    found = Upgrade(base, copy.deepcopy(base), overlay)
    assert not found.asked
    result = settled(found, {})
    assert alike(applied(base, result), found.ours)
    assert {card.kind for card in found.cards} <= {"kept", "same"}
