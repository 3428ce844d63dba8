"""The verb of going back: what a practice ran before, published anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from brigade.kernel import instants
from brigade.kernel.parties.access import needed
from brigade.kernel.parties.acting import acting
from brigade.kernel.recipes.access import may_publish
from brigade.kernel.recipes.drafting import switched
from brigade.kernel.recipes.models import Adoption, RecipeVersion
from brigade.kernel.recipes.parse import read
from brigade.kernel.recipes.queries import running
from brigade.kernel.refused import Hidden, Refused

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person


def roll_back(key: str, *, by: Person, to: int | None = None) -> Adoption:
    """Let a practice run again what it ran before, or the content of version `to`.

    It becomes a new version with a number of its own, so that the past stays as it was;
    running records keep theirs until somebody moves them. Asked twice in a row it undoes
    itself. It takes one click, for what it brings back was approved when it was first
    published. Refused where there is nothing to go back to, Hidden for a version that
    is not of this practice.
    """
    needed(may_publish(by))
    with acting(by):
        adoption = running(key, lock=True)
        wanted = _wanted(key, adoption, to)
        adoption.version = _published_again(wanted, by)
        on, off = switched(read(wanted.source), wanted.level, wanted.effective["facets"])
        adoption.level = wanted.level
        adoption.facets_on, adoption.facets_off = sorted(on), sorted(off)
        adoption.adopted_at = instants.now()
        adoption.save(update_fields=["version", "level", "facets_on", "facets_off", "adopted_at"])
    return adoption


def before(adoption: Adoption) -> RecipeVersion | None:
    """Return the version whose content ran before the one that runs, or None."""
    now = adoption.version
    if now is None:
        return None
    rows = RecipeVersion.objects.filter(key=adoption.key, pk__lt=now.pk)
    return rows.exclude(checksum=now.checksum).order_by("-pk").first()


def _wanted(key: str, adoption: Adoption, to: int | None) -> RecipeVersion:
    if to is None:
        earlier = before(adoption)
        if earlier is None:
            raise Refused(
                "nothing_before", _("Nothing else has run here that one could go back to.")
            )
        return earlier
    wanted = RecipeVersion.objects.filter(key=key, pk=to).first()
    if wanted is None:
        raise Hidden("no_such_version", _("There is no such version of this recipe."))
    if adoption.version is not None and wanted.checksum == adoption.version.checksum:
        raise Refused("runs_already", _("This is what runs here already."))
    return wanted


def _published_again(wanted: RecipeVersion, by: Person) -> RecipeVersion:
    number = read(wanted.source).recipe.version
    base = f"{wanted.key}@{number}"
    behind = RecipeVersion.objects.filter(key=wanted.key, base=base).count() + 1
    return RecipeVersion.objects.create(
        key=wanted.key,
        version=f"{number}+{behind}",
        level=wanted.level,
        checksum=wanted.checksum,
        source=wanted.source,
        effective=wanted.effective,
        overlay=wanted.overlay,
        base=base,
        published_at=instants.now(),
        published_by=by,
    )
