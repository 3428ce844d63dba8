"""Reads of recipes: which one runs for a kind of record, and any version ever published."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from brigade.kernel.prepared import rows_numbered
from brigade.kernel.recipes.compile import compile_effective
from brigade.kernel.recipes.compiled import CompiledRecipe
from brigade.kernel.recipes.drafting import Drafted, drafted, facets_of
from brigade.kernel.recipes.merge import with_facets
from brigade.kernel.recipes.models import Adoption, RecipeDraft, RecipeVersion
from brigade.kernel.recipes.overlay import Operation, overlaid, read_all
from brigade.kernel.recipes.parse import read
from brigade.kernel.recipes.world import check
from brigade.kernel.refused import Hidden

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import QuerySet

RUNNING = b"""
select v.effective #>> '{record,kind}', a.version_id
  from recipes_adoption a join recipes_recipeversion v on v.id = a.version_id
 where a.state = 'adopted' and v.effective #>> '{record,kind}' is not null
 order by a.key
"""
"""Every page asks this, so the ORM does not write it anew each time."""
OPEN = (RecipeDraft.State.DRAFT, RecipeDraft.State.SUBMITTED, RecipeDraft.State.APPROVED)
"""The states of a draft that is neither published nor withdrawn."""


def recipe_for(kind: str) -> CompiledRecipe:
    """Return the recipe that new records of this kind run; Hidden where none is adopted."""
    return recipe_version(version_for(kind))


def version_for(kind: str) -> int:
    """Return the id of the version that new records of this kind pin."""
    version = versions_running().get(kind)
    if version is None:
        raise Hidden(
            "not_adopted", _("No practice that handles “%(kind)s” runs here.") % {"kind": kind}
        )
    return version


def versions_running() -> dict[str, int]:
    """Return the id of the version that new records pin, by kind, of every practice adopted."""
    return dict(rows_numbered(RUNNING, ()))


def running_recipes() -> list[CompiledRecipe]:
    """Return the recipes that new records run, by key of their practice."""
    return [recipe_version(version) for version in versions_running().values()]


@lru_cache(maxsize=500)
def recipe_version(version_id: int) -> CompiledRecipe:
    """Return a published version, compiled; raises RecipeVersion.DoesNotExist.

    A version never changes, so what was compiled once is kept by its checksum.
    """
    wanted = ("checksum", "source", "level", "effective__facets", "overlay", "version")
    row = RecipeVersion.objects.values(*wanted).get(pk=version_id)
    known = _KNOWN.get(row["checksum"])
    if known is None or known.version != row["version"]:
        document = overlaid(read(row["source"]), read_all(row["overlay"]))
        chosen = with_facets(document, row["level"], tuple(row["effective__facets"]))
        known = replace(compile_effective(chosen), version=row["version"])
        _KNOWN[row["checksum"]] = known
    return known


_KNOWN: dict[str, CompiledRecipe] = {}
"""What was compiled, by checksum: the same content under several ids is compiled once."""


def overlay_of(key: str) -> tuple[Operation, ...]:
    """Return by what the organisation changes a practice that runs here."""
    stored = Adoption.objects.filter(key=key).values_list("version__overlay", flat=True).first()
    return read_all(stored or ())


def adoptions() -> list[Adoption]:
    """Return every practice anybody has decided about, by key, with version and owner."""
    return list(Adoption.objects.select_related("version", "owner").order_by("key"))


def adoption_of(key: str) -> Adoption | None:
    """Return the adoption of a practice, or None where nobody has decided about it."""
    return Adoption.objects.select_related("version", "owner").filter(key=key).first()


def versions_of(key: str) -> list[RecipeVersion]:
    """Return the published versions of a recipe, newest first."""
    return list(
        RecipeVersion.objects.filter(key=key)
        .defer("source", "effective")
        .select_related("published_by")
        .order_by("-published_at", "-id")
    )


def owner_of(key: str) -> int | None:
    """Return the id of whoever answers for a practice here, where somebody is named."""
    return Adoption.objects.filter(key=key).values_list("owner_id", flat=True).first()


def running(key: str, *, lock: bool = False) -> Adoption:
    """Return the adoption of a practice that runs here, with its version; else Hidden.

    `lock` keeps others from changing it until the transaction ends.
    """
    rows = Adoption.objects.select_related("version", "owner")
    rows = rows.select_for_update(of=("self",)) if lock else rows
    adoption = None if "\0" in key else rows.filter(key=key, state="adopted").first()
    if adoption is None or adoption.version is None:
        raise Hidden("not_adopted", _("No practice of this name runs here."))
    return adoption


def draft_of(key: str) -> RecipeDraft | None:
    """Return the draft of a practice that is open, or None."""
    return _drafts().filter(key=key, state__in=OPEN).first()


def draft_by_id(draft_id: int) -> RecipeDraft:
    """Return a draft, open or over; Hidden where there is none."""
    draft = _drafts().filter(pk=draft_id).first()
    if draft is None:
        raise Hidden("no_such_draft", _("There is no such draft."))
    return draft


def drafts_of(key: str) -> list[RecipeDraft]:
    """Return every draft of a practice, the newest first."""
    return list(_drafts().defer("source", "overlay").filter(key=key).order_by("-opened_at", "-id"))


def _drafts() -> QuerySet[RecipeDraft]:
    people = ("opened_by", "changed_by", "submitted_by", "approved_by", "closed_by")
    return RecipeDraft.objects.select_related("base", "version", *people)


def read_draft(draft: RecipeDraft, overlay: Sequence[Operation] | None = None) -> Drafted:
    """Return a draft read at the level that runs; raises RecipeError where it does not fit.

    With `overlay` it is read as if it said that instead.
    """
    operations = read_all(draft.overlay) if overlay is None else overlay
    base = draft.base
    facets = facets_of(draft.source, base.source, base.level, base.effective["facets"])
    found = drafted(draft.source, operations, base.level, facets=facets)
    return replace(found, findings=tuple(check(found.chosen)))
