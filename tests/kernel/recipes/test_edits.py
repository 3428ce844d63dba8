"""Forms and text: whatever is asked in a form is the same overlay that a text would say."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from brigade.kernel.recipes import edits, library
from brigade.kernel.recipes.drafting import Drafted, drafted, drawable, with_changes
from brigade.kernel.recipes.errors import LintError, RecipeError
from brigade.kernel.recipes.merge import Effective
from brigade.kernel.recipes.overlay import Operation
from brigade.kernel.recipes.overlay_text import read_text, written
from brigade.kernel.refused import Invalid

SOURCE = library.installed()["incident"].source


def read(*overlay: Operation, level: int = 1) -> Drafted:
    return drafted(SOURCE, overlay, level)


def verify(chosen: Effective, why: str = "callers confirm") -> list[Operation]:
    return edits.new_state(
        chosen,
        "Verify fix",
        "active",
        ways_in={"active": "Fix ready"},
        ways_out={"resolved": "Confirmed", "active": "Not yet"},
        by=["agent"],
        why=why,
    )


def test_a_state_comes_with_its_ways_and_is_sound() -> None:
    draft = read(*verify(read().chosen))
    recipe = drawable(draft)
    assert not draft.errors and recipe is not None
    assert recipe.label("verify_fix") == "Verify fix"
    assert {move.key for move in recipe.transitions_from("verify_fix")} == {"confirmed", "not_yet"}
    assert recipe.target("active", "fix_ready") == "verify_fix"


EDITS: dict[str, Callable[[Effective], list[Operation]]] = {
    "state": verify,
    "transition": lambda chosen: edits.new_transition(
        chosen, "Skip", from_=["new"], to="resolved", by=["team_lead"], why="known faults"
    ),
    "field": lambda chosen: edits.new_field(
        chosen, "Store no.", "text", required=("from", "active"), why="retail"
    ),
    "choices": lambda chosen: edits.new_field(
        chosen, "Größe", "enum", choices=["Klein ", "", "Groß"], why="moves", language="de"
    ),
    "rename": lambda chosen: edits.renamed(chosen, "states.waiting", "On hold", why="our word"),
    "duration": lambda chosen: edits.another_duration(
        chosen, "facets.core.timers.autoclose.after", "3 d", why="they answer fast"
    ),
    "drop": lambda chosen: edits.dropped(chosen, "transitions.reopen", why="open a new one"),
}


@pytest.mark.parametrize("name", sorted(EDITS))
def test_a_form_and_a_text_give_the_same_overlay(name: str) -> None:
    overlay = tuple(EDITS[name](read().chosen))
    assert not read(*overlay).errors
    again = read_text(written("incident@2.0.0", overlay))
    assert again.operations == overlay and again.base == "incident@2.0.0"


def test_a_key_is_made_of_a_name_and_unlike_every_other() -> None:
    chosen = read().chosen
    made = EDITS["choices"](chosen)[0]
    assert made.path == "facets.core.fields.grosse"
    assert made.to["of"] == ["klein", "gross"] and made.to["label"] == {"de": "Größe"}
    second = edits.new_field(chosen, "Resolution", "text", why="another")[0]
    assert second.path == "facets.core.fields.resolution_2"


def test_with_a_state_go_the_ways_there_and_its_timers() -> None:
    overlay = edits.dropped(read().chosen, "states.waiting", why="we never wait")
    said = {each.path: each.to for each in overlay}
    assert said["facets.core.states.waiting"] is None
    assert said["facets.core.transitions.resolve.from"] == ["new", "active"]
    assert "facets.core.timers.wake" in said and "facets.core.transitions.wait" in said
    left = {(each.code, each.path) for each in read(*overlay).errors}
    assert left == {("E03", "facets.core.fields.waiting_reason.required.in")}
    assert drawable(read(*overlay)) is not None


def test_a_change_of_a_change_is_one_operation() -> None:
    first = verify(read().chosen)
    chosen = read(*first).chosen
    overlay = with_changes(first, edits.renamed(chosen, "states.verify_fix", "Check", why="short"))
    assert overlay[0].to["label"] == "Check" and len(overlay) == len(first)
    gone = with_changes(overlay, edits.dropped(chosen, "states.verify_fix", why="no"))
    assert gone == ()


@pytest.mark.parametrize(
    ("ask", "field"),
    [
        (lambda c: edits.renamed(c, "states.nothing", "X", why="x"), "element"),
        (lambda c: edits.renamed(c, "states", "X", why="x"), "element"),
        (lambda c: edits.renamed(c, "states.new", "  ", why="x"), "name"),
        (lambda c: edits.renamed(c, "states.new", "x" * 200, why="x"), "name"),
        (
            lambda c: edits.another_duration(c, "facets.core.timers.wake.at", "3d", why="x"),
            "element",
        ),
        (
            lambda c: edits.another_duration(
                c, "facets.core.timers.autoclose.after", "soon", why="x"
            ),
            "span",
        ),
        (lambda c: edits.new_field(c, "Size", "enum", choices=[" "], why="x"), "choices"),
        (lambda c: edits.new_transition(c, "X", from_=[], to="new", by=["agent"], why="x"), "from"),
        (lambda c: edits.dropped(c, "facets.core", why="x"), "element"),
    ],
)
def test_what_cannot_be_asked_says_where(ask: Callable[[Effective], object], field: str) -> None:
    with pytest.raises(Invalid) as no:
        ask(read().chosen)
    assert no.value.field == field


TEXT = """base: incident@2.0.0
overlay:
  - add: facets.core.states.verify
    to:
      category: active
    why: callers confirm
  - set: facets.core.timers.autoclose.after
    to: 3d
    why: they answer fast
"""


def test_each_finding_has_its_line() -> None:
    text = read_text(TEXT)
    found = text.located(read(*text.operations).findings)
    assert [(each.code, each.line) for each in found if each.code == "E01"] == [("E01", 3)]
    inner = LintError("E00", "x", "facets.core.states.verify.category")
    other = LintError("E00", "x", "facets.core.states.new")
    assert [each.line for each in text.located([inner, other])] == [5, None]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("base: x\noverlay:\n  - set: a.b.c\n    to: 1\n", 3),
        ("base: x\noverlay:\n  - {unset: a.b.c, why: x}\n  - {unset: a.b.c, why: y}\n", 4),
        ("base: x\nmore: y\n", 2),
        ("base: &x y", 1),
        ("- a", 1),
    ],
)
def test_a_fault_of_a_text_has_its_line(text: str, line: int) -> None:
    with pytest.raises(RecipeError) as no:
        read_text(text)
    assert no.value.errors[0].line == line
