"""Canned replies: texts that answer what is asked often."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import Field, StringConstraints

from brigade.api.frame.answers import Key, ok, once, reply
from brigade.api.frame.door import caller
from brigade.api.frame.problems import LISTED, READ, WRITE, answers
from brigade.api.frame.shapes import Asked, Id, Named, Number, Text
from brigade.api.work import present
from brigade.api.work.finding import Found, team_named
from brigade.kernel.records.access import hidden
from brigade.kernel.records.idempotency import Answer
from brigade.kernel.work.replies import drop_reply, filled, keep_reply, replies_for

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person
    from brigade.kernel.work.models import CannedReply

router = Router(tags=["desk"])


class ReplyOut(Schema):
    """A text with places such as {requester} and {number} in it."""

    id: int
    name: str
    body: str
    team: Named | None = Field(description="Null for one that all teams use.")


class Replies(Schema):
    """The replies the caller may use."""

    items: list[ReplyOut]


class ReplyBody(Asked):
    """A canned reply to keep."""

    name: Annotated[str, StringConstraints(max_length=80)]
    body: Text
    team: Annotated[int, Field(ge=1, le=2**63 - 1)] | None = None


class Filled(Schema):
    """The text of a reply, its places filled in."""

    body: str


def _shown(canned: CannedReply) -> dict[str, Any]:
    team = present.named(canned.team)
    return {"id": canned.pk, "name": canned.name, "body": canned.body, "team": team}


def _mine(me: Person, reply_id: int) -> CannedReply:
    found = replies_for(me).filter(pk=reply_id).first()
    if found is None:
        raise hidden()
    return found


@router.get("/replies", response=answers({200: Replies}, *LISTED), summary="List canned replies")
def list_replies(request: HttpRequest) -> HttpResponse:
    """The canned replies of the caller's teams, and those for all."""
    found = replies_for(caller(request)).order_by("name", "id")
    return ok({"items": [_shown(each) for each in found[:500]]})


@router.post("/replies", response=answers({201: ReplyOut}, *WRITE), summary="Keep a canned reply")
def add_reply(request: HttpRequest, asked: ReplyBody, key: Key = None) -> HttpResponse:
    """Write a canned reply."""

    def work() -> Answer:
        me = caller(request)
        made = keep_reply(asked.name, asked.body, by=me, team=team_named(me, asked.team))
        return Answer(201, _shown(made))

    return once(request, work)


@router.put(
    "/replies/{reply_id}", response=answers({200: ReplyOut}, *WRITE), summary="Rewrite a reply"
)
def rewrite_reply(request: HttpRequest, reply_id: Id, asked: ReplyBody) -> HttpResponse:
    """Change a canned reply."""
    me = caller(request)
    team = team_named(me, asked.team)
    kept = keep_reply(asked.name, asked.body, by=me, team=team, reply=_mine(me, reply_id))
    return ok(_shown(kept))


@router.delete(
    "/replies/{reply_id}", response=answers({204: None}, *WRITE), summary="Drop a canned reply"
)
def forget_reply(request: HttpRequest, reply_id: Id) -> HttpResponse:
    """Throw a canned reply away."""
    me = caller(request)
    drop_reply(_mine(me, reply_id), by=me)
    return reply(Answer(204))


@router.get(
    "/records/{number}/replies/{reply_id}",
    response=answers({200: Filled}, *READ),
    summary="Fill in a canned reply",
)
def fill_in(request: HttpRequest, number: Number, reply_id: Id) -> HttpResponse:
    """The text of a canned reply for this record, to be looked over and sent."""
    found = Found(request, number)
    return ok({"body": filled(_mine(found.person, reply_id), found.record, by=found.person)})
