"""Raising a level: on evidence, or on a statement that says why without it.

Where decisions are a practice that runs here, a decision carries the statement. The room
that has them lies higher: it says here how one is proved, and this one keeps its number.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from django.utils.translation import gettext as _

from brigade.kernel.recipes import library
from brigade.kernel.recipes.evidence import Evidence
from brigade.kernel.recipes.manifests import manifests
from brigade.kernel.recipes.merge import levels
from brigade.kernel.recipes.models import Adoption
from brigade.kernel.recipes.readiness import readiness
from brigade.kernel.refused import Refused

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person


class Proof(Protocol):
    """How a decision is proved that carries something."""

    def __call__(self, number: str, /, *, by: Person) -> str:
        """Return its number; Refused unless `by` may read it and it was decided so."""


_proofs: dict[str, Proof] = {}


def carried_by(practice: str, proof: Proof) -> None:
    """Let decisions of a practice carry what lacks evidence, as long as it runs here."""
    _proofs[practice] = proof


def carriers() -> list[Proof]:
    """Return how decisions are proved here, nothing where no practice that has them runs."""
    return [proof for practice, proof in _proofs.items() if level_now(practice)]


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


def needed_to_raise(key: str, level: int, waiver: str, decision: str, *, by: Person) -> str:
    """Refuse a level whose evidence is not there (W05), unless a statement waives it.

    Where decisions run here one of them has to carry it: its number is returned, or nothing.
    """
    missing = lacking(key, level)
    if missing and not waiver:
        raise Refused("level_not_ready", _not_ready(key, level, missing), "level")
    proofs = carriers() if missing else []
    if not proofs:
        return ""
    if not decision.strip():
        raise Refused(
            "no_decision",
            _(
                "Decisions are made by the practice of decisions here. Raise one about this level, "
                "and give its number once it is decided."
            ),
            "decision",
        )
    number = proofs[0](decision, by=by)
    if Adoption.objects.filter(decision=number).exclude(key=key, level=level).exists():
        raise Refused(
            "decision_used", _("%(number)s carried something else.") % {"number": number},
            "decision",
        )  # fmt: skip
    return number


def _not_ready(key: str, level: int, missing: list[Evidence]) -> str:
    manifest = manifests().get(key)
    said = {
        "title": _(manifest.title) if manifest else key,
        "level": level,
        "missing": " ".join(piece.sentence for piece in missing),
    }
    sentence = _("%(title)s is not ready for level %(level)d (W05): %(missing)s") % said
    document = library.installed().get(key)
    if document and level not in levels(document):
        return f"{sentence} " + _("There is no such level in the library yet, either.")
    return f"{sentence} " + _("Wait for the evidence, or state why the level is right without it.")
