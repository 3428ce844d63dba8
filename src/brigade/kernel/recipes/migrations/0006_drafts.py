"""What an organisation is about to change in a practice; each step of it is journalled."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

JOURNALLED = """
create trigger journal_recipes_recipedraft
    after insert or update or delete on recipes_recipedraft for each row
    execute function journal_configuration('recipe_draft', 'id', 'source', 'findings', 'revision');
"""
UNJOURNALLED = "drop trigger journal_recipes_recipedraft on recipes_recipedraft;"
OPEN = ("draft", "submitted", "approved")


def who(*, null: bool = False):
    """Return a column that names a person."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        blank=null,
        null=null,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
    )


def version(related: str, *, null: bool = False):
    """Return a column that names a version."""
    return models.ForeignKey(
        "recipes.recipeversion",
        blank=null,
        null=null,
        on_delete=django.db.models.deletion.PROTECT,
        related_name=related,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("recipes", "0005_journalled"),
        ("records", "0003_configuration"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            name="RecipeDraft",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=40)),
                ("source", models.TextField()),
                ("overlay", models.JSONField(blank=True, default=list)),
                ("findings", models.JSONField(blank=True, default=list)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("submitted", "Submitted"),
                            ("approved", "Approved"),
                            ("published", "Published"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="draft",
                        max_length=12,
                    ),
                ),
                ("authors", models.JSONField(default=list)),
                ("revision", models.PositiveIntegerField(default=1)),
                ("reason", models.TextField(blank=True, default="")),
                ("opened_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                ("submitted_at", models.DateTimeField(blank=True, null=True)),
                ("approved_at", models.DateTimeField(blank=True, null=True)),
                ("statement", models.TextField(blank=True, default="")),
                ("approval", models.CharField(blank=True, default="", max_length=60)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("waiver", models.TextField(blank=True, default="")),
                ("replay", models.JSONField(blank=True, default=dict)),
                ("approved_by", who(null=True)),
                ("base", version("drafts")),
                ("changed_by", who()),
                ("closed_by", who(null=True)),
                ("opened_by", who()),
                ("submitted_by", who(null=True)),
                ("version", version("drafted", null=True)),
            ],
            options={
                "verbose_name": "draft of a recipe",
                "verbose_name_plural": "drafts of recipes",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", OPEN)),
                        fields=("key",),
                        name="recipes_one_open_draft",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "published"), _negated=True),
                            models.Q(
                                ("approved_at__isnull", False),
                                ("closed_at__isnull", False),
                                ("version__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="recipes_published_has_version",
                    ),
                ],
            },
        ),
        migrations.RunSQL(JOURNALLED, UNJOURNALLED),
    ]
