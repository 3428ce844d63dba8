"""What is under way in the world: a draft, a decision in the vote, an improvement, an approval."""

from __future__ import annotations

from typing import Any

from brigade.governance.decision_rights.actions import add_right
from brigade.governance.decisions.actions import open_vote, prepare, raise_decision
from brigade.improvement.improvements.actions import propose_improvement
from brigade.kernel.approvals.actions import Question, Rule, Sitting, Subject, ask
from brigade.kernel.approvals.models import Approval
from brigade.kernel.calendars.models import Calendar
from brigade.kernel.recipes.drafts import change_draft, open_draft
from brigade.kernel.recipes.overlay import Operation
from tests.cast import Cast

CHANGES = (
    Operation("set", "facets.core.timers.autoclose.after", "3d", "Customers answer fast.", ""),
    Operation("add", "facets.core.fields.store_no",
              {"type": "text", "label": "Store", "required": {"from": "active"}}, "Retail.", ""),
)  # fmt: skip


def underway(cast: Cast) -> dict[str, Any]:
    """Begin it all, by name."""
    right = add_right(
        by=cast.petra, topic="strategy", role="process_owner", seats=2, quorum=1,
        deadline_wd=10, calendar=Calendar.objects.get(key="always"), escalate_to=cast.chris,
    )  # fmt: skip
    draft = open_draft("incident", by=cast.petra, reason="For the stores.")
    return {
        "right": right,
        "decision": _decision(cast),
        "improvement": propose_improvement(
            "Decide without a meeting", by=cast.petra, of=("decision_right", right.series),
            owner=cast.paul.pk, measure="K56, per cent", baseline=80, target=95,
        ),
        "approval": _approval(cast),
        "draft": change_draft(draft.pk, by=cast.petra, put=CHANGES),
    }  # fmt: skip


def _decision(cast: Cast) -> Any:
    """Raised by Paul, its paper compared by criteria, and asked of Petra."""
    raised = raise_decision(
        "Which way we go", by=cast.paul, topic="strategy", question="This year?"
    )
    marks = [{"text": "Little to lose", "points": 80}, {"text": "Much to lose", "points": 20}]
    options = [{"title": "Left", "amount": 120_000_00, "marks": marks},
               {"title": "Right", "marks": marks[::-1]}]  # fmt: skip
    criteria = [{"name": "Danger", "weight": 60}, {"name": "Cost", "weight": 40}]
    ready = prepare(raised, by=cast.paul, options=options, recommended=1, criteria=criteria)
    return open_vote(ready, by=cast.paul)


def _approval(cast: Cast) -> Approval:
    seats = tuple(Sitting(one.pk) for one in (cast.petra, cast.vera, cast.lena))
    question = Question("go", "Move the ledger", seats=seats, rule=Rule(min=2))
    return ask(Subject("move", 1), question, by=cast.chris)
