"""The desk of the verbs' tests, and people at their pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tests.kernel.work.conftest import desk, incident

__all__ = ["desk", "incident"]


@pytest.fixture
def signed_in() -> Callable[[Any], Client]:
    """Return a function that signs somebody in: `signed_in(desk.sam)`."""

    def sign_in(person: Any) -> Client:
        client = Client()
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in
