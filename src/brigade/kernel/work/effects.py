"""What happens beside a move, at a mark of a clock, or when a timer is due."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from brigade.kernel.recipes.elements import Effect, plain_words
from brigade.kernel.recipes.lexis import names
from brigade.kernel.refused import Refused
from brigade.kernel.work.names import REFERENCES

if TYPE_CHECKING:
    from brigade.kernel.work.step import Step

FLAGS = "flags"
"""The words a record is flagged with, in the order in which they came."""


def apply_effects(step: Step, effects: Iterable[Effect], topic: str, **payload: str) -> list[str]:
    """Apply effects to a step and return the kinds of those that are not installed here.

    People are told under `topic`, and their messages carry the payload.
    """
    return [one.kind for one in effects if not _applied(step, one, topic, payload)]


def apply_all(step: Step, effects: Iterable[Effect], topic: str) -> None:
    """Apply the effects of a move; raises Refused for one that is not installed here."""
    for missing in apply_effects(step, effects, topic):
        raise Refused(
            "effect_not_installed",
            _("This step needs “%(effect)s”, which is not installed here.") % {"effect": missing},
        )


def _applied(step: Step, effect: Effect, topic: str, payload: dict[str, str]) -> bool:
    match effect.kind:
        case "set":
            for name, value in effect.value.items():
                step.put(name, _named(step, value))
        case "increment":
            step.put(effect.value, int(step.get(effect.value) or 0) + 1)
        case "flag":
            flags = list(step.get(FLAGS) or ())
            step.put(FLAGS, flags if effect.value in flags else [*flags, effect.value])
        case "notify":
            step.tell(topic, names(effect.value), payload)
        case "request_approval":
            step.asked.append(effect.value)
        case "task":
            step.tasks.append(_task(step, effect.value))
        case _:
            return False
    return True


def _named(step: Step, value: Any) -> Any:
    """Return a literal, or what `=name` names in the record's context."""
    if isinstance(value, str) and value.startswith("="):
        name = value[1:]
        return step.get(name) if name in REFERENCES else step.context().get(name)
    return value


def _task(step: Step, value: Any) -> tuple[str, int | None]:
    """Return the title of a task and the person it is for, if the recipe names one."""
    if isinstance(value, str):
        return plain_words(value), None
    title = value.get("title") or plain_words(value.get("kind") or "todo")
    if not isinstance(title, str):
        title = title.get("en") or next(iter(title.values()))
    to = value.get("to")
    person = _named(step, to) if to in ("=assignee", "=requester", "=actor") else None
    return title, person
