"""Django's registration of the app."""

from pathlib import Path

from django.apps import AppConfig


class DecisionsConfig(AppConfig):
    name = "brigade.governance.decisions"
    label = "decisions"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from brigade.governance.decisions.access import KIND, RULES
        from brigade.governance.decisions.ending import follow_vote
        from brigade.governance.decisions.queries import approved_number
        from brigade.kernel.approvals.handlers import on_decided
        from brigade.kernel.measures import library as measures
        from brigade.kernel.recipes import library, raising
        from brigade.kernel.records import access

        library.register(Path(__file__).with_name("recipe.yaml"))
        measures.register(Path(__file__).with_name("measures.yaml"))
        access.register(KIND, RULES)
        on_decided(KIND, follow_vote)
        raising.carried_by(KIND, approved_number)
