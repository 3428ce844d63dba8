"""What becomes of running records, row by row in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from brigade.kernel.recipes.queries import recipe_version

if TYPE_CHECKING:
    from brigade.kernel.recipes.compiled import CompiledRecipe
    from brigade.kernel.work.versions.planning import Plan


def rows_of(plan: Plan, recipe: CompiledRecipe) -> list[dict[str, Any]]:
    """Return the lines of a plan as a table shows them; `recipe` is the version they come to."""
    return [
        {
            "line": one,
            "state": recipe_version(one.version).label(one.state),
            "to": recipe.label(one.to),
            "given": ", ".join(recipe.label(name) for name in one.given),
            "why": _because(one.reason, [recipe.label(name) for name in one.fields]),
        }
        for one in plan.lines
    ]


def _because(reason: str, fields: list[str]) -> str:
    if reason == "state_gone":
        return _("Its state is no longer there")
    if reason == "busy":
        return _("Others were writing it. Ask again.")
    return _("Not filled in: %(fields)s") % {"fields": ", ".join(fields)} if fields else ""
