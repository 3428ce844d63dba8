"""How a draft becomes what runs: submitted, approved by the owner, published by another (S8).

Running records keep the version they were opened under; moving them is a verb of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from django.utils.translation import gettext as _

from brigade.kernel import instants
from brigade.kernel.parties import rules
from brigade.kernel.parties.access import may_administer, needed
from brigade.kernel.parties.acting import acting
from brigade.kernel.recipes.access import may_approve_draft, may_draft
from brigade.kernel.recipes.actions import publish_version
from brigade.kernel.recipes.asking import asks
from brigade.kernel.recipes.drafting import facets_of, is_error, switched
from brigade.kernel.recipes.drafts import LONGEST, open_one
from brigade.kernel.recipes.models import RecipeDraft
from brigade.kernel.recipes.overlay import read_all
from brigade.kernel.recipes.parse import read
from brigade.kernel.recipes.queries import read_draft, running
from brigade.kernel.recipes.small_team import approve_alone, relaxed
from brigade.kernel.refused import Invalid, NotPermitted, Refused

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person
    from brigade.kernel.recipes.models import Adoption

BLOCKED_AT_MOST = 5
"""Percent of replayed records that a draft may stop without anybody saying why."""
State = RecipeDraft.State


class Replay(Protocol):
    """What driving past journals through a draft found."""

    @property
    def records(self) -> int:
        """How many records were driven through it."""

    @property
    def blocked(self) -> int:
        """How many of them it would have stopped."""


def submit_draft(draft_id: int, *, by: Person) -> RecipeDraft:
    """Put a draft to the owner of the practice, who is asked; it stands still from now on.

    Refused on any error of lint, where it changes nothing, and where nobody could decide.
    """
    with acting(by):
        draft = open_one(draft_id)
        needed(may_draft(by, running(draft.key)))
        _expect(draft, State.DRAFT)
        if draft.source == draft.base.source and draft.overlay == draft.base.overlay:
            raise Refused("nothing_changed", _("This draft changes nothing yet."))
        _sound(draft)
        draft.state, draft.submitted_at, draft.submitted_by = State.SUBMITTED, instants.now(), by
        draft.statement, draft.approval = "", asks().ask(draft, by=by)
        draft.save()
    return draft


def take_back_draft(draft_id: int, *, by: Person) -> RecipeDraft:
    """Make a submitted or approved draft one that can be changed; what was approved is void."""
    with acting(by):
        draft = open_one(draft_id)
        adoption = running(draft.key)
        needed(may_draft(by, adoption) or may_approve_draft(by, adoption))
        _expect(draft, State.SUBMITTED, State.APPROVED)
        asks().take_back(draft, by=by)
        _back(draft)
        draft.statement = draft.approval = ""
        draft.save()
    return draft


def decide_draft(
    draft_id: int, *, by: Person, approved: bool, statement: str, approval: str
) -> RecipeDraft:
    """Let a submitted draft be what was decided on it by vote: approved, or one to be changed.

    `approval` names what carried it ("approval:12"), which has asked whether `by` may vote.
    The statement is kept with the draft, that of a rejection too.
    """
    with acting(by):
        draft = open_one(draft_id)
        _expect(draft, State.SUBMITTED)
        if approved:
            draft.state, draft.approved_at, draft.approved_by = State.APPROVED, instants.now(), by
        else:
            _back(draft)
        draft.statement, draft.approval = statement, approval
        draft.save()
    return draft


def approve_draft_alone(draft_id: int, *, by: Person, statement: str) -> RecipeDraft:
    """Approve alone, as the owner of the practice, what nobody could be asked about.

    Only where small-team mode relaxes S8; the statement is kept in the journal and listed.
    Refused where the owner is asked: a vote decides there.
    """
    with acting(by):
        draft = open_one(draft_id)
        if not may_approve_draft(by, running(draft.key)):
            raise NotPermitted("not_owner", _("Only whoever answers for the practice approves it."))
        _expect(draft, State.SUBMITTED)
        if draft.approval:
            raise Refused(
                "asked", _("Nothing is asked any more. Take the draft back, and submit it again.")
            )
        draft.statement = statement_of(statement)
        title = _("Recipe %(key)s, approved alone") % {"key": draft.key}
        _alone(draft, by, draft.statement, title)
        draft.state, draft.approved_at, draft.approved_by = State.APPROVED, instants.now(), by
        draft.save()
    return draft


def statement_of(text: str) -> str:
    """Return why a draft is right, as it is kept; Invalid where nobody says."""
    said = rules.paragraph(text, "statement", longest=LONGEST)
    if not said:
        raise Invalid("no_reason", _("Say why. It is kept with the version."), "statement")
    return said


def publish_draft(
    draft_id: int, *, by: Person, replay: Replay | None = None, waiver: str = "", alone: str = ""
) -> RecipeDraft:
    """Let an approved draft run: a new version, which new records follow.

    An administrator publishes who is no author of it (S8); where small-team mode relaxes
    that, an author says why (`alone`), which is listed. Refused on any error of lint, where
    another version runs meanwhile, and where `replay` found more than five percent of the
    records stopped and no `waiver` says why that is right.
    """
    with acting(by):
        draft = open_one(draft_id)
        needed(may_administer(by))
        _expect(draft, State.APPROVED)
        adoption = running(draft.key, lock=True)
        if adoption.version_id != draft.base_id:
            raise Refused(
                "base_moved",
                _("Another version runs since this draft was begun. Take it anew from that one."),
            )
        _sound(draft)
        _apart(draft, by, alone)
        _replayed(draft, replay, waiver)
        _let_run(draft, adoption, by)
    return draft


def _let_run(draft: RecipeDraft, adoption: Adoption, by: Person) -> None:
    document, level = read(draft.source), adoption.level
    base = draft.base
    facets = facets_of(draft.source, base.source, level, base.effective["facets"])
    on, off = switched(document, level, facets)
    now = instants.now()
    draft.version = publish_version(
        draft.key,
        by=by,
        level=level,
        on=on,
        off=off,
        overlay=read_all(draft.overlay),
        text=draft.source,
    )
    draft.state, draft.closed_at, draft.closed_by = State.PUBLISHED, now, by
    draft.save()
    adoption.version, adoption.adopted_at = draft.version, now
    adoption.save(update_fields=["version", "adopted_at"])


def _expect(draft: RecipeDraft, *states: str) -> None:
    if draft.state in states:
        return
    sentences = {
        State.DRAFT: _("Submit the draft first."),
        State.SUBMITTED: _("Whoever answers for the practice has to approve the draft first."),
        State.APPROVED: _("This draft is approved already. It can be published, or taken back."),
    }
    if State.DRAFT in states or (State.SUBMITTED in states and draft.state == State.APPROVED):
        sentences[State.SUBMITTED] = _("This draft is submitted already.")
    raise Refused("draft_state", sentences[State(draft.state)])


def _sound(draft: RecipeDraft) -> None:
    """Refuse a draft in which lint finds an error; what it finds is kept with it."""
    draft.findings = [each.as_dict() for each in read_draft(draft).findings]
    errors = [each for each in draft.findings if is_error(each["code"])]
    if errors:
        told = "; ".join(f"{each['code']} {each['message']}" for each in errors)
        raise Refused("draft_unsound", _("Mend this first: %(errors)s") % {"errors": told})


def _apart(draft: RecipeDraft, by: Person, reason: str) -> None:
    """Hold author and publisher apart (S8), or note why one person is both."""
    if by.pk not in draft.authors:
        return
    if not relaxed("S8"):
        raise Refused(
            "separation",
            _("You wrote in this draft, so another administrator has to publish it (S8)."),
        )
    _alone(draft, by, reason, _("Recipe %(key)s, published by its author") % {"key": draft.key})


def _alone(draft: RecipeDraft, by: Person, reason: str, title: str) -> None:
    approve_alone(
        "S8", by=by, reason=reason, subject="recipe_draft", subject_id=draft.pk, title=title
    )


def _back(draft: RecipeDraft) -> None:
    """Make a draft one that can be changed again."""
    draft.state = State.DRAFT
    draft.submitted_at = draft.approved_at = None
    draft.submitted_by = draft.approved_by = None


def _replayed(draft: RecipeDraft, replay: Replay | None, waiver: str) -> None:
    draft.waiver = rules.paragraph(waiver, "waiver", longest=LONGEST)
    if replay is None:
        return
    draft.replay = {"records": replay.records, "blocked": replay.blocked}
    if replay.blocked * 100 > BLOCKED_AT_MOST * replay.records and not draft.waiver:
        raise Refused(
            "replay_blocked",
            _(
                "Replayed, this draft would have stopped %(blocked)d of %(records)d records, more"
                " than %(most)d %%. Mend it, or say why that is right."
            )
            % {**draft.replay, "most": BLOCKED_AT_MOST},
            "waiver",
        )
