"""Improvements: the register, and proposing one of something."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import Field, StringConstraints

from brigade.api.frame.answers import Key, ok, once
from brigade.api.frame.door import caller
from brigade.api.frame.problems import READ, WRITE, answers
from brigade.api.frame.shapes import PLAIN, Asked, Line, ScopeBody, Text, scope_of
from brigade.governance.decision_rights.queries import wordings_of
from brigade.improvement.improvements import actions
from brigade.improvement.improvements.access import KIND, may_see_improvements
from brigade.improvement.improvements.queries import improved_by, register
from brigade.improvement.improvements.rules import reached
from brigade.kernel.parties.access import needed
from brigade.kernel.recipes.queries import version_for
from brigade.kernel.records.idempotency import Answer

if TYPE_CHECKING:
    from brigade.kernel.records.models import Record

router = Router(tags=["improvements"])
Whole = Annotated[int, Field(ge=-(2**31), le=2**31 - 1)]
Id = Annotated[int, Field(ge=1, le=2**63 - 1)]


class ImprovedBody(Asked):
    """What gets better, by kind and id."""

    kind: Literal["decision_right"]
    id: Id


class ImprovementBody(Asked):
    """A proposal: what gets better, who answers for it, from where to where."""

    title: Annotated[str, StringConstraints(pattern=PLAIN, max_length=300)]
    description: Text = ""
    owner: Id | None = None
    improves: Line | None = None
    measure: Line | None = None
    baseline: Whole | None = None
    target: Whole | None = None
    due: date | None = None
    of: ImprovedBody | None = None
    scope: ScopeBody | None = None


class ImprovedOut(Schema):
    """What gets better, by kind and id."""

    kind: str
    id: int


class ImprovementOut(Schema):
    """An improvement; `reached` is the percentage of the way that was measured."""

    number: str
    title: str
    state: str
    owner: int | None
    measure: str | None
    baseline: int | None
    target: int | None
    measured: int | None
    reached: int | None
    of: ImprovedOut | None


class Improvements(Schema):
    """The register, the last changed first."""

    items: list[ImprovementOut]


def _row(one: Record, of: tuple[str, int] | None) -> dict[str, Any]:
    data = one.data
    return {
        "number": one.number,
        "title": one.title,
        "state": one.state,
        **{name: data.get(name) for name in
           ("owner", "measure", "baseline", "target", "measured")},
        "reached": reached(data.get("baseline"), data.get("target"), data.get("measured")),
        "of": None if of is None else {"kind": of[0], "id": of[1]},
    }  # fmt: skip


@router.get(
    "/improvements", response=answers({200: Improvements}, *READ), summary="List improvements"
)
def list_improvements(request: HttpRequest) -> HttpResponse:
    """Return the register; each improvement is a record and is moved as one."""
    me = caller(request)
    version_for(KIND)
    needed(may_see_improvements(me))
    rows = register(me)
    of = improved_by(rows)
    return ok({"items": [_row(one, of.get(one.pk)) for one in rows]})


@router.post(
    "/improvements",
    response=answers({201: ImprovementOut}, *WRITE),
    summary="Propose an improvement",
)
def propose_improvement(
    request: HttpRequest, asked: ImprovementBody, key: Key = None
) -> HttpResponse:
    """Put an improvement into the register, linked to what it improves."""

    def work() -> Answer:
        me = caller(request)
        version_for(KIND)
        needed(may_see_improvements(me))
        sent = asked.dict(exclude={"of", "scope", "title", "description"}, exclude_none=True)
        of = None
        if asked.of is not None:
            version_for("decision")
            of = asked.of.kind, wordings_of(me, asked.of.id)[0].series
        made = actions.propose_improvement(
            asked.title,
            by=me,
            description=asked.description,
            of=of,
            scope=scope_of(asked.scope),
            origin="api",
            **sent,
        )
        return Answer(201, _row(made, of))

    return once(request, work)
