"""Records: list, search, open, read, change."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Literal

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from pydantic import AwareDatetime, Field, StringConstraints

from brigade.api.frame.answers import (
    IfMatch,
    IfNoneMatch,
    Key,
    not_modified,
    ok,
    once,
    reply,
    versions,
)
from brigade.api.frame.door import caller
from brigade.api.frame.problems import LISTED, READ, WRITE, answers
from brigade.api.frame.shapes import (
    PLAIN,
    Asked,
    Category,
    Fields,
    Limit,
    Line,
    Number,
    RecordOut,
    RecordPage,
    RecordRow,
    Word,
)
from brigade.api.work import present
from brigade.api.work.finding import Found
from brigade.kernel import instants
from brigade.kernel.recipes.own_fields import own_fields
from brigade.kernel.records.idempotency import Answer
from brigade.kernel.records.lists import ListFilter, OwnFilter, Sort, list_page, rows_of
from brigade.kernel.records.preconditions import unchanged
from brigade.kernel.records.search import search_ids
from brigade.kernel.refused import Invalid
from brigade.kernel.work.changing import set_fields
from brigade.kernel.work.opening import open_record
from brigade.kernel.work.own_filters import own_filter

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person

router = Router(tags=["records"])

Ids = list[Annotated[int, Field(ge=1, le=2**63 - 1)]]
Who = Annotated[str, StringConstraints(pattern=r"^(me|[1-9][0-9]{0,17})$")]
WhoOrNone = Annotated[str, StringConstraints(pattern=r"^(me|none|[1-9][0-9]{0,17})$")]
Sought = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*:[^\x00-\x1f\x7f]{1,300}$")]
Priorities = list[Annotated[int, Field(ge=1, le=9)]]


class ListQuery(Schema):
    """What a list of records is about. A filter given several times means any of its values."""

    kind: list[Word] = Field(default_factory=list)
    state: list[Word] = Field(default_factory=list)
    category: list[Category] = Field(default_factory=list)
    team: Ids = Field(default_factory=list)
    service: Ids = Field(default_factory=list)
    priority: Priorities = Field(default_factory=list)
    off_matrix: bool = Field(False, description="Only where the matrix gives another priority.")
    assignee: WhoOrNone | None = Field(None, description="An id, `me` or `none`.")
    requester: Who | None = Field(None, description="An id or `me`.")
    updated_since: AwareDatetime | None = None
    missed: Literal["any", "stopped"] | None = Field(
        None, description="With a clock beyond its promise; `stopped`: one that ended so."
    )
    field: list[Sought] = Field(
        default_factory=list,
        max_length=20,
        description="A field of the organisation's own and a value of it, such as `till:7`.",
    )
    q: Line = Field("", description="Words that the record holds.")
    sort: Literal["due", "updated", "opened"] = Field(
        "updated",
        description="`due` is for open records, by due time and priority; the others newest first.",
    )
    after: str | None = Field(None, max_length=500, description="`next` of the page before.")
    limit: int = Field(50, ge=1, le=100)

    def as_filter(self, me: Person) -> ListFilter:
        """Return the filter this asks for, in the caller's name."""
        return ListFilter(
            kinds=tuple(self.kind),
            states=tuple(self.state),
            categories=tuple(self.category),
            teams=tuple(self.team),
            services=tuple(self.service),
            priorities=tuple(self.priority),
            off_matrix=True if self.off_matrix else None,
            assignee=_who(self.assignee, me),
            unassigned=self.assignee == "none",
            requester=_who(self.requester, me),
            updated_since=_instant(self.updated_since),
            missed_by=instants.now() if self.missed == "any" else None,
            missed_ended=self.missed == "stopped",
            text=self.q,
            own=_own(self.field),
        )


def _who(text: str | None, me: Person) -> int | None:
    if text in (None, "none"):
        return None
    return me.pk if text == "me" else int(str(text))


def _own(sought: list[str]) -> tuple[OwnFilter, ...]:
    """Return the filters by fields of the organisation's own; several values of one mean any."""
    wanted: dict[str, list[str]] = {}
    for one in sought:
        name, _colon, value = one.partition(":")
        wanted.setdefault(name, []).append(value)
    known = own_fields() if wanted else {}
    for name in wanted:
        if name not in known:
            raise Invalid(
                "unknown_field",
                _("There is no field called “%(field)s”.") % {"field": name},
                "field",
            )
    return tuple(own_filter(known[name], values) for name, values in wanted.items())


def _instant(given: datetime | None) -> datetime | None:
    try:
        return given.astimezone(UTC) if given is not None else None
    except OverflowError as error:
        raise Invalid(
            "bad_value", _("This is before or after all time."), "updated_since"
        ) from error


class SearchAnswer(Schema):
    """What was found, newest first; a record whose number it is before all others."""

    items: list[RecordRow]


class OpenBody(Asked):
    """A new record: its kind, its title, and whatever else its recipe has fields for."""

    kind: Word = "incident"
    title: Annotated[str, StringConstraints(max_length=300)]
    description: Annotated[str, StringConstraints(max_length=20_000)] = ""
    fields: Fields = Field(
        default_factory=dict,
        max_length=100,
        description="People, teams, organisations and services by id.",
    )


class ChangeBody(Asked):
    """Fields to set, and the version they were seen at."""

    fields: Fields = Field(min_length=1, max_length=100)
    version: int | None = Field(
        None,
        ge=1,
        le=2**31 - 1,
        description="The version seen. What others changed since stands; the same field: 409.",
    )


@router.get("/records", response=answers({200: RecordPage}, *LISTED), summary="List records")
def list_records(request: HttpRequest, asked: Query[ListQuery]) -> HttpResponse:
    """A page of the records the caller may read."""
    me = caller(request)
    page = list_page(me, asked.as_filter(me), Sort(asked.sort), asked.after, asked.limit)
    return ok({"items": [present.row(each) for each in page.rows], "next": page.next_cursor})


@router.get(
    "/records/search", response=answers({200: SearchAnswer}, *LISTED), summary="Search records"
)
def search_records(
    request: HttpRequest,
    q: Annotated[
        str, Query(max_length=200, pattern=PLAIN, description="A number, its beginning, or words.")
    ],
    limit: Limit = 50,
) -> HttpResponse:
    """Records that hold all the words, the last of which may be a beginning.

    Internal notes count only where the caller may read them.
    """
    me = caller(request)
    found = rows_of(me, search_ids(me, q, limit=limit))
    return ok({"items": [present.row(each) for each in found]})


@router.post("/records", response=answers({201: RecordOut}, *WRITE), summary="Open a record")
def open_one(request: HttpRequest, asked: OpenBody, key: Key = None) -> HttpResponse:
    """Open a record. Without `requester` it is opened for the caller, at the desk for nobody."""
    _no_double(asked)

    def work() -> Answer:
        fields = {"title": asked.title, "description": asked.description} | asked.fields
        made = open_record(
            asked.kind, by=caller(request), fields=fields, channel="api", origin="api"
        )
        answer = Found.made(request, made).answer(201)
        where = {"Location": f"/api/v1/records/{made.number}"}
        return Answer(201, answer.body, answer.headers | where)

    return once(request, work)


def _no_double(asked: OpenBody) -> None:
    for name in ("title", "description"):
        if name in asked.fields:
            raise Invalid("given_twice", _("Give this once, beside the fields."), f"fields.{name}")


@router.get(
    "/records/{number}",
    response=answers({200: RecordOut, 304: None}, *READ),
    summary="Read a record",
)
def read_one(request: HttpRequest, number: Number, seen: IfNoneMatch = None) -> HttpResponse:
    """One record, with its version as the ETag."""
    found = Found(request, number)
    return not_modified(request, found.record.version) or reply(found.answer())


@router.patch(
    "/records/{number}",
    response=answers({200: RecordOut, 204: None}, *WRITE, 412),
    summary="Change a record",
)
def change_one(
    request: HttpRequest, number: Number, asked: ChangeBody, seen: IfMatch = None
) -> HttpResponse:
    """Set fields. State, team and assignee have routes of their own."""
    found = Found(request, number)
    with unchanged(found.record, versions(request)):
        written = set_fields(
            found.record, asked.fields, by=found.person, version=asked.version, origin="api"
        )
    return reply(found.after(request, written))
