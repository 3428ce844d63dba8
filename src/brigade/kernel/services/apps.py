"""Django's registration of the app."""

from django.apps import AppConfig


class ServicesConfig(AppConfig):
    name = "brigade.kernel.services"
    label = "services"
    default_auto_field = "django.db.models.BigAutoField"
