"""Trying a draft of a recipe: the past replayed through it, and a made-up record stepped."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Path, Router, Schema
from pydantic import Field, StringConstraints

from brigade.api.frame.answers import Key, once
from brigade.api.frame.door import caller
from brigade.api.frame.problems import WRITE, answers
from brigade.api.frame.shapes import Asked, Fields, Word
from brigade.kernel.recipes.errors import RecipeError
from brigade.kernel.recipes.overlay import Operation, read_all
from brigade.kernel.records.idempotency import Answer
from brigade.kernel.refused import Invalid
from brigade.kernel.work.simulation.replay import Replay
from brigade.kernel.work.simulation.simulating import MOST_DAYS, simulate
from brigade.kernel.work.simulation.stepping import Look, look_at

router = Router(tags=["recipes"])
RecipeKey = Annotated[str, Path(max_length=40, description="Such as incident.")]
Overlay = Annotated[
    list[dict[str, Any]],
    Field(
        max_length=500, description="What is tried over the running version; default: the draft."
    ),
]


class TrialBody(Asked):
    """What is tried, and over how many days of the past."""

    overlay: Overlay | None = None
    level: Annotated[int, Field(ge=1, le=3)] | None = None
    days: Annotated[int, Field(ge=1, le=MOST_DAYS)] = 90


class BlockOut(Schema):
    """The first move of a record that the draft refuses; without a transition, its opening."""

    number: str
    title: str
    at: datetime
    state: str
    transition: str
    reason: str = Field(description="not_there, not_from_here, role, guard or missing_field.")
    field: str


class AskedOut(Schema):
    """An approval that the draft asks for and that was not asked."""

    number: str
    at: datetime
    state: str
    approval: str


class ClickOut(Schema):
    """Fields that somebody would have had to fill in for a move."""

    number: str
    at: datetime
    transition: str
    fields: list[str]


class ShiftOut(Schema):
    """A clock that the draft changes."""

    number: str
    clock: str
    due_before: datetime | None
    due_after: datetime | None
    broken_before: bool
    broken_after: bool


class LoadOut(Schema):
    """What the draft's approvals ask of a role."""

    role: str
    asked: int
    people: int
    minutes_a_week: int | None = Field(
        description="Of each approver, by the median of past votes; null where nobody knows."
    )


class ReplayOut(Schema):
    """What would have been otherwise; rows name only records that the caller may see."""

    version: str
    days: int
    since: datetime
    until: datetime
    whole: bool = Field(description="Whether every record in question was tried.")
    left_out: int = Field(description="Records whose history was erased in part.")
    records: int
    moves: int
    blocked: int = Field(description="Records with a blocked move.")
    blocked_moves: int
    reasons: dict[str, int]
    extra_approvals: int
    clicks: int = Field(description="Fields that somebody would have had to fill in beside.")
    clocks: int
    moved_due: int
    broken_before: int
    broken_after: int
    newly_broken: int
    no_longer_broken: int
    loads: list[LoadOut]
    blocks: list[BlockOut]
    asked: list[AskedOut]
    clicked: list[ClickOut]
    shifts: list[ShiftOut]


class StepBody(Asked):
    """Where a made-up record stands, what is filled in, and in which roles somebody acts."""

    overlay: Overlay | None = None
    level: Annotated[int, Field(ge=1, le=3)] | None = None
    state: Annotated[str, StringConstraints(max_length=60)] = ""
    fields: Fields = {}
    roles: Annotated[list[Word], Field(max_length=20)] = []


class StepOut(Schema):
    """A step out of the state: allowed, or why not."""

    name: str
    label: str
    to: str
    by: list[str]
    allowed: bool
    code: str
    why: str
    field: str


class TickingOut(Schema):
    """A clock of the made-up record."""

    clock: str
    state: str
    due_at: datetime | None


class LookOut(Schema):
    """Where a made-up record stands in the draft. Nothing was written."""

    state: str
    values: dict[str, Any]
    missing: list[str] = Field(description="Fields that the state needs and that are empty.")
    steps: list[StepOut]
    clocks: list[TickingOut]


@router.post(
    "/recipes/{key}/simulation",
    response=answers({200: ReplayOut}, *WRITE),
    summary="Replay the past through a draft",
)
def simulate_recipe(
    request: HttpRequest, key: RecipeKey, asked: TrialBody, again: Key = None
) -> HttpResponse:
    """What the draft would have refused, asked and promised in the last days. Writes nothing."""

    def work() -> Answer:
        found = simulate(
            key,
            by=caller(request),
            overlay=operations(asked.overlay),
            level=asked.level,
            days=asked.days,
        )
        return Answer(200, _replay(found))

    return once(request, work)


@router.post(
    "/recipes/{key}/step",
    response=answers({200: LookOut}, *WRITE),
    summary="Step a made-up record through a draft",
)
def step_recipe(
    request: HttpRequest, key: RecipeKey, asked: StepBody, again: Key = None
) -> HttpResponse:
    """What a record with these values may do in a state, and why not the rest. Writes nothing."""

    def work() -> Answer:
        look = look_at(
            key,
            by=caller(request),
            state=asked.state,
            fields=asked.fields,
            roles=asked.roles,
            overlay=operations(asked.overlay),
            level=asked.level,
        )
        return Answer(200, _look(look))

    return once(request, work)


def operations(overlay: list[dict[str, Any]] | None) -> tuple[Operation, ...] | None:
    """Read an overlay that came with a request; None where none came."""
    if overlay is None:
        return None
    try:
        return read_all(overlay)
    except RecipeError as fault:
        raise Invalid("bad_overlay", str(fault), "overlay") from fault


PLAIN = (
    "version", "days", "since", "until", "whole", "left_out", "records", "moves", "blocked",
    "blocked_moves", "reasons", "extra_approvals", "clicks", "clocks", "moved_due",
    "broken_before", "broken_after", "newly_broken", "no_longer_broken",
)  # fmt: skip


def _replay(found: Replay) -> dict[str, Any]:
    return {name: getattr(found, name) for name in PLAIN} | {
        "reasons": dict(found.reasons),
        "loads": [
            {
                "role": one.role,
                "asked": one.asked,
                "people": one.people,
                "minutes_a_week": one.minutes_a_week,
            }
            for one in found.loads
        ],
        "blocks": [
            {"title": found.numbers[one.record][1], **_row(found, one, *BLOCK)}
            for one in found.blocks
        ],
        "asked": [_row(found, one, "at", "state", "approval") for one in found.asked],
        "clicked": [
            {"fields": list(one.fields), **_row(found, one, "at", "transition")}
            for one in found.clicked
        ],
        "shifts": [_row(found, one, *SHIFT) for one in found.shifts],
    }


BLOCK = ("at", "state", "transition", "reason", "field")
SHIFT = ("clock", "due_before", "due_after", "broken_before", "broken_after")


def _row(found: Replay, one: Any, *names: str) -> dict[str, Any]:
    """Return a finding with the number of its record."""
    number = {"number": found.numbers[one.record][0]}
    return number | {name: getattr(one, name) for name in names}


def _look(look: Look) -> dict[str, Any]:
    names = ("label", "to", "allowed", "code", "why", "field")
    return {
        "state": look.state,
        "values": dict(look.values),
        "missing": list(look.missing),
        "steps": [
            {"name": one.key, "by": list(one.by), **{name: getattr(one, name) for name in names}}
            for one in look.moves
        ],
        "clocks": [
            {"clock": one.name, "state": one.state, "due_at": one.due} for one in look.clocks
        ],
    }
