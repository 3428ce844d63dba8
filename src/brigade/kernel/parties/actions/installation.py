"""What is true of the whole installation."""

from __future__ import annotations

from typing import Any, TypedDict, Unpack

from django.utils.translation import gettext as _

from brigade.kernel import instants
from brigade.kernel.parties import access, rules
from brigade.kernel.parties.acting import acting
from brigade.kernel.parties.models import Installation, Person, Team
from brigade.kernel.refused import Invalid


class InstallationFacts(TypedDict, total=False):
    """The answers of the setup; a key left out stays as it is."""

    name: str
    timezone: str
    language: str
    default_team: Team | None
    mail_from: str
    support_phone: str
    hours: dict[str, Any] | None
    example_data: bool
    setup_done: bool


def change_installation(
    *, by: Person, os_user: str = "", **facts: Unpack[InstallationFacts]
) -> Installation:
    """Answer questions of the setup, or change an answer later; returns the fresh row.

    `setup_done=True` notes when the first-run setup was finished.
    """
    access.needed(access.may_administer(by))
    with acting(by, os_user=os_user):
        row = Installation.objects.select_for_update().filter(pk=1).first() or Installation(pk=1)
        _apply(row, facts)
        row.save()
    return row


def _apply(row: Installation, facts: InstallationFacts) -> None:
    if "name" in facts:
        row.name = rules.text(facts["name"], "name")
    if "timezone" in facts:
        row.timezone = rules.timezone(facts["timezone"])
    if "language" in facts:
        row.language = rules.one_of(facts["language"], rules.LANGUAGES, "language")
    if "default_team" in facts:
        team = facts["default_team"]
        if team is not None and not team.is_active:
            raise Invalid("inactive", _("This team is no longer active."), "default_team")
        row.default_team = team
    if "mail_from" in facts:
        row.mail_from = rules.email(facts["mail_from"], "mail_from") or ""
    if "support_phone" in facts:
        row.support_phone = rules.text(
            facts["support_phone"], "support_phone", longest=60, required=False
        )
    if "hours" in facts:
        row.hours = facts["hours"]
    if "example_data" in facts:
        row.example_data = facts["example_data"]
    if facts.get("setup_done"):
        row.setup_done_at = row.setup_done_at or instants.now()
