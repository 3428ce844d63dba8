"""Targets as people read them: what is promised now, how it was worded, what can be named."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Max, QuerySet
from django.utils.translation import gettext as _

from brigade.kernel.clocks.access import may_read_targets
from brigade.kernel.clocks.models import Target
from brigade.kernel.recipes.queries import adoptions, recipe_version
from brigade.kernel.refused import Hidden

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person

RELATED = ("customer", "service", "offering", "calendar", "made_by")


def targets_visible_to(person: Person) -> QuerySet[Target]:
    """Return every wording the person may read: all for those who work here, none for others."""
    rows = Target.objects.select_related(*RELATED)
    return rows if may_read_targets(person) else rows.none()


def promised_now(person: Person) -> list[Target]:
    """Return the targets in force, by what they are for and then the stricter first."""
    rows = targets_visible_to(person).filter(valid_to=None)
    return list(rows.order_by("key", "seconds", "series"))


def wordings_of(person: Person, series: int) -> list[Target]:
    """Return how a target is and was worded, newest first; Hidden where there is no such target."""
    rows = list(targets_visible_to(person).filter(series=series).order_by("-valid_from", "-id"))
    if not rows:
        raise Hidden("no_target", _("There is no such target, or it is not shown to you."))
    return rows


def ended_targets(person: Person, most: int = 50) -> list[Target]:
    """Return the last wording of targets that ended, the latest first."""
    rows = targets_visible_to(person)
    running = rows.filter(valid_to=None).values("series")
    last = rows.exclude(series__in=running).values("series").annotate(last=Max("id"))
    return list(rows.filter(pk__in=last.values("last")).order_by("-valid_to", "-id")[:most])


def keys_with_clocks() -> dict[str, str]:
    """Return what recipes that run here name as targets of their clocks, with the kind of record.

    These are the keys under which a promise starts a clock.
    """
    found: dict[str, str] = {}
    for adoption in adoptions():
        if adoption.version_id is None or adoption.state != "adopted":
            continue
        recipe = recipe_version(adoption.version_id)
        for clock in recipe.clocks.values():
            if clock.target and clock.target != "none":
                found[clock.target] = recipe.kind
    return found
