"""Who is let in: tokens with their scopes and their end, sessions with their CSRF token."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from brigade.kernel.instants import at_instant, now
from brigade.kernel.parties.actions import change_preferences, disable_person, revoke_token
from brigade.kernel.records.models import Record
from tests.api.conftest import Program
from tests.cast import Cast

pytestmark = pytest.mark.django_db
Programs = Callable[..., Program]


def test_nobody_gets_in_without_a_token(desk: Cast, incident: Record) -> None:
    for headers in ({}, {"Authorization": "Bearer brg_made-up"}, {"Authorization": "Basic eDp5"}):
        answer = Client().get("/api/v1/records", headers=headers)
        assert answer.status_code == 401
        assert answer["WWW-Authenticate"].startswith("Bearer")
        assert answer["Content-Type"] == "application/problem+json"
        assert answer.json()["code"] == "not_signed_in"


def test_a_token_does_what_its_scopes_say(desk: Cast, incident: Record, program: Programs) -> None:
    reader = program(desk.sam, scopes=["read"])
    assert reader.get(f"/records/{incident.number}").status_code == 200
    refused = reader.post(f"/records/{incident.number}/take")
    assert (refused.status_code, refused.json()["code"]) == (403, "scope_missing")
    incident.refresh_from_db()
    assert incident.version == 1


def test_a_token_ends(desk: Cast, program: Programs) -> None:
    expiring, revoked, orphan = program(desk.sam), program(desk.sam), program(desk.nora)
    assert revoked.get("/records").status_code == 200
    revoke_token(revoked.token, by=desk.sam)
    assert revoked.get("/records").status_code == 401
    assert orphan.get("/records").status_code == 200
    disable_person(desk.nora, by=desk.ada)
    assert orphan.get("/records").status_code == 401
    with at_instant(now() + timedelta(days=2)):
        assert expiring.get("/records").status_code == 401


def test_a_session_serves_pages_of_ours(desk: Cast, incident: Record) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(desk.sam)
    path = f"/api/v1/records/{incident.number}"
    assert client.get(path).status_code == 200
    forged = client.post(f"{path}/take", content_type="application/json")
    assert (forged.status_code, forged.json()["code"]) == (403, "csrf")
    client.cookies["brigade_csrf"] = "a" * 32
    taken = client.post(
        f"{path}/take", content_type="application/json", headers={"X-CSRFToken": "a" * 32}
    )
    assert taken.status_code == 200
    disable_person(desk.sam, by=desk.ada)
    assert client.get(path).status_code == 401


def test_a_bad_token_is_not_saved_by_a_good_session(desk: Cast) -> None:
    client = Client()
    client.force_login(desk.sam)
    answer = client.get("/api/v1/records", headers={"Authorization": "Bearer brg_made-up"})
    assert answer.status_code == 401


def test_a_refusal_speaks_the_language_of_the_caller_only(desk: Cast, program: Programs) -> None:
    change_preferences(desk.sam, by=desk.sam, language="de")
    german, english = program(desk.sam), program(desk.nora)
    german.get("/records/INC-1")
    assert english.get("/records/INC-1").json()["detail"].startswith("There is no such record")


def test_a_method_that_is_not_known_is_a_problem(desk: Cast, program: Programs) -> None:
    answer = program(desk.sam)("DELETE", "/records")
    assert (answer.status_code, answer.json()["code"]) == (405, "method")
    assert "GET" in answer["Allow"]
    nowhere = program(desk.sam).get("/nothing")
    assert (nowhere.status_code, nowhere["Content-Type"]) == (404, "application/problem+json")


def test_a_body_that_is_too_large_is_not_read(desk: Cast, program: Programs) -> None:
    answer = program(desk.sam).post("/records", {"title": "x", "description": "x" * 3 * 2**20})
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
