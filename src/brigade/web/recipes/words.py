"""Words that a recipe does not bring itself: roles, frameworks, types of fields."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from babel.lists import format_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from brigade.kernel.clocks.promises import STOPWATCH
from brigade.kernel.recipes.elements import in_language
from brigade.kernel.recipes.role_names import role_name
from brigade.kernel.recipes.words import escalation_in_words, field_in_words, timer_in_words
from brigade.web.shell.times import locale
from brigade.web.work.clock_words import clock_name

if TYPE_CHECKING:
    from brigade.kernel.recipes.compiled import CompiledRecipe
    from brigade.kernel.recipes.language import Raci
    from brigade.kernel.recipes.manifests import Manifest

FRAMEWORKS = {
    "itil_v3": "ITIL v3",
    "itil_4": "ITIL 4",
    "itil_5": "ITIL 5",
    "iso20000_1": "ISO/IEC 20000-1",
    "cobit": "COBIT 2019",
}
TYPES = {
    "text": lazy("Text"),
    "note": lazy("Long text"),
    "bool": lazy("Yes or no"),
    "int": lazy("Whole number"),
    "number": lazy("Number"),
    "enum": lazy("One of several"),
    "tree": lazy("Place in a tree"),
    "date": lazy("Day"),
    "datetime": lazy("Day and time"),
    "party": lazy("Person"),
    "team": lazy("Team"),
    "organisation": lazy("Organisation"),
    "service": lazy("Service"),
    "ci": lazy("Configuration item"),
    "outage": lazy("Outage"),
}
ACCOUNTABLE = {
    "availability_manager": lazy("Availability manager"),
    "board_secretary": lazy("Board secretary"),
    "business_relationship_manager": lazy("Business relationship manager"),
    "capacity_manager": lazy("Capacity manager"),
    "catalogue_manager": lazy("Catalogue manager"),
    "compliance_lead": lazy("Compliance lead"),
    "configuration_manager": lazy("Configuration manager"),
    "continuity_manager": lazy("Continuity manager"),
    "demand_manager": lazy("Demand manager"),
    "design_manager": lazy("Design manager"),
    "finance_partner": lazy("Finance partner"),
    "head_of_it": lazy("Head of IT"),
    "improvement_manager": lazy("Improvement manager"),
    "knowledge_manager": lazy("Knowledge manager"),
    "operations_manager": lazy("Operations manager"),
    "problem_manager": lazy("Problem manager"),
    "release_manager": lazy("Release manager"),
    "resource_manager": lazy("Resource manager"),
    "risk_owner": lazy("Risk owner"),
    "security_manager": lazy("Security manager"),
    "service_desk_manager": lazy("Service desk manager"),
    "service_integrator": lazy("Service integrator"),
    "service_level_manager": lazy("Service level manager"),
    "sourcing_lead": lazy("Sourcing lead"),
    "test_manager": lazy("Test manager"),
    "transition_manager": lazy("Transition manager"),
}
"""Roles that answer for a practice and are no roles of this installation."""
CATEGORIES = {
    "new": lazy("New"),
    "active": lazy("In progress"),
    "waiting": lazy("Waiting"),
    "resolved": lazy("Resolved"),
    "closed": lazy("Closed"),
    "cancelled": lazy("Cancelled"),
}
EVENTS = {
    "opened": lazy("It is opened"),
    "replied": lazy("Somebody replies"),
    "resolved": lazy("It is resolved"),
    "reopened": lazy("It is reopened"),
    "closed": lazy("It is closed"),
    "cancelled": lazy("It is cancelled"),
    "assigned": lazy("It is assigned"),
}


def role(key: str) -> str:
    """Return a role with a capital letter, as it stands in a table."""
    name = str(ACCOUNTABLE.get(key) or role_name(key))
    return name[:1].upper() + name[1:]


def all_of(words: Iterable[str]) -> str:
    """Return words as a list in the reader's language: "a, b and c"."""
    return format_list([word for word in words if word], locale=locale())


def roles(keys: str | Iterable[str] | None) -> str:
    """Return one role or several in words; none is an empty text."""
    if not keys:
        return ""
    return all_of(role_name(key) for key in ([keys] if isinstance(keys, str) else keys))


def maps(manifest: Manifest) -> list[dict[str, str]]:
    """Return where each framework speaks of the practice, as facts."""
    return [
        {"label": name, "value": ", ".join(getattr(manifest.maps, key))}
        for key, name in FRAMEWORKS.items()
    ]


def fields(recipe: CompiledRecipe) -> list[dict[str, Any]]:
    """Return every field with its type and its rules in sentences."""
    return [
        {
            "label": in_language(field.label),
            "help": in_language(field.help) if field.help else "",
            "type": str(TYPES.get(field.type, field.type)),
            "rules": field_in_words(recipe, field),
        }
        for field in recipe.fields.values()
    ]


def timers(recipe: CompiledRecipe) -> list[dict[str, str]]:
    """Return what happens by itself, and while the record is in which states."""
    return [
        {
            "states": all_of(recipe.label(state) for state in timer.in_),
            "sentence": timer_in_words(recipe, timer),
        }
        for timer in recipe.timers.values()
    ]


def clocks(recipe: CompiledRecipe) -> list[dict[str, Any]]:
    """Return every clock with the target it runs by, and what happens at each of its marks."""
    return [
        {
            "name": clock_name(recipe, key),
            "per_team": clock.per == "team",
            "target": clock.target if clock.target != STOPWATCH else "",
            "escalations": [
                escalation_in_words(recipe, each) for each in recipe.escalations_of(key)
            ],
        }
        for key, clock in recipe.clocks.items()
    ]


def duties(recipe: CompiledRecipe) -> list[dict[str, str]]:
    """Return who is responsible, accountable, consulted and informed, by activity."""
    return [_duty(recipe, activity, raci) for activity, raci in recipe.raci.items()]


def _duty(recipe: CompiledRecipe, activity: str, raci: Raci) -> dict[str, str]:
    label = recipe.label(activity)
    if label == activity:
        label = activity.replace("_", " ").capitalize()
    return {
        "activity": label,
        "does": roles(raci.R),
        "answers": roles(raci.A),
        "asked": roles(raci.C),
        "told": roles(raci.I),
    }


def told(recipe: CompiledRecipe) -> list[dict[str, str]]:
    """Return who hears of which event."""
    return [
        {"event": str(EVENTS.get(event, recipe.label(event))), "who": roles(who)}
        for event, who in recipe.notify.items()
    ]


def priorities(recipe: CompiledRecipe) -> list[dict[str, Any]]:
    """Return the recipe's words for its priorities, highest first."""
    labels = range(1, len(recipe.priority.labels) + 1)
    return [{"level": level, "label": recipe.priority_label(level)} for level in labels]


def parts(recipe: CompiledRecipe, versions: int) -> list[tuple[str, str, int | None]]:
    """Return the tabs of the page: key, words, and how many lie behind it."""
    rules = len(recipe.clocks) + len(recipe.timers) + len(recipe.policies)
    return [
        ("flow", _("Flow"), None),
        ("fields", _("Fields"), len(recipe.fields)),
        ("rules", _("Rules"), rules),
        ("roles", _("Roles"), None),
        ("versions", _("Versions"), versions),
    ]
