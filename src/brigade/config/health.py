"""Whether this process can do its work: the answer behind `/-/ready`."""

from __future__ import annotations

from django.db import DatabaseError, connection

from brigade.config import upgrading

_migrated = False


def readiness() -> list[str]:
    """Return what keeps this process from answering requests, empty when nothing does.

    That the migrations are complete is asked until it is so once; the database
    is asked every time.
    """
    global _migrated
    try:
        with connection.cursor() as cursor:
            cursor.execute("select 1")
        if not _migrated:
            missing = upgrading.pending()
            if missing:
                return [f"{len(missing)} migrations are missing: run `brigade migrate`."]
            _migrated = True
    except DatabaseError:
        connection.close()
        return ["The database does not answer."]
    return []
