"""Taking example records out, with everything that hangs on them."""

from __future__ import annotations

from django.db import connection

_HANGING = (
    "delete from outbox_notice where record_id in (select id from gone)",
    "delete from outbox_message where record_id in (select id from gone)",
    "delete from clocks_segment where record_id in (select id from gone)",
    "delete from clocks_clock where record_id in (select id from gone)",
    "delete from records_link where record_id in (select id from gone)"
    " or other_id in (select id from gone)",
    "delete from records_task where record_id in (select id from gone)",
    "delete from records_watcher where record_id in (select id from gone)",
    "delete from records_file where record_id in (select id from gone)",
    "delete from records_search where record_id in (select id from gone)",
    "delete from records_journalentry where record_id in (select id from gone)",
    "delete from records_record where id in (select id from gone)",
)


def delete_records(source: str) -> int:
    """Delete the records of a source; the journal's guard lets only example records go."""
    with connection.cursor() as cursor:
        cursor.execute(
            "create temporary table gone on commit drop as"
            " select id from records_record where source = %s",
            [source],
        )
        for statement in _HANGING:
            cursor.execute(statement)
        gone = cursor.rowcount
        cursor.execute("drop table gone")
    return gone
