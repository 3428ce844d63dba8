"""Who sits in a decision, and the question they are asked."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from brigade.governance.decisions.rules import letter
from brigade.governance.decisions.timing import silent_at
from brigade.kernel import instants
from brigade.kernel.approvals.actions import Question, ask
from brigade.kernel.approvals.queries import live_approval
from brigade.kernel.approvals.rules import SINGLE, Rule
from brigade.kernel.approvals.seating import Sitting
from brigade.kernel.approvals.subjects import Subject
from brigade.kernel.instants import NEVER
from brigade.kernel.parties.lookups import holders_of, members_of
from brigade.kernel.records.models import Watcher
from brigade.kernel.records.places import scopes_of

if TYPE_CHECKING:
    from brigade.governance.decision_rights.models import DecisionRight
    from brigade.governance.decisions.models import Decision
    from brigade.kernel.approvals.models import Approval
    from brigade.kernel.parties.models import Person
    from brigade.kernel.records.models import Record

BOARD, ESCALATED = "decision", "decision_escalated"
"""The names of the two questions: to the body, and after the deadline to one person."""
AT_LAST = {"approve": "approve", "reject": "reject", "lapse": "expire"}
"""How the second one ends where silence has the last word."""


def live_vote(decision: Decision) -> Approval | None:
    """Return the vote that runs on a decision, if one does."""
    pk = decision.pk
    return live_approval("record", pk, BOARD) or live_approval("record", pk, ESCALATED)


def ask_board(decision: Decision, *, by: Person, origin: str) -> Approval:
    """Ask the body of the right; reminders count from when the decision was raised.

    At the deadline the votes that are there decide if they suffice; else the question
    ends and goes to whom the right names, or stays open where it names nobody.
    """
    right = decision.right
    rule = Rule(min=right.quorum, of=right.seats, majority=right.majority, must=tuple(right.must))
    late = decision.escalated_at is not None
    question = _question(decision, BOARD, rule, seats_of_right(right, decision.record))
    if not late:
        ends = "expire" if right.escalate_to_id else ""
        question = replace(
            question, deadline=decision.deadline, on_timeout=ends,
            counted_from=decision.record.opened_at,
        )  # fmt: skip
    return _asked(decision, question, by, origin)


def ask_escalated(decision: Decision, *, by: Person, origin: str) -> Approval:
    """Ask whom it was escalated to, alone, until silence has the last word."""
    person = decision.right.escalate_to
    assert person is not None
    rule = Rule(majority=SINGLE)
    question = _question(decision, ESCALATED, rule, (Sitting(person.pk),))
    last = silent_at(decision)
    if last != NEVER:
        ends = AT_LAST[decision.right.default_if_silent]
        question = replace(question, deadline=last, on_timeout=ends)
    return _asked(decision, question, by, origin)


def seats_of_right(right: DecisionRight, record: Record) -> tuple[Sitting, ...]:
    """Return who sits by a right now, each with the roles in which they have to agree.

    A role counts where the record lies: the service owner of the service it is about.
    """
    at = instants.now()
    scopes = scopes_of(record)
    people = members_of(right.body_id, at) if right.body_id else holders_of(right.role, scopes, at)
    speaks = {role: set(holders_of(role, scopes, at)) for role in right.must}
    return tuple(
        Sitting(one, tuple(role for role, holders in speaks.items() if one in holders))
        for one in people
    )


def _question(decision: Decision, name: str, rule: Rule, seats: tuple[Sitting, ...]) -> Question:
    return Question(
        name,
        title=decision.record.title,
        rule=rule,
        seats=seats,
        text=_text(decision),
        calendar_version=decision.right.calendar.current_id,
        authority=f"decision_right:{decision.right.pk}",
    )


def _asked(decision: Decision, question: Question, by: Person, origin: str) -> Approval:
    people = [seat.person_id for seat in question.seats if isinstance(seat, Sitting)]
    _let_read(decision, people, by)
    return ask(Subject("record", decision.record.pk), question, by=by, origin=origin)


def _let_read(decision: Decision, people: list[int], by: Person) -> None:
    """Let whoever sits read what they vote on, whatever their roles are."""
    Watcher.objects.bulk_create(
        [
            Watcher(record=decision.record, person_id=one, added_by=by, added_at=instants.now())
            for one in people
        ],
        ignore_conflicts=True,
    )


def _text(decision: Decision) -> str:
    """Return what is decided, in words that stay with the question."""
    place = decision.recommended or 0
    option = decision.options[place]
    said = {"letter": letter(place), "title": option["title"]}
    chosen = _("Recommended: %(letter)s. %(title)s. Approving means to do so.") % said
    return "\n\n".join(filter(None, (decision.record.description, chosen)))
