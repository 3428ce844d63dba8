"""The verbs of decisions: raise one, prepare its paper, put it to the vote, withdraw it.

Voting is the kernel's verb; what follows from the last vote is in `ending`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from brigade.governance.decision_rights.queries import right_on
from brigade.governance.decision_rights.rules import ELECTRONIC
from brigade.governance.decisions.access import KIND, PREPARES
from brigade.governance.decisions.asking import ask_board, ask_escalated
from brigade.governance.decisions.models import Decision
from brigade.governance.decisions.noting import advance, note
from brigade.governance.decisions.queries import locked
from brigade.governance.decisions.rules import letter, read_paper
from brigade.governance.decisions.timing import deadline_of
from brigade.kernel import instants
from brigade.kernel.approvals.actions import withdraw_all
from brigade.kernel.instants import NEVER
from brigade.kernel.records.access import require
from brigade.kernel.records.places import place_to_open
from brigade.kernel.refused import Invalid, Refused
from brigade.kernel.work.opening import open_record

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person
    from brigade.kernel.records.places import Scope

PREPARED_IN = ("raised", "prepared")


def raise_decision(
    title: str,
    *,
    by: Person,
    topic: str,
    question: str = "",
    amount: int = 0,
    currency: str = "",
    need_by: date | None = None,
    scope: Scope | None = None,
    origin: str = "page",
) -> Decision:
    """Ask for a decision; topic and amount (minor units) find who decides and by when.

    `scope` is what it is about, such as ("service", 12): whoever's roles reach no further
    raises within them, and need not name the only one. Such roles count there in the vote.
    The deadline counts from now, as the need is there from now on. Refused where no
    decision right covers it (`nobody_decides`) or two claim it (`several_decide`),
    Hidden where the practice is not adopted.
    """
    if not title.strip():
        raise Invalid("no_title", _("Say in one line what is to be decided."), "title")
    if amount and not currency:
        raise Invalid("no_currency", _("Say in which currency the amounts are."), "currency")
    right = right_on(topic, amount, currency)
    within = place_to_open(KIND, by, scope)
    with transaction.atomic():
        fields = {"title": title, "description": question, "requester": by}
        record = open_record(
            KIND, by=by, fields=fields, channel="desk", origin=origin, scope=within
        )
        deadline = deadline_of(right, record.opened_at)
        made = Decision.objects.create(
            record=record, right=right, amount=amount, currency=currency, need_by=need_by,
            deadline=deadline, next_at=deadline,
        )  # fmt: skip
        facts = {"decide_by": deadline.isoformat(), "team": right.body_id}
        made.record = note(record, by=by, origin=origin, facts=facts)
    return made


def prepare(
    decision: Decision,
    *,
    by: Person,
    options: Sequence[Mapping[str, Any]],
    recommended: int | None,
    criteria: Sequence[Mapping[str, Any]] = (),
    review_on: date | None = None,
    origin: str = "page",
) -> Decision:
    """Write the paper: options with money, compared by criteria, and the one recommended.

    Where the right votes electronically, the vote opens at once: nothing is won
    by waiting for a meeting. A paper that is in the vote is not changed any more.
    """
    require(by, PREPARES, decision.record)
    kept, compared = read_paper(criteria, options, recommended)
    with transaction.atomic():
        row = locked(decision.pk)
        if row.record.state not in PREPARED_IN:
            raise Refused("in_the_vote", _("The paper is in the vote and stays as it is."))
        row.criteria, row.options = kept, compared
        row.recommended, row.review_on = recommended, review_on
        row.save(update_fields=["criteria", "options", "recommended", "review_on"])
        said = {"options": _titles(compared), "recommended": letter(recommended or 0)}
        row.record = advance(row.record, "prepare", by=by, origin=origin, said=said)
        if row.right.voting == ELECTRONIC:
            row = _opened(row, by, origin)
    return row


def open_vote(decision: Decision, *, by: Person, origin: str = "page") -> Decision:
    """Ask the seats of the right to vote on the recommendation, from now on.

    After the deadline whoever it was escalated to is asked alone. Refused before the
    paper is ready, and where too few may vote to reach the quorum.
    """
    require(by, PREPARES, decision.record)
    with transaction.atomic():
        row = locked(decision.pk)
        if row.record.state != "prepared":
            raise Refused("not_prepared", _("Write the paper first, then open the vote."))
        return _opened(row, by, origin)


def withdraw_decision(
    decision: Decision, *, by: Person, reason: str, origin: str = "page"
) -> Decision:
    """Take the question back, with a reason; a vote that runs ends without a result."""
    require(by, PREPARES, decision.record)
    if not reason.strip():
        raise Invalid("no_reason", _("Say why it is withdrawn."), "reason")
    with transaction.atomic():
        row = locked(decision.pk)
        withdraw_all("record", row.pk, by=by, reason=reason)
        row.next_at = NEVER
        row.save(update_fields=["next_at"])
        fields = {"withdraw_reason": reason}
        row.record = advance(row.record, "withdraw", by=by, origin=origin, fields=fields)
    return row


def _opened(row: Decision, by: Person, origin: str) -> Decision:
    row.opened_at = instants.now()
    row.save(update_fields=["opened_at"])
    row.record = advance(row.record, "open", by=by, origin=origin)
    if row.escalated_at is not None and row.right.escalate_to is not None:
        ask_escalated(row, by=by, origin=origin)
    else:
        ask_board(row, by=by, origin=origin)
    return row


def _titles(options: Sequence[Mapping[str, Any]]) -> str:
    return "; ".join(f"{letter(place)}. {one['title']}" for place, one in enumerate(options))
