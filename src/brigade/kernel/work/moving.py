"""Moving a record: firing a transition of its recipe. Nothing else changes a state."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from brigade.kernel.recipes.compiled import is_empty
from brigade.kernel.recipes.elements import Transition
from brigade.kernel.recipes.queries import recipe_version
from brigade.kernel.records.access import Standing, allows, hidden, may, roles_allowed
from brigade.kernel.records.models import Link, Record
from brigade.kernel.records.rows import EntryRow
from brigade.kernel.refused import Invalid, NotPermitted, Refused, Stale
from brigade.kernel.work.effects import apply_all
from brigade.kernel.work.entries import entry_of
from brigade.kernel.work.meaning import refuse_unmeant
from brigade.kernel.work.offered import fit_offering
from brigade.kernel.work.reach import refuse_unseen
from brigade.kernel.work.step import Step, Way, commit, values_of
from brigade.kernel.work.values import read_value

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person

SYSTEM = "system"
"""The role under which a timer or a completed approval fires a transition."""


def move(
    record: Record,
    transition: str,
    *,
    by: Person,
    fields: Mapping[str, Any] | None = None,
    body: str = "",
    version: int | None = None,
    origin: str = "page",
    at: datetime | None = None,
    os_user: str = "",
    as_system: bool = False,
    timer: str = "",
) -> Record:
    """Fire `transition` on the record with the values that come with it.

    `body` is a public reply that goes with the move. `version` is what the
    person had before them: a record that has left its state since then refuses.
    `timer` fires it: where that is no longer due, nothing happens.
    Duplicates of it follow where the recipe says so. Raises Refused
    (`not_from_here`, `guard` ...), NotPermitted, Hidden, Invalid or Stale.
    """
    way = Way.of(by, origin, at, os_user)
    asked = _Asked(transition, dict(fields or {}), body.strip(), version, as_system, timer)
    standing = Standing.of(by, way.at)
    try:
        return commit(record.pk, way, lambda step: _decide(step, asked), standing)
    except _HasFollowers:
        with transaction.atomic():
            moved = commit(record.pk, way, lambda step: _decide(step, asked, True), standing)
            _cascade(moved, transition, way)
        return moved


@dataclass(frozen=True, slots=True)
class _Asked:
    """What somebody asks for with a move."""

    transition: str
    fields: Mapping[str, Any]
    body: str
    version: int | None
    as_system: bool
    timer: str


def _decide(step: Step, asked: _Asked, leading: bool = False) -> EntryRow | None:
    if asked.timer and not step.is_due(asked.timer):
        return None
    if not leading and step.facts.followers & _cascading_links(step.record, asked.transition):
        raise _HasFollowers
    if asked.version is not None and asked.version < step.record.version:
        _same_state_since(step, asked.version)
    fired = _fire(step, asked.transition, asked.fields, as_system=asked.as_system)
    step.events = _events(step, fired, spoken=bool(asked.body))
    return entry_of(step, "moved", "public", transition=asked.transition, body=asked.body or None)


class _HasFollowers(Exception):
    """Other records follow this move: all of them move in one transaction, or none."""


def take(record: Record, *, by: Person, version: int | None = None, origin: str = "page") -> Record:
    """Own a record: start it in one's own name, or take it over where it has been started."""
    from brigade.kernel.work.assigning import assign

    fresh = Record.objects.get(pk=record.pk)
    if fresh.state_category == "new":
        return move(record, "start", by=by, version=version, origin=origin)
    return assign(record, by=by, assignee=by, origin=origin)


def moves_open_to(
    record: Record, person: Person, standing: Standing | None = None
) -> list[Transition]:
    """Return the transitions that a person may fire on the record now, in the recipe's order."""
    standing = standing or Standing.of(person)
    roles = roles_on(record, standing)
    step = Step.on(record, Way.of(person, "page", None), standing)
    return step.recipe.allowed_moves(record.state, roles, step.context())


def roles_on(record: Record, standing: Standing) -> set[str]:
    """Return the recipe roles in which a person may fire transitions on this record.

    A role counts where its own rule and scope reach the record: `requester` only
    on what one asked for. A lead or process owner may do what an agent may.
    """
    roles = roles_allowed(standing, "transition", record)
    if roles & {"team_lead", "process_owner"}:
        roles.add("agent")
    if "provider_agent" in roles:
        roles.add("external_agent")
    return roles


def _fire(step: Step, transition: str, fields: Mapping[str, Any], *, as_system: bool) -> Transition:
    record, standing = step.record, step.standing
    roles = {SYSTEM} if as_system else roles_on(record, standing)
    if not as_system and not may(step.way.by, "read", record, standing):
        raise hidden()
    for name, raw in fields.items():
        _take_value(step, transition, name, raw, desk=bool(roles - {"requester", SYSTEM}))
    fit_offering(step, fields)
    refuse_unmeant(step, fields)
    fired = step.recipe.check_move(record.state, transition, roles, step.context())
    step.put("state", step.recipe.target(record.state, transition))
    _no_required_task_open(step)
    apply_all(step, fired.do, _past(fired.key))
    step.reprioritise()
    if not as_system:
        _still_mine(step)
    return fired


def _take_value(step: Step, transition: str, name: str, raw: Any, *, desk: bool) -> None:
    field = step.recipe.fields.get(name)
    offered = name in ("team", "assignee") or (
        field is not None and field.computed is None and name != "requester"
    )
    asked = step.recipe.transitions.get(transition)
    needed = asked is not None and name in step.recipe.required_fields(
        step.recipe.target(step.record.state, transition), step.context()
    )
    known = name not in step.recipe.internal_own() or allows(step.standing, "internal", step.record)
    if not offered or not ((desk and known) or needed):
        raise Invalid(
            "unknown_field", _("There is no field called “%(field)s”.") % {"field": name}, name
        )
    if raw != step.before.get(name):  # what an import brought may stay though no choice names it
        value = read_value(name, raw, field, step.way.by.timezone)
        if value != step.before.get(name):
            refuse_unseen(name, value, field, step.way.by)
        step.put(name, value)


def _still_mine(step: Step) -> None:
    """Refuse to hand a record on in passing to whoever may not update it."""
    if step.get("team") == step.record.team_id:
        return
    if not allows(step.standing, "update", step.record):
        raise NotPermitted("not_permitted", _("You may not hand this record on."), "team")


def _events(step: Step, fired: Transition, *, spoken: bool) -> list[str]:
    happened = list(dict.fromkeys([step.get("state"), _past(fired.key)]))
    if spoken:
        theirs = step.record.requester_id == step.way.by.pk
        happened.append("answered" if theirs else "replied")
    return happened


def _past(verb: str) -> str:
    """Return the name of the happening that a transition's name makes: reopen, reopened."""
    return f"{verb}d" if verb.endswith("e") else f"{verb}ed"


def _same_state_since(step: Step, version: int) -> None:
    moved = step.record.journal.filter(number__gt=version, changes__has_key="state").first()
    if moved is not None:
        raise Stale(
            "moved_meanwhile",
            _("Somebody moved this record while you had it open. Read it again, then decide."),
            theirs={"state": step.record.state},
        )


def _cascading_links(record: Record, transition: str) -> frozenset[str]:
    """Return the types of links by which other records follow this transition."""
    recipe = recipe_version(record.recipe_version_id)
    return frozenset(rule.as_ for rule in recipe.links if transition in rule.cascade)


def _cascade(record: Record, transition: str, way: Way) -> None:
    """Let what is linked to the record follow, where the recipe's links say so."""
    recipe = recipe_version(record.recipe_version_id)
    types = _cascading_links(record, transition)
    followers = Link.objects.filter(other=record, type__in=types).select_related("record")
    for link in followers:
        follower = link.record
        if follower.state not in recipe.transitions[transition].from_:
            continue
        move(
            follower,
            transition,
            by=way.by,
            fields=_carried_along(record, follower),
            origin=way.origin,
            at=way.at if way.origin in ("import", "simulation") else None,
            os_user=way.os_user,
            as_system=True,
        )


def _carried_along(record: Record, follower: Record) -> dict[str, Any]:
    """Return what a follower must have in the state it comes to, from the record it follows."""
    theirs = recipe_version(follower.recipe_version_id)
    values, own = values_of(record), values_of(follower)
    return {
        name: values[name]
        for name in theirs.required_fields(record.state)
        if not is_empty(values.get(name)) and is_empty(own.get(name))
    }


def _no_required_task_open(step: Step) -> None:
    """A record is not done while something that must be done on it is not."""
    if step.recipe.category(step.get("state")) not in ("resolved", "closed"):
        return
    task = step.facts.open_task
    if task:
        raise Refused("task_open", _("“%(task)s” has to be done first.") % {"task": task}, "tasks")
