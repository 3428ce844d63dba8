"""A recipe as it would be: the open draft, or an overlay that is only tried. Nothing is kept."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from brigade.kernel.parties.access import needed
from brigade.kernel.parties.models import Person
from brigade.kernel.recipes.access import may_draft, may_publish
from brigade.kernel.recipes.compile import compile_effective
from brigade.kernel.recipes.compiled import CompiledRecipe
from brigade.kernel.recipes.drafting import drafted, facets_of
from brigade.kernel.recipes.errors import RecipeError
from brigade.kernel.recipes.lint import lint_effective
from brigade.kernel.recipes.overlay import Operation
from brigade.kernel.recipes.queries import draft_of, read_draft, running
from brigade.kernel.refused import Hidden, Refused


def recipe_to_try(
    key: str,
    person: Person,
    *,
    overlay: Sequence[Operation] | None = None,
    level: int | None = None,
    text: str | None = None,
) -> CompiledRecipe:
    """Compile what is to be tried of a practice that runs here; it need not be published.

    Without `overlay` that is the open draft; with one, the overlay over what runs, or
    over another `text` of the library or at another `level`. Hidden where the practice
    does not run or has no draft, Refused (`recipe_unsound`) where lint finds an error.
    """
    adoption = running(key)
    needed(may_publish(person) or may_draft(person, adoption))
    base, draft = adoption.version, None if overlay is not None else draft_of(key)
    if base is None or (overlay is None and draft is None):
        raise Hidden("no_draft", _("There is no draft of this practice to try. Begin one."))
    try:
        if draft is not None:
            read = read_draft(draft)
        else:
            source, at = text or base.source, level or base.level
            ours = facets_of(source, base.source, at, base.effective["facets"])
            read = drafted(source, overlay or (), at, facets=ours if at == base.level else None)
        faults = lint_effective(read.chosen)  # who holds which role matters when it is published
    except RecipeError as fault:
        raise _unsound(str(fault)) from fault
    if faults:
        raise _unsound("; ".join(str(each) for each in faults))
    return compile_effective(read.chosen)


def _unsound(errors: str) -> Refused:
    return Refused(
        "recipe_unsound", _("The draft cannot be tried: %(errors)s") % {"errors": errors}
    )
