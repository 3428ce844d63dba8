"""The published description is true: whatever is sent, the answer is one it names."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, Phase, Verbosity, given, settings
from hypothesis import strategies as st
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from brigade.kernel.records.models import Record
from brigade.kernel.work.replies import keep_reply
from brigade.kernel.work.tasks import add_task
from brigade.kernel.work.viewing import save_view
from tests.api.conftest import Program
from tests.cast import Cast

pytestmark = pytest.mark.django_db

CHECKS = [
    schemathesis.checks.not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
EXAMPLES = 10
"""Requests tried for each operation: half of them as described, half of them not."""


@pytest.fixture
def application() -> Iterator[Any]:
    """The WSGI application, which leaves the test's connection open as the test client does."""
    request_finished.disconnect(close_old_connections)
    request_started.disconnect(close_old_connections)
    yield get_wsgi_application()
    request_started.connect(close_old_connections)
    request_finished.connect(close_old_connections)


@pytest.fixture
def known(desk: Cast, incident: Record) -> dict[str, Any]:
    """Path parameters that lead to something, so that not every request ends in a 404."""
    reply = keep_reply("Hello", "Dear {requester}", by=desk.lena)
    return {
        "number": incident.number,
        "entry": 1,
        "task_id": add_task(incident, "Call back", by=desk.lena).pk,
        "person_id": desk.eve.pk,
        "view_id": save_view("Mine", "assignee=me", by=desk.lena).pk,
        "reply_id": reply.pk,
        "code": "erp-finance",
        "key": "incident",
    }


def test_nothing_undocumented_and_nothing_broken(
    desk: Cast, known: dict[str, Any], program: Callable[..., Program], application: Any
) -> None:
    lena = program(desk.lena)
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
    headers = {"Authorization": f"Bearer {lena.raw}", "Host": "localhost"}
    tried = 0
    for result in schema.get_all_operations():
        operation = result.ok()
        names = {each.name for each in operation.path_parameters}
        fixed = {name: value for name, value in known.items() if name in names}
        _try(operation, fixed, headers)
        tried += 1
    assert tried >= 30


def _try(operation: Any, fixed: dict[str, Any], headers: dict[str, str]) -> None:
    cases = st.one_of(
        operation.as_strategy(GenerationMode.POSITIVE, path_parameters=fixed or None),
        operation.as_strategy(GenerationMode.POSITIVE),
        operation.as_strategy(GenerationMode.NEGATIVE, path_parameters=fixed or None),
    )

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        verbosity=Verbosity.quiet,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases)
    def send(case: Any) -> None:
        case.call_and_validate(headers=headers, checks=CHECKS)

    send()


def test_the_description_is_open_and_complete(db: None) -> None:
    described = Client().get("/api/v1/openapi.json").json()
    assert described["openapi"].startswith("3.1")
    assert described["components"]["securitySchemes"]["BearerToken"]["scheme"] == "bearer"
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            assert operation["summary"] and operation["description"], path
            problem = operation["responses"]["401"]["content"]
            assert set(problem) == {"application/problem+json"}
            if method == "post":
                sent = {each["name"] for each in operation["parameters"]}
                assert "Idempotency-Key" in sent, path
