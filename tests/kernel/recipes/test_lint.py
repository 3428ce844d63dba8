"""Each finding of lint, by an example that has it and nothing else."""

from __future__ import annotations

import pytest

from brigade.kernel.recipes import library
from brigade.kernel.recipes.lint import lint, lint_text
from tests.kernel.recipes.recipes_for_tests import THREE_LEVELS, TINY

LONG = "title == '" + "x" * 400 + "'"
CASES = [
    ("E01", "      lost: {category: active}\n    fields", "    fields", "facets.core.states.lost"),
    ("E02", "from: [doing], to: done, by: [agent, system]",
     "from: [new], to: done, by: [agent, system]", "facets.core.states.doing"),
    ("E03", "to: doing, by: [agent]", "to: gone, by: [agent]", "facets.core.transitions.start.to"),
    ("E03", "by: [agent]}", "by: [wizard]}", "facets.core.transitions.start.by"),
    ("E03", "required: {from: new}", "required: {from: gone}",
     "facets.core.fields.title.required.from"),
    ("E03", "by: [agent]}", "by: [agent], do: [{increment: title}]}",
     "facets.core.transitions.start.do"),
    ("E03", "by: [agent]}", "by: [agent], guard: \"nofun(cost) == 1\"}",
     "facets.core.transitions.start.guard"),
    ("E03", "by: [agent]}", "by: [agent], guard: \"nobody == 1\"}",
     "facets.core.transitions.start.guard"),
    ("E03", "by: [agent, system]", "by: [agent]", "facets.core.timers.late.fire"),
    ("E04", "by: [agent]}", "by: [agent], guard: \"cost +\"}",
     "facets.core.transitions.start.guard"),
    ("E04", "by: [agent]}", "by: [agent], guard: \"cost + 1\"}",
     "facets.core.transitions.start.guard"),
    ("E04", "by: [agent]}", "by: [agent], guard: \"title > cost\"}",
     "facets.core.transitions.start.guard"),
    ("E04", "by: [agent]}", "by: [agent], guard: \"cost > 3\"}",
     "facets.core.transitions.start.guard"),
    ("E04", "cost: {type: int}", "cost: {type: int, computed: \"1 / cost\"}",
     "facets.core.fields.cost.computed"),
    ("E04", "by: [agent]}", "by: [agent], guard: \"[1].all(x, [2].all(y, y > x))\"}",
     "facets.core.transitions.start.guard"),
    ("E05", "owner: process_owner\n", "", "owner"),
    ("E05", "{R: agent, A: team_lead}", "{R: agent}", "facets.core.raci.do"),
    ("E08", "cost: {type: int}", "cost: {type: int, required: {in: doing}, editable: {in: done}}",
     "facets.core.fields.cost.required"),
    ("E08", "cost: {type: int}", "cost: {type: int, required: {from: doing}, editable: false}",
     "facets.core.fields.cost.required"),
    ("E09", "    level: 1\n", "    level: 1\n    needs: [more]\n", "facets.core.needs"),
    ("E10", "late: {in: doing, after: 5d, fire: finish}",
     "late: {in: doing, every: 5m, fire: finish}\n"
     "      again: {in: done, after: 1d, fire: back}\n"
     "    notify: {done: [agent]}", "facets.core.timers.late"),
    ("E10", "late: {in: doing, after: 5d, fire: finish}",
     "late: {in: new, every: 1h, do: [{create_record: {kind: request}}]}",
     "facets.core.timers.late"),
    ("E10", "late: {in: doing, after: 5d, fire: finish}",
     "late: {in: doing, after: 1h, do: [{start_timer: later}]}\n"
     "      later: {in: doing, after: 1h, do: [{start_timer: late}]}", "facets.core.timers.late"),
    ("E10", "    raci:",
     "    clocks: {fix: {start: {enter: new}, stop: {enter: done}}}\n    escalations:\n"
     "    - {clock: fix, at: 50%, do: [{create_record: {kind: request}}]}\n    raci:",
     "facets.core.escalations[0].do"),
]  # fmt: skip


def broken(old: str, new: str) -> str:
    """The tiny recipe with one thing changed."""
    if old.startswith("      lost"):
        return TINY.replace(new, old, 1)
    text = TINY.replace(old, new, 1)
    if "fire: back" in text:
        text = text.replace(
            "    timers:", "      back: {from: [done], to: doing, by: [system]}\n    timers:"
        )
    return text.replace("facets:", "facets:\n  more: {level: 2}") if "[more]" in text else text


def test_the_tiny_recipe_is_sound() -> None:
    assert lint_text(TINY) == []


@pytest.mark.parametrize(("code", "old", "new", "path"), CASES)
def test_an_example_of_each_finding(code: str, old: str, new: str, path: str) -> None:
    found = lint_text(broken(old, new))

    at_path = [error for error in found if (error.code, error.path) == (code, path)]
    assert at_path, found
    assert at_path[0].line
    if path != "owner":
        assert path.rpartition(".")[2] in broken(old, new).splitlines()[at_path[0].line - 1]


def test_an_expression_that_is_too_long_is_refused() -> None:
    found = lint_text(TINY.replace("by: [agent]}", f'by: [agent], guard: "{LONG}"}}', 1))
    assert [error.code for error in found] == ["E00"]


def test_the_library_and_the_three_levels_are_sound() -> None:
    assert [error for each in library.installed().values() for error in lint(each)] == []
    assert lint_text(THREE_LEVELS.read_bytes()) == []


def test_a_clock_that_nothing_stops_is_an_error() -> None:
    text = TINY + "    clocks: {fix: {target: a.b, start: {enter: new}, stop: {enter: lost}}}\n"
    done = "      done: {category: closed"
    lost = text.replace(done, f"      lost: {{category: resolved}}\n{done}")
    found = [error for error in lint_text(lost) if error.code == "E07"]
    assert [error.path for error in found] == ["facets.core.clocks.fix.stop"]
    stops = lost.replace("{enter: lost}", "{on: finish}")
    assert "E07" not in {error.code for error in lint_text(stops)}
