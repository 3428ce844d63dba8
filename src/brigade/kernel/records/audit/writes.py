"""The nightly seal, as one statement."""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction

_HEADS = """
create temporary table seal_grown on commit drop as
with last as (
    select distinct on (record_id, subject_type, subject_id)
        record_id, subject_type, subject_id, number, hash
    from records_journalentry e
    where not exists (select 1 from records_record r
        where r.id = e.record_id and r.source = 'example')
    order by record_id, subject_type, subject_id, number desc
)
select last.* from last
left join records_seal_head s on s.number = last.number and s.hash = last.hash
    and s.record_id is not distinct from last.record_id
    and s.subject_type is not distinct from last.subject_type
    and s.subject_id is not distinct from last.subject_id
where s.id is null
"""

_SEAL = """
with root as (
    select count(*) as heads, sha256(
        coalesce((select root from records_seal order by id desc limit 1), ''::bytea)
        || coalesce(string_agg(seal_line(record_id, subject_type, subject_id, number, hash),
            ''::bytea order by record_id, subject_type, subject_id), ''::bytea)) as root
    from seal_grown
), seal as (
    insert into records_seal (at, heads, root) select %s, heads, root from root
    returning id, root
), heads as (
    insert into records_seal_head (seal_id, record_id, subject_type, subject_id, number, hash)
    select seal.id, g.record_id, g.subject_type, g.subject_id, g.number, g.hash
    from seal_grown g, seal
)
select root from seal
"""


def seal(*, at: datetime) -> bytes:
    """Store the heads of the chains that grew since the last seal; return the new root.

    Run nightly. Keep the printed root elsewhere: with it, nobody can rewrite
    the journal and the seals together without being found out.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("lock table records_seal in exclusive mode")
        cursor.execute(_HEADS)
        cursor.execute(_SEAL, [at])
        root = bytes(cursor.fetchone()[0])
        cursor.execute("drop table seal_grown")
    return root
