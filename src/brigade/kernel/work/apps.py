"""Django's registration of the app."""

from django.apps import AppConfig


class WorkConfig(AppConfig):
    name = "brigade.kernel.work"
    label = "work"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from brigade.kernel.work import approving, readiness, recipe_approvals, recipe_facts

        approving.register()
        readiness.register()
        recipe_approvals.register()
        recipe_facts.register()
