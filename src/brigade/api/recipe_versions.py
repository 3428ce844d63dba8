"""Versions of a recipe: who runs which, moving running records, going back."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Path, Router, Schema
from pydantic import Field

from brigade.api.frame.answers import Key, ok, once
from brigade.api.frame.door import caller
from brigade.api.frame.problems import LISTED, READ, WRITE, answers
from brigade.api.frame.shapes import Asked, Fields, Word
from brigade.kernel.parties.access import is_staff
from brigade.kernel.recipes.rolling_back import roll_back
from brigade.kernel.records.idempotency import Answer
from brigade.kernel.refused import Hidden
from brigade.kernel.work.versions.migrating import migrate_running
from brigade.kernel.work.versions.planning import Plan, plan_migration
from brigade.kernel.work.versions.queries import standings_of

router = Router(tags=["recipes"])
RecipeKey = Annotated[str, Path(max_length=40, description="Such as incident.")]


class StandingOut(Schema):
    """A published version, and how many records are under way with it."""

    id: int
    version: str
    level: int
    published_at: datetime
    runs_here: bool
    running: int
    archived: bool = Field(description="Nothing runs it any longer, and nothing will.")


class Standings(Schema):
    """Every version, the newest first."""

    items: list[StandingOut]


class MigrationBody(Asked):
    """How running records are moved; without anything, only those that fit as they stand."""

    states: dict[Word, Word] = Field({}, description="A state that is gone, and the one for it.")
    defaults: Fields = Field({}, description="Values for needed fields that are empty.")


class PlanBody(MigrationBody):
    """The same, and whether the open draft is meant instead of the version that runs."""

    draft: bool = False


class LineOut(Schema):
    """What becomes of one record."""

    number: str
    title: str
    state: str
    to: str
    given: dict[str, Any]
    reason: str = Field(
        description="Why it stays: state_gone, missing_field or busy; empty: it moves."
    )
    fields: list[str]


class PlanOut(Schema):
    """What becomes of the records that are under way with other versions, those that stay first."""

    running: int
    moving: int
    pinned: int
    reasons: dict[str, int]
    lines: list[LineOut]


class BackBody(Asked):
    """The version whose content shall run again; by default what ran before."""

    to: Annotated[int, Field(ge=1, le=2**63 - 1)] | None = None


@router.get(
    "/recipes/{key}/versions", response=answers({200: Standings}, *LISTED, *READ),
    summary="List versions",
)  # fmt: skip
def list_versions(request: HttpRequest, key: RecipeKey) -> HttpResponse:
    """Which versions there are, which one runs, and how many records are under way with each."""
    _staff(request)
    return ok(_standings(key))


@router.post(
    "/recipes/{key}/migration/plan",
    response=answers({200: PlanOut}, *WRITE),
    summary="See what a migration would do",
)
def plan_records(
    request: HttpRequest, key: RecipeKey, asked: PlanBody, again: Key = None
) -> HttpResponse:
    """What would become of every running record. Writes nothing."""

    def work() -> Answer:
        plan = plan_migration(
            key,
            by=caller(request),
            states=asked.states,
            defaults=asked.defaults,
            draft=asked.draft,
        )
        return Answer(200, _plan(plan))

    return once(request, work)


@router.post(
    "/recipes/{key}/migration",
    response=answers({200: PlanOut}, *WRITE),
    summary="Move running records to the version that runs",
)
def migrate_records(
    request: HttpRequest, key: RecipeKey, asked: MigrationBody, again: Key = None
) -> HttpResponse:
    """Move those that can come along; asked again it goes on with those that are left."""

    def work() -> Answer:
        done = migrate_running(
            key, by=caller(request), states=asked.states, defaults=asked.defaults, origin="api"
        )
        return Answer(200, _plan(done))

    return once(request, work)


@router.post(
    "/recipes/{key}/rollback",
    response=answers({200: Standings}, *WRITE),
    summary="Go back to what ran before",
)
def roll_recipe_back(
    request: HttpRequest, key: RecipeKey, asked: BackBody, again: Key = None
) -> HttpResponse:
    """Publish an earlier content as a new version; running records keep theirs."""

    def work() -> Answer:
        roll_back(key, by=caller(request), to=asked.to)
        return Answer(200, _standings(key))

    return once(request, work)


def _staff(request: HttpRequest) -> None:
    if not is_staff(caller(request)):
        raise Hidden("no_such_recipe", _("There is no such recipe, or it is not open to you."))


def _standings(key: str) -> dict[str, Any]:
    return {
        "items": [
            {
                "id": one.version.pk,
                "version": one.version.version,
                "level": one.version.level,
                "published_at": one.version.published_at,
                "runs_here": one.current,
                "running": one.running,
                "archived": one.archived,
            }
            for one in standings_of(key)
        ]
    }


def _plan(plan: Plan) -> dict[str, Any]:
    names = ("number", "title", "state", "to", "reason")
    return {
        "running": plan.running,
        "moving": plan.moving,
        "pinned": plan.pinned,
        "reasons": dict(plan.reasons),
        "lines": [
            {
                **{name: getattr(one, name) for name in names},
                "given": dict(one.given),
                "fields": list(one.fields),
            }
            for one in plan.lines
        ],
    }
