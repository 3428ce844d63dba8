"""Django's registration of the app."""

from pathlib import Path

from django.apps import AppConfig


class ImprovementsConfig(AppConfig):
    name = "brigade.improvement.improvements"
    label = "improvements"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from brigade.improvement.improvements.access import KIND, RULES
        from brigade.kernel.recipes import library
        from brigade.kernel.records import access

        library.register(Path(__file__).with_name("recipe.yaml"))
        access.register(KIND, RULES)
