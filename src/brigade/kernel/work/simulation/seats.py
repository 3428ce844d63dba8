"""What the approvals of a draft ask of people: how many hold each role, how long a vote takes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from brigade.kernel.approvals.queries import median_vote_minutes
from brigade.kernel.parties.lookups import holders_of
from brigade.kernel.recipes.compiled import CompiledRecipe
from brigade.kernel.recipes.lexis import names
from brigade.kernel.work.simulation.replay import Load, loads_of


def loads(
    draft: CompiledRecipe, asked: Mapping[str, int], since: datetime, until: datetime
) -> tuple[Load, ...]:
    """Return what the draft's approvals would have asked of each approver in the window.

    How long a vote takes is the median of the votes of that window, by role.
    """
    if not asked:
        return ()
    seats = {name: names(one.approvers) for name, one in draft.approvals.items()}
    roles = {role for name in asked for role in seats.get(name, ())}
    people = {role: len(holders_of(role, {}, until)) for role in roles}
    days = max(1, (until - since).days)
    return loads_of(asked, seats, people, median_vote_minutes(since), days)
