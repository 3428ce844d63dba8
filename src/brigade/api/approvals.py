"""Approvals: what waits for the caller's vote, how one stands, voting and answering."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Path, Query, Router, Schema
from pydantic import Field, StringConstraints

from brigade.api.frame.answers import Key, ok, once
from brigade.api.frame.door import caller
from brigade.api.frame.problems import LISTED, READ, WRITE, answers
from brigade.api.frame.shapes import Asked, Limit, Named, Text
from brigade.api.work.present import named
from brigade.kernel.approvals import actions
from brigade.kernel.approvals.queries import (
    approval_for,
    approvals_page,
    seats_of,
    votes_of,
    waiting_for,
)
from brigade.kernel.approvals.subjects import record_of
from brigade.kernel.instants import NEVER
from brigade.kernel.records.idempotency import Answer

if TYPE_CHECKING:
    from brigade.kernel.approvals.models import Approval
    from brigade.kernel.parties.models import Person

router = Router(tags=["approvals"])
Which = Annotated[int, Path(ge=1, le=2**63 - 1)]
State = Literal["planned", "open", "approved", "rejected", "expired", "withdrawn"]
Reason = Annotated[Text, StringConstraints(max_length=4000)]


class VoteBody(Asked):
    """A vote; to reject and to ask for more needs a reason."""

    vote: Literal["approve", "reject", "abstain", "need_info"]
    reason: Reason = ""
    seat_of: Annotated[int, Field(ge=1, le=2**63 - 1)] | None = Field(
        None, description="Whose seat it is; needed only by a deputy of several people."
    )


class AnswerBody(Asked):
    """What seats asked for."""

    text: Reason


class WithdrawalBody(Asked):
    """Why the question is taken back."""

    reason: Reason


class SeatOut(Schema):
    """A seat, its live vote, and since when it waits for one."""

    person: Named
    roles: list[str]
    vote: str
    voted_at: datetime | None
    waiting_since: datetime | None


class VoteOut(Schema):
    """A vote as it was cast; `deputy_for` is whose seat it was, where that was somebody else."""

    person: Named
    deputy_for: Named | None
    vote: str
    reason: str
    at: datetime


class ApprovalRow(Schema):
    """An approval in a list."""

    id: int
    name: str
    title: str
    state: str
    subject_kind: str
    subject: str = Field(description="A record's number, else the id of what is decided on.")
    asked_by: Named
    opened_at: datetime | None
    deadline: datetime | None
    decided_at: datetime | None


class ApprovalOut(ApprovalRow):
    """An approval whole: the rule, the seats, every vote."""

    text: str
    rule: dict[str, Any]
    authority: str
    on_timeout: str
    held_at: datetime | None = Field(description="Since when the deadline stands still.")
    quorum_at: datetime | None
    seats: list[SeatOut]
    votes: list[VoteOut]


class Approvals(Schema):
    """A page of approvals, newest first; `next` is where the next page begins."""

    items: list[ApprovalRow]
    next: int | None


def _row(one: Approval) -> dict[str, Any]:
    record = record_of(one)
    plain = ("name", "title", "state", "subject_kind", "opened_at", "decided_at")
    return {name: getattr(one, name) for name in plain} | {
        "id": one.pk,
        "subject": record.number if record else str(one.subject_id),
        "asked_by": named(one.asked_by),
        "deadline": None if one.deadline == NEVER else one.deadline,
    }


def _whole(me: Person, approval_id: int) -> dict[str, Any]:
    one = approval_for(me, approval_id)
    plain = ("text", "rule", "authority", "on_timeout", "held_at", "quorum_at")
    seats = [
        {"person": named(seat.person), "roles": seat.roles, "vote": seat.vote,
         "voted_at": seat.voted_at, "waiting_since": seat.waiting_since}
        for seat in seats_of(one)
    ]  # fmt: skip
    votes = [
        {"person": named(vote.person), "deputy_for": named(vote.deputy_for), "vote": vote.vote,
         "reason": vote.reason, "at": vote.at}
        for vote in votes_of(one)
    ]  # fmt: skip
    said = {name: getattr(one, name) for name in plain}
    return _row(one) | said | {"seats": seats, "votes": votes}


@router.get("/approvals", response=answers({200: Approvals}, *LISTED), summary="List approvals")
def list_approvals(
    request: HttpRequest,
    waiting: bool = False,
    state: State | None = None,
    after: Annotated[int | None, Query(ge=1, le=2**63 - 1)] = None,
    limit: Limit = 50,
) -> HttpResponse:
    """Return the approvals the caller sits in or asked for; `waiting`: those that want a vote."""
    me = caller(request)
    if waiting:
        seats = waiting_for(me, limit=limit)
        return ok({"items": [_row(seat.approval) for seat in seats], "next": None})
    rows = approvals_page(me, state=state or "", after=after, limit=limit + 1)
    shown = rows[:limit]
    more = shown[-1].pk if len(rows) > limit else None
    return ok({"items": [_row(one) for one in shown], "next": more})


@router.get(
    "/approvals/{approval}", response=answers({200: ApprovalOut}, *READ), summary="Read an approval"
)
def read_approval(request: HttpRequest, approval: Which) -> HttpResponse:
    """Return an approval with its rule, its seats and every vote."""
    return ok(_whole(caller(request), approval))


@router.post(
    "/approvals/{approval}/votes", response=answers({200: ApprovalOut}, *WRITE), summary="Vote"
)
def vote(request: HttpRequest, approval: Which, asked: VoteBody, key: Key = None) -> HttpResponse:
    """Cast the vote of the caller's seat; it may be changed until it is decided."""

    def work() -> Answer:
        me = caller(request)
        one = approval_for(me, approval)
        actions.vote(
            one, asked.vote, by=me, reason=asked.reason, seat_of=asked.seat_of, origin="api"
        )
        return Answer(200, _whole(me, approval))

    return once(request, work)


@router.post(
    "/approvals/{approval}/answers",
    response=answers({200: ApprovalOut}, *WRITE),
    summary="Answer what was asked",
)
def answer(
    request: HttpRequest, approval: Which, asked: AnswerBody, key: Key = None
) -> HttpResponse:
    """Give the information that seats asked for; their time goes on."""

    def work() -> Answer:
        me = caller(request)
        actions.answer(approval_for(me, approval), asked.text, by=me, origin="api")
        return Answer(200, _whole(me, approval))

    return once(request, work)


@router.post(
    "/approvals/{approval}/withdrawal",
    response=answers({200: ApprovalOut}, *WRITE),
    summary="Take a question back",
)
def withdraw(
    request: HttpRequest, approval: Which, asked: WithdrawalBody, key: Key = None
) -> HttpResponse:
    """Take a question back, with a reason."""

    def work() -> Answer:
        me = caller(request)
        actions.withdraw(approval_for(me, approval), by=me, reason=asked.reason, origin="api")
        return Answer(200, _whole(me, approval))

    return once(request, work)
