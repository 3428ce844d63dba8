"""Each finding that needs to know what is true outside the recipe, by an example that has it.

The facts are plain values, so that nothing here touches a database.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from brigade.kernel.recipes.evidence import Answer, asked, judged
from brigade.kernel.recipes.facts import NOTHING_KNOWN, World
from brigade.kernel.recipes.lint import lint_text
from brigade.kernel.recipes.lint_people import unowned
from tests.kernel.recipes.recipes_for_tests import TINY

HELD = {role: frozenset({number}) for number, role in enumerate(("agent", "team_lead"), 1)}
SOUND = World(
    owned=True, holders=HELD, measures=frozenset({"K06"}), targets=frozenset({"a.b"}),
    entered=frozenset({"new", "doing", "done"}), days_on_map={"new": 400, "doing": 400},
)  # fmt: skip
CLOCKED = TINY + "    clocks: {fix: {target: a.b, start: {enter: new}, stop: {enter: done}}}\n"
NEVER = judged(asked("K01 computed for 3 months"), Answer(0, 3, "K01 was never computed."))


def approved_by(approval: str, text: str = TINY) -> str:
    """The tiny recipe with an approval in the state `doing`."""
    return text + f"    approvals:\n      ok: {{in: doing, {approval}}}\n"


MANY = "".join(
    f"      s{n}: {{category: active}}\n" for n in range(11)
)  # fmt: skip
CROWDED = TINY.replace("    fields:\n", MANY + "    fields:\n", 1).replace(
    "start: {from: [new], to: doing, by: [agent]}",
    "start: {from: [new], to: doing, by: [agent]}\n"
    + "".join(
        f"      go{n}: {{from: [new], to: s{n}, by: [agent]}}\n"
        f"      end{n}: {{from: [s{n}], to: done, by: [agent]}}\n"
        for n in range(11)
    ).rstrip(),
)
MUST = "approvers: [agent], quorum: {min: 1, must: [team_lead]}"

# code, recipe, facts that differ from the sound ones, path
CASES: list[tuple[str, str, dict[str, Any], str]] = [
    ("E05", TINY, {"owned": False}, "owner"),
    ("E05", TINY, {"holders": HELD | {"team_lead": frozenset()}}, "facets.core.raci.do.A"),
    ("E06", approved_by("approvers: [agent], quorum: {min: 3, of: 2}"), {},
     "facets.core.approvals.ok.quorum.min"),
    ("E06", approved_by("approvers: [agent, team_lead], quorum: {min: 3}"), {},
     "facets.core.approvals.ok.quorum.min"),
    ("E06", approved_by("approvers: [change_manager]"), {}, "facets.core.approvals.ok.approvers"),
    ("E06", approved_by("approvers: [agent]"), {"holders": HELD | {"admin": HELD["agent"]}},
     "facets.core.approvals.ok.approvers"),
    ("E06", approved_by(MUST), {}, "facets.core.approvals.ok.quorum.must"),
    ("E06", approved_by("approvers: [agent, finance], quorum: {min: 1, must: [finance]}"), {},
     "facets.core.approvals.ok.quorum.must"),
    ("E06", approved_by("approvers: [agent, team_lead], quorum: {min: 2, majority: single}"), {},
     "facets.core.approvals.ok.quorum.majority"),
    ("E06", approved_by("approvers: [agent, team_lead], after: ok"), {},
     "facets.core.approvals.ok.after"),
    ("E06", approved_by("approvers: [agent], after: first")
     + "      first: {in: new, approvers: [team_lead]}\n", {}, "facets.core.approvals.ok.after"),
    ("E11", TINY, {"open_in": {"parked": 12, "doing": 3}}, "states.parked"),
    ("E11", TINY, {"open_in": {"parked": 1}, "state_map": {"parked": "gone"}}, "states.parked"),
    ("E12", TINY + "    kpis: [K01, K06]\n", {}, "facets.core.kpis"),
    ("E13", approved_by("approvers: [requester, agent]"), {}, "facets.core.approvals.ok.approvers"),
    ("E13", approved_by("approvers: [assignee, agent]"), {}, "facets.core.approvals.ok.approvers"),
    ("E13", approved_by("approvers: [admin, agent]"), {}, "facets.core.approvals.ok.approvers"),
    ("E13", approved_by("approvers: [auditor, agent]"), {}, "facets.core.approvals.ok.approvers"),
    ("E13", approved_by("approvers: [agent], quorum: {min: 1, exclude: [implementer]}"), {},
     "facets.core.approvals.ok.quorum.exclude"),
    ("E13", approved_by("approvers: [agent]", TINY.replace("by: [agent, system]",
                                                           "by: [requester, system]")), {},
     "facets.core.transitions.finish.by"),
    ("W01", TINY, {"entered": frozenset({"new", "done"})}, "facets.core.states.doing"),
    ("W02", CROWDED, {}, "facets.core.states"),
    ("W03", TINY, {"holders": HELD | {"agent": frozenset()}}, "facets.core.transitions.start.by"),
    ("W04", TINY, {"filled": {"cost": (19, 100)}}, "facets.core.fields.cost"),
    ("W05", TINY, {"evidence": {1: (NEVER,)}}, "readiness.1"),
    ("W06", CLOCKED, {"targets": frozenset({"a.c"})}, "facets.core.clocks.fix.target"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "text", "facts", "path"), CASES)
def test_an_example_of_each_finding(code: str, text: str, facts: dict[str, Any], path: str) -> None:
    found = lint_text(text, replace(SOUND, **facts))

    assert [(one.code, one.path) for one in found] == [(code, path)], found
    assert found[0].severity == ("warning" if code.startswith("W") else "error")
    assert found[0].message.endswith(".")
    assert found[0].remedy


def test_what_is_sound_in_this_world() -> None:
    """One step beside each example: nothing is found."""
    guarded = approved_by("approvers: [agent]", TINY.replace(
        "by: [agent, system]}", "by: [requester, system], guard: \"approved('ok')\"}"))  # fmt: skip
    for text, facts in (
        (TINY, {}),
        (approved_by("approvers: [agent, team_lead], quorum: {min: 2, of: 2}"), {}),
        (approved_by("approvers: [agent, team_lead], quorum: {min: 1, must: [team_lead]}"), {}),
        (guarded, {}),
        (TINY, {"open_in": {"parked": 12}, "pinned": True}),
        (TINY, {"open_in": {"parked": 12}, "state_map": {"parked": "doing"}}),
        (TINY, {"entered": frozenset({"new"}), "days_on_map": {"doing": 179}}),
        (TINY, {"filled": {"cost": (20, 100)}}),
        (TINY, {"filled": {"cost": (0, 19)}}),
        (TINY, {"filled": {"title": (1, 100)}}),
        (TINY, {"evidence": {2: (NEVER,)}}),
        (CLOCKED, {}),
        (CLOCKED.replace("a.b", "none"), {"targets": frozenset()}),
    ):
        assert lint_text(text, replace(SOUND, **facts)) == [], facts


def test_small_team_mode_lifts_the_rule_about_the_requester_alone() -> None:
    relaxed = replace(SOUND, relaxed=frozenset({"S1"}))
    own = approved_by("approvers: [requester, agent]")
    voting_admin = approved_by("approvers: [admin, agent]")

    assert lint_text(own, relaxed) == []
    assert [one.code for one in lint_text(voting_admin, relaxed)] == ["E13"]


def test_without_facts_only_the_file_is_judged() -> None:
    for _code, text, facts, _path in CASES:
        if facts:
            assert lint_text(text, NOTHING_KNOWN) == []


def test_every_code_has_its_example_and_its_remedy() -> None:
    from tests.kernel.recipes import test_lint

    known = {f"E{n:02}" for n in range(1, 14)} | {f"W{n:02}" for n in range(1, 7)}
    examples = {case[0] for case in [*CASES, *test_lint.CASES]} | {"E07"}
    assert examples == known


def test_practices_chosen_from_their_outlines_need_an_owner_each() -> None:
    found = unowned({"incident": 7, "change": None, "request": None})
    assert [(one.code, one.path) for one in found] == [
        ("E05", "change.owner"),
        ("E05", "request.owner"),
    ]
