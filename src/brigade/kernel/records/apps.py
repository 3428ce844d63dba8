"""Django's registration of the app."""

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "brigade.kernel.records"
    label = "records"
    default_auto_field = "django.db.models.BigAutoField"
