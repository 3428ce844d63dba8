"""Records are found by the fields that an organisation adds to a recipe."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("records", "0006_approvals_and_migrations")]

    operations = [
        migrations.AddIndex(
            model_name="record",
            index=GinIndex(fields=["data"], name="record_data", opclasses=["jsonb_path_ops"]),
        ),
    ]
