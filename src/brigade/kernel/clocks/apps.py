"""Django's registration of the app."""

from django.apps import AppConfig


class ClocksConfig(AppConfig):
    name = "brigade.kernel.clocks"
    label = "clocks"
    default_auto_field = "django.db.models.BigAutoField"
