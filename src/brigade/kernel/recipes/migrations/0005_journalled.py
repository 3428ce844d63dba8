"""What an organisation says of itself and which rules it relaxes is written to the journal."""

from django.db import migrations

TABLES = {
    "recipes_circumstances": "circumstances",
    "recipes_smallteam": "small_team",
    "recipes_selfapproval": "self_approval",
}


def attach(table: str, subject: str) -> str:
    """Return the statement that journals one table."""
    return (
        f"create trigger journal_{table} after insert or update or delete on {table}"
        f" for each row execute function journal_configuration('{subject}', 'id');"
    )


class Migration(migrations.Migration):
    dependencies = [
        ("recipes", "0004_adopting_on_purpose"),
        ("records", "0003_configuration"),
    ]
    operations = [
        migrations.RunSQL(attach(table, subject), f"drop trigger journal_{table} on {table};")
        for table, subject in TABLES.items()
    ]
