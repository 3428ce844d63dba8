"""A database that was away for a moment is no lasting harm to the API."""

from __future__ import annotations

import io
import select
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from django.core.wsgi import get_wsgi_application
from django.db import connection

from tests.api.conftest import Program
from tests.cast import Cast


def status(application: Any, raw: str) -> int:
    """Ask as a server would: with the signals that begin and end a request."""
    heard: list[str] = []
    answer = application(
        {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": "/api/v1/records",
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "HTTP_HOST": "localhost",
            "HTTP_AUTHORIZATION": f"Bearer {raw}",
            "wsgi.input": io.BytesIO(),
            "wsgi.url_scheme": "http",
        },
        lambda said, headers, *more: heard.append(said),
    )
    b"".join(answer)
    answer.close()
    return int(heard[0].split()[0])


@pytest.mark.django_db(transaction=True)
def test_the_next_request_gets_a_new_connection(
    desk: Cast, program: Callable[..., Program]
) -> None:
    sam, application = program(desk.sam), get_wsgi_application()
    assert status(application, sam.raw) == 200
    raw: Any = connection.connection
    with psycopg.connect(raw.info.dsn, autocommit=True) as other:
        other.execute("select pg_terminate_backend(%s)", [raw.info.backend_pid])
    line = raw.fileno()
    assert select.select([line], [], [], 10)[0], "the server says goodbye"
    assert status(application, sam.raw) == 200
