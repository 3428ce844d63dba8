"""Django's registration of the app."""

from django.apps import AppConfig


class LiveConfig(AppConfig):
    name = "brigade.kernel.live"
    label = "live"
    default_auto_field = "django.db.models.BigAutoField"
