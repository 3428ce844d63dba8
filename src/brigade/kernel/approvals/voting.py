"""Voting, and answering what a seat asked: decided as soon as no other vote could turn it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from brigade.kernel import instants
from brigade.kernel.approvals import deadlines, notices
from brigade.kernel.approvals.access import may_answer
from brigade.kernel.approvals.journal import note
from brigade.kernel.approvals.models import Approval, ApprovalSeat, ApprovalVote
from brigade.kernel.approvals.rules import ABSTAIN, APPROVE, EXCLUDED, NEED_INFO, VOTES, Rule
from brigade.kernel.approvals.seating import Table, barred_from, behind_role, never_sitting
from brigade.kernel.approvals.settling import locked, settle
from brigade.kernel.approvals.subjects import Subject, parts_in
from brigade.kernel.parties.lookups import members_of, principals_of
from brigade.kernel.recipes.small_team import approve_alone
from brigade.kernel.records.canonical import check_text
from brigade.kernel.refused import Invalid, NotPermitted, Refused

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person

LONGEST_REASON = 4000


@transaction.atomic
def vote(
    approval: Approval,
    choice: str,
    *,
    by: Person,
    reason: str = "",
    seat_of: int | None = None,
    origin: str = "page",
) -> Approval:
    """Cast the vote of one's own seat, or of the seat of whom one stands in for.

    `choice` is one of `rules.VOTES`; to reject and to ask for more needs a reason.
    `seat_of` is the person whose seat it is, needed only by a deputy of several. A vote
    may be changed until the approval is decided. Refused once it is not open any more
    (`not_open`), NotPermitted without a seat, or where the matter is the voter's own.
    """
    now = instants.now()
    held = locked(approval)
    why = _checked(choice, reason)
    seat = _seat_for(held, by, seat_of, now)
    _refuse_own_matter(held, seat, by, why, now)
    _refuse_lost(held, seat, now)
    _cast(held, seat, by=by, choice=choice, reason=why, at=now, origin=origin)
    settle(held, by=by, at=now, origin=origin)
    return held


@transaction.atomic
def answer(approval: Approval, text: str, *, by: Person, origin: str = "page") -> Approval:
    """Give the information that seats asked for: they are asked again, and their time goes on.

    Whoever asked the question may, and who has a part in the matter.
    """
    now = instants.now()
    held = locked(approval)
    if not may_answer(by, held):
        raise NotPermitted("not_permitted", _("Only who asks for this decision answers it."))
    said = check_text(text.strip(), "text", most=LONGEST_REASON)
    if not said:
        raise Invalid("empty", _("Write something first."), "text")
    asking = held.seats.filter(vote=NEED_INFO)
    people = list(asking.values_list("person_id", flat=True))
    if not people:
        raise Refused("nothing_asked", _("Nobody has asked for more information."))
    asking.update(vote="", voted_at=None, waiting_since=now)
    deadlines.resume(held, now)
    held.save()
    note(held, by=by, at=now, origin=origin, body=said, answer="given")
    notices.tell(held, notices.ANSWERED, people, at=now, mark=now.isoformat())
    return held


def _checked(choice: str, reason: str) -> str:
    if choice not in VOTES:
        raise Invalid("bad_vote", _("Approve, reject, abstain, or ask for more."), "vote")
    why = check_text(reason.strip(), "reason", most=LONGEST_REASON)
    if not why and choice not in (APPROVE, ABSTAIN):
        raise Invalid("no_reason", _("Say why, or what you need to know."), "reason")
    return why


def _seat_for(held: Approval, by: Person, seat_of: int | None, at: datetime) -> ApprovalSeat:
    """Return the seat that `by` votes for: their own, else that of whom they stand in for."""
    seats = {seat.person_id: seat for seat in held.seats.select_related("person")}
    own = seats.get(by.pk)
    principals = {person.pk for person in principals_of(by, at)} & set(seats)
    if seat_of is None:
        seat_of = by.pk if own is not None else next(iter(sorted(principals)), None)
        if own is None and len(principals) > 1:
            raise Invalid("which_seat", _("You stand in for several people. Say for whom."), "for")
    if seat_of is None or (seat_of != by.pk and seat_of not in principals) or seat_of not in seats:
        raise NotPermitted("no_seat", _("You have no seat in this decision."))
    voted = held.votes.filter(person=by).exclude(seat=seats[seat_of])
    if voted.exists() or (seat_of != by.pk and own is not None):
        raise NotPermitted(
            "two_voices", _("Nobody speaks with two voices. Somebody else has to vote for them.")
        )
    return seats[seat_of]


def _refuse_own_matter(
    held: Approval, seat: ApprovalSeat, by: Person, reason: str, at: datetime
) -> None:
    """Refuse whoever has a part in the matter, as it is now, whatever was true when it was asked.

    Neither does a deputy vote where the principal could not (S12).
    """
    rule = Rule.from_json(held.rule)
    subject = Subject(held.subject_kind, held.subject_id)
    parts = parts_in(subject, held.concerned)
    barred = barred_from(rule, parts, Table(subject, {}, at))
    if {by.pk, seat.person_id} & (barred | never_sitting({by.pk, seat.person_id}, at)):
        raise NotPermitted(
            "separation",
            _(
                "Who asks for something or carries it out does not decide on it, nor does who"
                " stands in for them, nor who administers or audits this installation."
            ),
        )
    own = {person for part in EXCLUDED for person in parts.get(part, ()) if part in rule.exclude}
    if by.pk in own:
        approve_alone(
            "S1", by=by, reason=reason, subject=held.subject_kind,
            subject_id=held.subject_id, title=held.title,
        )  # fmt: skip
    elif seat.person_id in own:
        raise NotPermitted("separation", _("A deputy does not approve what the principal asked."))


def _refuse_lost(held: Approval, seat: ApprovalSeat, at: datetime) -> None:
    """Refuse a seat whose person no longer holds what it was given for."""
    table = Table(Subject(held.subject_kind, held.subject_id), {}, at)
    if not seat.person.is_active or not any(_still(word, seat, table) for word in seat.via):
        raise NotPermitted(
            "seat_lost", _("The role that decides here is no longer held. Ask for it again.")
        )


def _still(word: str, seat: ApprovalSeat, table: Table) -> bool:
    kind, _mark, name = word.partition(":")
    if kind == "role":
        return seat.person_id in behind_role(name, table) or _granted(seat, name, table.at)
    if kind == "team":
        return seat.person_id in members_of(int(name), table.at)
    return True


def _granted(seat: ApprovalSeat, role: str, at: datetime) -> bool:
    from brigade.kernel.parties.held import holds

    return holds(seat.person, role, at)


def _cast(
    held: Approval,
    seat: ApprovalSeat,
    *,
    by: Person,
    choice: str,
    reason: str,
    at: datetime,
    origin: str,
) -> None:
    deputy_for = seat.person_id if by.pk != seat.person_id else None
    ApprovalVote.objects.create(
        approval=held, seat=seat, number=held.votes.count() + 1, person=by,
        deputy_for_id=deputy_for, vote=choice, reason=reason, at=at, origin=origin,
    )  # fmt: skip
    seat.vote, seat.voted_at = choice, at
    seat.waiting_since = None if choice == NEED_INFO else seat.waiting_since
    seat.save()
    said: dict[str, int | str] = {"vote": choice}
    if deputy_for is not None:
        said["deputy_for"] = deputy_for
    note(held, by=by, at=at, origin=origin, body=reason, **said)
    if choice == NEED_INFO:
        deadlines.hold(held, at)
        asked = {held.asked_by_id, *held.concerned.get("requester", ())} - {by.pk}
        notices.tell(held, notices.QUESTION, asked, at=at, mark=at.isoformat())
    elif not held.seats.filter(vote=NEED_INFO).exists():
        deadlines.resume(held, at)
