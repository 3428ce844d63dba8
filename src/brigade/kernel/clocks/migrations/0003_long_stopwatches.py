"""A stopwatch over a case of the last century counts more seconds than an integer holds."""

from django.db import migrations, models

LONG = (("clock", "counted"), ("clock", "paused"), ("segment", "seconds"))


class Migration(migrations.Migration):
    dependencies = [("clocks", "0002_guards")]
    operations = [
        migrations.AlterField(model, name, models.BigIntegerField()) for model, name in LONG
    ]
