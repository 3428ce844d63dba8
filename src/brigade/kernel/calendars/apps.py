"""Django's registration of the app."""

from django.apps import AppConfig


class CalendarsConfig(AppConfig):
    name = "brigade.kernel.calendars"
    label = "calendars"
    default_auto_field = "django.db.models.BigAutoField"
