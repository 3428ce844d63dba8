"""What is decided on, as the approver sees it: the record itself, or where the configuration is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from brigade.kernel.approvals.subjects import practice_of, record_of
from brigade.kernel.recipes.queries import recipe_version
from brigade.kernel.records.access import Standing, may
from brigade.kernel.work.recipe_approvals import draft_asked
from brigade.web.recipes.draft_words import changes_of
from brigade.web.work.search import record_address

if TYPE_CHECKING:
    from brigade.kernel.approvals.models import Approval
    from brigade.kernel.parties.models import Person

Fact = dict[str, str]


@dataclass(frozen=True, slots=True)
class Shown:
    """A subject on the page of its approval; no `address` where the reader may not go there."""

    word: str
    name: str
    text: str
    facts: tuple[Fact, ...]
    address: str


def _changes(approval: Approval) -> tuple[Fact, ...]:
    """Return what a draft would change in what runs, as long as it is the one that was asked."""
    draft = draft_asked(approval)
    rows = [] if draft is None else changes_of(draft)
    return tuple({"label": label, "value": value} for label, value in rows)


def shown(approval: Approval, reader: Person, *, at_desk: bool) -> Shown:
    """Return what is decided on: whoever sits sees it, whatever else they may read."""
    record = record_of(approval)
    if record is None:
        key = practice_of(approval)
        page = "recipe_draft" if approval.subject_kind == "recipe_draft" else "recipe"
        address = reverse(page, args=[key]) if key and at_desk else ""
        return Shown(_("Recipe") if key else "", approval.title, "", _changes(approval), address)
    recipe = recipe_version(record.recipe_version_id)
    facts: list[Fact] = [{"label": _("State"), "value": recipe.label(record.state)}]
    if record.requester:
        facts.append({"label": _("Asked for by"), "value": record.requester.name})
    if record.service:
        facts.append({"label": _("Service"), "value": record.service.name})
    readable = may(reader, "read", record, Standing.of(reader))
    return Shown(
        word=record.number,
        name=record.title,
        text=record.description,
        facts=tuple(facts),
        address=record_address(record.number, at_desk=at_desk) if readable else "",
    )
