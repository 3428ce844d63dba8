"""Taking a newer library under an overlay: nothing is lost, nothing is missed, nothing unasked."""

from __future__ import annotations

from typing import Any

import pytest

from brigade.kernel.recipes.compile import compile_recipe
from brigade.kernel.recipes.differences import (
    MISSING,
    at,
    steps_of,
)
from brigade.kernel.recipes.overlay import Operation, applied, overlaid
from brigade.kernel.recipes.settling import Answer, settled
from brigade.kernel.recipes.upgrade import Card, Upgrade
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
