"""Django's registration of the app."""

from django.apps import AppConfig


class ServicesConfig(AppConfig):
    name = "brigade.kernel.services"
    label = "services"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tell the parties how a role limited to a service finds it."""
        from brigade.kernel.parties.scopes import register_scope
        from brigade.kernel.services.queries import service_name

        register_scope("service", service_name)
