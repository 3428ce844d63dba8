"""Moving a record along its recipe, owning it, handing it on."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Router, Schema
from pydantic import Field

from brigade.api.frame.answers import IfMatch, Key, ok, once, versions
from brigade.api.frame.problems import READ, WRITE, answers
from brigade.api.frame.shapes import Asked, Body, Fields, Number, RecordOut, Word
from brigade.api.work.finding import Found
from brigade.kernel.recipes.elements import in_language
from brigade.kernel.records.idempotency import Answer
from brigade.kernel.records.preconditions import unchanged
from brigade.kernel.refused import Invalid
from brigade.kernel.work.assigning import KEEP, assign
from brigade.kernel.work.moving import move, moves_open_to, take
from brigade.kernel.work.step import Step, Way

router = Router(tags=["records"])
MOVED = answers({200: RecordOut, 204: None}, *WRITE, 412)
"""204: done, and with it the record has left the caller's reach."""


class Choice(Schema):
    """One value of a field that has a list of them."""

    value: str | int
    label: str


class Needed(Schema):
    """A field that must be filled in for a transition."""

    name: str
    label: str
    type: str
    choices: list[Choice]


class TransitionOut(Schema):
    """A transition open to the caller now, with the fields it still needs."""

    name: str
    label: str
    to: str
    to_label: str
    fields: list[Needed]


class Transitions(Schema):
    """The transitions open to the caller now, in the recipe's order."""

    items: list[TransitionOut]


class MoveBody(Asked):
    """The transition to fire, the values that come with it, and a public reply."""

    transition: Word
    fields: Fields = Field(default_factory=dict, max_length=100)
    body: Body = ""
    version: int | None = Field(
        None, ge=1, le=2**31 - 1, description="The version seen; moved by others since: 409."
    )


PersonId = Annotated[int, Field(ge=1, le=2**63 - 1)]


class AssignBody(Asked):
    """Whom to hand the record to; what is left out stays, null takes the person off."""

    team: PersonId | None = None
    assignee: PersonId | None = None


@router.get(
    "/records/{number}/transitions",
    response=answers({200: Transitions}, *READ),
    summary="List the transitions open now",
)
def open_transitions(request: HttpRequest, number: Number) -> HttpResponse:
    """What the caller may do with the record now."""
    found = Found(request, number)
    step = Step.on(found.record, Way.of(found.person, "api", None), found.standing)
    moves = moves_open_to(found.record, found.person, found.standing)
    return ok({"items": [_transition(step, each.key) for each in moves]})


def _transition(step: Step, key: str) -> dict[str, Any]:
    recipe, context = step.recipe, step.context()
    to = recipe.target(step.record.state, key)
    return {
        "name": key,
        "label": in_language(recipe.transitions[key].label),
        "to": to,
        "to_label": in_language(recipe.states[to].label),
        "fields": [_needed(step, name) for name in recipe.missing_fields(to, context)],
    }


def _needed(step: Step, name: str) -> dict[str, Any]:
    wanted = step.recipe.fields[name]
    return {
        "name": name,
        "label": in_language(wanted.label),
        "type": wanted.type,
        "choices": [
            {"value": value, "label": step.recipe.choice_label(name, value)} for value in wanted.of
        ],
    }


@router.post("/records/{number}/transitions", response=MOVED, summary="Fire a transition")
def fire_transition(
    request: HttpRequest, number: Number, asked: MoveBody, key: Key = None, seen: IfMatch = None
) -> HttpResponse:
    """Move the record. Nothing else changes its state."""

    def work() -> Answer:
        found = Found(request, number)
        with unchanged(found.record, versions(request)):
            written = move(
                found.record,
                asked.transition,
                by=found.person,
                fields=asked.fields,
                body=asked.body,
                version=asked.version,
                origin="api",
            )
        return found.after(request, written)

    return once(request, work)


@router.post("/records/{number}/take", response=MOVED, summary="Take a record")
def take_one(
    request: HttpRequest, number: Number, key: Key = None, seen: IfMatch = None
) -> HttpResponse:
    """Own the record: start work on it, or take it over where work has started."""

    def work() -> Answer:
        found = Found(request, number)
        with unchanged(found.record, versions(request)):
            written = take(found.record, by=found.person, origin="api")
        return found.after(request, written)

    return once(request, work)


@router.post("/records/{number}/assignment", response=MOVED, summary="Assign a record")
def assign_one(
    request: HttpRequest, number: Number, asked: AssignBody, key: Key = None, seen: IfMatch = None
) -> HttpResponse:
    """Hand the record to a team, a person, or both."""
    if not asked.model_fields_set:
        raise Invalid("nothing_given", _("Name a team, a person, or both."), "team")

    def work() -> Answer:
        found = Found(request, number)
        given = {name: getattr(asked, name) for name in asked.model_fields_set}
        with unchanged(found.record, versions(request)):
            written = assign(
                found.record,
                by=found.person,
                team=given.get("team", KEEP),
                assignee=given.get("assignee", KEEP),
                origin="api",
            )
        return found.after(request, written)

    return once(request, work)
