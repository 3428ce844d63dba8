"""Django's registration of the app."""

from django.apps import AppConfig


class ApprovalsConfig(AppConfig):
    name = "brigade.kernel.approvals"
    label = "approvals"
    default_auto_field = "django.db.models.BigAutoField"
