"""Django's registration of the app."""

from django.apps import AppConfig
from django.utils.translation import get_language, gettext, ngettext

from brigade.kernel.sentences import speak_through


class PartiesConfig(AppConfig):
    name = "brigade.kernel.parties"
    label = "parties"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # The lowest app of all: from here on, plain functions speak the reader's language.
        speak_through(gettext, ngettext, get_language)
