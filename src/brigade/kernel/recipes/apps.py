"""Django's registration of the app."""

from django.apps import AppConfig


class RecipesConfig(AppConfig):
    name = "brigade.kernel.recipes"
    label = "recipes"
    default_auto_field = "django.db.models.BigAutoField"
