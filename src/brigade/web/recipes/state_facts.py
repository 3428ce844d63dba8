"""The facts of one state as the recipe's pages show them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from brigade.kernel.recipes.state_words import acting_in, approvals_in, checks_in, clocks_in
from brigade.web.recipes.words import CATEGORIES, all_of

if TYPE_CHECKING:
    from brigade.kernel.recipes.compiled import CompiledRecipe
    from brigade.kernel.recipes.words import StateInWords


def state_facts(recipe: CompiledRecipe, state: StateInWords) -> list[dict[str, Any]]:
    """Return what holds in a state: label and sentence; what says nothing is left out."""
    told = (
        (_("Counts as"), str(CATEGORIES[state.category])),
        (_("Must be filled"), state.must_be_filled or _("Nothing")),
        (_("Who may act"), all_of(acting_in(recipe, state.key)) or _("Nobody")),
        (_("Clocks"), " ".join(clocks_in(recipe, state.key))),
        (_("By itself"), " ".join(state.by_itself) or _("Nothing happens")),
        (_("Approvals"), " ".join(approvals_in(recipe, state.key))),
        (_("Checks"), all_of(checks_in(recipe, state.key))),
    )
    return [{"label": label, "value": value} for label, value in told]
