"""Links from record to record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import StringConstraints

from brigade.api.frame.answers import Key, ok, once, reply
from brigade.api.frame.problems import READ, WRITE, answers
from brigade.api.frame.shapes import Asked, Id, Number, Word
from brigade.api.work.finding import Found
from brigade.kernel.records.access import records_visible_to
from brigade.kernel.records.idempotency import Answer
from brigade.kernel.records.reading import link_of
from brigade.kernel.work.linking import link, unlink

if TYPE_CHECKING:
    from brigade.kernel.records.models import Link, Record

router = Router(tags=["links"])


class Other(Schema):
    """The record at the other end."""

    number: str
    title: str
    state: str


class LinkOut(Schema):
    """A link: this record is `type` the other, or the other is to this where `inward`."""

    id: int
    type: str
    inward: bool
    other: Other


class Links(Schema):
    """The links of a record whose other end the caller may read."""

    items: list[LinkOut]


class LinkBody(Asked):
    """What to link the record to, and how."""

    type: Word
    other: Annotated[str, StringConstraints(max_length=40)]


def _shown(made: Link, other: Record, *, inward: bool) -> dict[str, Any]:
    end = {"number": other.number, "title": other.title, "state": other.state}
    return {"id": made.pk, "type": made.type, "inward": inward, "other": end}


@router.get("/records/{number}/links", response=answers({200: Links}, *READ), summary="List links")
def list_links(request: HttpRequest, number: Number) -> HttpResponse:
    """Links out of and into the record. For the people who work on it."""
    found = Found(request, number)
    found.need_desk()
    visible = records_visible_to(found.person, found.standing)
    out = found.record.links.filter(other__in=visible).select_related("other").order_by("id")
    into = found.record.linked_from.filter(record__in=visible).select_related("record")
    items = [_shown(each, each.other, inward=False) for each in out[:500] if each.other]
    items += [_shown(each, each.record, inward=True) for each in into.order_by("id")[:500]]
    return ok({"items": items})


@router.post(
    "/records/{number}/links", response=answers({201: LinkOut}, *WRITE), summary="Link records"
)
def add_link(
    request: HttpRequest, number: Number, asked: LinkBody, key: Key = None
) -> HttpResponse:
    """Link the record to another, as far as its recipe allows."""

    def work() -> Answer:
        found, other = Found(request, number), Found(request, asked.other)
        made = link(found.record, other.record, asked.type, by=found.person, origin="api")
        return Answer(201, _shown(made, other.record, inward=False))

    return once(request, work)


@router.delete(
    "/records/{number}/links/{link_id}", response=answers({204: None}, *WRITE), summary="Unlink"
)
def drop_link(request: HttpRequest, number: Number, link_id: Id) -> HttpResponse:
    """Take a link off again; both journals keep that it was there."""
    found = Found(request, number)
    unlink(link_of(found.person, found.record, link_id), by=found.person, origin="api")
    return reply(Answer(204))
