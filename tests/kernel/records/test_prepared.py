"""Hot statements are prepared on the line for good; a line that broke is noticed before them."""

from __future__ import annotations

import psycopg
import pytest
from django.db import connection

from brigade.kernel.parties.lookups import is_active_person
from brigade.kernel.prepared import run_prepared
from brigade.kernel.records.lists import OPEN, list_page
from tests.cast import Cast


def _prepared(words: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "select count(*) from pg_prepared_statements where statement like %s", [f"%{words}%"]
        )
        (found,) = cursor.fetchone()
    return int(found)


def test_statements_stay_prepared(desk: Cast) -> None:
    """Planning a page with its names costs ten times what running it does."""
    for _turn in range(3):
        run_prepared("select 'once', %(n)s::bigint", {"n": 1})
        is_active_person(desk.sam.pk)
        list_page(desk.sam, OPEN)
    assert _prepared("select ''once'', $1") == 0
    assert _prepared("select 'once', $1") == 1
    assert _prepared("is_active AND NOT is_system") == 1
    assert _prepared("ORDER BY") >= 1


@pytest.mark.django_db(transaction=True)
def test_a_line_that_broke_is_noticed_without_asking_first() -> None:
    """Whoever restarts the database loses no request of those that come later."""
    run_prepared("select 1", {})
    connection.health_check_enabled = True
    connection.health_check_done = False
    assert connection.is_usable()
    with psycopg.connect(connection.connection.info.dsn, autocommit=True) as other:
        pid = connection.connection.info.backend_pid
        other.execute("select pg_terminate_backend(%s, 5000)", [pid])
    assert not connection.is_usable()
    assert run_prepared("select 2", {}) == (2,)
    connection.health_check_enabled = False
