"""The configuration tables whose every change is written to the journal.

A later practice adds its own table in its own migration with the same statement.
"""

from django.db import migrations

JOURNALLED = {
    # table: (subject type, identifying column, columns left out)
    "parties_person": (
        "person",
        "id",
        (
            "password",
            "last_login",
            "sort_name",
            "theme",
            "density",
            "single_keys",
            "nav_open",
            "language",
            "timezone",
            "created_at",
            "credentials_version",
            "rights_version",
        ),
    ),
    "parties_organisation": ("organisation", "id", ()),
    "parties_team": ("team", "id", ()),
    "parties_relation": ("relation", "id", ()),
    "parties_rolegrant": ("role_grant", "id", ()),
    "parties_apitoken": ("api_token", "id", ("digest", "last_used_at")),
    "parties_installation": ("installation", "id", ()),
    "services_service": ("service", "id", ()),
    "services_service_customers": ("service_customer", "service_id", ()),
    "services_offering": ("offering", "id", ()),
    "recipes_adoption": ("adoption", "id", ()),
}


def attach(table: str, subject: str, column: str, skipped: tuple[str, ...]) -> str:
    """Return the statement that journals one table."""
    arguments = ", ".join(f"'{word}'" for word in (subject, column, *skipped))
    return (
        f"create trigger journal_{table} after insert or update or delete on {table} "
        f"for each row execute function journal_configuration({arguments});"
    )


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0002_journal"),
        ("parties", "0001_initial"),
        ("services", "0001_initial"),
        ("recipes", "0001_initial"),
    ]
    operations = [
        migrations.RunSQL(attach(table, *arguments), f"drop trigger journal_{table} on {table};")
        for table, arguments in JOURNALLED.items()
    ]
