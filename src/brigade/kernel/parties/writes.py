"""The few statements of this room that are written by hand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from django.db import connection

from brigade.kernel.prepared import rows_prepared, run_prepared

TOUCH_AT_MOST_EVERY = timedelta(minutes=1)


_ACTOR = ("brigade.actor", "brigade.os_user", "brigade.origin", "brigade.at")


def name_the_actor(actor: int, os_user: str, origin: str, instant: datetime) -> None:
    """Tell the database, until this transaction ends, who is writing, whence and when."""
    put_actor((str(actor), os_user, origin, instant.isoformat()))


def present_actor() -> tuple[str, ...]:
    """Return who is named to the database now, in the form that `put_actor` takes back."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(current_setting(name, true), '')"
            " FROM unnest(%s::text[]) WITH ORDINALITY AS setting (name, place) ORDER BY place",
            [list(_ACTOR)],
        )
        return tuple(value for (value,) in cursor.fetchall())


def put_actor(values: tuple[str, ...]) -> None:
    """Name an actor to the database as `present_actor` returned it; empty means nobody."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config(%s, %s, true), set_config(%s, %s, true),"
            " set_config(%s, %s, true), set_config(%s, %s, true)",
            [part for pair in zip(_ACTOR, values, strict=True) for part in pair],
        )


def one_rights_change_at_a_time() -> None:
    """Wait for whoever else changes rights, and hold the turn until the transaction ends.

    "Is there a second administrator?" and "is this the last one?" are questions
    about many rows, which a lock on one row cannot keep true.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('brigade.parties.rights'))")


def next_person_id() -> int:
    """Return an unused id, for the operator account that is its own first actor."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('parties_person', 'id'))")
        (number,) = cursor.fetchone()
    return int(number)


def touch_token(token_id: int, at: datetime) -> None:
    """Note that a token was used, to the minute, so that reading does not mean writing."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE parties_apitoken SET last_used_at = %s"
            " WHERE id = %s AND (last_used_at IS NULL OR last_used_at < %s)",
            [at, token_id, at - TOUCH_AT_MOST_EVERY],
        )


@dataclass(frozen=True, slots=True)
class LiveToken:
    """A token that works now, and the version under which its person may be kept."""

    token_id: int
    digest: bytes
    scopes: Iterable[str]
    last_used_at: datetime | None
    person_id: int
    rights_version: int


_LIVE_TOKEN = """
SELECT t.id, t.digest, t.scopes, t.last_used_at, p.id, p.rights_version
  FROM parties_apitoken t JOIN parties_person p ON p.id = t.person_id
 WHERE t.digest = %(digest)s::bytea AND t.revoked_at IS NULL
   AND t.created_at <= %(at)s::timestamptz AND t.expires_at > %(at)s::timestamptz
   AND p.is_active AND NOT p.is_system
"""


def live_token(digest: bytes, at: datetime) -> LiveToken | None:
    """Return the token with this digest if it and its person are alive at `at`."""
    row = run_prepared(_LIVE_TOKEN, {"digest": digest, "at": at})
    return LiveToken(*row) if row else None


_HELD = """
SELECT true, g.role, g.scope_type, g.scope_id, g.valid_from, g.valid_to, g.id
  FROM parties_rolegrant g JOIN parties_person p ON p.id = g.person_id
 WHERE g.person_id = %(person)s::bigint AND p.is_active AND g.state <> 'requested'
   AND (g.approved_by_id IS NOT NULL OR g.self_approved)
UNION ALL
SELECT false, r.kind, '', r.team_id, r.valid_from, r.valid_to, r.id
  FROM parties_relation r
 WHERE r.person_id = %(person)s::bigint AND r.team_id IS NOT NULL
   AND r.kind IN ('member_of', 'leads')
 ORDER BY 7
"""

HeldRow = tuple[bool, str, str, int | None, datetime, datetime | None, int]
"""Whether it is a grant; role or kind of relation; scope type; scope or team id; period; id."""


def held_rows(person_id: int) -> list[HeldRow]:
    """Return every approved grant of an active person and every team relation, of any time."""
    return cast("list[HeldRow]", rows_prepared(_HELD, {"person": person_id}))


_WORKS = """
SELECT id FROM parties_person WHERE id = %(person)s::bigint AND is_active AND NOT is_system
"""

_LEADERS = """
SELECT DISTINCT r.person_id FROM parties_relation r JOIN parties_person p ON p.id = r.person_id
 WHERE r.team_id = %(team)s::bigint AND r.kind = 'leads' AND r.valid_from <= %(at)s::timestamptz
   AND (r.valid_to IS NULL OR r.valid_to > %(at)s::timestamptz) AND p.is_active
 ORDER BY 1
"""


def works_here(person_id: int) -> bool:
    """Return whether there is such a person to whom work can be given or who can be asked."""
    return run_prepared(_WORKS, {"person": person_id}) is not None


def leaders_at(team_id: int, at: datetime) -> list[int]:
    """Return the ids of the active people who lead a team at `at`."""
    return [person_id for (person_id,) in rows_prepared(_LEADERS, {"team": team_id, "at": at})]
