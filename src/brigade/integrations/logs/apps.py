"""Django's registration of the app."""

from django.apps import AppConfig


class LogsConfig(AppConfig):
    name = "brigade.integrations.logs"
    label = "logs"
    default_auto_field = "django.db.models.BigAutoField"
