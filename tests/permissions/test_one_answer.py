"""One answer to "may they read it?", whichever way one asks.

List, object, search, counts, similar, files, entries, palette, pickers, API
and page are asked for every actor and every record, and have to agree with the
table of roles: what the list holds is what can be opened, found, counted and
downloaded, and nothing else.
"""

from __future__ import annotations

import re
from typing import Any

import pytest

from brigade.kernel.records.access import may, records_open_to_desk, records_visible_to
from brigade.kernel.records.lists import ListFilter, counts, list_page
from brigade.kernel.records.models import Record
from brigade.kernel.records.search import search, similar
from tests.permissions.routes import CUSTOMERS, DESK
from tests.permissions.rules import allowed
from tests.permissions.world import Actor, World

pytestmark = pytest.mark.django_db
NUMBER = re.compile(r"INC-[0-9]+")


def numbers_in(text: str) -> set[str]:
    return set(NUMBER.findall(text))


def fetched(actor: Actor, path: str) -> Any:
    return actor.client.get(path)


def asked(actor: Actor, path: str) -> Any:
    return actor.client.get(f"/api/v1{path}", headers={"Authorization": f"Bearer {actor.token}"})


@pytest.fixture(params=sorted(DESK | CUSTOMERS | {"network_agent"}))
def actor(world: World, request: pytest.FixtureRequest) -> Actor:
    return world.actors[request.param]


def readable(world: World, actor: Actor, verb: str = "read") -> set[str]:
    return {one.number for one in world.incidents.values() if allowed(world, actor, verb, one)}


def others_in() -> list[Record]:
    """The records of other kinds: who may read them is their own practice's test."""
    return list(Record.objects.exclude(kind="incident"))


def test_the_kernel_gives_one_answer(world: World, actor: Actor) -> None:
    person, wanted = actor.person, readable(world, actor)
    assert person is not None
    others = {one.number for one in others_in() if may(person, "read", one)}
    assert {one.number for one in records_visible_to(person)} == wanted | others
    assert {row["number"] for row in list_page(person, ListFilter()).rows} == wanted | others
    assert counts(person, {"all": ListFilter()}) == {"all": len(wanted | others)}
    assert {one.number for one in search(person, "zebra")} == wanted
    assert {one.number for one in similar(person, "trouble zebra", limit=50)} == wanted
    inside = readable(world, actor, "internal")
    others = {one.number for one in others_in() if may(person, "internal", one)}
    assert {one.number for one in records_open_to_desk(person)} == inside | others
    assert {one.number for one in search(person, "quagga")} == inside
    for one in world.incidents.values():
        for verb in ("read", "internal", "update", "transition"):
            assert may(person, verb, one.record) == allowed(world, actor, verb, one), verb


def test_the_api_gives_the_same(world: World, actor: Actor) -> None:
    wanted, inside = readable(world, actor), readable(world, actor, "internal")
    assert actor.person is not None
    others = {one.number for one in others_in() if may(actor.person, "read", one)}
    for path, expected in (
        ("/records?limit=100", wanted | others),
        ("/records?q=zebra", wanted),
        ("/records?q=quagga", inside),
        ("/records/search?q=zebra", wanted),
        ("/records/search?q=quagga", inside),
    ):
        found = {item["number"] for item in asked(actor, path).json()["items"]}
        assert found == expected, path
    for one in world.incidents.values():
        status = asked(actor, f"/records/{one.number}").status_code
        assert status == (200 if one.number in wanted else 404)
    for other in others_in():
        status = asked(actor, f"/records/{other.number}").status_code
        assert status == (200 if other.number in others else 404)
    for one in world.incidents.values():
        if one.number in wanted:
            entries = asked(actor, f"/records/{one.number}/entries").content
            assert (one.internal.encode() in entries) == (one.number in inside)


def test_the_pages_give_the_same(world: World, actor: Actor) -> None:
    wanted, inside = readable(world, actor), readable(world, actor, "internal")
    for path, expected in (
        ("/search?q=zebra", wanted),
        ("/search?q=quagga", inside),
        ("/search/palette?q=zebra", wanted),
        ("/search/palette?q=quagga", inside),
        ("/pick/records?q=zebra", wanted),
        ("/pick/records?q=quagga", inside),
    ):
        page = fetched(actor, path)
        assert numbers_in(page.content.decode()) == expected, path
    if actor.name in DESK:
        table = fetched(actor, "/queue?view=any").content.decode().split("<tbody")[-1]
        assert numbers_in(table) & set(one.number for one in world.incidents.values()) == wanted
    for one in world.incidents.values():
        page = fetched(actor, f"/{one.number}")
        assert (page.status_code != 404) == (one.number in wanted)
        page = fetched(actor, f"/requests/{one.number}")
        assert (page.status_code == 200) == (one.number in wanted)
        assert one.internal not in page.content.decode(), "the portal is the public side"


def test_files_follow_the_side_they_are_on(world: World, actor: Actor) -> None:
    wanted, inside = readable(world, actor), readable(world, actor, "internal")
    for one in world.incidents.values():
        for file, allowed_to in ((one.public_file, wanted), (one.internal_file, inside)):
            expected = 200 if one.number in allowed_to else 404
            assert fetched(actor, f"/files/{file.pk}").status_code == expected
            path = f"/records/{one.number}/files/{file.pk}"
            assert asked(actor, path).status_code == expected
        if one.number in wanted:
            listed = asked(actor, f"/records/{one.number}/files").json()["items"]
            named = {item["name"] for item in listed}
            public, internal = one.public_file.name, one.internal_file.name
            assert named == ({public, internal} if one.number in inside else {public})


def test_my_requests_are_mine_and_those_i_follow(world: World, actor: Actor) -> None:
    person = actor.person
    assert person is not None
    mine = {
        one.number
        for one in world.incidents.values()
        if one.facts["requester"] == person.pk
        or (one.facts["watcher"] and getattr(world.cast, one.facts["watcher"]).pk == person.pk)
    }
    shown = numbers_in(fetched(actor, "/requests").content.decode())
    assert shown <= readable(world, actor)
    assert {n for n in mine if n in readable(world, actor)} >= shown - others_of_customer(
        world, actor
    )


def others_of_customer(world: World, actor: Actor) -> set[str]:
    """A customer manager follows what their customer asked for as well."""
    return readable(world, actor) if actor.name == "customer_manager" else set()
