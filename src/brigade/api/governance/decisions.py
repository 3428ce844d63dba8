"""Decisions: raise one, write its paper, put it to the vote, read how long it took."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import Field, StringConstraints

from brigade.api.frame.answers import Key, ok, once
from brigade.api.frame.door import caller
from brigade.api.frame.problems import READ, WRITE, answers
from brigade.api.frame.shapes import PLAIN, Asked, Line, Named, Number, ScopeBody, Text, scope_of
from brigade.api.work.present import named
from brigade.governance.decisions import actions
from brigade.governance.decisions.access import KIND, may_see_register
from brigade.governance.decisions.asking import live_vote
from brigade.governance.decisions.queries import decision_for, register
from brigade.governance.decisions.rules import score
from brigade.governance.decisions.timing import split_of
from brigade.kernel.approvals.queries import approvals_of, seats_of
from brigade.kernel.parties.access import needed
from brigade.kernel.recipes.queries import version_for
from brigade.kernel.records.idempotency import Answer

if TYPE_CHECKING:
    from brigade.governance.decisions.models import Decision
    from brigade.kernel.parties.models import Person

router = Router(tags=["decisions"])
Money = Annotated[int, Field(ge=0, le=10**15, description="Minor units of the currency.")]
Short = Annotated[str, StringConstraints(pattern=PLAIN, max_length=120)]
Points = Annotated[int, Field(ge=0, le=100)]


class RaiseBody(Asked):
    """What is to be decided; topic and amount find who decides, and by when."""

    title: Annotated[str, StringConstraints(pattern=PLAIN, max_length=300)]
    topic: Short
    question: Text = ""
    amount: Money = 0
    currency: Annotated[str, StringConstraints(pattern=r"^([A-Z]{3})?$")] = ""
    need_by: date | None = None
    scope: ScopeBody | None = None


class Mark(Asked):
    """How an option stands by one criterion."""

    text: Line = ""
    points: Points | None = None


class Option(Asked):
    """One way to decide; `marks` in the order of the criteria."""

    title: Short
    amount: Money | None = None
    marks: Annotated[list[Mark], Field(max_length=12)] = []


class Criterion(Asked):
    """What options are compared by."""

    name: Short
    weight: Annotated[int, Field(ge=1, le=100)] = 1


class PaperBody(Asked):
    """The paper; `recommended` is the place of an option, the first is 0."""

    options: Annotated[list[Option], Field(min_length=1, max_length=8)]
    recommended: Annotated[int, Field(ge=0, le=7)]
    criteria: Annotated[list[Criterion], Field(max_length=12)] = []
    review_on: date | None = None


class DecisionReasonBody(Asked):
    """Why."""

    reason: Line


class SplitOut(Schema):
    """Working days of the board's calendar from raised to decided, or to now."""

    preparing: int
    waiting: int
    deliberating: int
    escalated: int
    total: int


class VoiceOut(Schema):
    """Whose voice it is, and how it was given."""

    person: Named
    vote: str
    voted_at: datetime | None


class DecisionRow(Schema):
    """A decision as the register shows it."""

    number: str
    title: str
    state: str
    topic: str
    amount: int
    currency: str
    right: int = Field(description="The series of the decision right.")
    need_by: date | None
    deadline: datetime
    outcome: str
    decided_at: datetime | None
    days: SplitOut


class DecisionOut(DecisionRow):
    """A decision with its paper and its votes; `approval` is where votes are given."""

    question: str
    criteria: list[Criterion]
    options: list[Option]
    scores: list[int | None]
    recommended: int | None
    review_on: date | None
    opened_at: datetime | None
    quorum_at: datetime | None
    escalated_at: datetime | None
    approval: int | None
    seats: list[VoiceOut]


class Decisions(Schema):
    """What waits, by deadline, and what ended, the latest first."""

    waiting: list[DecisionRow]
    ended: list[DecisionRow]


def _row(one: Decision) -> dict[str, Any]:
    split = split_of(one)
    plain = ("amount", "currency", "need_by", "deadline", "outcome", "decided_at")
    return {name: getattr(one, name) for name in plain} | {
        "number": one.record.number,
        "title": one.record.title,
        "state": one.record.state,
        "topic": one.right.topic,
        "right": one.right.series,
        "days": {name: getattr(split, name) for name in SplitOut.model_fields},
    }


def _whole(me: Person, number: str) -> dict[str, Any]:
    one = decision_for(me, number)
    vote = live_vote(one)
    asked = vote or next(iter(approvals_of("record", one.pk)), None)
    plain = ("criteria", "options", "recommended", "review_on", "opened_at", "quorum_at",
             "escalated_at")  # fmt: skip
    return _row(one) | {name: getattr(one, name) for name in plain} | {
        "question": one.record.description,
        "scores": [score(one.criteria, option) for option in one.options],
        "approval": vote.pk if vote else None,
        "seats": [
            {"person": named(seat.person), "vote": seat.vote, "voted_at": seat.voted_at}
            for seat in (seats_of(asked) if asked else [])
        ],
    }  # fmt: skip


@router.get("/decisions", response=answers({200: Decisions}, *READ), summary="List decisions")
def list_decisions(request: HttpRequest) -> HttpResponse:
    """Return what waits on whom since when, and what was decided."""
    me = caller(request)
    version_for(KIND)
    needed(may_see_register(me))
    found = register(me)
    return ok({"waiting": [_row(one) for one in found.waiting],
               "ended": [_row(one) for one in found.ended]})  # fmt: skip


@router.get(
    "/decisions/{number}", response=answers({200: DecisionOut}, *READ), summary="Read a decision"
)
def read_decision(request: HttpRequest, number: Number) -> HttpResponse:
    """Return a decision with its paper, its votes, and where its working days went."""
    return ok(_whole(caller(request), number.upper()))


@router.post("/decisions", response=answers({201: DecisionOut}, *WRITE), summary="Raise a decision")
def raise_decision(request: HttpRequest, asked: RaiseBody, key: Key = None) -> HttpResponse:
    """Ask for a decision; its deadline counts from now."""

    def work() -> Answer:
        version_for(KIND)
        me = caller(request)
        needed(may_see_register(me))
        sent = asked.dict(exclude={"scope"})
        made = actions.raise_decision(by=me, origin="api", scope=scope_of(asked.scope), **sent)
        return Answer(201, _whole(me, made.record.number))

    return once(request, work)


@router.put(
    "/decisions/{number}/paper",
    response=answers({200: DecisionOut}, *WRITE),
    summary="Write the paper",
)
def prepare(request: HttpRequest, number: Number, asked: PaperBody) -> HttpResponse:
    """Write options and recommendation; where votes are electronic, the vote opens."""
    me = caller(request)
    actions.prepare(decision_for(me, number.upper()), by=me, origin="api", **asked.dict())
    return ok(_whole(me, number.upper()))


@router.post(
    "/decisions/{number}/opening",
    response=answers({200: DecisionOut}, *WRITE),
    summary="Open the vote",
)
def open_vote(request: HttpRequest, number: Number, key: Key = None) -> HttpResponse:
    """Ask the seats to vote; votes are given at `/approvals`."""

    def work() -> Answer:
        me = caller(request)
        actions.open_vote(decision_for(me, number.upper()), by=me, origin="api")
        return Answer(200, _whole(me, number.upper()))

    return once(request, work)


@router.post(
    "/decisions/{number}/withdrawal",
    response=answers({200: DecisionOut}, *WRITE),
    summary="Withdraw a decision",
)
def withdraw_decision(
    request: HttpRequest, number: Number, asked: DecisionReasonBody, key: Key = None
) -> HttpResponse:
    """Take the question back; a vote that runs ends without a result."""

    def work() -> Answer:
        me = caller(request)
        found = decision_for(me, number.upper())
        actions.withdraw_decision(found, by=me, reason=asked.reason, origin="api")
        return Answer(200, _whole(me, number.upper()))

    return once(request, work)
