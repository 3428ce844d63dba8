"""How a draft of a recipe is decided: asked of whoever answers for the practice, by vote.

The owner of the practice decides, on the page of the approval, over the API or by the
link of a mail; where nobody is named any process owner does. What was approved is
published by somebody else (S8), which is a verb of the recipes.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _

from brigade.kernel.approvals import actions
from brigade.kernel.approvals.access import sits
from brigade.kernel.approvals.queries import by_ids, votes_of
from brigade.kernel.approvals.rules import APPROVE, OPEN, SINGLE
from brigade.kernel.recipes import asking
from brigade.kernel.recipes.elements import in_language
from brigade.kernel.recipes.models import RecipeDraft
from brigade.kernel.recipes.publishing import approve_draft_alone, decide_draft, statement_of
from brigade.kernel.recipes.queries import draft_by_id, owner_of
from brigade.kernel.recipes.small_team import relaxed
from brigade.kernel.recipes.spans import Span
from brigade.kernel.refused import Refused

if TYPE_CHECKING:
    from brigade.kernel.approvals.models import Approval
    from brigade.kernel.parties.models import Person

State = RecipeDraft.State
KIND: Final = "recipe_draft"
OWNER: Final = "process_owner"
WITHIN: Final = "5d"
"""Working days of the boards' calendar; a reminder comes after half of them, nothing at the end."""


class _ByVote:
    """Asks the owner of the practice, whose one vote decides."""

    def ask(self, draft: RecipeDraft, /, *, by: Person) -> str:
        question = actions.Question(
            name="publish",
            title=_("Change a recipe: %(recipe)s") % {"recipe": _title(draft)},
            text=draft.reason,
            seats=(f"role:{OWNER}",),
            rule=actions.Rule(majority=SINGLE),
            deadline=Span.read(WITHIN),
        )
        try:
            asked = actions.ask(actions.Subject(KIND, draft.pk), question, by=by)
        except Refused as no:
            if no.code != "approval_unreachable":
                raise
            if relaxed("S8"):
                return ""
            raise Refused(
                "nobody_approves",
                _(
                    "Nobody could approve this: whoever answers for the practice administers or"
                    " audits Brigade, and so decides nothing (S9). Name somebody else on the page"
                    " of its adoption, or let few people work by the small-team mode."
                ),
            ) from no
        return f"approval:{asked.pk}"

    def take_back(self, draft: RecipeDraft, /, *, by: Person) -> None:
        reason = _("The draft no longer stands as it was submitted.")
        actions.withdraw_all(KIND, draft.pk, by=by, reason=reason)


def approve_draft(
    draft_id: int, *, by: Person, statement: str, origin: str = "page"
) -> RecipeDraft:
    """Say as whoever answers for the practice that a submitted draft shall hold, and why.

    It is the vote of one's seat in the approval that the draft asks for. Where nobody could
    be asked and small-team mode relaxes S8, the owner approves alone, which is listed.
    """
    draft = draft_by_id(draft_id)
    asked = approval_of(draft)
    if draft.state != State.SUBMITTED or asked is None or asked.state != OPEN:
        return approve_draft_alone(draft_id, by=by, statement=statement)
    said = statement_of(statement) if sits(by, asked) else ""
    actions.vote(asked, APPROVE, by=by, reason=said, origin=origin)
    return draft_by_id(draft_id)


def approval_of(draft: RecipeDraft) -> Approval | None:
    """Return the approval that decides or has decided on a draft as it stands, None without one."""
    _kind, _mark, number = draft.approval.partition(":")
    return by_ids([int(number)]).get(int(number)) if number.isdecimal() else None


def draft_asked(approval: Approval) -> RecipeDraft | None:
    """Return the draft an approval decides on, None where it is about something else.

    Neither once the draft was taken back or rejected: what it says then, nobody was asked.
    """
    if approval.subject_kind != KIND:
        return None
    rows = RecipeDraft.objects.select_related("base").exclude(state=State.DRAFT)
    return rows.filter(pk=approval.subject_id, approval=f"approval:{approval.pk}").first()


def _title(draft: RecipeDraft) -> str:
    title = draft.base.effective["title"]
    return in_language(_(title))


def _behind(draft_id: int, role: str, at: datetime) -> Sequence[int]:
    """Return who answers for the practice of a draft, where somebody is named."""
    if role != OWNER:
        return ()
    owner = owner_of(RecipeDraft.objects.values_list("key", flat=True).get(pk=draft_id))
    return () if owner is None else (owner,)


def _follow(approval: Approval, /, *, by: Person, at: datetime) -> None:
    """Let the draft be what was decided on it; the reasons of the votes are kept with it."""
    said = [vote.reason for vote in votes_of(approval) if vote.reason]
    decide_draft(
        approval.subject_id,
        by=by,
        approved=approval.state == "approved",
        statement=said[-1] if said else "",
        approval=f"approval:{approval.pk}",
    )


def register() -> None:
    """Tell the recipes how people are asked, and the approvals what follows."""
    asking.register(_ByVote())
    actions.resolve_roles(KIND, _behind)
    actions.on_decided(KIND, _follow)
