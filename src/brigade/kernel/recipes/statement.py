"""The Statement of Adoption: every practice of the library, chosen or not, and why.

What is not chosen is invisible everywhere else; here it stands with its reason, to be
read by the book, practice, activity or clause of whichever framework an auditor asks by.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, get_args

from django.contrib.postgres.expressions import ArraySubquery
from django.utils.translation import gettext as _

from brigade.kernel.parties.models import Installation, Organisation
from brigade.kernel.recipes import library
from brigade.kernel.recipes.manifests import Activity, Manifest, manifests
from brigade.kernel.recipes.merge import facet_words
from brigade.kernel.recipes.models import Adoption, Circumstances
from brigade.kernel.recipes.small_team import staff_count
from brigade.kernel.services.models import Service
from brigade.kernel.services.queries import USABLE

BOOKS: Final = ("SS", "SD", "ST", "SO", "CSI", "function", "governance")
WAYS: Final = ("itil_v3", "itil_4", "itil_5", "iso20000_1")
"""The frameworks by which the statement can be read."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a practice that is taken or left as one, in words; `taken` where it runs."""

    key: str
    label: str
    level: int
    taken: bool


@dataclass(frozen=True, slots=True)
class Stand:
    """How it stands with one practice; `adoption` is None where nobody has decided."""

    key: str
    manifest: Manifest
    adoption: Adoption | None

    @property
    def state(self) -> str:
        """One word: adopted, planned, considered, declined or undecided."""
        return self.adoption.state if self.adoption else "undecided"

    @property
    def chosen(self) -> bool:
        """Whether the organisation has chosen it: it runs, or shall."""
        return self.state in (Adoption.State.ADOPTED, Adoption.State.PLANNED)

    @property
    def installed(self) -> bool:
        """Whether there is a recipe for it in this installation."""
        return self.key in library.installed()

    @property
    def parts(self) -> list[Part]:
        """The parts (facets) of the installed recipe, and which of them run."""
        version = self.adoption.version if self.adoption and self.state == "adopted" else None
        taken = version.effective.get("facets", ()) if version else ()
        document = library.installed().get(self.key)
        return [
            Part(name, facet_words(name, facet), facet.level, name in taken)
            for name, facet in (document.recipe.facets.items() if document else ())
        ]

    @property
    def reason(self) -> str:
        """Why it stands so, as somebody signed it."""
        if self.adoption is None:
            return _("Nobody has decided about it yet.")
        if self.adoption.provisional:
            return self.adoption.rationale or _("It runs provisionally, until somebody decides.")
        return self.adoption.rationale


@dataclass(frozen=True, slots=True)
class Heading:
    """A book, practice, activity or clause, and the practices that it speaks of."""

    name: str
    stands: tuple[Stand, ...]


def statement() -> list[Stand]:
    """Return how it stands with every practice of the library, in the order of its shelves."""
    rows = Adoption.objects.select_related("version", "owner", "decided_by")
    decided = {each.key: each for each in rows}
    return [Stand(key, manifest, decided.get(key)) for key, manifest in manifests().items()]


def read_by(stands: Sequence[Stand], framework: str) -> list[Heading]:
    """Return the statement under the headings of a framework, in that framework's order.

    A practice of which a framework speaks in several places stands under each of them.
    """
    found: dict[str, list[Stand]] = {}
    for stand in stands:
        for name in dict.fromkeys(map(_heading, getattr(stand.manifest.maps, framework))):
            found.setdefault(name, []).append(stand)
    order = sorted(found, key=lambda name: _place(framework, name))
    return [Heading(name, tuple(found[name])) for name in order]


def _heading(place: str) -> str:
    return place.partition("/")[0]


def _place(framework: str, name: str) -> tuple[list[int], str]:
    match framework:
        case "itil_v3":
            return [BOOKS.index(name) if name in BOOKS else len(BOOKS)], name
        case "itil_5":
            return [get_args(Activity).index(name)], name
        case "iso20000_1":
            return [int(digits) for digits in re.findall(r"\d+", name)], name
        case _:
            return [], name


def circumstances() -> Circumstances | None:
    """Return the answers last signed, with who signed them when; None before that."""
    return Circumstances.objects.select_related("signed_by").filter(pk=1).first()


def counted() -> dict[str, int]:
    """Return the answers that need not be asked: what of them is in the installation by now.

    What there is nothing of yet, because nobody has entered it, is not among them.
    """
    found = {
        "headcount": staff_count(),
        "customers": Organisation.objects.filter(kind="customer", is_active=True).count(),
        "services": Service.objects.filter(state__in=USABLE).count(),
    }
    return {name: number for name, number in found.items() if number}


def adopted_keys() -> frozenset[str]:
    """Return the practices that run here: what stands in menus, on forms and in figures."""
    running = Adoption.objects.filter(state=Adoption.State.ADOPTED)
    return frozenset(running.values_list("key", flat=True))


def house() -> tuple[Installation, frozenset[str]]:
    """Return the installation and the practices that run in it: every page asks for both.

    One statement, where the setup has been answered.
    """
    running = Adoption.objects.filter(state=Adoption.State.ADOPTED).values("key")
    rows = Installation.objects.select_related("default_team").filter(pk=1)
    found = rows.annotate(running=ArraySubquery(running)).first()
    if found is None:
        return Installation(pk=1), adopted_keys()
    return found, frozenset(found.running or ())
