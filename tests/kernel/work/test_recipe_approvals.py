"""A submitted draft is decided by vote: who is asked, what follows, what if nobody could."""

from __future__ import annotations

import pytest

from brigade.kernel.approvals import actions as approvals
from brigade.kernel.approvals.queries import seats_of, waiting_for
from brigade.kernel.parties.acting import acting
from brigade.kernel.parties.actions import add_relation
from brigade.kernel.recipes.actions import adopt
from brigade.kernel.recipes.drafts import change_draft, open_draft, withdraw_draft
from brigade.kernel.recipes.models import Adoption, RecipeDraft, SelfApproval, SmallTeam
from brigade.kernel.recipes.overlay import Operation
from brigade.kernel.recipes.publishing import publish_draft, submit_draft, take_back_draft
from brigade.kernel.recipes.queries import draft_by_id
from brigade.kernel.refused import NotPermitted, Refused
from brigade.kernel.work.recipe_approvals import approval_of, approve_draft, draft_asked
from tests.cast import Cast

pytestmark = pytest.mark.django_db
CHANGE = Operation("set", "facets.core.timers.autoclose.after", "3d", "They answer fast.", "")


@pytest.fixture
def draft(desk: Cast) -> RecipeDraft:
    """A draft by the second administrator, of a practice that Petra answers for."""
    adopt("incident", by=desk.ada, owner=desk.petra, rationale="Restore.")
    begun = open_draft("incident", by=desk.amos, reason="Fewer open ones.")
    return change_draft(begun.pk, by=desk.amos, put=[CHANGE])


def test_the_owner_votes_and_the_draft_is_what_was_decided(desk: Cast, draft: RecipeDraft) -> None:
    asked = approval_of(submit_draft(draft.pk, by=desk.amos))
    assert asked is not None and [seat.person for seat in seats_of(asked)] == [desk.petra]
    assert [seat.approval for seat in waiting_for(desk.petra)] == [asked]
    with pytest.raises(NotPermitted):
        approve_draft(draft.pk, by=desk.ada, statement="I am no owner.")

    approvals.vote(asked, "reject", by=desk.petra, reason="Four days, please.")
    back = draft_by_id(draft.pk)
    assert (back.state, back.statement, back.submitted_by) == ("draft", "Four days, please.", None)
    assert draft_asked(asked) is None

    again = approval_of(submit_draft(draft.pk, by=desk.amos))
    assert again is not None and again.pk != asked.pk and draft_asked(again) == draft
    approvals.vote(again, "approve", by=desk.petra, reason="So be it.", origin="mail")
    done = draft_by_id(draft.pk)
    assert (done.state, done.approved_by, done.statement) == ("approved", desk.petra, "So be it.")
    assert done.approval == f"approval:{again.pk}"
    with pytest.raises(Refused, match="S8"):
        publish_draft(draft.pk, by=desk.amos)
    assert publish_draft(draft.pk, by=desk.ada).state == "published"


def test_a_deputy_votes_for_the_owner(desk: Cast, draft: RecipeDraft) -> None:
    add_relation("deputises", desk.lena, other=desk.petra, by=desk.ada)
    submit_draft(draft.pk, by=desk.amos)
    done = approve_draft(draft.pk, by=desk.lena, statement="Petra is away.")
    assert (done.state, done.approved_by) == ("approved", desk.lena)


def test_the_question_goes_where_its_draft_goes(desk: Cast, draft: RecipeDraft) -> None:
    first = approval_of(submit_draft(draft.pk, by=desk.amos))
    back = take_back_draft(draft.pk, by=desk.petra)
    assert first is not None and back.approval == "" and waiting_for(desk.petra) == []
    second = approval_of(submit_draft(draft.pk, by=desk.amos))
    assert second is not None
    approvals.withdraw(second, by=desk.amos, reason="I asked too early.")
    with pytest.raises(Refused, match="submit it again"):
        approve_draft(draft.pk, by=desk.petra, statement="Fine.")
    take_back_draft(draft.pk, by=desk.amos)
    third = approval_of(submit_draft(draft.pk, by=desk.amos))
    withdraw_draft(draft.pk, by=desk.amos)
    assert third is not None
    third.refresh_from_db()
    assert third.state == "withdrawn"


def test_where_nobody_could_vote_a_small_team_says_so_and_others_are_refused(
    desk: Cast, draft: RecipeDraft, monkeypatch: pytest.MonkeyPatch
) -> None:
    with acting(desk.ada):
        Adoption.objects.filter(key="incident").update(owner=desk.amos)
    with pytest.raises(Refused, match="S9"):
        submit_draft(draft.pk, by=desk.amos)
    assert draft_by_id(draft.pk).state == "draft"

    monkeypatch.setattr("brigade.kernel.recipes.small_team.staff_count", lambda: 3)
    with acting(desk.ada):
        SmallTeam.objects.create(
            rules=["S8"], reason="Three of us.", head=desk.ada, chosen_by=desk.ada,
            chosen_at=draft.opened_at,
        )  # fmt: skip
    assert submit_draft(draft.pk, by=desk.amos).approval == ""
    approve_draft(draft.pk, by=desk.amos, statement="Nobody else is here.")
    publish_draft(draft.pk, by=desk.amos, alone="Nor today.")
    uses = SelfApproval.objects.order_by("pk").values_list("rule", "reason")
    assert list(uses) == [("S8", "Nobody else is here."), ("S8", "Nor today.")]
