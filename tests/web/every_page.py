"""Every page there is, with an address and somebody to read it.

The pages come from the table of the permission test, which fails when a page is
missing from it; so a new page is looked at here without anybody's doing.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from brigade.kernel.parties.actions import set_password
from brigade.kernel.parties.models import Person
from brigade.kernel.work.saying import say
from tests.kept import once
from tests.permissions.everywhere import ALL
from tests.permissions.routes import Route
from tests.permissions.test_every_route import keys_of
from tests.permissions.world import BACKEND, World, build

FRAGMENTS = frozenset(
    {
        "record_similar", "record_replies", "incident_preview", "pick_people", "pick_records",
        "portal_report_services", "account_zones", "palette", "grant_scopes", "import_progress",
        "queue_news", "record_meanwhile", "incident_own_fields", "portal_report_fields",
    }
)  # fmt: skip
"""Parts of pages that a script puts into one."""

DOWNLOADS = frozenset(
    {
        "adoption_csv",
        "incident_figures_csv",
        "measure_csv",
        "measure_xlsx",
        "queue_csv",
        "queue_xlsx",
        "csv_file",
        "import_problems",
        "live_pass",
        "live_counts",
    }
)

MOVED = frozenset({"home"})
"""What only leads somewhere else."""

READERS = (
    "team_lead", "requester", "process_owner", "admin", "auditor", "portfolio_manager",
)  # fmt: skip
"""Who reads a page: the first of them who may."""

BEFORE_SIGN_IN = (
    "/accounts/login/", "/accounts/signup/", "/accounts/password/reset/",
    "/accounts/password/reset/done/", "/accounts/password/reset/key/done/",
    "/accounts/password/reset/key/1-gone/", "/accounts/inactive/", "/nothing/here",
)  # fmt: skip

OF_THE_ACCOUNT = (
    "/accounts/password/change/", "/accounts/2fa/", "/accounts/2fa/webauthn/",
    "/accounts/logout/", "/INC-99999",
)  # fmt: skip


def furnished() -> World:
    """Build the world; somebody in it has a password, and a reply waits to be read."""
    world = once("world", build)
    ledger = world.incidents["ledger"].record
    assert ledger.requester is not None
    say(ledger, "It stopped again at noon.", by=ledger.requester, visibility="public")
    lena = world.actors["team_lead"]
    assert lena.person is not None
    set_password(lena.person, "a long enough pass phrase", by=lena.person)
    lena.person = Person.objects.get(pk=lena.person.pk)
    lena.client.force_login(lena.person, backend=BACKEND)
    return world


@dataclass(frozen=True)
class Look:
    """A page to look at: its name, who reads it, where it is, and whether it is a part of one."""

    name: str
    reader: str
    path: str
    whole: bool
    status: int = 200


def every_page(world: World) -> list[Look]:
    """Return every page and fragment that answers GET, for a reader who may."""
    looks = [
        _look(world, route)
        for route in ALL
        if route.method == "GET" and not route.api and route.name not in DOWNLOADS | MOVED
    ]
    looks += [_record_of(world, kind) for kind in ("decision", "improvement")]
    looks += [_given(path, "anonymous") for path in BEFORE_SIGN_IN]
    return looks + [_given(path, "team_lead") for path in OF_THE_ACCOUNT]


def _record_of(world: World, kind: str) -> Look:
    """Return the look at a record of a kind that has a page of its own."""
    record = getattr(world.others[kind], "record", world.others[kind])
    return Look(kind, "portfolio_manager", f"/{record.number}", whole=True)


def _given(path: str, reader: str) -> Look:
    gone = path in ("/nothing/here", "/INC-99999")
    return Look(path, reader, path, whole=True, status=404 if gone else 200)


def _look(world: World, route: Route) -> Look:
    incident = world.incidents["ledger"]
    values = route.path(world, incident)
    path = reverse(route.name, kwargs={key: values[key] for key in keys_of(route.name)})
    may = {"team_lead"} if route.verb else set(route.sees & route.may)
    if route.name.startswith("portal") and not route.verb:
        may = {"requester"}
    if route.verb == "erase":
        may = {"process_owner"}
    if route.name == "portal_request":
        may = {"requester"}
    reader = next(name for name in READERS if name in may)
    return Look(
        route.name,
        reader,
        f"{path}?{route.query}" if route.query else path,
        route.name not in FRAGMENTS,
    )
