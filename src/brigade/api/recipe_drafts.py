"""Drafts of a recipe: begun, changed, submitted, approved, published."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Path, Router, Schema
from pydantic import Field, StringConstraints

from brigade.api.frame.answers import Key, ok, once
from brigade.api.frame.door import caller
from brigade.api.frame.problems import READ, WRITE, answers
from brigade.api.frame.shapes import Asked
from brigade.kernel.parties.access import is_staff, may_administer, needed
from brigade.kernel.recipes.drafts import change_draft, open_draft, withdraw_draft, write_draft
from brigade.kernel.recipes.errors import RecipeError
from brigade.kernel.recipes.overlay import Operation, read_all
from brigade.kernel.recipes.overlay_text import read_text, written
from brigade.kernel.recipes.parse import read
from brigade.kernel.recipes.publishing import (
    publish_draft,
    submit_draft,
    take_back_draft,
)
from brigade.kernel.recipes.queries import draft_of, running
from brigade.kernel.records.idempotency import Answer
from brigade.kernel.refused import Hidden, Invalid
from brigade.kernel.work.recipe_approvals import approve_draft
from brigade.kernel.work.simulation.simulating import simulate

if TYPE_CHECKING:
    from collections.abc import Callable

    from brigade.kernel.recipes.models import RecipeDraft

router = Router(tags=["recipes"])
RecipeKey = Annotated[str, Path(max_length=40, description="Such as incident.")]
Said = Annotated[str, StringConstraints(max_length=2000)]
Overlay = Annotated[list[dict[str, Any]], Field(max_length=500)]


class RecipeDraftOut(Schema):
    """A draft: its operations, what the checks say of them, and where it stands."""

    key: str
    state: str = Field(description="draft, submitted, approved, published or withdrawn.")
    base: str
    revision: int = Field(description="Send it back as `seen`, so that nobody is written over.")
    overlay: list[dict[str, Any]]
    text: str = Field(description="The same as YAML.")
    findings: list[dict[str, Any]] = Field(description="Codes that begin with E forbid publishing.")
    reason: str
    statement: str
    approval: int | None = Field(description="The approval that decides on it, where one is asked.")
    changed_at: datetime
    version: str | None


class DraftBeginBody(Asked):
    """Why a draft is begun."""

    reason: Said = ""


class DraftChangeBody(Asked):
    """Operations to put, paths on which the library's own holds again, the revision read."""

    put: Overlay = []
    without: Annotated[list[str], Field(max_length=500)] = []
    seen: int | None = None


class WriteBody(Asked):
    """The whole overlay: as operations, or as YAML."""

    overlay: Overlay | None = None
    text: Annotated[str, StringConstraints(max_length=100_000)] | None = None
    seen: int | None = None


class ApproveBody(Asked):
    """Why it is right; the statement is kept in the journal."""

    statement: Said


class PublishBody(Asked):
    """Why it may stop many records, and why its author publishes it, where either is so."""

    waiver: Said = ""
    alone: Said = ""


DRAFT = "/recipes/{key}/draft"


@router.get(DRAFT, response=answers({200: RecipeDraftOut}, *READ), summary="Read the open draft")
def read_draft(request: HttpRequest, key: RecipeKey) -> HttpResponse:
    """The draft of a practice that is neither published nor withdrawn."""
    if not is_staff(caller(request)):
        raise Hidden("no_such_draft", _("There is no such draft."))
    return ok(draft_shown(_open(key)))


@router.post(DRAFT, response=answers({200: RecipeDraftOut}, *WRITE), summary="Begin a draft")
def begin_draft(
    request: HttpRequest, key: RecipeKey, asked: DraftBeginBody, again: Key = None
) -> HttpResponse:
    """Begin a draft of what runs here; one is open at a time."""
    return _once(request, lambda: open_draft(key, by=caller(request), reason=asked.reason))


@router.patch(DRAFT, response=answers({200: RecipeDraftOut}, *WRITE), summary="Change the draft")
def patch_draft(request: HttpRequest, key: RecipeKey, asked: DraftChangeBody) -> HttpResponse:
    """Add operations or replace them by their paths; take others out."""
    me, draft = caller(request), _mine(request, key)
    put = _operations(asked.put)
    return ok(
        draft_shown(change_draft(draft, by=me, put=put, without=asked.without, seen=asked.seen))
    )


@router.put(DRAFT, response=answers({200: RecipeDraftOut}, *WRITE), summary="Write the draft")
def put_draft(request: HttpRequest, key: RecipeKey, asked: WriteBody) -> HttpResponse:
    """Let the draft say exactly this."""
    me, draft = caller(request), _mine(request, key)
    if (asked.overlay is None) == (asked.text is None):
        raise Invalid("nothing_given", _("Give either operations, or a text."), "overlay")
    overlay = _operations(asked.overlay or []) if asked.text is None else _read(asked.text)
    return ok(draft_shown(write_draft(draft, by=me, overlay=overlay, seen=asked.seen)))


@router.delete(DRAFT, response=answers({200: RecipeDraftOut}, *WRITE), summary="Withdraw the draft")
def delete_draft(request: HttpRequest, key: RecipeKey) -> HttpResponse:
    """Give the draft up; it stays readable in the journal."""
    return ok(draft_shown(withdraw_draft(_mine(request, key), by=caller(request))))


@router.post(
    f"{DRAFT}/submit", response=answers({200: RecipeDraftOut}, *WRITE), summary="Submit it"
)
def post_submit(request: HttpRequest, key: RecipeKey, again: Key = None) -> HttpResponse:
    """Put it to whoever answers for the practice; refused on any error of the checks."""
    return _once(request, lambda: submit_draft(_mine(request, key), by=caller(request)))


@router.post(
    f"{DRAFT}/take-back", response=answers({200: RecipeDraftOut}, *WRITE), summary="Take back"
)
def post_take_back(request: HttpRequest, key: RecipeKey, again: Key = None) -> HttpResponse:
    """Make it one that can be changed; what was approved is void."""
    return _once(request, lambda: take_back_draft(_mine(request, key), by=caller(request)))


@router.post(
    f"{DRAFT}/approve", response=answers({200: RecipeDraftOut}, *WRITE), summary="Approve it"
)
def post_approve(
    request: HttpRequest, key: RecipeKey, asked: ApproveBody, again: Key = None
) -> HttpResponse:
    """Say as the owner of the practice that it shall hold, and why."""
    me = caller(request)
    return _once(
        request,
        lambda: approve_draft(_mine(request, key), by=me, statement=asked.statement, origin="api"),
    )


@router.post(
    f"{DRAFT}/publish", response=answers({200: RecipeDraftOut}, *WRITE), summary="Publish it"
)
def post_publish(
    request: HttpRequest, key: RecipeKey, asked: PublishBody, again: Key = None
) -> HttpResponse:
    """Replay the last 90 days through it, then let it run; running records keep their version."""
    me = caller(request)
    needed(may_administer(me))

    def publish() -> RecipeDraft:
        draft = _open(key)
        replay = simulate(key, by=me) if draft.state == "approved" else None
        return publish_draft(draft.pk, by=me, replay=replay, waiver=asked.waiver, alone=asked.alone)

    return _once(request, publish)


def _once(request: HttpRequest, work: Callable[[], RecipeDraft]) -> HttpResponse:
    return once(request, lambda: Answer(200, draft_shown(work())))


def _open(key: str) -> RecipeDraft:
    draft = None if "\0" in key else draft_of(key)
    if draft is None:
        raise Hidden("no_such_draft", _("There is no such draft."))
    return draft


def _mine(request: HttpRequest, key: str) -> int:
    running(key)
    return _open(key).pk


def _operations(given: list[dict[str, Any]]) -> tuple[Operation, ...]:
    try:
        return read_all(given)
    except RecipeError as fault:
        raise Invalid("unfit_operation", str(fault), "overlay") from fault


def _read(text: str) -> tuple[Operation, ...]:
    try:
        return read_text(text).operations
    except RecipeError as fault:
        raise Invalid("bad_text", str(fault), "text") from fault


def draft_shown(draft: RecipeDraft) -> dict[str, Any]:
    """Return a draft as the API shows it."""
    plain = ("key", "state", "revision", "overlay", "findings", "reason", "statement", "changed_at")
    moved = draft.source != draft.base.source  # an upgrade: it is written for a newer recipe
    version = read(draft.source).recipe.version if moved else draft.base.version
    base = f"{draft.key}@{version.partition('+')[0]}"
    shown: dict[str, Any] = {name: getattr(draft, name) for name in plain}
    asked = draft.approval.partition(":")[2]
    return shown | {
        "base": base,
        "approval": int(asked) if asked.isdecimal() else None,
        "text": written(base, read_all(draft.overlay)),
        "version": draft.version.version if draft.version else None,
    }
