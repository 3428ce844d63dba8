"""The journal's functions and guards, written for PostgreSQL 15 without extensions.

`entry_hash` is the only place where the hash of an entry is defined. The hot
statement, the ORM path, the configuration trigger, the set-based import (by
the aggregate `entry_chain`) and the audit all call it.

Example records are marked as such from their first entry, for good; they alone
can be taken out again, and are never sealed.
"""

from django.db import migrations

ENTRY_HASH = """
create function entry_hash(
    prev bytea, record_id bigint, subject_type text, subject_id bigint, number integer,
    at timestamptz, actor_id bigint, os_user text, kind text, transition text,
    visibility text, origin text, source_row text, body_hash bytea, changes_hash bytea
) returns bytea language sql stable parallel safe as $$
    select sha256(coalesce(prev, ''::bytea) || convert_to(jsonb_build_array(
        record_id, subject_type, subject_id, number,
        (extract(epoch from at) * 1000000)::bigint,
        actor_id, os_user, kind, transition, visibility, origin, source_row,
        encode(body_hash, 'hex'), encode(changes_hash, 'hex'))::text, 'UTF8'))
$$;

create function text_hash(content text) returns bytea
language sql immutable parallel safe as $$ select sha256(convert_to(content, 'UTF8')) $$;

create function seal_line(record_id bigint, subject_type text, subject_id bigint,
    number integer, hash bytea) returns bytea language sql stable parallel safe as $$
    select convert_to(jsonb_build_array(record_id, subject_type, subject_id, number,
        encode(hash, 'hex'))::text, 'UTF8')
$$;

create function entry_chain_step(
    state bytea, head bytea, record_id bigint, subject_type text, subject_id bigint,
    number integer, at timestamptz, actor_id bigint, os_user text, kind text,
    transition text, visibility text, origin text, source_row text,
    body_hash bytea, changes_hash bytea
) returns bytea language sql stable parallel safe as $$
    select entry_hash(coalesce(state, head), record_id, subject_type, subject_id, number,
        at, actor_id, os_user, kind, transition, visibility, origin, source_row,
        body_hash, changes_hash)
$$;

create aggregate entry_chain(
    bytea, bigint, text, bigint, integer, timestamptz, bigint, text, text, text,
    text, text, text, bytea, bytea
) (sfunc = entry_chain_step, stype = bytea);
"""

GUARDS = """
create function journal_guard() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' and exists (select 1 from records_record r
            where r.id = old.record_id and r.source = 'example') then
        return old;
    end if;
    if tg_op <> 'UPDATE' then
        raise exception 'the journal is append-only: % refused', tg_op
            using errcode = 'restrict_violation';
    end if;
    if new.erased_at is null or new.erased_by_id is null or new.erased_reason = ''
        or (new.body is not null and new.body is distinct from old.body)
        or (new.changes is not null and new.changes is distinct from old.changes)
        or (to_jsonb(new) - array['body','changes','erased_at','erased_by_id','erased_reason'])
           is distinct from
           (to_jsonb(old) - array['body','changes','erased_at','erased_by_id','erased_reason'])
    then
        raise exception 'the journal is append-only: a body or changes can be erased, with a reason'
            using errcode = 'restrict_violation';
    end if;
    return new;
end $$;

create trigger journal_refuses_change before update or delete on records_journalentry
    for each row execute function journal_guard();
create trigger journal_refuses_truncate before truncate on records_journalentry
    for each statement execute function journal_guard();

create function record_source_guard() returns trigger language plpgsql as $$
begin
    raise exception 'where a record came from does not change'
        using errcode = 'restrict_violation';
end $$;
create trigger record_keeps_its_source before update of source, source_id on records_record
    for each row when (old.source is distinct from new.source
        or old.source_id is distinct from new.source_id)
    execute function record_source_guard();

create function seal_guard() returns trigger language plpgsql as $$
begin
    raise exception 'a seal is never changed: % refused', tg_op
        using errcode = 'restrict_violation';
end $$;
create trigger seal_refuses_change before update or delete on records_seal
    for each row execute function seal_guard();
create trigger seal_refuses_truncate before truncate on records_seal
    for each statement execute function seal_guard();
create trigger seal_head_refuses_change before update or delete on records_seal_head
    for each row execute function seal_guard();
create trigger seal_head_refuses_truncate before truncate on records_seal_head
    for each statement execute function seal_guard();
"""

CONFIGURATION = """
create function journal_configuration() returns trigger language plpgsql as $$
-- arguments: subject type, column that identifies the subject, columns left out
declare
    actor bigint := nullif(current_setting('brigade.actor', true), '')::bigint;
    instant timestamptz := nullif(current_setting('brigade.at', true), '')::timestamptz;
    login text := coalesce(current_setting('brigade.os_user', true), '');
    whence text := coalesce(nullif(current_setting('brigade.origin', true), ''), 'page');
    skipped text[] := tg_argv[2:];
    before jsonb := '{}';
    after jsonb := '{}';
    diff jsonb;
    sid bigint;
    last_number integer;
    last_hash bytea;
begin
    if tg_op <> 'INSERT' then before := to_jsonb(old) - skipped; end if;
    if tg_op <> 'DELETE' then after := to_jsonb(new) - skipped; end if;
    select coalesce(jsonb_object_agg(key, jsonb_build_array(before -> key, after -> key)), '{}')
        into diff
        from (select key from jsonb_object_keys(before || after) as key) keys
        where (before -> key) is distinct from (after -> key);
    if diff = '{}' then return null; end if;
    if actor is null or instant is null then
        raise exception 'a change of % needs an actor: write it inside acting(by)', tg_table_name
            using errcode = 'restrict_violation';
    end if;
    sid := ((case when tg_op = 'DELETE' then before else after end) ->> tg_argv[1])::bigint;
    perform pg_advisory_xact_lock(hashtext(tg_argv[0]), hashtext(sid::text));
    select number, hash into last_number, last_hash from records_journalentry
        where subject_type = tg_argv[0] and subject_id = sid order by number desc limit 1;
    insert into records_journalentry (subject_type, subject_id, number, at, actor_id, os_user,
        kind, transition, visibility, origin, changes, changes_hash, prev_hash, hash)
    values (tg_argv[0], sid, coalesce(last_number, 0) + 1, instant, actor, login,
        'configured', lower(tg_op), 'internal', whence, diff, text_hash(diff::text), last_hash,
        entry_hash(last_hash, null, tg_argv[0], sid, coalesce(last_number, 0) + 1, instant,
            actor, login, 'configured', lower(tg_op), 'internal', whence, null, null,
            text_hash(diff::text)));
    return null;
end $$;
"""

SEARCH = """
alter table records_search add column tsv tsvector not null default '';
create index records_search_tsv on records_search using gin (tsv);
"""

DROP = """
drop function journal_configuration();
drop aggregate entry_chain(bytea, bigint, text, bigint, integer, timestamptz, bigint, text, text,
    text, text, text, text, bytea, bytea);
drop function entry_chain_step; drop function entry_hash; drop function text_hash;
drop function seal_line;
drop trigger journal_refuses_change on records_journalentry;
drop trigger journal_refuses_truncate on records_journalentry;
drop function journal_guard;
drop trigger record_keeps_its_source on records_record;
drop function record_source_guard;
drop trigger seal_refuses_change on records_seal;
drop trigger seal_refuses_truncate on records_seal;
drop trigger seal_head_refuses_change on records_seal_head;
drop trigger seal_head_refuses_truncate on records_seal_head;
drop function seal_guard;
alter table records_search drop column tsv;
"""


class Migration(migrations.Migration):
    dependencies = [("records", "0001_initial")]
    operations = [
        migrations.RunSQL(ENTRY_HASH + GUARDS + CONFIGURATION + SEARCH, DROP),
    ]
