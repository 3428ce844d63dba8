"""Everybody at every address: what is hidden is 404, what is not permitted 403, and nothing leaks.

Generated: the addresses come from the URL resolver and from the API's own
description, the expectation from the table of roles. An address without a line
in `everywhere.py` fails the first test.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.http import HttpResponse
from django.urls import URLPattern, get_resolver, reverse

from brigade.api.frame.app import api
from tests.permissions import everywhere
from tests.permissions.routes import STAFF, Route
from tests.permissions.rules import allowed, roles_of
from tests.permissions.world import Actor, Incident, World

pytestmark = pytest.mark.django_db

ACTORS = [
    "requester", "agent", "team_lead", "process_owner", "service_owner", "change_manager",
    "vendor_manager", "portfolio_manager", "finance", "auditor", "admin", "provider_agent",
    "customer_manager", "other_customer", "network_agent", "disabled", "anonymous",
]  # fmt: skip
FINE = {200, 201, 204, 302, 409, 422}


def patterns(resolver: Any, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Return every pattern with its whole route."""
    for one in resolver.url_patterns:
        if isinstance(one, URLPattern):
            yield prefix + str(one.pattern), one
        else:
            yield from patterns(one, prefix + str(one.pattern))


def test_every_address_has_a_line() -> None:
    lined = {route.name for route in everywhere.ALL} | set(everywhere.ELSEWHERE)
    pages = {
        pattern.name or route
        for route, pattern in patterns(get_resolver())
        if not route.startswith(("api/v1/", "accounts/"))
    }
    assert pages - lined == set(), "put these into tests/permissions/everywhere.py"
    called = {(route.name, route.method) for route in everywhere.ALL if route.api}
    described = {
        (path.removeprefix("/api/v1"), method.upper())
        for path, methods in api.get_openapi_schema()["paths"].items()
        for method in methods
    }
    missing = {
        one for one in described - called if f"{one[0]} {one[1]}" not in everywhere.ELSEWHERE
    }
    assert missing == set(), "put these into tests/permissions/everywhere.py"
    known = pages | {path for path, _method in described} | {"openapi-json", "api-root"}
    gone = {route.name for route in everywhere.ALL} - known
    assert gone == set(), "these lines are about nothing any more"


@pytest.mark.parametrize("name", ACTORS)
def test_everybody_everywhere(world: World, name: str) -> None:
    actor = world.actors[name]
    wrong: list[str] = []
    for route in everywhere.ALL:
        for incident in records_for(world, actor, route):
            wrong += tried(world, actor, route, incident)
    assert not wrong, "\n".join(wrong)


def records_for(world: World, actor: Actor, route: Route) -> list[Incident]:
    """Return the records to try a route on: one of each set of rights that the actor has."""
    incidents = list(world.incidents.values())
    if not route.verb or not actor.signed_in:
        return incidents[:1]
    by_rights: dict[Any, Incident] = {}
    for one in incidents:
        rights = tuple(allowed(world, actor, verb, one) for verb in ("read", "update", "internal"))
        mine = actor.person is not None and one.facts["requester"] == actor.person.pk
        by_rights.setdefault((*rights, mine), one)
    return list(by_rights.values())


def tried(world: World, actor: Actor, route: Route, incident: Incident) -> list[str]:
    """Try one route as one actor on one record, undo it, and return what was wrong."""
    expected = expected_for(world, actor, route, incident)
    before = state() if route.method != "GET" else None
    try:
        with transaction.atomic():
            answer = call(world, actor, route, incident)
            changed = before is not None and before != state()
            transaction.set_rollback(True)
    except Exception as error:
        return [f"{route.method} {route.name} on {incident.public}: {error!r}"]
    wrong = []
    said = f"{actor} {route.method} {route.name} on {incident.public}: {answer.status_code}"
    if answer.status_code not in expected:
        wrong.append(f"{said}, expected {sorted(expected)}")
    if changed and not expected & FINE:
        wrong.append(f"{said}, and yet something was written")
    wrong += [f"{said} tells {word}" for word in told(world, actor, answer)]
    return wrong


def expected_for(world: World, actor: Actor, route: Route, incident: Incident) -> set[int]:
    """Return the statuses that the table of roles allows."""
    if not actor.signed_in:
        return {401} if route.api else {302}
    if route.verb:
        if not allowed(world, actor, "read", incident):
            return {404}
        if may(world, actor, route.verb, incident):
            return FINE
        unseen = route.verb == "canned" or not allowed(world, actor, "internal", incident)
        return {404} if route.verb in HIDING and unseen else {403}
    if actor.name not in route.sees:
        return {404}
    return FINE if actor.name in route.may else {403}


HIDING = {"canned", "erase", "task"}
"""What hangs on a record and is not there for whoever may not read its internal side."""


def may(world: World, actor: Actor, verb: str, incident: Incident) -> bool:
    """Say whether somebody who reads the record may do this, by the table and the recipe."""
    own = actor.person is not None and incident.facts["requester"] == actor.person.pk
    roles = set(roles_of(actor))
    works = roles & {"agent", "team_lead", "process_owner"}
    transition = allowed(world, actor, "transition", incident)
    update = allowed(world, actor, "update", incident)
    internal = allowed(world, actor, "internal", incident)
    return {
        "own": own,
        "reply": update or own,
        "note": update and internal,
        "task": update and internal,
        "desk": update or internal,
        "erase": bool(roles & {"admin", "process_owner"}),
        "cancel": own or (transition and bool(works)),
        "take": transition and bool(works),
        "prioritise": update and "team_lead" in roles,
        "canned": actor.name in ("agent", "team_lead"),
    }.get(verb, allowed(world, actor, verb, incident))


def call(world: World, actor: Actor, route: Route, incident: Incident) -> HttpResponse:
    """Send the request, as a browser or as a program."""
    data = route.data(world, incident)
    files = {key: FILES[value]() for key, value in data.items() if value in ("FILE", "CSV")}
    values = route.path(world, incident)
    if not route.api:
        wanted = {key: values[key] for key in keys_of(route.name)}
        path = reverse(route.name, kwargs=wanted)
        send = getattr(actor.client, route.method.lower())
        return send(f"{path}?{route.query}", {**data, **files})  # type: ignore[no-any-return]
    path = f"/api/v1{route.name.format(**values)}?{route.query}"
    headers = {"Authorization": f"Bearer {actor.token}"} if actor.token else {}
    if files:
        return actor.client.post(path, {**data, **files}, headers=headers)  # type: ignore[return-value]
    body = b"" if route.method == "GET" else json.dumps(data).encode()
    return actor.client.generic(  # type: ignore[return-value]
        route.method, path, body, "application/json", headers=headers
    )


FILES = {
    "FILE": lambda: SimpleUploadedFile("note.txt", b"words", content_type="text/plain"),
    "CSV": lambda: SimpleUploadedFile("people.csv", b"name,email\nNew,new@finance.example\n"),
}


def keys_of(name: str) -> list[str]:
    """Return the names of the values in a page's address."""
    return [key for _path, keys in get_resolver().reverse_dict.getlist(name)[0][0] for key in keys]


COUNTED = """
select (select count(*) from records_journalentry), (select sum(version) from records_record),
       (select count(*) from records_link), (select count(*) from records_watcher),
       (select count(*) from records_file),
       (select count(*) from records_task where state = 'open'),
       (select count(*) from parties_person where is_active), (select count(*) from parties_team),
       (select count(*) from parties_organisation), (select count(*) from services_service),
       (select string_agg(state, ',' order by id) from parties_rolegrant),
       (select count(*) from parties_relation where valid_to is null),
       (select count(*) from parties_apitoken where revoked_at is null),
       (select count(*) from records_savedview), (select count(*) from work_cannedreply)
"""


def state() -> tuple[Any, ...]:
    """Return a print of everything that a refused write could have touched."""
    with connection.cursor() as cursor:
        cursor.execute(COUNTED)
        return tuple(cursor.fetchone())


def told(world: World, actor: Actor, answer: HttpResponse) -> list[str]:
    """Return the words in an answer that the actor must not read."""
    text = b"".join(answer) if answer.streaming else answer.content
    words = []
    for one in world.incidents.values():
        if one.internal.encode() in text and not allowed(world, actor, "internal", one):
            words.append(one.internal)
        if one.public.encode() in text and not allowed(world, actor, "read", one):
            words.append(one.public)
    if b"Fay Folio" in text and actor.name not in KNOW_FAY:
        words.append("Fay Folio")
    return words


KNOW_FAY = STAFF | {"customer_manager"}
"""Who may know Fay of Finance by name; her own record is confidential."""
