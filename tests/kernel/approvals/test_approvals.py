"""Approvals as they are lived: who sits, who may not, how votes end them, what time does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, transaction

from brigade.kernel.approvals import actions, handlers, queries
from brigade.kernel.approvals.actions import Question, Rule, Sitting, Subject
from brigade.kernel.approvals.models import Approval, ApprovalVote
from brigade.kernel.calendars.actions import add_calendar
from brigade.kernel.calendars.hours import from_content
from brigade.kernel.instants import at_instant
from brigade.kernel.outbox.models import Message
from brigade.kernel.parties.actions import add_relation, revoke_grant
from brigade.kernel.parties.models import Person, RoleGrant
from brigade.kernel.recipes.models import SelfApproval
from brigade.kernel.recipes.spans import Span
from brigade.kernel.records import audit
from brigade.kernel.records.models import JournalEntry
from brigade.kernel.refused import Invalid, NotPermitted, Refused
from tests.cast import Cast

pytestmark = pytest.mark.django_db
DRAFT = Subject("house_rule", 7)
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri")
MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)


def board(cast: Cast) -> list[Person]:
    return [cast.petra, cast.chris, cast.vera, cast.paul, cast.fred]


def ask(cast: Cast, people: list[Person], rule: Rule | None = None, **more: object) -> Approval:
    by = more.pop("by", cast.sam)
    concerned = more.pop("concerned", None)
    question = Question(
        "publish", "Publish incident 2.0.0",
        seats=tuple(Sitting(person.pk) for person in people), rule=rule or Rule(), **more,
    )  # fmt: skip
    return actions.ask(DRAFT, question, by=by, concerned=concerned)


def test_three_of_five_decide_and_nobody_votes_after(cast: Cast) -> None:
    told = []
    handlers.on_decided("house_rule", lambda approval, *, by, at: told.append((approval.pk, by)))
    approval = ask(cast, board(cast), Rule(min=3, of=5))
    actions.vote(approval, "approve", by=cast.petra)
    actions.vote(approval, "reject", by=cast.chris, reason="Too early.")
    approval = actions.vote(approval, "approve", by=cast.vera)
    assert approval.state == "open" and approval.quorum_at is not None
    approval = actions.vote(approval, "approve", by=cast.paul)
    assert (approval.state, told) == ("approved", [(approval.pk, cast.paul)])
    with pytest.raises(Refused) as late:
        actions.vote(approval, "reject", by=cast.fred, reason="No.")
    assert late.value.code == "not_open"
    entries = queries.entries_of(approval)
    said = [entry.changes.get("approval.vote", [0, ""])[1] for entry in entries]
    assert said == ["", "approve", "reject", "approve", "approve", ""]
    assert (
        entries[2].body == "Too early." and entries[-1].changes["approval.status"][1] == "approved"
    )
    assert not audit.verify().faults
    handlers._decided.pop("house_rule")


def test_a_vote_may_be_changed_and_every_one_is_kept(cast: Cast) -> None:
    approval = ask(cast, board(cast), Rule(min=3))
    actions.vote(approval, "reject", by=cast.petra, reason="Not yet.")
    actions.vote(approval, "approve", by=cast.petra)
    seat = next(seat for seat in queries.seats_of(approval) if seat.person == cast.petra)
    assert seat.vote == "approve"
    assert [vote.vote for vote in queries.votes_of(approval)] == ["reject", "approve"]


def test_votes_are_append_only_but_a_reason_can_be_erased(cast: Cast) -> None:
    approval = ask(cast, board(cast), Rule(min=3))
    actions.vote(approval, "reject", by=cast.petra, reason="My password is x.")
    with pytest.raises(DatabaseError), transaction.atomic():
        ApprovalVote.objects.update(vote="approve")
    with pytest.raises(DatabaseError), transaction.atomic():
        ApprovalVote.objects.all().delete()
    ApprovalVote.objects.update(reason="")


def test_seats_come_from_roles_once_for_each_person(cast: Cast) -> None:
    question = Question(
        "go", "Go live",
        seats=("role:process_owner", "role:service_owner", f"person:{cast.petra.pk}"),
        rule=Rule(min=2, must=("service_owner",)),
    )  # fmt: skip
    approval = actions.ask(DRAFT, question, by=cast.sam, scopes={"service": cast.erp.pk})
    seats = {seat.person: seat.roles for seat in queries.seats_of(approval)}
    assert seats == {cast.petra: ["process_owner"], cast.olga: ["service_owner"]}


def test_administrators_and_auditors_never_sit(cast: Cast) -> None:
    approval = ask(cast, [cast.ada, cast.audrey, cast.petra])
    assert [seat.person for seat in queries.seats_of(approval)] == [cast.petra]
    with pytest.raises(Refused) as none:
        actions.ask(DRAFT, Question("x", "X", seats=("role:admin",)), by=cast.sam)
    assert none.value.code == "approval_unreachable"


def test_requester_implementer_and_their_deputies_do_not_decide(cast: Cast) -> None:
    add_relation("deputises", cast.vera, other=cast.petra, by=cast.operator)
    concerned = {"requester": [cast.petra.pk], "implementer": [cast.chris.pk]}
    approval = ask(cast, board(cast), concerned=concerned)
    assert {seat.person for seat in queries.seats_of(approval)} == {cast.paul, cast.fred}
    add_relation("deputises", cast.fred, other=cast.petra, by=cast.operator)
    with pytest.raises(NotPermitted) as own:
        actions.vote(approval, "approve", by=cast.fred)
    assert own.value.code == "separation"


def test_a_role_may_be_kept_out_whatever_else_its_holders_are(cast: Cast) -> None:
    add_relation("deputises", cast.fred, other=cast.petra, by=cast.operator)
    rule = Rule(exclude=("requester", "implementer", "finance"))
    approval = ask(cast, [cast.petra, cast.fred], rule)
    assert [seat.person for seat in queries.seats_of(approval)] == [cast.petra]
    with pytest.raises(NotPermitted) as out:
        actions.vote(approval, "approve", by=cast.fred)
    assert out.value.code == "separation"


def test_a_deputy_votes_for_whom_they_stand_in_and_with_one_voice(cast: Cast) -> None:
    add_relation("deputises", cast.tom, other=cast.petra, by=cast.operator)
    add_relation("deputises", cast.paul, other=cast.chris, by=cast.operator)
    approval = ask(cast, [cast.petra, cast.chris, cast.paul], Rule(min=3))
    assert [seat.person for seat in queries.waiting_for(cast.tom)] == [cast.petra]
    actions.vote(approval, "approve", by=cast.tom)
    vote = queries.votes_of(approval)[0]
    assert (vote.person, vote.deputy_for) == (cast.tom, cast.petra)
    with pytest.raises(NotPermitted) as twice:
        actions.vote(approval, "approve", by=cast.paul, seat_of=cast.chris.pk)
    assert twice.value.code == "two_voices"
    with pytest.raises(NotPermitted) as none:
        actions.vote(approval, "approve", by=cast.sam)
    assert none.value.code == "no_seat"


def test_a_small_team_decides_on_its_own_matter_with_a_reason_that_is_listed(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    from brigade.kernel.approvals import seating
    from brigade.kernel.recipes import small_team

    for module in (seating, small_team):
        monkeypatch.setattr(module, "relaxed", lambda rule: rule == "S1")
    approval = ask(cast, [cast.petra], concerned={"requester": [cast.petra.pk]})
    with pytest.raises(Invalid):
        actions.vote(approval, "approve", by=cast.petra)
    actions.vote(approval, "approve", by=cast.petra, reason="Nobody else is here in August.")
    listed = SelfApproval.objects.get()
    assert (listed.rule, listed.subject, listed.person) == ("S1", "house_rule", cast.petra)


def test_the_deadline_is_counted_in_working_days_and_reminders_lie_on_its_way(cast: Cast) -> None:
    hours = from_content("UTC", {"weekly": dict.fromkeys(WEEKDAYS, "08:00-18:00")})
    add_calendar(key="boards", name="Boards", hours=hours, kind="board", by=cast.operator)
    with at_instant(MONDAY):
        approval = ask(cast, board(cast), Rule(min=3), deadline=Span(10, "d"))
    assert approval.deadline.date().isoformat() == "2026-03-16"
    days = []
    while approval.remind_at < approval.deadline:
        days.append(approval.remind_at.date().isoformat())
        assert actions.remind_due(at=approval.remind_at) == 1
        approval.refresh_from_db()
    assert days == ["2026-03-09", "2026-03-12"]
    assert Message.objects.filter(topic="approval_reminder").count() == 2 * 2 * 5


def test_asking_for_more_stops_the_approvers_clock_until_it_is_answered(cast: Cast) -> None:
    with at_instant(MONDAY):
        approval = ask(cast, [cast.petra], deadline=Span(48, "h"), on_timeout="reject")
    due = approval.deadline
    with at_instant(MONDAY + timedelta(hours=1)):
        actions.vote(approval, "need_info", by=cast.petra, reason="What does it cost?")
    assert actions.expire_due(at=due) == 0 and not queries.waiting_for(cast.petra)
    assert queries.asked_back(cast.sam) == [approval]
    with at_instant(MONDAY + timedelta(hours=25)):
        with pytest.raises(NotPermitted):
            actions.answer(approval, "Nothing.", by=cast.tom)
        approval = actions.answer(approval, "Nothing.", by=cast.sam)
    assert approval.deadline == due + timedelta(hours=24) and approval.held_at is None
    assert [seat.waiting_since for seat in queries.waiting_for(cast.petra)] == [
        MONDAY + timedelta(hours=25)
    ]
    assert actions.expire_due(at=approval.deadline) == 1
    approval.refresh_from_db()
    assert approval.state == "rejected"


@pytest.mark.parametrize(
    ("choices", "wanted"),
    [
        (("approve", "approve"), "approved"),
        (("reject", "approve"), "rejected"),
        (("approve",), "expired"),
    ],
)
def test_at_the_deadline_votes_count_as_they_stand(
    cast: Cast, choices: tuple[str, ...], wanted: str
) -> None:
    with at_instant(MONDAY):
        approval = ask(cast, board(cast), Rule(min=2), deadline=Span(1, "h"), on_timeout="expire")
        for person, choice in zip(board(cast), choices, strict=False):
            actions.vote(approval, choice, by=person, reason="So.")
    assert actions.expire_due(at=MONDAY + timedelta(hours=1)) == 1
    approval.refresh_from_db()
    assert approval.state == wanted


def test_what_nobody_decides_goes_to_somebody_else_once(cast: Cast) -> None:
    with at_instant(MONDAY):
        approval = ask(
            cast, board(cast)[:3], Rule(min=3), deadline=Span(4, "h"),
            on_timeout="escalate", escalate_to=f"person:{cast.fred.pk}",
        )  # fmt: skip
    with at_instant(MONDAY + timedelta(hours=4)):
        assert actions.expire_due() == 1
        assert actions.expire_due() == 0
        follow = approval.followed_by.get()
        assert [seat.person for seat in queries.seats_of(follow)] == [cast.fred]
        assert actions.vote(follow, "approve", by=cast.fred).state == "approved"
    assert queries.given("house_rule", 7) == {"publish"}


def test_steps_open_one_after_the_other_and_one_no_ends_them(cast: Cast) -> None:
    told = []
    handlers.on_decided("house_rule", lambda approval, *, by, at: told.append(approval.state))
    question = [
        Question(name, name.title(), seats=(Sitting(person.pk),))
        for name, person in (("a", cast.petra), ("b", cast.chris), ("c", cast.vera))
    ]
    for last, wanted in (("approve", ["approved"]), ("reject", ["rejected"])):
        told.clear()
        first, second, third = actions.ask_in_steps(
            DRAFT, [question[:1], question[1:]], by=cast.sam
        )
        assert (second.state, third.state) == ("planned", "planned")
        actions.vote(first, "approve", by=cast.petra)
        assert len(queries.waiting_for(cast.chris)) == 1 and not told
        actions.vote(second, last, by=cast.chris, reason="So.")
        if last == "approve":
            assert not told
            actions.vote(third, "approve", by=cast.vera)
        assert told == wanted
        third.refresh_from_db()
        assert third.state == ("approved" if last == "approve" else "withdrawn")
    handlers._decided.pop("house_rule")


def test_who_asked_takes_it_back_with_a_reason(cast: Cast) -> None:
    approval = ask(cast, [cast.petra])
    with pytest.raises(NotPermitted):
        actions.withdraw(approval, by=cast.petra, reason="No.")
    with pytest.raises(Invalid):
        actions.withdraw(approval, by=cast.sam, reason=" ")
    assert actions.withdraw(approval, by=cast.sam, reason="Not needed.").state == "withdrawn"
    assert not queries.waiting_for(cast.petra)


def test_a_role_that_is_lost_takes_the_seat_with_it(cast: Cast) -> None:
    question = Question("x", "X", seats=("role:process_owner",))
    approval = actions.ask(DRAFT, question, by=cast.sam)
    revoke_grant(RoleGrant.objects.get(person=cast.petra, role="process_owner"), by=cast.ada)
    with pytest.raises(NotPermitted) as lost:
        actions.vote(approval, "approve", by=Person.objects.get(pk=cast.petra.pk))
    assert lost.value.code == "seat_lost"


def test_seat_holders_are_told_and_who_asked_hears_the_end(cast: Cast) -> None:
    approval = ask(cast, [cast.petra])
    assert Message.objects.filter(topic="approval_asked", recipient=cast.petra).count() == 2
    actions.vote(approval, "approve", by=cast.petra)
    assert Message.objects.filter(topic="approval_ended", recipient=cast.sam).count() == 2
    assert JournalEntry.objects.filter(subject_type="house_rule", subject_id=7).count() == 3
