"""What a person may do next with a record, what that asks of them, and why not the rest."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from brigade.kernel.recipes.compiled import is_empty
from brigade.kernel.recipes.elements import Transition
from brigade.kernel.records.access import Standing
from brigade.kernel.records.models import Record
from brigade.kernel.refused import Invalid, Refused
from brigade.kernel.work.moving import roles_on
from brigade.kernel.work.names import PLAIN, REFERENCES
from brigade.kernel.work.step import Step, Way

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person
    from brigade.kernel.recipes.compiled import CompiledRecipe

ONWARD = {
    "new": ("active", "resolved"),
    "active": ("resolved",),
    "waiting": ("active", "resolved"),
    "resolved": ("closed", "active"),
}
"""Which category a record of a category goes to next, most wanted first."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A transition out of the present state.

    `to` is the state it leads to, `required` and `optional` the fields that come
    with it (what the record is about is not asked again), `refusal` the sentence that
    says why it cannot be taken now.
    """

    transition: Transition
    to: str
    required: tuple[str, ...]
    optional: tuple[str, ...]
    refusal: str = ""


def moves_offered(record: Record, person: Person, standing: Standing | None = None) -> list[Offer]:
    """Return the ways out of the record's state for somebody with a role on it, next one first.

    Ways that only time takes are left out, and those that others take. Somebody
    without a role on the record is offered nothing.
    """
    standing = standing or Standing.of(person)
    roles = roles_on(record, standing)
    if not roles:
        return []
    step = Step.on(record, Way.of(person, "page", None), standing)
    offers = [
        _offer(step, move, roles)
        for move in step.recipe.transitions_from(record.state)
        if roles & set(move.by)
    ]
    return sorted(offers, key=lambda offer: _rank(step.recipe, record, offer))


def offer_of(record: Record, person: Person, transition: str) -> Offer:
    """Return one way out of the record's state; raises what firing it would raise.

    What has still to be filled in is no reason to refuse here.
    """
    standing = Standing.of(person)
    roles = roles_on(record, standing)
    step = Step.on(record, Way.of(person, "page", None), standing)
    with suppress(Invalid):
        step.recipe.check_move(record.state, transition, roles, step.context())
    return _offer(step, step.recipe.transitions[transition], roles)


def _offer(step: Step, move: Transition, roles: set[str]) -> Offer:
    state = step.record.state
    to = step.recipe.target(state, move.key)
    context = step.context()
    needed = step.recipe.required_fields(to, context)
    known = {name for name in (*PLAIN, *REFERENCES) if not is_empty(context.get(name))}
    asked = needed - step.recipe.required_fields(state, context) - known
    asked |= set(step.recipe.missing_fields(to, context))
    later = {timer.at for timer in step.recipe.timers.values() if timer.at and to in timer.in_}
    order = list(step.recipe.fields)
    required = tuple(name for name in order if name in asked)
    optional = tuple(name for name in order if name in later - asked)
    try:
        step.recipe.check_move(state, move.key, roles, context)
    except Invalid:
        pass
    except Refused as no:
        return Offer(move, to, required, optional, str(no.message))
    return Offer(move, to, required, optional)


def _rank(recipe: CompiledRecipe, record: Record, offer: Offer) -> tuple[bool, bool, int]:
    """Order by: possible at all, not the end of it, how much it leads on."""
    category = recipe.category(offer.to)
    onward = ONWARD.get(record.state_category, ())
    place = onward.index(category) if category in onward else len(onward)
    return bool(offer.refusal), category == "cancelled", place


def reopenable_until(record: Record, person: Person, closes: datetime) -> datetime | None:
    """Return until when whoever asked for a solved record can open it again.

    At most until `closes`, to the second; None where that is not possible any more.
    What a guard allows now and not later is found by asking it of instants between.
    """
    way = Way.of(person, "page", None)
    step = Step.on(record, way)
    context = step.context()
    last: datetime | None = None
    for each in step.recipe.transitions_from(record.state):
        to = step.recipe.category(step.recipe.target(record.state, each.key))
        if "requester" in each.by and to in ("new", "active"):

            def allowed(at: datetime, move: Transition = each) -> bool:
                return step.recipe.guard_allows(move, context | {"now": at})

            found = _last_allowed(allowed, way.at, closes, record.resolved_at or way.at)
            last = max(filter(None, (last, found)), default=None)
    return last


def _last_allowed(
    allowed: Callable[[datetime], bool], now: datetime, closes: datetime, base: datetime
) -> datetime | None:
    """Return the last instant from now to `closes`, whole seconds after `base`, that is allowed."""
    if not allowed(now):
        return None
    if allowed(closes):
        return closes
    sure, beyond = int((now - base).total_seconds()), int((closes - base).total_seconds()) + 1
    while beyond - sure > 1:
        middle = (sure + beyond) // 2
        if allowed(base + timedelta(seconds=middle)):
            sure = middle
        else:
            beyond = middle
    return base + timedelta(seconds=sure)
