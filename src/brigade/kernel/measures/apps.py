"""Django's registration of the app."""

from django.apps import AppConfig


class MeasuresConfig(AppConfig):
    name = "brigade.kernel.measures"
    label = "measures"
    default_auto_field = "django.db.models.BigAutoField"
