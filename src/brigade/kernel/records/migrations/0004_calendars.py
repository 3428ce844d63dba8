"""Hours decide when something is late: every change of a calendar is journalled.

A version says itself what it holds, so its content stays out of the entry.
"""

from django.db import migrations


def attach(table: str, column: str, skipped: str) -> str:
    """Return the statement that journals one table under its calendar."""
    return (
        f"create trigger journal_{table} after insert or update or delete on {table}"
        f" for each row execute function journal_configuration('calendar', '{column}', {skipped});"
    )


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0003_configuration"),
        ("calendars", "0002_business_time"),
    ]
    operations = [
        migrations.RunSQL(
            attach("calendars_calendar", "id", "'version', 'current_id'")
            + attach(
                "calendars_calendarversion", "calendar_id", "'content', 'created_at', 'reaches'"
            ),
            "drop trigger journal_calendars_calendar on calendars_calendar;"
            "drop trigger journal_calendars_calendarversion on calendars_calendarversion;",
        )
    ]
