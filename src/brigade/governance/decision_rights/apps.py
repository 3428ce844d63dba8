"""Django's registration of the app."""

from django.apps import AppConfig


class DecisionRightsConfig(AppConfig):
    name = "brigade.governance.decision_rights"
    label = "decision_rights"
    default_auto_field = "django.db.models.BigAutoField"
