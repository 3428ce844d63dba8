"""What a draft would have refused, asked and promised: single histories, without a database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from brigade.kernel.clocks.engine import Promise, Rule
from brigade.kernel.recipes.compile import compile_recipe
from brigade.kernel.recipes.compiled import CompiledRecipe
from brigade.kernel.recipes.overlay import overlaid, read_all
from brigade.kernel.recipes.parse import read
from brigade.kernel.work.simulation.clocked import with_shifts
from brigade.kernel.work.simulation.findings import Found, Share
from brigade.kernel.work.simulation.replay import Counts, loads_of
from brigade.kernel.work.simulation.replaying import Entry, Known, walk

BEGIN = datetime(2026, 3, 2, 9, tzinfo=UTC)
TEXT = """
recipe: request
version: 1.0.0
title: Request
purpose: Give people what they ask for.
record: {kind: request, prefix: REQ, initial: new}
owner: process_owner
inputs: [actor, state, priority]
facets:
  core:
    level: 1
    states:
      new: {category: new}
      doing: {category: active}
      resting: {category: waiting}
      done: {category: closed, terminal: true}
    fields:
      title: {type: text, required: {from: new}}
      cost: {type: int}
      store: {type: text}
    transitions:
      start: {from: [new], to: doing, by: [agent, requester], do: [{set: {assignee: "=actor"}}]}
      rest: {from: [doing], to: resting, by: [agent]}
      resume: {from: [resting], to: doing, by: [agent]}
      finish: {from: [doing], to: done, by: [agent]}
    priority: {expr: "cost == null ? 3 : 2"}
    clocks:
      fulfil: {target: request.fulfil, start: {enter: new}, stop: {enter: done}, pause: {in: resting}, calendar: always}
"""  # noqa: E501
LIVE = compile_recipe(read(TEXT), 1)
PATH = "facets.core."


class Always:
    """Time that is always open."""

    def open_seconds(self, start: datetime, end: datetime) -> int:
        return int((end - start).total_seconds())

    def add_open_seconds(self, start: datetime, seconds: int) -> datetime:
        return start + timedelta(seconds=seconds)

    def add_working_days(self, start: datetime, days: int) -> datetime:
        return start + timedelta(days=days)


def drafted(*operations: dict[str, Any]) -> CompiledRecipe:
    """The recipe with these operations, each on a path of its core."""
    said = [
        {**{k: PATH + v if k in ("set", "add", "unset") else v for k, v in one.items()},
         "why": "Tried"}
        for one in operations
    ]  # fmt: skip
    return compile_recipe(overlaid(read(TEXT), read_all(said)), 1)


def told(number: int, hours: float, kind: str, step: str, **changes: Any) -> Entry:
    pairs = {name: value if isinstance(value, list) else [None, value]
             for name, value in changes.items()}  # fmt: skip
    at = BEGIN + timedelta(hours=hours)
    return Entry(number, at, kind, step, "public", "page", 7, pairs, False, False, False)


def history(*, cost: int | None = None, rests: bool = True) -> list[Entry]:
    first = {"title": "Till", "state": "new", "priority": 3 if cost is None else 2, "requester": 5}
    if cost is not None:
        first["cost"] = cost
    entries = [
        told(1, 0, "opened", "", **first),
        told(2, 1, "moved", "start", state=["new", "doing"], assignee=7),
        told(3, 2, "moved", "rest", state=["doing", "resting"]),
        told(4, 5, "moved", "resume", state=["resting", "doing"]),
        told(5, 6, "moved", "finish", state=["doing", "done"]),
    ]
    return entries if rests else [entries[0], entries[1], entries[4]]


def known(since: datetime = BEGIN, roles: set[str] | None = None) -> Known:
    return Known(since, lambda actor, at, values: roles or {"agent"}, lambda service: None)


def replayed(draft: CompiledRecipe, entries: list[Entry] | None = None, **more: Any) -> Found:
    found, _past = walk(1, entries or history(), LIVE, draft, known(**more))
    return found


def test_the_recipe_it_ran_blocks_nothing() -> None:
    found = replayed(LIVE)
    assert (found.block, found.asked, found.clicks, found.moves) == (None, (), (), 4)


@pytest.mark.parametrize(
    ("operation", "step", "reason", "field"),
    [
        ({"unset": "transitions.rest"}, "rest", "not_there", ""),
        ({"set": "transitions.finish.from", "to": ["resting"]}, "finish", "not_from_here", ""),
        ({"set": "transitions.start.by", "to": ["requester"]}, "start", "role", ""),
        ({"add": "transitions.finish.guard", "to": "cost != null"}, "finish", "guard", ""),
        ({"add": "fields.cost.required", "to": {"in": "resting"}}, "rest", "missing_field", "cost"),
        ({"add": "fields.assignee", "to": {"type": "party", "required": {"from": "doing"}}},
         "start", "missing_field", "assignee"),
    ],
)  # fmt: skip
def test_why_a_move_is_blocked(
    operation: dict[str, Any], step: str, reason: str, field: str
) -> None:
    more = [{"unset": "transitions.resume"}, {"unset": "states.resting"},
            {"unset": "clocks.fulfil.pause"}] if "unset" in operation else []  # fmt: skip
    block = replayed(drafted(operation, *more)).block
    assert block is not None
    assert (block.transition, block.reason, block.field) == (step, reason, field)


def test_a_field_needed_from_the_start_blocks_the_opening_and_a_default_fills_it() -> None:
    needed = {"add": "fields.store.required", "to": {"from": "new"}}
    block = replayed(drafted(needed)).block
    assert block is not None and (block.transition, block.field) == ("", "store")
    assert replayed(drafted(needed, {"add": "fields.store.default", "to": "main"})).block is None


def test_clicks_are_the_fields_that_have_to_be_filled_in_beside() -> None:
    draft = drafted({"add": "fields.store.required", "to": {"from": "doing"}})
    found = replayed(draft)
    assert [(one.transition, one.fields) for one in found.clicks] == [
        (step, ("store",)) for step in ("start", "rest", "resume", "finish")
    ]
    assert found.blocked_moves == 4


def test_only_moves_of_the_window_count() -> None:
    draft = drafted({"add": "fields.store.required", "to": {"from": "doing"}})
    found = replayed(draft, since=BEGIN + timedelta(hours=4))
    assert (found.moves, len(found.clicks)) == (2, 2)


def test_approvals_that_nobody_was_asked() -> None:
    draft = drafted(
        {"add": "approvals", "to": {"pause": {"in": "resting", "approvers": ["team_lead"]}}}
    )
    found = replayed(draft)
    assert [(one.approval, one.state) for one in found.asked] == [("pause", "resting")]
    assert replayed(draft, history(rests=False)).asked == ()


def promised(rule: Rule, values: Any, at: datetime) -> Promise:
    """Four hours for priority 3, an hour for priority 2."""
    return Promise(1, 4 * 3600 if values.get("priority") == 3 else 3600, 1, Always())


def clocked(draft: CompiledRecipe, entries: list[Entry] | None = None) -> Found:
    found, past = walk(1, entries or history(), LIVE, draft, known())
    return with_shifts(found, past, LIVE, draft, promised, BEGIN + timedelta(days=1))


def test_a_clock_that_no_longer_pauses_is_due_earlier_and_broken() -> None:
    (shift,) = clocked(drafted({"unset": "clocks.fulfil.pause"})).shifts
    assert shift.due_before == BEGIN + timedelta(hours=7)
    assert shift.due_after == BEGIN + timedelta(hours=4)
    assert (shift.broken_before, shift.broken_after) == (False, True)


def test_another_priority_gives_another_due_time() -> None:
    (shift,) = clocked(drafted({"set": "priority.expr", "to": "2"})).shifts
    assert shift.due_after == BEGIN + timedelta(hours=1)
    assert clocked(drafted({"set": "priority.expr", "to": "2"}), history(cost=4)).shifts == ()


def test_counts_are_sums_over_records() -> None:
    draft = drafted({"add": "fields.cost.required", "to": {"in": "resting"}})
    counts = Counts.of([replayed(draft), replayed(draft, history(cost=4)),
                        replayed(draft, history(rests=False))])  # fmt: skip
    sums = counts.sums()
    assert (sums["records"], sums["blocked"], sums["clicks"]) == (3, 1, 1)
    assert counts.reasons() == {"missing_field": 1}
    assert not Share(1, 20).exceeds(5) and Share(11, 200).exceeds(5)
    assert Share(0, 0).percent is None


def test_minutes_of_an_approver_are_known_once_somebody_has_voted() -> None:
    asked, seats = {"cab": 90}, {"cab": ("change_manager", "team_lead")}
    loads = loads_of(asked, seats, {"change_manager": 2, "team_lead": 0},
                     {"change_manager": 10}, 90)  # fmt: skip
    assert [(one.role, one.asked, one.minutes_a_week) for one in loads] == [
        ("change_manager", 90, 35), ("team_lead", 90, None),
    ]  # fmt: skip
