"""A recipe as a draft would make it: compiled, and refused with path and reason if unsound."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from brigade.kernel.recipes.compile import compile_recipe
from brigade.kernel.recipes.compiled import CompiledRecipe
from brigade.kernel.recipes.errors import RecipeError
from brigade.kernel.recipes.overlay import Operation, overlaid
from brigade.kernel.recipes.parse import read
from brigade.kernel.recipes.queries import adoption_of
from brigade.kernel.refused import Hidden, Refused


@dataclass(frozen=True, slots=True)
class Drafted:
    """What is to be tried: an overlay over a text of the library, at a level.

    Without `text` and `level` they are those of the version that runs here.
    """

    overlay: Sequence[Operation] = ()
    text: str | None = None
    level: int | None = None
    on: Iterable[str] = ()
    off: Iterable[str] = ()


def compiled_draft(key: str, draft: Drafted) -> CompiledRecipe:
    """Compile what is to be tried of a practice that runs here; it need not be published.

    Hidden where the practice does not run, Refused (`recipe_unsound`) where an
    operation does not fit or lint finds an error.
    """
    adoption = adoption_of(key)
    if adoption is None or adoption.version is None:
        raise Hidden("not_adopted", _("No practice of this name runs here."))
    text = adoption.version.source if draft.text is None else draft.text
    level = adoption.level if draft.level is None else draft.level
    try:
        return compile_recipe(
            overlaid(read(text), draft.overlay), level, on=draft.on, off=draft.off
        )
    except RecipeError as fault:
        sentence = _("The draft cannot be tried: %(errors)s") % {"errors": str(fault)}
        raise Refused("recipe_unsound", sentence) from fault
