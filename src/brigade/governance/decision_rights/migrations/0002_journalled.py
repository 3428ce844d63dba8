"""Every change of a decision right is written to the journal."""

from django.db import migrations

TABLE = "decision_rights_decisionright"


class Migration(migrations.Migration):
    dependencies = [
        ("decision_rights", "0001_initial"),
        ("records", "0003_configuration"),
    ]
    operations = [
        migrations.RunSQL(
            f"create trigger journal_{TABLE} after insert or update or delete on {TABLE} "
            "for each row execute function journal_configuration('decision_right', 'id');",
            f"drop trigger journal_{TABLE} on {TABLE};",
        )
    ]
