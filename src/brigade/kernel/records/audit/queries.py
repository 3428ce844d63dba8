"""Where the journal is not what was written. Hashes are recomputed in SQL by `entry_hash`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import connection


@dataclass(frozen=True, slots=True)
class Fault:
    """One place where the proof fails: what is wrong, in which chain, at which entry."""

    code: str
    chain: str
    number: int


class JournalSize(NamedTuple):
    """How much there was to verify."""

    entries: int
    chains: int
    seals: int


def _rows(statement: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return list(cursor.fetchall())


def journal_size() -> JournalSize:
    """Count entries, chains and seals."""
    row = _rows(
        """
        select count(*), count(*) filter (where number = 1), (select count(*) from records_seal)
        from records_journalentry
        """
    )[0]
    return JournalSize(*row)


_BROKEN_ENTRIES = """
with chained as (
    select e.*, lag(hash) over chain as before, lag(number) over chain as number_before
    from records_journalentry e
    window chain as (partition by record_id, subject_type, subject_id order by number)
), judged as (
    select coalesce(r.number, c.subject_type || ':' || c.subject_id) as chain, c.number,
        case
            when c.number <> coalesce(c.number_before, 0) + 1 then 'entry_missing'
            when c.prev_hash is distinct from c.before then 'chain_broken'
            when c.hash is distinct from entry_hash(c.prev_hash, c.record_id, c.subject_type,
                c.subject_id, c.number, c.at, c.actor_id, c.os_user, c.kind, c.transition,
                c.visibility, c.origin, c.source_row, c.body_hash, c.changes_hash)
                then 'entry_forged'
            when c.body is not null and c.body_hash is distinct from text_hash(c.body)
                then 'body_forged'
            when c.changes is not null and c.changes_hash is distinct from
                text_hash(c.changes::text) then 'changes_forged'
            when c.erased_at is null and ((c.body is null and c.body_hash is not null)
                or (c.changes is null and c.changes_hash is not null)) then 'erased_unmarked'
        end as code
    from chained c left join records_record r on r.id = c.record_id
)
select code, chain, number from judged where code is not null order by chain, number limit %s
"""


def broken_entries(limit: int) -> list[Fault]:
    """Return entries that are missing, forged, or do not follow the one before."""
    return [Fault(*row) for row in _rows(_BROKEN_ENTRIES, [limit])]


def broken_heads(limit: int) -> list[Fault]:
    """Return records whose head or count is not that of their newest entry."""
    rows = _rows(
        """
        select 'head_differs', r.number, r.entries
        from records_record r
        left join records_journalentry e on e.record_id = r.id and e.number = r.entries
        where e.hash is distinct from r.head
           or exists (select 1 from records_journalentry x
                      where x.record_id = r.id and x.number > r.entries)
        order by r.id limit %s
        """,
        [limit],
    )
    return [Fault(*row) for row in rows]


def broken_seals(limit: int) -> list[Fault]:
    """Return sealed heads that the journal no longer holds, and seals that do not chain."""
    lost = _rows(
        """
        select 'sealed_entry_differs', coalesce(r.number, s.subject_type || ':' || s.subject_id,
            s.record_id::text), s.number
        from records_seal_head s
        left join records_journalentry e on e.number = s.number and e.hash = s.hash
            and e.record_id is not distinct from s.record_id
            and e.subject_type is not distinct from s.subject_type
            and e.subject_id is not distinct from s.subject_id
        left join records_record r on r.id = s.record_id
        where e.id is null order by s.id limit %s
        """,
        [limit],
    )
    chained = _rows(
        """
        with lines as (
            select seal_id, count(*) as heads, string_agg(seal_line(record_id, subject_type,
                subject_id, number, hash), ''::bytea
                order by record_id, subject_type, subject_id) as lines
            from records_seal_head group by seal_id
        )
        select 'seal_forged', 'seal', seal.id from (
            select id, root, heads, lag(root) over (order by id) as before from records_seal
        ) seal left join lines on lines.seal_id = seal.id
        where seal.root is distinct from sha256(coalesce(seal.before, ''::bytea)
                || coalesce(lines.lines, ''::bytea))
           or seal.heads <> coalesce(lines.heads, 0)
        order by seal.id limit %s
        """,
        [limit],
    )
    return [Fault(*row) for row in [*lost, *chained]]
