"""What happens to a request before anything knows what it is about."""

from __future__ import annotations

import pytest
import structlog
from django.test import Client

from brigade.config import health

ANY_HOST = {"HTTP_HOST": "10.0.0.7:8000"}


@pytest.mark.django_db
def test_probes_answer_under_any_host_name(client: Client) -> None:
    alive = client.get("/-/health", **ANY_HOST)  # type: ignore[arg-type]
    ready = client.get("/-/ready", **ANY_HOST)  # type: ignore[arg-type]
    assert (alive.status_code, alive.json()) == (200, {"status": "ok"})
    assert (ready.status_code, ready.json()["problems"]) == (200, [])


@pytest.mark.django_db
def test_not_ready_says_why(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_migrated", False)
    monkeypatch.setattr(health.upgrading, "pending", lambda: ["records.0009_more"])
    ready = client.get("/-/ready")
    assert ready.status_code == 503
    assert "brigade migrate" in ready.json()["problems"][0]


@pytest.mark.django_db
def test_a_request_has_an_id_in_its_answer_and_its_line(client: Client) -> None:
    with structlog.testing.capture_logs(
        processors=[structlog.contextvars.merge_contextvars]
    ) as lines:
        given = client.get("/accounts/login/", headers={"x-request-id": "proxy-12345678"})
        made = client.get("/accounts/login/", headers={"x-request-id": "bad id\n"})
    assert given["X-Request-ID"] == "proxy-12345678"
    assert len(made["X-Request-ID"]) == 32
    assert [line["request_id"] for line in lines] == ["proxy-12345678", made["X-Request-ID"]]
    assert lines[0]["path"] == "/accounts/login/"


@pytest.mark.django_db
def test_programs_get_problems_and_people_pages(client: Client) -> None:
    program = client.get("/api/nothing-here")
    person = client.get("/nothing-here")
    stranger = client.get("/nothing-here", **ANY_HOST)  # type: ignore[arg-type]
    assert program.status_code == 404
    assert program["Content-Type"] == "application/problem+json"
    assert (person.status_code, stranger.status_code) == (404, 400)
    assert person["Content-Type"].startswith("text/html")


@pytest.mark.django_db
def test_programs_pass_no_layer_of_the_pages(client: Client) -> None:
    answer = client.get("/api/nothing-here")
    assert not hasattr(answer.wsgi_request, "session")
    assert "Content-Language" not in answer


@pytest.mark.django_db
def test_a_form_from_elsewhere_is_refused_on_pages() -> None:
    answer = Client(enforce_csrf_checks=True).post("/accounts/login/", {"login": "x"})
    assert answer.status_code == 403
