"""Every name a recipe refers to, and whether something of that name exists (E03)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from brigade.kernel.recipes.elements import SELF
from brigade.kernel.recipes.language import Body, Presence, Recipe
from brigade.kernel.recipes.lexis import names
from brigade.kernel.recipes.manifests import accountable_roles, manifests
from brigade.kernel.recipes.reactions import EVENTS, Effect, Trigger

COLUMNS = {
    "title": "text", "description": "note", "state": "text", "category": "tree",
    "impact": "int", "urgency": "int", "priority": "int", "requester": "party",
    "customer": "organisation", "service": "service", "offering": "ref", "ci": "ci",
    "team": "team", "assignee": "party", "provider": "organisation", "channel": "text",
    "opened_at": "datetime",
}  # fmt: skip
"""What every record has, and the type each counts as in an expression."""
CONTEXT = {**COLUMNS, "actor": "party", "outage": "outage", "now": "datetime"}
"""What a recipe may name under `inputs`."""
ROLES = frozenset(
    {
        "requester", "agent", "team_lead", "process_owner", "service_owner", "change_manager",
        "vendor_manager", "portfolio_manager", "finance", "auditor", "admin", "provider_agent",
        "customer_manager", "external_agent", "system", "assignee", "watchers", "head_of_it",
    }
)  # fmt: skip
"""Roles of people, and those a record gives: its assignee, its watchers, the system."""
NOTICES = (
    "opened",
    "replied",
    "assigned",
    "waiting",
    "resolved",
    "reopened",
    "closed",
    "cancelled",
)


@dataclass(frozen=True, slots=True)
class Reference:
    """A name, what it should be the name of, and the path where it stands."""

    what: str
    name: str
    path: str


def unknown_references(body: Body, recipe: Recipe) -> list[Reference]:
    """Return the references to which nothing belongs."""
    known = _known(body, recipe)
    return [ref for ref in _references(body, recipe) if ref.name not in known[ref.what]]


def _known(body: Body, recipe: Recipe) -> dict[str, set[str]]:
    states, moves = set(body.states), set(body.transitions)
    people = {key for key, field in body.fields.items() if field.type == "party"}
    fields = {name for facet in recipe.facets.values() for name in facet.fields}
    return {
        "state": states,
        "transition": moves,
        "target": states | {SELF},
        "event": moves | set(EVENTS),
        "moment": states | moves,
        "notice": states | moves | set(NOTICES),
        "role": set(ROLES) | set(accountable_roles()) | people,
        "clock": set(body.clocks),
        "timer": set(body.timers),
        "approval": set(body.approvals),
        "field": fields | set(COLUMNS),
        "counter": {key for key, field in body.fields.items() if field.type == "int"},
        "time": {key for key, f in body.fields.items() if f.type in ("date", "datetime")},
        "name": fields | set(recipe.inputs),
        "input": set(CONTEXT),
        "facet": set(recipe.facets),
        "practice": set(manifests()),
    }


def _references(body: Body, recipe: Recipe) -> Iterator[Reference]:
    yield Reference("state", recipe.record.initial, "record.initial")
    if recipe.owner:
        yield Reference("role", recipe.owner, "owner")
    for position, name in enumerate(recipe.inputs):
        yield Reference("input", name, f"inputs[{position}]")
    for key, facet in recipe.facets.items():
        yield from _each("facet", facet.needs, f"facets.{key}.needs")
    yield from _each("practice", recipe.links.feeds, "links.feeds")
    for level, needs in recipe.links.needs.items():
        for need in needs:
            yield Reference("practice", need.partition(">=")[0], f"links.needs.{level}")
    yield from _of_transitions(body)
    yield from _of_fields(body)
    yield from _of_clocks(body)
    yield from _of_timers(body)
    yield from _of_people(body)


def _each(what: str, value: str | list[str] | None, path: str) -> Iterator[Reference]:
    for name in names(value):
        yield Reference(what, name, path)


def _of_transitions(body: Body) -> Iterator[Reference]:
    for key, move in body.transitions.items():
        path = f"transitions.{key}"
        yield from _each("state", move.from_, f"{path}.from")
        yield Reference("target", move.to, f"{path}.to")
        yield from _each("role", move.by, f"{path}.by")
        yield from _of_effects(move.do, f"{path}.do")


def _of_effects(effects: Iterable[Effect], path: str) -> Iterator[Reference]:
    for effect in effects:
        for name, value in (effect.set or {}).items():
            yield Reference("field", name, path)
            if isinstance(value, str) and value.startswith("="):
                yield Reference("name", value[1:], path)
        task = effect.task
        if task and not isinstance(task, str) and task.to and task.to.startswith("="):
            yield Reference("name", task.to[1:], path)
        yield from _each("counter", effect.increment, path)
        yield from _each("role", effect.notify, path)
        yield from _each("clock", effect.start_clock, path)
        yield from _each("clock", effect.stop_clock, path)
        yield from _each("timer", effect.start_timer, path)
        yield from _each("approval", effect.request_approval, path)


def _of_fields(body: Body) -> Iterator[Reference]:
    for key, field in body.fields.items():
        for rule in ("required", "editable"):
            value = getattr(field, rule)
            if isinstance(value, Presence):
                yield from _each("state", value.in_, f"fields.{key}.{rule}.in")
                yield from _each("state", value.from_, f"fields.{key}.{rule}.from")


def _of_trigger(trigger: Trigger | None, path: str) -> Iterator[Reference]:
    if trigger is not None:
        yield from _each("state", trigger.enter, f"{path}.enter")
        for key in ("on", "first", "any"):
            yield from _each("event", getattr(trigger, key), f"{path}.{key}")


def _of_clocks(body: Body) -> Iterator[Reference]:
    for key, clock in body.clocks.items():
        path = f"clocks.{key}"
        for part in ("start", "stop", "resume"):
            yield from _of_trigger(getattr(clock, part), f"{path}.{part}")
        if clock.pause:
            yield from _each("state", clock.pause.in_, f"{path}.pause.in")
    for position, rule in enumerate(body.escalations):
        yield Reference("clock", rule.clock, f"escalations[{position}].clock")
        yield from _of_effects(rule.do, f"escalations[{position}].do")
    if body.survey:
        yield from _of_trigger(body.survey.send, "survey.send")


def _of_timers(body: Body) -> Iterator[Reference]:
    for key, timer in body.timers.items():
        path = f"timers.{key}"
        yield from _each("state", timer.in_, f"{path}.in")
        yield from _each("transition", timer.fire, f"{path}.fire")
        yield from _each("time", timer.at[1:] if timer.at else None, f"{path}.at")
        yield from _of_effects(timer.do, f"{path}.do")


def _of_people(body: Body) -> Iterator[Reference]:
    for key, asked in body.approvals.items():
        path = f"approvals.{key}"
        yield from _each("state", asked.in_, f"{path}.in")
        yield from _each("role", asked.approvers, f"{path}.approvers")
        yield from _each("approval", asked.after, f"{path}.after")
        for part in ("must", "veto"):
            yield from _each("role", getattr(asked.quorum, part, None), f"{path}.quorum.{part}")
        kept_out = names(asked.quorum.exclude) if asked.quorum else ()
        for role in kept_out:
            if role != "implementer":
                yield Reference("role", role, f"{path}.quorum.exclude")
        if asked.on_timeout and not isinstance(asked.on_timeout, str):
            yield Reference("role", asked.on_timeout.escalate, f"{path}.on_timeout.escalate")
    if body.priority:
        yield from _each("role", body.priority.override_by, "priority.override_by")
    for key, row in body.raci.items():
        for letter in "RACI":
            yield from _each("role", getattr(row, letter), f"raci.{key}.{letter}")
    for key, roles in body.notify.items():
        yield Reference("notice", key, f"notify.{key}")
        yield from _each("role", roles, f"notify.{key}")
    for key in body.checklists:
        yield Reference("moment", key, f"checklists.{key}")
    for position, link in enumerate(body.links):
        yield from _each("transition", link.cascade, f"links[{position}].cascade")


def names_in_expressions(recipe: Recipe, body: Body) -> Mapping[str, str]:
    """Return the names an expression may use, each with its type."""
    types = {name: CONTEXT[name] for name in recipe.inputs if name in CONTEXT}
    for facet in recipe.facets.values():
        types |= {name: field.type for name, field in facet.fields.items()}
    return types | {name: field.type for name, field in body.fields.items()}
