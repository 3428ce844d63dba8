"""Django's registration of the app."""

from django.apps import AppConfig


class IncidentsConfig(AppConfig):
    name = "brigade.operation.incidents"
    label = "incidents"
    default_auto_field = "django.db.models.BigAutoField"
