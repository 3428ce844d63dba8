"""The forms of the recipe's editor: what each asks for, and the operations it makes."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from brigade.kernel.recipes import edits
from brigade.kernel.recipes.elements import in_language, plain_words
from brigade.kernel.recipes.lexis import Label
from brigade.kernel.refused import Invalid
from brigade.web.recipes import words

if TYPE_CHECKING:
    from django.http import QueryDict

    from brigade.kernel.recipes.merge import Effective
    from brigade.kernel.recipes.overlay import Operation

FORMS: dict[str, str | Promise] = {
    "state": lazy("Add a state"),
    "transition": lazy("Add a step"),
    "field": lazy("Add a field"),
    "rename": lazy("Rename"),
    "duration": lazy("Change a length of time"),
    "drop": lazy("Take away"),
}
BUTTONS: dict[str, str | Promise] = {
    "state": lazy("State"),
    "transition": lazy("Step"),
    "field": lazy("Field"),
}
SECTIONS: dict[str, str | Promise] = {
    "states": lazy("States"),
    "transitions": lazy("Steps"),
    "fields": lazy("Fields"),
    "timers": lazy("Timers"),
    "clocks": lazy("Clocks"),
    "approvals": lazy("Approvals"),
    "checklists": lazy("Checks"),
}
SENT = (
    "name", "category", "from", "step_in", "to", "step_out", "type", "choices", "when",
    "required_state", "element", "span", "why", "statement", "waiver", "alone",
)  # fmt: skip
"""What the forms of the page send as one text each."""
TAKERS = ("agent", "team_lead", "requester", "process_owner", "service_owner", "provider_agent")
"""Roles a form offers for a step; any other is written as text."""


def operations(chosen: Effective, form: str, sent: QueryDict) -> list[Operation]:
    """Return what a form asks for; Invalid names the field that is wrong."""
    why = " ".join(sent.get("why", "").split())
    if not why:
        raise Invalid("no_reason", _("Say why. It is kept with the version."), "why")
    return _BUILDERS[form](chosen, sent, why, _language())


def _state(chosen: Effective, sent: QueryDict, why: str, language: str) -> list[Operation]:
    come, go = sent.get("from", ""), sent.get("to", "")
    category = sent.get("category", "")
    if category not in words.CATEGORIES:
        raise Invalid("required", _("Choose one of the list."), "category")
    return edits.new_state(
        chosen,
        sent.get("name", ""),
        category,
        ways_in={_one_of(chosen, come, "from"): _named(sent, "step_in")} if come else {},
        ways_out={_one_of(chosen, go, "to"): _named(sent, "step_out")} if go else {},
        by=_roles(sent) if come or go else [],
        why=why,
        language=language,
    )


def _transition(chosen: Effective, sent: QueryDict, why: str, language: str) -> list[Operation]:
    return edits.new_transition(
        chosen,
        sent.get("name", ""),
        from_=[_one_of(chosen, each, "from") for each in sent.getlist("from")],
        to=_one_of(chosen, sent.get("to", ""), "to"),
        by=_roles(sent),
        why=why,
        language=language,
    )


def _field(chosen: Effective, sent: QueryDict, why: str, language: str) -> list[Operation]:
    kind, when = sent.get("type", ""), sent.get("when", "")
    if kind not in words.TYPES or kind == "tree":
        raise Invalid("required", _("Choose one of the list."), "type")
    state = sent.get("required_state", "")
    asked = when in ("in", "from")
    required = (when, _one_of(chosen, state, "required_state")) if asked else None
    return edits.new_field(
        chosen,
        sent.get("name", ""),
        kind,
        choices=sent.get("choices", "").splitlines(),
        required=required,
        why=why,
        language=language,
    )


def _rename(chosen: Effective, sent: QueryDict, why: str, language: str) -> list[Operation]:
    name = sent.get("name", "")
    return edits.renamed(chosen, sent.get("element", ""), name, why=why, language=language)


def _duration(chosen: Effective, sent: QueryDict, why: str, _language: str) -> list[Operation]:
    return edits.another_duration(chosen, sent.get("element", ""), sent.get("span", ""), why=why)


def _drop(chosen: Effective, sent: QueryDict, why: str, _language: str) -> list[Operation]:
    return edits.dropped(chosen, sent.get("element", ""), why=why)


_BUILDERS: dict[str, Callable[[Effective, QueryDict, str, str], list[Operation]]] = {
    "state": _state,
    "transition": _transition,
    "field": _field,
    "rename": _rename,
    "duration": _duration,
    "drop": _drop,
}


def offered(chosen: Effective, form: str) -> dict[str, Any]:
    """Return the lists that a form chooses from."""
    states = [(key, label_of(state.label, key)) for key, state in chosen.body.states.items()]
    found: dict[str, Any] = {
        "states": states,
        "from": [{"value": key, "label": label} for key, label in states],
        "categories": list(words.CATEGORIES.items()),
        "types": [(key, name) for key, name in words.TYPES.items() if key != "tree"],
        "roles": [{"value": role, "label": words.role(role)} for role in TAKERS],
    }
    if form == "duration":
        found["elements"] = [("", _("Choose"))] + [
            (path, f"{_element(chosen, path)} ({span})")
            for path, span in edits.durations(chosen).items()
        ]
    if form in ("rename", "drop"):
        sections = edits.NAMED if form == "rename" else edits.DROPPED
        found["elements"] = [("", _("Choose"))] + [
            (str(SECTIONS[section]), _names(chosen, section))
            for section in sections
            if getattr(chosen.body, section)
        ]
    return found


def label_of(label: Label | None, key: str) -> str:
    """Return the name of an element for the reader."""
    return in_language(label or plain_words(key), get_language())


def _names(chosen: Effective, section: str) -> dict[str, str]:
    elements = getattr(chosen.body, section)
    return {
        f"{section}.{key}": label_of(getattr(each, "label", None), key)
        for key, each in elements.items()
    }


def _element(chosen: Effective, path: str) -> str:
    _facets, _facet, section, key, *_rest = path.split(".")
    if section == "timers" and (timer := chosen.body.timers.get(key)) and timer.fire:
        move = chosen.body.transitions.get(timer.fire)
        return label_of(move.label if move else None, timer.fire)
    return plain_words(key)


def _one_of(chosen: Effective, state: str, field: str) -> str:
    if state not in chosen.body.states:
        raise Invalid("required", _("Choose one of the list."), field)
    return state


def _named(sent: QueryDict, field: str) -> str:
    text = " ".join(sent.get(field, "").split())
    if not text:
        raise Invalid("required", _("Give the step a name."), field)
    return text


def _roles(sent: QueryDict) -> list[str]:
    chosen = [role for role in sent.getlist("by") if role in TAKERS]
    if not chosen:
        raise Invalid("required", _("Choose who may take the step."), "by")
    return chosen


def _language() -> str:
    return (get_language() or "en").partition("-")[0]
