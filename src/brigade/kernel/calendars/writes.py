"""The openings of a version as rows, written by the set."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection

from brigade.kernel.calendars.business_time import new_year

if TYPE_CHECKING:
    from brigade.kernel.calendars.business_time import Compiled


def put_openings(version_id: int, made: Compiled) -> None:
    """Write the openings of a version that were compiled, after whatever stands there already.

    The rows continue where the last ones end; the row that marks the end moves.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM calendar_interval WHERE version_id = %s AND c1 IS NULL RETURNING c0",
            [version_id],
        )
        passed = cursor.fetchone()
        start, end = new_year(made.first), new_year(made.last)
        if passed is None and start not in made.starts[:1]:
            _put(cursor, version_id, [start], [start], [0], [0])
        _put(cursor, version_id, made.starts, made.ends, made.before, made.after)
        total = made.after[-1] if made.after else (passed[0] if passed else 0)
        _put(cursor, version_id, [end], [end], [total], [None])


def _put(
    cursor: object,
    version_id: int,
    starts: list[int],
    ends: list[int],
    before: list[int],
    after: list[int] | list[None],
) -> None:
    cursor.execute(  # type: ignore[attr-defined]
        "INSERT INTO calendar_interval (version_id, s, e, c0, c1)"
        " SELECT %s, * FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[])",
        [version_id, starts, ends, before, after],
    )
