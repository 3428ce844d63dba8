"""Canned replies speak in the organisation's name: their changes are journalled."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("work", "0001_initial"), ("records", "0003_configuration")]
    operations = [
        migrations.RunSQL(
            "create trigger journal_work_cannedreply after insert or update or delete"
            " on work_cannedreply for each row"
            " execute function journal_configuration('canned_reply', 'id', 'changed_at');",
            "drop trigger journal_work_cannedreply on work_cannedreply;",
        )
    ]
