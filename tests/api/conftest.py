"""What tests of the API stand on: Meridian with incidents running, and programs that call."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from brigade.kernel.instants import now
from brigade.kernel.parties.actions import issue_token
from brigade.kernel.parties.models import Person
from tests.cast import Cast
from tests.kernel.work.conftest import desk, incident

__all__ = ["desk", "incident"]


class Program:
    """A program that calls the API with a token of a person."""

    def __init__(self, person: Person, scopes: Iterable[str] = ("read", "write")) -> None:
        self.person = person
        issued = issue_token(
            person, by=person, name="test", scopes=scopes, expires_at=now() + timedelta(days=1)
        )
        self.raw, self.token = issued.raw, issued.token
        self.client = Client(raise_request_exception=True)

    def __call__(self, method: str, path: str, body: Any = None, **headers: str) -> HttpResponse:
        sent = {"Authorization": f"Bearer {self.raw}"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.generic(  # type: ignore[return-value]
            method,
            f"/api/v1{path}",
            b"" if body is None else __import__("json").dumps(body),
            "application/json",
            headers=sent,
        )

    def get(self, path: str, **headers: str) -> HttpResponse:
        return self("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> HttpResponse:
        return self("POST", path, body, **headers)

    def patch(self, path: str, body: Any, **headers: str) -> HttpResponse:
        return self("PATCH", path, body, **headers)


@pytest.fixture
def program(desk: Cast) -> Callable[..., Program]:
    """Make a program that acts as a person."""
    return Program
