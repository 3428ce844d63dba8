"""Many records at once: an answer for each, and the way back."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Router, Schema
from pydantic import Field, StringConstraints

from brigade.api.frame.answers import Key, once
from brigade.api.frame.door import caller
from brigade.api.frame.problems import WRITE, answers
from brigade.api.frame.shapes import Asked
from brigade.kernel.records.idempotency import Answer
from brigade.kernel.refused import Invalid
from brigade.kernel.work.assigning import KEEP
from brigade.kernel.work.bulk import Outcome, assign_many, give_back

router = Router(tags=["records"])
Ref = Annotated[int, Field(ge=1, le=2**63 - 1)]
Numbered = Annotated[str, StringConstraints(pattern=r"^[A-Z]{1,10}-[0-9]{1,18}$")]


class OutcomeOut(Schema):
    """What became of one record: done, or why not; `team` and `assignee` are those before."""

    number: str
    done: bool
    why: str
    changed: bool
    version: int
    team: int | None
    assignee: int | None


class Outcomes(Schema):
    """An outcome for each record, in the order given."""

    items: list[OutcomeOut]


class AssignMany(Asked):
    """Which records to hand to whom; what is left out stays, null takes the person off."""

    numbers: list[Numbered] = Field(min_length=1, max_length=500)
    team: Ref | None = None
    assignee: Ref | None = None


class Done(Asked):
    """A record and the version its assignment made."""

    number: Numbered
    version: int = Field(ge=1, le=2**31 - 1)


class GiveBack(Asked):
    """The assignments to undo."""

    items: list[Done] = Field(min_length=1, max_length=500)


def _shown(outcomes: list[Outcome]) -> dict[str, Any]:
    return {"items": [asdict(each) for each in outcomes]}


@router.post(
    "/bulk/assignment", response=answers({200: Outcomes}, *WRITE), summary="Assign many records"
)
def assign_all(request: HttpRequest, asked: AssignMany, key: Key = None) -> HttpResponse:
    """Hand records to a team, a person, or both; one that cannot be never stops the others."""
    given = asked.model_fields_set - {"numbers"}
    if not given:
        raise Invalid("nothing_given", _("Name a team, a person, or both."), "team")

    def work() -> Answer:
        outcomes = assign_many(
            asked.numbers,
            by=caller(request),
            team=asked.team if "team" in given else KEEP,
            assignee=asked.assignee if "assignee" in given else KEEP,
            origin="api",
        )
        return Answer(200, _shown(outcomes))

    return once(request, work)


@router.post(
    "/bulk/give-back", response=answers({200: Outcomes}, *WRITE), summary="Undo bulk assignment"
)
def undo_all(request: HttpRequest, asked: GiveBack, key: Key = None) -> HttpResponse:
    """Undo assignments of the caller's own that nothing has followed."""

    def work() -> Answer:
        outcomes = [
            Outcome(each.number, done=True, changed=True, version=each.version)
            for each in asked.items
        ]
        return Answer(200, _shown(give_back(outcomes, by=caller(request), origin="api")))

    return once(request, work)
