"""Saved views, the filters of a list under a name, and the columns one sees in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field, StringConstraints

from brigade.api.frame.answers import Key, ok, once, reply
from brigade.api.frame.door import caller
from brigade.api.frame.problems import LISTED, WRITE, answers
from brigade.api.frame.shapes import Asked, Id, Named, Word
from brigade.api.work import present
from brigade.api.work.finding import team_named
from brigade.kernel.records.access import hidden
from brigade.kernel.records.idempotency import Answer
from brigade.kernel.work.columns import choose_columns, columns_of
from brigade.kernel.work.viewing import drop_view, save_view, views_of

if TYPE_CHECKING:
    from brigade.kernel.records.models import SavedView

router = Router(tags=["desk"])


class ViewOut(Schema):
    """A named list of records; `query` is the query string of the list."""

    id: int
    name: str
    query: str
    columns: list[str]
    owner: Named
    team: Named | None = Field(description="The team it is shared with.")


class Views(Schema):
    """One's own views and those shared with one's teams, by name."""

    items: list[ViewOut]


class ViewBody(Asked):
    """A view to keep; the same name again replaces it."""

    name: Annotated[str, StringConstraints(max_length=60)]
    query: Annotated[str, StringConstraints(max_length=1000)]
    columns: list[Word] = Field(default_factory=list, max_length=40)
    team: Annotated[int, Field(ge=1, le=2**63 - 1)] | None = None


def _shown(view: SavedView) -> dict[str, Any]:
    shown = {name: getattr(view, name) for name in ("name", "query", "columns")}
    ends = {"owner": present.named(view.owner), "team": present.named(view.team)}
    return {"id": view.pk} | shown | ends


@router.get("/views", response=answers({200: Views}, *LISTED), summary="List saved views")
def list_views(request: HttpRequest) -> HttpResponse:
    """The views the caller may use."""
    return ok({"items": [_shown(each) for each in views_of(caller(request))[:500]]})


@router.post("/views", response=answers({201: ViewOut}, *WRITE), summary="Save a view")
def keep_view(request: HttpRequest, asked: ViewBody, key: Key = None) -> HttpResponse:
    """Keep a list under a name, for oneself or for a team one works in."""

    def work() -> Answer:
        me = caller(request)
        team = team_named(me, asked.team)
        made = save_view(asked.name, asked.query, by=me, team=team, columns=list(asked.columns))
        return Answer(201, _shown(made))

    return once(request, work)


@router.delete("/views/{view_id}", response=answers({204: None}, *WRITE), summary="Drop a view")
def forget_view(request: HttpRequest, view_id: Id) -> HttpResponse:
    """Throw one's own view away."""
    me = caller(request)
    view = views_of(me).filter(pk=view_id).first()
    if view is None:
        raise hidden()
    drop_view(view, by=me)
    return reply(Answer(204))


Listed = Annotated[str, Query(pattern=r"^[a-z0-9_-]{1,20}$", description="The view, such as mine.")]


class Columns(Schema):
    """The columns chosen for a view, in order; null where nothing was chosen."""

    columns: list[str] | None


class ColumnsBody(Asked):
    """The columns to show; none at all means the usual ones again."""

    columns: list[Word] = Field(max_length=30)


@router.get("/columns", response=answers({200: Columns}, *LISTED), summary="Read chosen columns")
def read_columns(request: HttpRequest, view: Listed) -> HttpResponse:
    """What the caller has chosen to see in a view of the queue."""
    return ok({"columns": columns_of(caller(request), view)})


@router.put("/columns", response=answers({200: Columns}, *WRITE), summary="Choose columns")
def keep_columns(request: HttpRequest, view: Listed, asked: ColumnsBody) -> HttpResponse:
    """Choose what to see in a view of the queue, for oneself."""
    me = caller(request)
    choose_columns(view, asked.columns, by=me)
    return ok({"columns": columns_of(me, view)})
