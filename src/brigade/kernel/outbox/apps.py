"""Django's registration of the app."""

from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "brigade.kernel.outbox"
    label = "outbox"
    default_auto_field = "django.db.models.BigAutoField"
