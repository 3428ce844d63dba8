"""The filters of a queue in words, and what somebody types into its box."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from babel.lists import format_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from brigade.kernel.parties.queries import people_page, people_visible_to
from brigade.kernel.recipes.queries import running_recipes
from brigade.kernel.services.queries import services_visible_to
from brigade.web.shell.times import locale, localtime
from brigade.web.work.queue_filter import (
    ENDED,
    ME,
    MINE,
    MISSED,
    NOBODY,
    OFF_MATRIX,
    OVER,
    TODAY,
    instant,
    whole,
)
from brigade.web.work.queue_own import in_words
from brigade.web.work.queue_query import (
    BOUNDS,
    FILTERS,
    Asked,
    Params,
)

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person

CATEGORIES = {
    "open": lazy("Open"),
    "new": lazy("New"),
    "active": lazy("In progress"),
    "waiting": lazy("Waiting"),
    "done": lazy("Resolved or closed"),
    "resolved": lazy("Resolved"),
    "closed": lazy("Closed"),
    "cancelled": lazy("Cancelled"),
}
DUE = {
    OVER: lazy("over time"),
    "1h": lazy("within the hour"),
    "4h": lazy("within 4 hours"),
    TODAY: lazy("today"),
}
CLOCKS = {MISSED: lazy("missed"), ENDED: lazy("missed and stopped")}
LABELS = {
    "category": lazy("State is"),
    "state": lazy("State is"),
    "team": lazy("Team is"),
    "assignee": lazy("Assignee is"),
    "priority": lazy("Priority is"),
    "service": lazy("Service is"),
    "requester": lazy("Requester is"),
    "due": lazy("Due"),
    "clock": lazy("Clock"),
    "changed": lazy("Changed in"),
    "opened_since": lazy("Opened from"),
    "opened_before": lazy("Opened before"),
    "resolved_since": lazy("Resolved from"),
    "resolved_before": lazy("Resolved before"),
}
_PRIORITY = re.compile(r"p([1-9])", re.I)


@dataclass(frozen=True, slots=True)
class Pill:
    """An applied filter: its words, and the query string of the list without it."""

    label: str
    value: str
    remove: str


def priorities() -> list[tuple[int, str]]:
    """Return the levels of priority with the word of the recipe that runs here, highest first."""
    for recipe in running_recipes():
        if recipe.priority.labels:
            levels = range(1, len(recipe.priority.labels) + 1)
            return [(level, recipe.priority_label(level)) for level in levels]
    return []


def pills(person: Person, asked: Asked, teams: dict[int, str]) -> list[Pill]:
    """Return the applied filters in words; the words looked for stand in the box instead."""
    names = _Names(person, asked.params, teams)
    return [
        Pill(str(LABELS[name]), _either([names.of(name, one) for one in values]), query)
        for name in FILTERS
        if name != "q" and (values := asked.params.get(name))
        if (query := asked.without(name)) is not None
    ] + [
        Pill(
            _("%(field)s is") % {"field": one.label},
            _either(in_words(one, asked.params[name])),
            asked.without(name),
        )
        for name, one in asked.own.items()
        if asked.params.get(name)
    ]


def _either(words: Sequence[str]) -> str:
    return format_list(list(words), style="or", locale=locale())


class _Names:
    """Names behind the values of filters, only of what the reader may see."""

    def __init__(self, person: Person, params: Params, teams: dict[int, str]) -> None:
        self.teams = teams
        ids = whole([*params.get("assignee", []), *params.get("requester", [])])
        seen = people_visible_to(person).filter(pk__in=ids) if ids else None
        self.people = dict(seen.values_list("pk", "name")) if seen is not None else {}
        codes = params.get("service", [])
        found = services_visible_to(person).filter(code__in=codes) if codes else None
        self.services = dict(found.values_list("code", "name")) if found is not None else {}
        self.priorities = dict(priorities()) if "priority" in params else {}

    def of(self, name: str, value: str) -> str:
        """Return one value of a filter in words; what has none stands as it is."""
        own = {
            ("team", MINE): _("one of mine"),
            ("assignee", ME): _("me"),
            ("assignee", NOBODY): _("nobody"),
            ("requester", ME): _("me"),
            ("priority", OFF_MATRIX): _("not what the matrix gives"),
        }
        if (name, value) in own:
            return own[name, value]
        number = next(iter(whole([value])), 0)
        if name == "changed":
            return ngettext("the last day", "the last %(n)d days", number) % {"n": number}
        if name in BOUNDS:
            return localtime(instant(value)) or value
        found: dict[str, Any] = {
            "category": CATEGORIES.get(value),
            "due": DUE.get(value),
            "clock": CLOCKS.get(value),
            "team": self.teams.get(number),
            "assignee": self.people.get(number),
            "requester": self.people.get(number),
            "service": self.services.get(value),
            "priority": self.priorities.get(number),
        }
        return str(found.get(name) or value)


def typed(person: Person, text: str) -> Params:
    """Read the box: `P1`, `@name`, `@me`, a service by its name or code; the rest is words.

    A name that nobody visible has stays a word, and then finds nothing.
    """
    found: Params = {}
    words: list[str] = []
    for word in text[:200].split():
        level = _PRIORITY.fullmatch(word)
        who = _who(person, word[1:]) if word.startswith("@") and len(word) > 1 else None
        if level:
            found.setdefault("priority", []).append(level[1])
        elif who:
            found["assignee"] = [who]
        else:
            words.append(word)
    rest = " ".join(words)
    service = _service(person, rest)
    if service:
        found["service"] = [service]
    elif rest:
        found["q"] = [rest]
    return found


def _who(person: Person, name: str) -> str | None:
    if name.casefold() in (ME, NOBODY, _("me").casefold(), _("nobody").casefold()):
        return NOBODY if name.casefold() in (NOBODY, _("nobody").casefold()) else ME
    first = next(iter(people_page(person, text=name.replace(".", " "), limit=1)), None)
    return str(first.pk) if first else None


def _service(person: Person, text: str) -> str | None:
    if not text:
        return None
    seen = services_visible_to(person)
    found = seen.filter(name__iexact=text) | seen.filter(code__iexact=text)
    return found.values_list("code", flat=True).first()
