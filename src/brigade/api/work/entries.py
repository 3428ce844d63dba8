"""A record's journal: read, reply, note, erase."""

from __future__ import annotations

from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import Field

from brigade.api.frame.answers import Key, ok, once
from brigade.api.frame.problems import READ, WRITE, answers
from brigade.api.frame.shapes import (
    Asked,
    Body,
    EntryOut,
    EntryPage,
    Limit,
    Number,
    Text,
    Visibility,
)
from brigade.api.work import present
from brigade.api.work.finding import Found
from brigade.kernel.records.access import entries_visible_to, hidden
from brigade.kernel.records.idempotency import Answer
from brigade.kernel.work.erasing import erase_entry
from brigade.kernel.work.saying import say

router = Router(tags=["journal"])
EntryNumber = Annotated[int, Field(ge=1, le=2**31 - 1)]


class SayBody(Asked):
    """What to say, and to whom: there is no default."""

    body: Body
    visibility: Visibility = Field(description="`public` is a reply, `internal` a note.")
    minutes: int = Field(0, ge=-1440, le=1440, description="Work time that goes with it.")


class EraseBody(Asked):
    """Why an entry's text must go."""

    reason: Text


@router.get(
    "/records/{number}/entries",
    response=answers({200: EntryPage}, *READ),
    summary="Read the journal",
)
def list_entries(
    request: HttpRequest,
    number: Number,
    after: Annotated[int, Query(ge=0, le=2**31 - 1, description="`next` of the page before.")] = 0,
    limit: Limit = 50,
) -> HttpResponse:
    """The entries the caller may read, oldest first."""
    found = Found(request, number)
    seen = entries_visible_to(found.person, found.record, found.standing)
    rows = list(seen.filter(number__gt=after).select_related("actor")[: limit + 1])
    more, rows = len(rows) > limit, rows[:limit]
    items = present.entries(rows, found.record, internal=found.internal)
    return ok({"items": items, "next": rows[-1].number if more else None})


@router.post(
    "/records/{number}/entries", response=answers({201: EntryOut}, *WRITE), summary="Reply or note"
)
def say_something(
    request: HttpRequest, number: Number, asked: SayBody, key: Key = None
) -> HttpResponse:
    """Add a public reply or an internal note."""

    def work() -> Answer:
        found = Found(request, number)
        say(
            found.record,
            asked.body,
            by=found.person,
            visibility=asked.visibility,
            minutes=asked.minutes,
            origin="api",
        )
        mine = entries_visible_to(found.person, found.record, found.standing).filter(
            actor=found.person, kind="said"
        )
        made = mine.select_related("actor").reverse()[0]
        return Answer(201, present.entry(made, found.record, internal=found.internal))

    return once(request, work)


@router.post(
    "/records/{number}/entries/{entry}/erasure",
    response=answers({200: EntryOut}, *WRITE),
    summary="Erase what an entry says",
)
def erase_one(
    request: HttpRequest, number: Number, entry: EntryNumber, asked: EraseBody, key: Key = None
) -> HttpResponse:
    """Erase the text and the changes of an entry for good; that it was done stays."""

    def work() -> Answer:
        found = Found(request, number)
        seen = entries_visible_to(found.person, found.record, found.standing)
        one = seen.select_related("actor").filter(number=entry)
        target = one.first()
        if target is None:
            raise hidden()
        erase_entry(target, by=found.person, reason=asked.reason, origin="api")
        return Answer(200, present.entry(one[0], found.record, internal=found.internal))

    return once(request, work)
