"""Fields of a form as plain values, from a field of a recipe or a column of a record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from brigade.kernel.parties.queries import organisations_visible_to, teams_visible_to
from brigade.kernel.recipes.elements import in_language
from brigade.kernel.recipes.trees import STEP
from brigade.kernel.refused import Invalid
from brigade.kernel.services.queries import services_usable_by
from brigade.kernel.work.values import COLUMN_TYPES
from brigade.web.shell.reader import reader
from brigade.web.shell.times import localtime
from brigade.web.work.pickers import person_named
from brigade.web.work.record_words import field_label, instant

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person
    from brigade.kernel.recipes.compiled import CompiledRecipe
    from brigade.kernel.recipes.elements import Field

INPUTS = {
    "text": "text", "note": "textarea", "int": "number", "number": "text",
    "bool": "check", "enum": "choice", "datetime": "datetime-local", "date": "date",
    "party": "picker", "service": "select", "offering": "select", "organisation": "select",
    "team": "select",
}  # fmt: skip
"""Which control a type of field has; a type without one is not edited on a page."""


@dataclass(frozen=True, slots=True)
class Control:
    """One field as it is shown. `text` is what a picker shows for its value."""

    name: str
    label: str
    type: str
    value: Any = ""
    text: str = ""
    hint: str = ""
    optional: bool = False
    options: list[Any] = field(default_factory=list)
    source: str = ""


def type_of(recipe: CompiledRecipe, name: str) -> str:
    """Return the control that a field has, or nothing where it has none."""
    known = recipe.fields.get(name)
    if known is not None and known.type == "tree":
        return "select" if known.of else "text"
    if known is not None and known.own and known.type in ("bool", "enum"):
        return "select"
    return INPUTS.get(known.type if known else COLUMN_TYPES.get(name, ""), "")


def control(
    recipe: CompiledRecipe,
    name: str,
    person: Person,
    value: Any = None,
    *,
    text: str = "",
    optional: bool = False,
) -> Control:
    """Return the control of a field with its present value."""
    known = recipe.fields.get(name)
    kind = type_of(recipe, name)
    return Control(
        name=name,
        label=field_label(recipe, name),
        type=kind,
        value=_shown(kind, value),
        text=text,
        hint=in_language(known.help) if known and known.help else "",
        optional=optional,
        options=_options(recipe, name, person, value),
        source=reverse("pick_people") if kind == "picker" else "",
    )


def _shown(kind: str, value: Any) -> Any:
    if kind == "datetime-local" and value:
        return localtime(instant(value), "input") or value
    if kind == "select" and isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else value


def _options(recipe: CompiledRecipe, name: str, person: Person, value: Any) -> list[Any]:
    known = recipe.fields.get(name)
    kind = known.type if known else COLUMN_TYPES.get(name, "")
    if known is not None and known.type == "tree":
        return _branches(recipe, known, value)
    if known is not None and known.own and kind in ("bool", "enum"):
        return [("", _("Not said")), *_few(recipe, known)]
    if known is not None and kind == "enum":
        return [{"value": one, "label": recipe.choice_label(name, one)} for one in known.of]
    if kind == "service":
        services = services_usable_by(person).values_list("pk", "name")[:500]
        return [("", _("None")), *services]
    if kind == "organisation":
        known_ones = organisations_visible_to(person).filter(is_active=True)
        return [("", _("None")), *known_ones.values_list("pk", "name")[:500]]
    if kind == "team":
        teams = teams_visible_to(person).filter(is_active=True).values_list("pk", "name")[:500]
        return [("", _("None")), *teams]
    return []


def _few(recipe: CompiledRecipe, known: Field) -> list[tuple[Any, str]]:
    """Return the choices of a question that may stay open, which no row of buttons can say."""
    if known.type == "bool":
        return [("yes", _("Yes")), ("no", _("No"))]
    return [(one, recipe.choice_label(known.key, one)) for one in known.of]


def _branches(recipe: CompiledRecipe, known: Field, value: Any) -> list[Any]:
    """Return a tree as groups of a select; what an import brought stays, as it is written."""
    paths = [str(path) for path in known.of]
    options: list[Any] = [("", _("None"))]
    if value and value not in paths:
        options.append((value, value))
    for first in (path for path in paths if "." not in path):
        label = in_language(known.choice(first))
        inside = [path for path in paths if path.startswith(f"{first}.")]
        if not inside:
            options.append((first, label))
            continue
        general = _("%(branch)s in general") % {"branch": label}
        names = [(path, recipe.choice_label(known.key, path)) for path in inside]
        lead = f"{label}{STEP}"
        within = {path: name.removeprefix(lead) for path, name in names}
        options.append((label, {first: general} | within))
    return options


def given(request: HttpRequest, controls: list[Control]) -> dict[str, Any]:
    """Return what was filled in, as a verb takes it; raises Invalid for a person nobody knows."""
    return {one.name: _given(request.POST, one, request) for one in controls}


def _given(sent: Mapping[str, str], one: Control, request: HttpRequest) -> Any:
    if one.type == "check":
        return one.name in sent
    if one.type == "picker":
        return picked_person(request, one.name)
    return sent.get(one.name, "")


def refilled(request: HttpRequest, one: Control) -> Control:
    """Return the control with what was sent, to be shown again."""
    sent = request.POST
    value = one.name in sent if one.type == "check" else sent.get(one.name, "")
    return replace(one, value=value, text=sent.get(f"{one.name}_text", ""))


def picked_person(request: HttpRequest, name: str) -> int | None:
    """Return the id of the person chosen in a picker, or of the one whose name was typed."""
    chosen, typed = request.POST.get(name, ""), request.POST.get(f"{name}_text", "").strip()
    if not chosen and not typed:
        return None
    found = person_named(reader(request), chosen, typed)
    if found is None:
        raise Invalid(
            "no_such_person",
            _("Nobody of this name is known, or several are. Type more of it, or the address."),
            name,
        )
    return found.pk
