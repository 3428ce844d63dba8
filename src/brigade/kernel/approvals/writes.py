"""The statement that adds an entry to the chain of a subject that is no record."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import connection

from brigade.kernel.records.canonical import canonical_json

_LOCK = "select pg_advisory_xact_lock(hashtext(%s), hashtext(%s))"
_ENTRY = """
with last as (
    select number, hash from records_journalentry
    where subject_type = %(kind)s and subject_id = %(id)s order by number desc limit 1
), next as (
    select coalesce((select number from last), 0) + 1 as number, (select hash from last) as head
)
insert into records_journalentry (subject_type, subject_id, number, at, actor_id, os_user, kind,
    transition, visibility, origin, body, body_hash, changes, changes_hash, prev_hash, hash,
    erased_reason)
select %(kind)s, %(id)s, next.number, %(at)s, %(actor)s, '', 'approval', '', 'internal',
    %(origin)s, %(body)s::text, text_hash(%(body)s::text), %(changes)s::jsonb,
    text_hash((%(changes)s::jsonb)::text), next.head,
    entry_hash(next.head, null, %(kind)s, %(id)s, next.number, %(at)s, %(actor)s, '', 'approval',
        '', 'internal', %(origin)s, null, text_hash(%(body)s::text),
        text_hash((%(changes)s::jsonb)::text)), ''
from next
"""


def subject_entry(
    kind: str,
    subject_id: int,
    *,
    at: datetime,
    actor_id: int,
    origin: str,
    body: str | None,
    changes: Mapping[str, Any],
) -> None:
    """Add an entry of kind `approval` to a subject's own chain, in the running transaction."""
    values: dict[str, Any] = {
        "kind": kind,
        "id": subject_id,
        "at": at,
        "actor": actor_id,
        "origin": origin,
        "body": body,
        "changes": canonical_json(changes),
    }
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [kind, str(subject_id)])
        cursor.execute(_ENTRY, values)
