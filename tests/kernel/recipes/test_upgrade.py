"""Taking a newer library under an overlay: nothing is lost, nothing is missed, nothing unasked."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given, note, settings
from hypothesis import strategies as st

from brigade.kernel.recipes.compile import compile_recipe
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
from brigade.kernel.recipes.overlay import Operation, applied, overlaid, read_all
from brigade.kernel.recipes.settling import Answer, settled
from brigade.kernel.recipes.upgrade import Card, Upgrade, decided
from brigade.kernel.refused import Invalid, Refused
from tests.kernel.recipes.library_versions import (
    AUTOCLOSE,
    OVERLAY,
    library_version,
    merged,
    upgrade,
)


def one(kind: str, path: str, to: Any = None) -> Operation:
    return Operation(kind, path, to, f"because of {path}", "Pia")


def three(new: dict[str, Any], *overlay: Operation, old: dict[str, Any] | None = None) -> Upgrade:
    """An upgrade of one facet's content; `old` is what it was."""
    base = old or {"fields": {"a": {"type": "text", "label": "A"}, "b": {"type": "int"}}}
    return Upgrade({"facets": {"core": base}}, {"facets": {"core": new}}, overlay)


def told(found: Upgrade) -> list[tuple[str, str]]:
    return [(card.kind, card.path) for card in found.cards]


def card_of(found: Upgrade, kind: str) -> Card:
    (card,) = [each for each in found.cards if each.kind == kind]
    return card


def after(found: Upgrade, **answers: Answer) -> Any:
    """The new library as the overlay that results makes it."""
    return applied(found.new, settled(found, answers))["facets"]["core"]


# Story 24: five paths of ours, seven of the library, one in common.


def test_story_24_six_merge_and_one_asks() -> None:
    found = upgrade()
    kinds = [card.kind for card in found.cards]
    assert {kind: kinds.count(kind) for kind in set(kinds)} == {
        "taken": 6, "conflict": 1, "kept": 4,
    }  # fmt: skip
    card = card_of(found, "conflict")
    assert (card.path, card.old, card.new, card.ours) == (AUTOCLOSE, "5d", "4d", "3d")
    assert (card.why, card.author) == ("Customers answer fast", "Pia Kern")
    with pytest.raises(Refused, match="Answer with retain, merge or revert first") as no:
        settled(found, {})
    assert (no.value.code, no.value.field) == ("upgrade_open", AUTOCLOSE)


@pytest.mark.parametrize(
    ("answer", "days"),
    [
        (Answer("retain"), "3d"),
        (Answer("revert"), "4d"),
        (Answer("merge", to="2d", why="In between", author="Ada"), "2d"),
    ],
)
def test_story_24_the_answer_decides_and_the_rest_is_as_it_was(answer: Answer, days: str) -> None:
    overlay = settled(upgrade(), {AUTOCLOSE: answer})
    document = overlaid(library_version("3.1.0"), overlay)
    assert at(document.data, steps_of(AUTOCLOSE)) == days
    assert [each for each in overlay if each.path != AUTOCLOSE] == list(OVERLAY[1:])
    recipe = compile_recipe(document, 2)
    assert {"store_no", "workaround"} <= set(recipe.fields)
    assert recipe.states["active"].label == {"en": "Being worked on", "de": "In Arbeit"}
    kept = {each.path: (each.why, each.author) for each in overlay}
    wanted = {"retain": OVERLAY[0].why, "merge": "In between"}.get(answer.choice)
    assert kept.get(AUTOCLOSE, (None, None))[0] == wanted
    if answer.choice == "retain":
        assert overlay == merged() == OVERLAY


# Case by case.


def test_the_same_change_on_both_sides_needs_nobody() -> None:
    new = {"fields": {"a": {"type": "text", "label": "Name"}}}
    found = three(new, one("set", "facets.core.fields.a.label", "Name"),
                  one("unset", "facets.core.fields.b"))  # fmt: skip
    assert told(found) == [("same", "facets.core.fields.a.label"), ("same", "facets.core.fields.b")]
    assert settled(found, {}) == ()


def test_two_additions_of_one_map_meet_key_by_key() -> None:
    new = {"fields": {"a": {"type": "text", "label": "A"}, "b": {"type": "int"},
                      "c": {"type": "text", "help": "theirs"}}}  # fmt: skip
    add = one("add", "facets.core.fields.c", {"type": "text", "label": "Ours"})
    found = three(new, add)
    assert sorted(told(found)) == [
        ("kept", "facets.core.fields.c.label"),
        ("same", "facets.core.fields.c.type"),
        ("taken", "facets.core.fields.c.help"),
    ]
    assert after(found)["fields"]["c"] == {"type": "text", "help": "theirs", "label": "Ours"}


@pytest.mark.parametrize(
    ("answer", "result"),
    [
        (Answer("retain"), ["x", "ours"]),
        (Answer("revert"), ["x", "y", "theirs"]),
        (Answer("merge"), ["x", "theirs", "ours"]),
        (Answer("merge", to=["z"]), ["z"]),
    ],
)
def test_a_list_both_changed_can_hold_both(answer: Answer, result: list[str]) -> None:
    old = {"policies": ["x", "y"]}
    overlay = one("set", "facets.core.policies", ["x", "ours"])
    found = three({"policies": ["x", "y", "theirs"]}, overlay, old=old)
    card = card_of(found, "conflict")
    assert card.proposal == ["x", "theirs", "ours"]
    assert after(found, **{card.path: answer})["policies"] == result


def test_what_we_took_away_and_the_library_improved_is_asked() -> None:
    new = {"fields": {"a": {"type": "text", "label": "Better"}, "b": {"type": "int"}}}
    found = three(new, one("unset", "facets.core.fields.a"))
    card = card_of(found, "conflict")
    assert (card.path, card.ours) == ("facets.core.fields.a", MISSING)
    assert [change.path for change in card.changes] == ["facets.core.fields.a.label"]
    assert "a" not in after(found, **{card.path: Answer("retain")})["fields"]
    assert after(found, **{card.path: Answer("revert")}) == new
    with pytest.raises(Invalid, match="Say what"):
        settled(found, {card.path: Answer("merge")})


@pytest.mark.parametrize("gone", [{"fields": {"b": {"type": "int"}}}, {"kpis": ["K01"]}])
def test_what_was_tailored_and_is_gone_is_an_orphan(gone: dict[str, Any]) -> None:
    found = three(
        gone,
        one("set", "facets.core.fields.a.label", "Ours"),
        one("add", "facets.core.fields.a.help", "Read this"),
    )
    card = card_of(found, "orphan")
    assert (card.path, len(card.operations)) == ("facets.core.fields.a", 2)
    back = after(found, **{card.path: Answer("retain")})["fields"]
    assert back == gone.get("fields", {}) | {
        "a": {"type": "text", "label": "Ours", "help": "Read this"}
    }
    assert after(found, **{card.path: Answer("revert")}) == gone


def test_an_orphan_moves_to_where_its_element_went() -> None:
    new = {"fields": {"b": {"type": "int"}, "n": {"type": "text", "label": "A"}}}
    found = three(new, one("set", "facets.core.fields.a.label", "Ours"))
    card = card_of(found, "orphan")
    assert after(found, **{card.path: Answer("merge", path="facets.core.fields.n")}) == {
        "fields": {"b": {"type": "int"}, "n": {"type": "text", "label": "Ours"}}
    }
    with pytest.raises(Invalid, match="no place for"):
        settled(found, {card.path: Answer("merge", path="facets.gone.fields.n")})


def test_a_facet_that_is_gone_takes_nothing_with_it_unasked() -> None:
    old = {"facets": {"core": {"fields": {"a": 1}}, "extra": {"fields": {"b": {"type": "int"}}}}}
    new = {"facets": {"core": {"fields": {"a": 1}}}}
    path = "facets.extra.fields.c"
    found = Upgrade(old, new, (one("add", path, {"type": "text"}),))
    assert told(found) == [("orphan", path), ("taken", "facets.extra.fields.b")]
    with pytest.raises(Invalid, match="no longer has the facet"):
        settled(found, {path: Answer("retain")})
    (moved,) = settled(found, {path: Answer("merge", path="facets.core.fields.c")})
    assert (moved.kind, moved.path, moved.to) == ("add", "facets.core.fields.c", {"type": "text"})


def test_a_matrix_is_asked_only_where_both_changed_it() -> None:
    old = {"priority": {"matrix": {1: [1, 2], 2: [2, 3], 3: [3, 4]}}}
    path = "facets.core.priority.matrix"
    ours = one("set", path, {"1": [1, 1], "2": [1, 1], "3": [3, 4]})
    found = three({"priority": {"matrix": {1: [1, 2], 2: [2, 2], 3: [4, 4]}}}, ours, old=old)
    assert [each for each in told(found) if each[0] == "conflict"] == [
        ("conflict", f"{path}.2"), ("conflict", f"{path}.3"),
    ]  # fmt: skip
    answers = {f"{path}.2": Answer("retain"), f"{path}.3": Answer("revert")}
    assert after(found, **answers)["priority"]["matrix"] == {1: [1, 1], 2: [1, 1], 3: [4, 4]}


def test_an_answer_to_nothing_is_refused() -> None:
    with pytest.raises(Invalid, match="Nothing is asked about"):
        settled(upgrade(), {AUTOCLOSE: Answer("retain"), "facets.core.kpis": Answer("retain")})


# Whatever both sides do.

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
