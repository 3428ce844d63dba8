"""Raising a level: on evidence, or on a statement that says why without it."""

from __future__ import annotations

from django.utils.translation import gettext as _

from brigade.kernel.recipes import library
from brigade.kernel.recipes.evidence import Evidence
from brigade.kernel.recipes.manifests import manifests
from brigade.kernel.recipes.merge import levels
from brigade.kernel.recipes.models import Adoption
from brigade.kernel.recipes.readiness import readiness
from brigade.kernel.refused import Refused


def level_now(key: str) -> int:
    """Return the level at which a practice runs here, 0 where it does not."""
    running = Adoption.objects.filter(key=key, state=Adoption.State.ADOPTED)
    return running.values_list("level", flat=True).first() or 0


def lacking(key: str, level: int) -> list[Evidence]:
    """Return the evidence that raising a practice to this level lacks, from where it is now.

    What rows can answer has to be met; having no data is not meeting it. What only people
    can judge stands on the page and stops nobody. Nothing lacks where the level is lowered.
    """
    return [
        piece
        for one in range(level_now(key) + 1, level + 1)
        for piece in readiness(key, one)
        if piece.check and not piece.met
    ]


def ready_level(key: str, wanted: int) -> int:
    """Return the highest level, up to the wanted one, that an installed recipe is ready for."""
    offered = [one for one in levels(library.installed()[key]) if one <= wanted]
    ready = [one for one in offered if not lacking(key, one)]
    return max(ready, default=min(levels(library.installed()[key])))


def needed_to_raise(key: str, level: int, waiver: str) -> None:
    """Refuse a level whose evidence is not there (W05), unless a statement waives it."""
    missing = [] if waiver else lacking(key, level)
    if not missing:
        return
    manifest = manifests().get(key)
    said = {
        "title": _(manifest.title) if manifest else key,
        "level": level,
        "missing": " ".join(piece.sentence for piece in missing),
    }
    sentence = _("%(title)s is not ready for level %(level)d (W05): %(missing)s") % said
    document = library.installed().get(key)
    if document and level not in levels(document):
        sentence += " " + _("There is no such level in the library yet, either.")
    else:
        sentence += " " + _("Wait for the evidence, or state why the level is right without it.")
    raise Refused("level_not_ready", sentence, "level")
