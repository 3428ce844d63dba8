"""Django's registration of the app."""

from django.apps import AppConfig


class WorkConfig(AppConfig):
    name = "brigade.kernel.work"
    label = "work"
    default_auto_field = "django.db.models.BigAutoField"
