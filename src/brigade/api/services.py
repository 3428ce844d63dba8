"""Services and their offerings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Path, Query, Router, Schema
from pydantic import Field

from brigade.api.frame.answers import ok, place, read_place
from brigade.api.frame.door import caller
from brigade.api.frame.problems import LISTED, READ, answers
from brigade.api.frame.shapes import PLAIN, Coded, Cursor, Limit, Named
from brigade.api.work import present
from brigade.kernel.refused import Hidden
from brigade.kernel.services.queries import (
    offerings_visible_to,
    services_page,
    services_visible_to,
)

if TYPE_CHECKING:
    from brigade.kernel.services.models import Service

router = Router(tags=["services"])


class ServiceOut(Coded):
    """A service."""

    description: str
    kind: str
    state: str
    criticality: int = Field(description="1 to 5, 5 the highest.")
    owner: Named | None
    team: Named | None
    hours: str | None = Field(description="The key of a calendar; null for the standard hours.")


class Services(Schema):
    """A page of services, by name."""

    items: list[ServiceOut]
    next: str | None


class OfferingOut(Coded):
    """What a customer can have of a service."""

    description: str
    level: str
    state: str
    hours: str | None = Field(description="The key of a calendar; null for those of the service.")


class ServiceAndOfferings(ServiceOut):
    """A service with its offerings."""

    offerings: list[OfferingOut]


def _service(service: Service) -> dict[str, Any]:
    plain = ("id", "code", "name", "description", "kind", "state", "criticality")
    shown = {name: getattr(service, name) for name in plain}
    return shown | {
        "owner": present.named(service.owner),
        "team": present.named(service.team),
        "hours": service.hours.key if service.hours else None,
    }


@router.get("/services", response=answers({200: Services}, *LISTED), summary="List services")
def list_services(
    request: HttpRequest,
    q: Annotated[
        str,
        Query(
            max_length=200, pattern=PLAIN, description="A part of the name, or how the code begins."
        ),
    ] = "",
    after: Cursor = None,
    limit: Limit = 50,
) -> HttpResponse:
    """The services the caller may see."""
    found = services_page(caller(request), text=q, after=read_place(after), limit=limit + 1)
    last = found[limit - 1] if len(found) > limit else None
    return ok(
        {
            "items": [_service(each) for each in found[:limit]],
            "next": place(last.name, last.pk) if last else None,
        }
    )


@router.get(
    "/services/{code}",
    response=answers({200: ServiceAndOfferings}, *READ),
    summary="Read a service",
)
def read_service(
    request: HttpRequest, code: Annotated[str, Path(description="Such as erp-finance.")]
) -> HttpResponse:
    """One service with the offerings the caller may see."""
    me = caller(request)
    visible = services_visible_to(me).select_related("owner", "team", "hours")
    service = None if "\0" in code else visible.filter(code=code).first()
    if service is None:
        raise Hidden("no_such_service", _("There is no such service, or it is not open to you."))
    names = ("id", "code", "name", "description", "level", "state")
    rows = offerings_visible_to(me).filter(service=service)
    offerings = [
        {name: getattr(each, name) for name in names}
        | {"hours": each.hours.key if each.hours else None}
        for each in rows.select_related("service", "hours")[:200]
    ]
    return ok(_service(service) | {"offerings": offerings})
