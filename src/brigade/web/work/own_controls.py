"""The organisation's own fields on a form for a new record: which are asked, what was said.

Their names are given a prefix, so that none is taken for a field of the form itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from brigade.kernel.recipes.own_fields import PREFIX
from brigade.kernel.work.meaning import tried_context
from brigade.web.work.controls import Control, control, picked_person

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person
    from brigade.kernel.recipes.compiled import CompiledRecipe

SHOWN = "own_shown"
"""The field that says which of them the form showed."""


@dataclass(frozen=True, slots=True)
class OwnQuestions:
    """What a form asks beside its own fields; `changing` where it depends on what is said."""

    controls: list[Control] = field(default_factory=list)
    changing: bool = False

    @property
    def shown(self) -> str:
        """The names of what is asked, for the form to send back."""
        return " ".join(one.name for one in self.controls)

    def unseen(self, sent: Mapping[str, str]) -> dict[str, str]:
        """Return what to say where an answer brought up a question the form had not shown."""
        seen = sent.get(SHOWN, "").split()
        new = [one for one in self.controls if one.name not in seen]
        said = _("This is asked because of what you said above. Answer it, or send the form again.")
        return {one.name: said for one in new}


def own_questions(
    recipe: CompiledRecipe,
    person: Person,
    fields: Mapping[str, Any],
    values: Mapping[str, Any],
    *,
    public: bool = False,
) -> OwnQuestions:
    """Return what to ask where the form's own fields say `fields`; `values` are as sent."""
    askable = recipe.asked_at_opening(public=public)
    if not askable:
        return OwnQuestions()
    own = {one.key: values.get(f"{PREFIX}{one.key}", "") for one in askable}
    context = tried_context(recipe, {**fields, **own}, person)
    required = recipe.required_fields(recipe.initial, context)
    controls = [
        replace(
            control(recipe, one.key, person, optional=one.key not in required),
            name=f"{PREFIX}{one.key}",
            value=own[one.key] or _preset(one.default),
            text=str(values.get(f"{PREFIX}{one.key}_text", "")),
        )
        for one in recipe.asked_at_opening(context, public=public)
    ]
    return OwnQuestions(controls, any(one.when is not None for one in askable))


def _preset(default: Any) -> Any:
    if isinstance(default, bool):
        return "yes" if default else "no"
    return "" if default is None else default


def own_given(request: HttpRequest, asked: OwnQuestions) -> dict[str, Any]:
    """Return what was said to these questions, by field; raises Invalid for an unknown person."""
    sent = request.POST
    given = {
        one.name.removeprefix(PREFIX): picked_person(request, one.name)
        if one.type == "picker"
        else sent.get(one.name, "")
        for one in asked.controls
    }
    return {name: value for name, value in given.items() if value not in ("", None)}


def at_its_control(name: str | None, asked: OwnQuestions) -> str:
    """Return the name of the control in which a refusal about a field belongs."""
    own = f"{PREFIX}{name}"
    return own if any(one.name == own for one in asked.controls) else name or ""
