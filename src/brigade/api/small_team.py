"""Small-team mode: which rules of separation are relaxed, and every use of it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from brigade.api.frame.answers import ok
from brigade.api.frame.door import caller
from brigade.api.frame.problems import LISTED, WRITE, answers
from brigade.api.frame.shapes import Asked, Named, Text
from brigade.api.work.present import named
from brigade.kernel import instants
from brigade.kernel.parties.access import is_staff, needed
from brigade.kernel.parties.queries import person_of
from brigade.kernel.recipes.small_team import (
    RELAXABLE,
    approved_alone,
    choose_small_team,
    relaxed,
    small_team,
)

router = Router(tags=["adoption"])


class UseOut(Schema):
    """One approval by one person alone."""

    rule: str
    title: str
    reason: str
    person: Named
    at: datetime


class SmallTeamOut(Schema):
    """Small-team mode, and every use of it since a day."""

    rules: list[str]
    holds: bool
    reason: str
    head: Named | None
    chosen_by: Named | None
    chosen_at: datetime | None
    uses: list[UseOut]


class SmallTeamBody(Asked):
    """Which rules are relaxed, none to turn it off; why; and who reads its uses every month."""

    rules: Annotated[list[Literal["S1", "S3", "S7", "S8"]], Field(max_length=4)]
    reason: Text
    head: Annotated[int, Field(ge=1, le=2**63 - 1, description="A person's id.")] | None = None


@router.get(
    "/adoption/small-team",
    response=answers({200: SmallTeamOut}, *LISTED),
    summary="Read small-team mode",
)
def read_small_team(
    request: HttpRequest,
    since: Annotated[
        date | None, Query(description="Uses from this day on; else of 31 days.")
    ] = None,
) -> HttpResponse:
    """Which rules of separation are relaxed here, by whom and why, and every use of it."""
    needed(is_staff(caller(request)))
    return ok(_small_team(since))


@router.put(
    "/adoption/small-team",
    response=answers({200: SmallTeamOut}, *WRITE),
    summary="Choose small-team mode",
)
def put_small_team(request: HttpRequest, asked: SmallTeamBody) -> HttpResponse:
    """Relax rules of separation where few people work, openly and with a reason."""
    choose_small_team(
        asked.rules, by=caller(request), reason=asked.reason, head=person_of(asked.head)
    )
    return ok(_small_team(None))


def _small_team(since: date | None) -> dict[str, Any]:
    row = small_team()
    return {
        "rules": row.rules if row else [],
        "holds": any(relaxed(rule) for rule in RELAXABLE),
        "reason": row.reason if row else "",
        "head": named(row.head) if row else None,
        "chosen_by": named(row.chosen_by) if row else None,
        "chosen_at": row.chosen_at if row else None,
        "uses": [
            {"rule": one.rule, "title": one.title, "reason": one.reason, "at": one.at,
             "person": named(one.person)}
            for one in approved_alone(since=_start(since))
        ],
    }  # fmt: skip


def _start(since: date | None) -> datetime:
    if since is None:
        return instants.now() - timedelta(days=31)
    return datetime(since.year, since.month, since.day, tzinfo=UTC)
