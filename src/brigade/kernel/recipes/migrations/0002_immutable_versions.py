"""A published version never changes: records are pinned to it."""

from django.db import migrations

GUARD = """
create function recipe_version_guard() returns trigger language plpgsql as $$
begin
    raise exception 'a published recipe version is never changed; publish a new one'
        using errcode = 'restrict_violation';
end $$;
create trigger recipe_version_is_immutable before update or delete on recipes_recipeversion
    for each row execute function recipe_version_guard();
"""
UNGUARD = """
drop trigger recipe_version_is_immutable on recipes_recipeversion;
drop function recipe_version_guard();
"""


class Migration(migrations.Migration):
    dependencies = [("recipes", "0001_initial")]
    operations = [migrations.RunSQL(GUARD, UNGUARD)]
