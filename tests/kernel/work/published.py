"""A change of a recipe taken the whole way: written, approved by its owner, then published."""

from __future__ import annotations

from collections.abc import Iterable

from brigade.kernel.parties.models import Person
from brigade.kernel.recipes.drafts import change_draft, open_draft
from brigade.kernel.recipes.models import RecipeVersion
from brigade.kernel.recipes.overlay import Operation
from brigade.kernel.recipes.publishing import publish_draft, submit_draft
from brigade.kernel.recipes.queries import draft_of
from brigade.kernel.work.recipe_approvals import approve_draft


def let_run(
    key: str, more: Iterable[Operation] = (), *, owner: Person, admin: Person
) -> RecipeVersion:
    """Put operations into the open draft of a practice, or into a new one, and let it run."""
    draft = draft_of(key) or open_draft(key, by=owner)
    change_draft(draft.pk, by=owner, put=more)
    submit_draft(draft.pk, by=owner)
    approve_draft(draft.pk, by=owner, statement="As we work.")
    version = publish_draft(draft.pk, by=admin).version
    assert version is not None
    return version
