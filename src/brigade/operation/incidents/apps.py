"""Django's registration of the app."""

from pathlib import Path

from django.apps import AppConfig


class IncidentsConfig(AppConfig):
    name = "brigade.operation.incidents"
    label = "incidents"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from brigade.kernel.measures import library as measures
        from brigade.kernel.recipes import library
        from brigade.kernel.records import access
        from brigade.operation.incidents.access import RULES

        library.register(Path(__file__).with_name("recipe.yaml"))
        measures.register(Path(__file__).with_name("measures.yaml"))
        access.register("incident", RULES)
