"""Who hears of a record without working on it."""

from __future__ import annotations

from typing import Annotated

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Router, Schema
from pydantic import Field

from brigade.api.frame.answers import Key, ok, once, reply
from brigade.api.frame.door import caller
from brigade.api.frame.problems import READ, WRITE, answers
from brigade.api.frame.shapes import Asked, Id, Named, Number
from brigade.api.work import present
from brigade.api.work.finding import Found
from brigade.kernel.parties.queries import people_visible_to
from brigade.kernel.records.access import hidden
from brigade.kernel.records.idempotency import Answer
from brigade.kernel.refused import Invalid
from brigade.kernel.work.watching import unwatch, watch

router = Router(tags=["watchers"])


class Watchers(Schema):
    """Who watches a record."""

    items: list[Named]


class WatchBody(Asked):
    """Who shall hear of the record; without a person: the caller."""

    person: Annotated[int, Field(ge=1, le=2**63 - 1)] | None = None


def _watchers(found: Found) -> list[Named]:
    """Everybody to who works on it; to others themselves and whom they copied in."""
    rows = found.record.watchers.select_related("person").order_by("id")
    if not found.internal:
        rows = rows.filter(Q(person=found.person) | Q(added_by=found.person))
    return [Named(id=each.person.pk, name=each.person.name) for each in rows[:500]]


@router.get(
    "/records/{number}/watchers", response=answers({200: Watchers}, *READ), summary="List watchers"
)
def list_watchers(request: HttpRequest, number: Number) -> HttpResponse:
    """Who hears of the record."""
    items = [each.model_dump() for each in _watchers(Found(request, number))]
    return ok({"items": items})


@router.post(
    "/records/{number}/watchers", response=answers({201: Named}, *WRITE), summary="Watch a record"
)
def add_watcher(
    request: HttpRequest, number: Number, asked: WatchBody, key: Key = None
) -> HttpResponse:
    """Hear of the record, or let somebody else hear of it and read its public side."""

    def work() -> Answer:
        found = Found(request, number)
        person = caller(request)
        if asked.person is not None and asked.person != person.pk:
            seen = people_visible_to(person).filter(pk=asked.person, is_active=True).first()
            if seen is None:
                raise Invalid("bad_value", _("There is no such person. Choose another."), "person")
            person = seen
        watch(found.record, by=found.person, person=person, origin="api")
        return Answer(201, present.named(person))

    return once(request, work)


@router.delete(
    "/records/{number}/watchers/{person_id}",
    response=answers({204: None}, *WRITE),
    summary="Stop watching",
)
def drop_watcher(request: HttpRequest, number: Number, person_id: Id) -> HttpResponse:
    """Stop hearing of the record, or somebody else's hearing of it."""
    found = Found(request, number)
    row = found.record.watchers.select_related("person").filter(person_id=person_id).first()
    if row is None or (not found.internal and found.person.pk not in (person_id, row.added_by_id)):
        raise hidden()
    unwatch(found.record, by=found.person, person=row.person, origin="api")
    return reply(Answer(204))
