"""What the caller has typed and not sent."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from brigade.api.frame.answers import ok, reply
from brigade.api.frame.door import caller
from brigade.api.frame.problems import LISTED, WRITE, answers
from brigade.api.frame.shapes import Asked, Body, Word
from brigade.kernel.records.idempotency import Answer
from brigade.kernel.work.drafts import draft_of, drop_draft, save_draft

router = Router(tags=["desk"])
Form = Annotated[
    str,
    Query(pattern=r"^[A-Za-z0-9/_.-]{1,120}$", description="The form, such as INC-10001/reply."),
]


class DraftOut(Schema):
    """What is kept of a form; empty where nothing is."""

    values: dict[str, str]
    saved_at: datetime | None


class DraftBody(Asked):
    """What is typed so far, by field; empty values drop the draft."""

    values: dict[Word, Body] = Field(max_length=100)


@router.get("/drafts", response=answers({200: DraftOut}, *LISTED), summary="Read a draft")
def read_draft(request: HttpRequest, form: Form) -> HttpResponse:
    """The caller's own draft of a form."""
    values, saved_at = draft_of(form, by=caller(request))
    return ok({"values": values, "saved_at": saved_at})


@router.put("/drafts", response=answers({200: DraftOut}, *WRITE), summary="Keep a draft")
def keep_draft(request: HttpRequest, form: Form, asked: DraftBody) -> HttpResponse:
    """Keep what is typed, for thirty days."""
    me = caller(request)
    save_draft(form, asked.values, by=me)
    values, saved_at = draft_of(form, by=me)
    return ok({"values": values, "saved_at": saved_at})


@router.delete("/drafts", response=answers({204: None}, *WRITE), summary="Drop a draft")
def forget_draft(request: HttpRequest, form: Form) -> HttpResponse:
    """Forget the caller's own draft of a form."""
    drop_draft(form, by=caller(request))
    return reply(Answer(204))
