"""By when we aim to fix something, in the words of whoever asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from brigade.kernel import instants
from brigade.kernel.clocks.faces import faces_of, until_fixed
from brigade.kernel.recipes.queries import recipe_version
from brigade.web.shell.times import localtime

if TYPE_CHECKING:
    from brigade.kernel.records.models import Record


def aim(record: Record) -> str:
    """Return by when it is to be fixed, while a promise about that runs; else nothing."""
    recipe = recipe_version(record.recipe_version_id)
    if not recipe.clocks:
        return ""
    face = until_fixed(recipe, faces_of([record.pk], instants.now()).get(record.pk, []))
    if face is None or not face.is_live or face.due_at is None:
        return ""
    when = {"when": localtime(face.due_at)}
    if face.over:
        return (
            _("We aimed to fix this by %(when)s, and it takes longer. We are still on it.") % when
        )
    return _("We aim to fix this by %(when)s.") % when
