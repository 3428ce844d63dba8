"""Open time in SQL, and versions that nobody changes.

The functions answer null where nobody has compiled the version that far, and say
otherwise exactly what `business_time.Calendar` says.
"""

from django.db import migrations

INTERVALS = """
alter table calendar_interval drop constraint calendar_interval_pkey;
alter table calendar_interval
    add constraint calendar_interval_pkey primary key (version_id, s) include (e, c0, c1);
create index calendar_interval_by_count on calendar_interval (version_id, c1, s) include (e, c0);
"""

GUARD = """
create function calendar_version_guard() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' and new.reaches > old.reaches
        and to_jsonb(new) - 'reaches' = to_jsonb(old) - 'reaches' then
        return new;
    end if;
    raise exception 'the hours of a calendar are never changed; add a version'
        using errcode = 'restrict_violation';
end $$;
create trigger calendar_version_is_immutable before update or delete on calendars_calendarversion
    for each row execute function calendar_version_guard();
"""

FUNCTIONS = """
create function epoch_second(at timestamptz) returns bigint
    language sql immutable strict parallel safe as
$$ select floor(extract(epoch from at))::bigint $$;

create function open_counted(version bigint, second bigint) returns bigint
    language plpgsql stable strict parallel safe as $$
-- open seconds from the origin to an epoch second; null where nothing is compiled
declare found record;
begin
    select s, e, c0, c1 into found from calendar_interval
        where version_id = version and s <= second order by s desc limit 1;
    if found.c1 is null and second > found.s then return null; end if;
    return found.c0 + least(second, found.e) - found.s;
end $$;

create function first_second_counted(version bigint, wanted bigint) returns bigint
    language plpgsql stable strict parallel safe as $$
-- the first epoch second by which so much has been counted: a closing edge
declare found record;
begin
    select s, e, c0, c1 into found from calendar_interval
        where version_id = version and c1 >= wanted order by c1, s limit 1;
    if found.c0 > wanted then return null; end if;
    return found.e - (found.c1 - wanted);
end $$;

create function last_second_counted(version bigint, wanted bigint) returns bigint
    language plpgsql stable strict parallel safe as $$
-- the last epoch second by which no more has been counted: an opening edge
declare found record;
begin
    select s, c0 into found from calendar_interval
        where version_id = version and c1 > wanted order by c1, s limit 1;
    if found.c0 > wanted then return null; end if;
    return found.s + wanted - found.c0;
end $$;

create function open_seconds(version bigint, since timestamptz, until timestamptz) returns bigint
    language sql stable strict parallel safe as $$
    select case when until <= since then 0 else
        open_counted(version, epoch_second(until)) - open_counted(version, epoch_second(since))
    end
$$;

create function add_open_seconds(version bigint, since timestamptz, seconds bigint)
    returns timestamptz language plpgsql stable strict parallel safe as $$
declare
    start bigint := epoch_second(since);
    counted bigint := open_counted(version, start);
    reached bigint;
begin
    if seconds > 0 then
        reached := first_second_counted(version, counted + seconds);
    elsif seconds = 0 then
        reached := last_second_counted(version, counted);
        reached := case when reached is null then null else greatest(start, reached) end;
    else
        reached := last_second_counted(version, counted + seconds);
    end if;
    return to_timestamp(reached);
end $$;
"""

UNDO = """
drop function add_open_seconds; drop function open_seconds; drop function last_second_counted;
drop function first_second_counted; drop function open_counted; drop function epoch_second;
drop trigger calendar_version_is_immutable on calendars_calendarversion;
drop function calendar_version_guard;
drop index calendar_interval_by_count;
alter table calendar_interval drop constraint calendar_interval_pkey;
alter table calendar_interval add constraint calendar_interval_pkey primary key (version_id, s);
"""


class Migration(migrations.Migration):
    dependencies = [("calendars", "0001_initial")]
    operations = [migrations.RunSQL(INTERVALS + GUARD + FUNCTIONS, UNDO)]
