"""People, teams and organisations: what a program needs to fill in a record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from brigade.api.frame.answers import ok, place, read_place
from brigade.api.frame.door import caller
from brigade.api.frame.problems import LISTED, answers
from brigade.api.frame.shapes import PLAIN, Cursor, Limit, Named
from brigade.api.work import present
from brigade.kernel.parties.queries import organisations_page, people_page, teams_page

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Organisation, Person, Team

router = Router(tags=["parties"])
Ref = Annotated[int | None, Query(ge=1, le=2**63 - 1)]


class PersonOut(Named):
    """Somebody the caller may look up."""

    email: str | None
    title: str
    phone: str
    organisation: Named | None
    is_active: bool


class People(Schema):
    """A page of people, by name."""

    items: list[PersonOut]
    next: str | None


class TeamOut(Named):
    """A team."""

    description: str
    is_active: bool


class Teams(Schema):
    """A page of teams, by name."""

    items: list[TeamOut]
    next: str | None


class OrganisationOut(Named):
    """A customer, a provider or a vendor."""

    code: str
    kind: str = Field(description="customer, internal_provider, vendor or integrator.")
    is_active: bool


class Organisations(Schema):
    """A page of organisations, by name."""

    items: list[OrganisationOut]
    next: str | None


@router.get("/people", response=answers({200: People}, *LISTED), summary="List people")
def list_people(
    request: HttpRequest,
    q: Annotated[
        str,
        Query(max_length=200, pattern=PLAIN, description="The beginning of a name or an address."),
    ] = "",
    team: Ref = None,
    organisation: Ref = None,
    after: Cursor = None,
    limit: Limit = 50,
) -> HttpResponse:
    """The active people whom the caller may look up; a requester sees only themselves."""
    people = people_page(
        caller(request),
        text=q,
        team=team,
        organisation=organisation,
        after=read_place(after),
        limit=limit + 1,
    )
    last = people[limit - 1] if len(people) > limit else None
    return ok(
        {
            "items": [_person(each) for each in people[:limit]],
            "next": place(last.sort_name, last.pk) if last else None,
        }
    )


def _person(person: Person) -> dict[str, Any]:
    plain = ("id", "name", "email", "title", "phone", "is_active")
    shown = {name: getattr(person, name) for name in plain}
    return shown | {"organisation": present.named(person.organisation)}


@router.get("/teams", response=answers({200: Teams}, *LISTED), summary="List teams")
def list_teams(request: HttpRequest, after: Cursor = None, limit: Limit = 50) -> HttpResponse:
    """The teams the caller may see."""
    found = teams_page(caller(request), after=read_place(after), limit=limit + 1)
    return ok(_named_page(found, limit, ("id", "name", "description", "is_active")))


@router.get(
    "/organisations", response=answers({200: Organisations}, *LISTED), summary="List organisations"
)
def list_organisations(
    request: HttpRequest, after: Cursor = None, limit: Limit = 50
) -> HttpResponse:
    """The organisations the caller may see."""
    found = organisations_page(caller(request), after=read_place(after), limit=limit + 1)
    return ok(_named_page(found, limit, ("id", "name", "code", "kind", "is_active")))


def _named_page(
    found: list[Team] | list[Organisation], limit: int, names: tuple[str, ...]
) -> dict[str, Any]:
    last = found[limit - 1] if len(found) > limit else None
    return {
        "items": [{name: getattr(each, name) for name in names} for each in found[:limit]],
        "next": place(last.name, last.pk) if last else None,
    }
