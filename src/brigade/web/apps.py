"""Django's registration of the app."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "brigade.web"
    label = "web"
    default_auto_field = "django.db.models.BigAutoField"
