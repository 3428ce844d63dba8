"""Segments are append-only, a target's wording is never rewritten, and targets are journalled."""

from django.db import migrations

GUARDS = """
create function segment_guard() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' and exists (select 1 from records_record r
            where r.id = old.record_id and r.source = 'example') then
        return old;
    end if;
    raise exception 'the segments of a clock are append-only: % refused', tg_op
        using errcode = 'restrict_violation';
end $$;
create trigger segment_refuses_change before update or delete on clocks_segment
    for each row execute function segment_guard();

create function target_guard() returns trigger language plpgsql as $$
begin
    if (to_jsonb(new) - 'valid_to') is distinct from (to_jsonb(old) - 'valid_to')
        or old.valid_to is not null then
        raise exception 'a target is never rewritten: end it and word it anew'
            using errcode = 'restrict_violation';
    end if;
    return new;
end $$;
create trigger target_refuses_rewriting before update on clocks_target
    for each row execute function target_guard();
create trigger journal_clocks_target after insert or update or delete on clocks_target
    for each row execute function journal_configuration('target', 'series');
"""

DROP = """
drop trigger segment_refuses_change on clocks_segment; drop function segment_guard;
drop trigger target_refuses_rewriting on clocks_target; drop function target_guard;
drop trigger journal_clocks_target on clocks_target;
"""


class Migration(migrations.Migration):
    dependencies = [("clocks", "0001_initial"), ("records", "0003_configuration")]
    operations = [migrations.RunSQL(GUARDS, DROP)]
