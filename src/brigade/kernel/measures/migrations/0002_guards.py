"""What was closed stays: values and versions of measures are append-only, and journalled."""

from django.db import migrations

GUARDS = """
create function measure_guard() returns trigger language plpgsql as $$
begin
    raise exception 'what was closed is never recomputed: restate it with a reason'
        using errcode = 'restrict_violation';
end $$;
create trigger measure_value_stays before update or delete on measures_measurevalue
    for each row execute function measure_guard();
create trigger measure_version_stays before update or delete on measures_measureversion
    for each row execute function measure_guard();
create trigger journal_measures_measurevalue after insert on measures_measurevalue
    for each row execute function journal_configuration('measure_value', 'id');
create trigger journal_measures_measureversion after insert on measures_measureversion
    for each row execute function journal_configuration('measure_version', 'id', 'definition');
"""

DROP = """
drop trigger measure_value_stays on measures_measurevalue;
drop trigger measure_version_stays on measures_measureversion;
drop function measure_guard;
drop trigger journal_measures_measurevalue on measures_measurevalue;
drop trigger journal_measures_measureversion on measures_measureversion;
"""


class Migration(migrations.Migration):
    dependencies = [("measures", "0001_initial"), ("records", "0003_configuration")]
    operations = [migrations.RunSQL(GUARDS, DROP)]
