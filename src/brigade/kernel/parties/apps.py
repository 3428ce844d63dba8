"""Django's registration of the app."""

from django.apps import AppConfig


class PartiesConfig(AppConfig):
    name = "brigade.kernel.parties"
    label = "parties"
    default_auto_field = "django.db.models.BigAutoField"
