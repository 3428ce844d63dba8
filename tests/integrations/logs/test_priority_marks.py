"""A priority that a source gave and the matrix would not is marked, and stays."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest
from django.db import connection
from psycopg.sql import SQL

from brigade.integrations.logs.chunks.records.writes import _data

MATRIX = {1: (1, 2, 3), 2: (2, 3, 4), 3: (3, 4, 5)}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("facts", "marked"),
    [
        ((1, 1, 1), False),
        ((1, 1, 4), True),
        ((4, 1, 4), True),
        ((None, 1, 4), False),
        ((1, 1, None), False),
    ],
)
def test_only_what_breaks_the_matrix_is_marked(facts: tuple[int | None, ...], marked: bool) -> None:
    writing: Any = SimpleNamespace(matrix=MATRIX)
    told = "(values ('{{}}'::jsonb, %s::smallint, %s::smallint, %s::smallint)) f"
    statement = SQL("select {} from " + told + " (data, impact, urgency, priority)").format(
        _data(writing)
    )
    with connection.cursor() as cursor:
        cursor.execute(cast("str", statement), facts)
        (found,) = cast("tuple[Any]", cursor.fetchone())
    assert ("off_matrix" in found) is marked
