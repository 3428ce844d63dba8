"""Django's registration of the app."""

from django.apps import AppConfig
from django.utils.translation import gettext, ngettext

from brigade.kernel.recipes.sentences import speak_through


class RecipesConfig(AppConfig):
    name = "brigade.kernel.recipes"
    label = "recipes"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        speak_through(gettext, ngettext)
