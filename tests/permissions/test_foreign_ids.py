"""Ids of things one may not touch, put where an id of one's own belongs: nothing happens.

Old and new values of every reference, every row of a bulk action, and what
hangs on a record of somebody else.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from brigade.kernel import instants
from brigade.kernel.outbox.models import Message, Notice
from brigade.kernel.parties.models import RoleGrant
from brigade.kernel.records.models import Link, Record
from brigade.kernel.work.watching import unwatch
from tests.permissions.test_every_route import state
from tests.permissions.world import Actor, World

pytestmark = pytest.mark.django_db


def call(actor: Actor, method: str, path: str, body: Any = None) -> Any:
    return actor.client.generic(
        method,
        f"/api/v1{path}",
        json.dumps(body or {}).encode(),
        "application/json",
        headers={"Authorization": f"Bearer {actor.token}"},
    )


def sent(actor: Actor, path: str, body: dict[str, Any]) -> Any:
    return actor.client.post(path, body)


def test_no_link_leads_to_a_hidden_record(world: World) -> None:
    sam, found, before = world.actors["agent"], world.incidents, state()
    ledger, salary = found["ledger"].number, found["salary"].number
    for other in (salary, "INC-99999"):
        body = {"type": "child_of", "other": other}
        assert call(sam, "POST", f"/records/{ledger}/links", body).status_code == 404
        page = sent(sam, f"/{ledger}/links", body)
        assert page.status_code == 422
        assert found["salary"].public not in page.content.decode()
    assert state() == before


def test_a_hidden_link_cannot_be_taken_off(world: World) -> None:
    petra, found, before = world.actors["process_owner"], world.incidents, state()
    till, link = found["till"].number, world.others["hidden_link"]
    assert call(petra, "DELETE", f"/records/{till}/links/{link.pk}").status_code == 404
    assert sent(petra, f"/{till}/links/{link.pk}/removal", {}).status_code == 404
    assert state() == before


def test_a_link_of_another_record_cannot_be_taken_off_here(world: World) -> None:
    sam, found, link = world.actors["agent"], world.incidents, world.others["link"]
    ledger = found["ledger"].number
    assert call(sam, "DELETE", f"/records/{ledger}/links/{link.pk}").status_code == 404
    assert sent(sam, f"/{ledger}/links/{link.pk}/removal", {}).status_code == 404
    assert Link.objects.filter(pk=link.pk).exists()


def test_each_row_of_a_bulk_action_is_judged_alone(world: World) -> None:
    sam, found = world.actors["agent"], world.incidents
    numbers = [found[key].number for key in ("ledger", "salary", "switch")] + ["INC-99999"]
    body = {"numbers": numbers, "assignee": world.cast.nora.pk}
    items = call(sam, "POST", "/bulk/assignment", body).json()["items"]
    assert [item["done"] for item in items] == [True, False, False, False]
    assert items[1]["why"] == items[3]["why"], "hidden and absent are told alike"
    assert items[1] | {"number": "", "why": ""} == items[3] | {"number": "", "why": ""}
    for key in ("salary", "switch"):
        assert Record.objects.get(pk=found[key].record.pk).assignee_id is None


def test_the_queue_assigns_only_what_may_be_assigned(world: World) -> None:
    sam, found = world.actors["agent"], world.incidents
    numbers = [found[key].number for key in ("till", "salary", "switch")]
    sent(sam, "/queue/assignments", {"picked": numbers, "assignee": world.cast.nora.pk})
    rows = Record.objects.filter(assignee_id=world.cast.nora.pk).values_list("number", flat=True)
    assert set(rows) == {found["till"].number}


def test_nobody_gives_back_what_another_assigned(world: World) -> None:
    sam, petra, till = world.actors["agent"], world.actors["process_owner"], world.incidents["till"]
    body = {"numbers": [till.number], "assignee": world.cast.nora.pk}
    done = call(sam, "POST", "/bulk/assignment", body).json()["items"][0]
    again = {"items": [{"number": till.number, "version": done["version"]}]}
    assert not call(petra, "POST", "/bulk/give-back", again).json()["items"][0]["done"]
    assert Record.objects.get(pk=till.record.pk).assignee_id == world.cast.nora.pk


@pytest.mark.parametrize("below", ["tasks", "files"])
def test_what_hangs_on_another_record_is_not_here(world: World, below: str) -> None:
    sam, found = world.actors["agent"], world.incidents
    here, there = found["ledger"], found["till"]
    if below == "tasks":
        path = f"/records/{here.number}/tasks/{there.task.pk}"
        assert call(sam, "PATCH", path, {"state": "done"}).status_code == 404
        page = sent(sam, f"/{here.number}/tasks/{there.task.pk}/ending", {"outcome": "done"})
        assert page.status_code == 404
    else:
        path = f"/records/{here.number}/files/{there.public_file.pk}"
        assert call(sam, "GET", path).status_code == 404


def test_a_record_is_not_written_out_of_ones_own_reach(world: World) -> None:
    petra, found = world.actors["process_owner"], world.incidents
    till = found["till"].number
    answer = call(petra, "PATCH", f"/records/{till}", {"fields": {"confidential": True}})
    assert answer.status_code == 403
    assert not Record.objects.get(number=till).confidential


@pytest.mark.parametrize(
    "field", ["requester", "team", "assignee", "customer", "provider", "service", "confidential"]
)
def test_a_requester_opens_with_references_of_their_own_only(world: World, field: str) -> None:
    eve, cast, before = world.actors["requester"], world.cast, state()
    value = {
        "requester": cast.sid.pk, "team": cast.network_operations.pk, "assignee": cast.tom.pk,
        "customer": cast.sales.pk, "provider": cast.beta.pk, "service": cast.services["pos"].pk,
        "confidential": True,
    }[field]  # fmt: skip
    answer = call(eve, "POST", "/records", {"title": "Mine", "fields": {field: value}})
    assert answer.status_code in (403, 422), answer.content
    assert state() == before
    assert b"Seller" not in answer.content and b"POS" not in answer.content


@pytest.mark.parametrize("who", ["customer_manager", "other_customer", "provider_agent"])
def test_nobody_outside_opens_for_a_stranger(world: World, who: str) -> None:
    cast, before = world.cast, state()
    stranger = {"customer_manager": cast.sid, "other_customer": cast.eve}.get(who, cast.eve)
    body = {"title": "For them", "fields": {"requester": stranger.pk}}
    answer = call(world.actors[who], "POST", "/records", body)
    assert answer.status_code in (403, 422)
    assert state() == before


@pytest.mark.parametrize("field", ["requester", "customer", "service"])
def test_a_provider_learns_no_name_by_writing_ids(world: World, field: str) -> None:
    bert, cast, before = world.actors["provider_agent"], world.cast, state()
    value = {"requester": world.fay.pk, "customer": cast.finance.pk, "service": cast.erp.pk}
    path = f"/records/{world.incidents['line'].number}"
    answer = call(bert, "PATCH", path, {"fields": {field: value[field]}})
    assert answer.status_code in (403, 422), answer.content
    assert not any(word in answer.content for word in (b"Folio", b"Finance"))
    assert state() == before


def test_a_requester_copies_in_nobody_they_cannot_see(world: World) -> None:
    eve, ledger, before = world.actors["requester"], world.incidents["ledger"].number, state()
    body = {"person": world.cast.sid.pk}
    assert call(eve, "POST", f"/records/{ledger}/watchers", body).status_code == 422
    sent(eve, f"/{ledger}/watchers", body)
    sent(eve, f"/requests/{ledger}/watchers", {"address": "sid@sales.example"})
    assert state() == before


def test_a_watcher_neither_copies_in_nor_throws_out(world: World) -> None:
    eve, watched, before = world.actors["requester"], world.incidents["watched"].number, state()
    path = f"/records/{watched}/watchers"
    assert call(eve, "POST", path, {"person": world.cast.sid.pk}).status_code in (403, 422)
    assert call(eve, "DELETE", f"{path}/{world.cast.nora.pk}").status_code == 404
    assert state() == before


def test_replies_of_another_team_are_not_there(world: World) -> None:
    sam, ledger, before = world.actors["agent"], world.incidents["ledger"].number, state()
    reply = world.others["network_reply"].pk
    text = {"name": "Mine", "body": "Mine"}
    assert call(sam, "PUT", f"/replies/{reply}", text).status_code == 404
    assert call(sam, "DELETE", f"/replies/{reply}").status_code == 404
    assert call(sam, "GET", f"/records/{ledger}/replies/{reply}").status_code == 404
    assert sam.client.get(f"/replies/{reply}").status_code == 404
    assert sam.client.get(f"/{ledger}/replies/{reply}").status_code == 404
    assert sent(sam, f"/replies/{reply}", text).status_code == 404
    assert sent(sam, f"/replies/{reply}/removal", {}).status_code == 404
    assert state() == before


def test_a_view_is_shared_with_ones_own_team_only(world: World) -> None:
    before, team = state(), world.cast.network_operations.pk
    for name in ("agent", "other_customer", "provider_agent"):
        body = {"name": "Ours", "query": "status=new", "team": team}
        assert call(world.actors[name], "POST", "/views", body).status_code in (403, 404, 422)
    assert state() == before


def test_a_lead_cannot_ask_for_more_than_their_own_team(world: World) -> None:
    lena, eve = world.actors["team_lead"], world.cast.eve
    for role, where in (("admin", "all"), ("agent", "all"), ("auditor", "all")):
        sent(lena, f"/people/{eve.pk}/grants/new", {"role": role, "where": where, "reason": "So"})
    assert not RoleGrant.objects.filter(person=eve).exists()


def test_a_message_about_a_hidden_record_is_not_sent_again(world: World) -> None:
    at = instants.now()
    message = Message.objects.create(
        channel="mail", topic="replied", dedupe_key="of-salary", address="fay@finance.example",
        record=world.incidents["salary"].record, recipient=world.fay, state="dead",
        reason="not_set_up",
        next_attempt_at=at, created_at=at,
    )  # fmt: skip
    for name, expected in (("team_lead", 404), ("process_owner", 404), ("agent", 403)):
        page = sent(world.actors[name], f"/outbox/{message.pk}/retries", {})
        assert page.status_code in (expected, 404), name
    message.refresh_from_db()
    assert message.state == "dead"


def test_a_notice_outlives_the_right_to_read_only_as_nothing(world: World) -> None:
    eve, watched = world.actors["requester"], world.incidents["watched"]
    assert eve.person is not None
    Notice.objects.create(
        key="n", person=eve.person, record=watched.record, kind="replied", at=instants.now()
    )
    assert watched.public in eve.client.get("/inbox").content.decode()
    unwatch(watched.record, by=eve.person)
    page = eve.client.get("/inbox").content.decode()
    assert watched.public not in page and watched.number not in page


def test_drafts_are_ones_own(world: World) -> None:
    eve, sid = world.actors["requester"], world.actors["other_customer"]
    values = {"values": {"body": "Only mine"}}
    assert call(eve, "PUT", "/drafts?form=INC-1/reply", values).status_code == 200
    assert call(sid, "GET", "/drafts?form=INC-1/reply").json()["values"] == {}
    assert call(sid, "DELETE", "/drafts?form=INC-1/reply").status_code == 204
    assert call(eve, "GET", "/drafts?form=INC-1/reply").json()["values"] == {"body": "Only mine"}


def test_an_administrator_changes_no_business_field(world: World) -> None:
    ada, found, before = world.actors["admin"], world.incidents, state()
    for one in found.values():
        for path in ("fields/title", "fields/urgent", "fields/service", "assignment", "taking"):
            answer = sent(ada, f"/{one.number}/{path}", {"title": "Mine", "urgent": "on"})
            assert answer.status_code in (403, 404), path
        patched = call(ada, "PATCH", f"/records/{one.number}", {"fields": {"title": "Mine"}})
        assert patched.status_code in (403, 404)
    assert state() == before
