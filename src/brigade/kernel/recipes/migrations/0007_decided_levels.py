"""Which decision carries a level whose evidence was not there."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("recipes", "0006_drafts"),
    ]

    operations = [
        migrations.AddField(
            model_name="adoption",
            name="decision",
            field=models.CharField(blank=True, default="", max_length=40),
        ),
    ]
