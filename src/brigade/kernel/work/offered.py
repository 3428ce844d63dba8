"""The offering of a record: its service at a level, which targets may be promised for.

Choosing another one is a change like any other (`set_fields`): journalled, and the
clocks that run look for their targets again with it.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from brigade.kernel.refused import Invalid
from brigade.kernel.services.queries import service_of_offering

if TYPE_CHECKING:
    from brigade.kernel.work.step import Step


def fit_offering(step: Step, given: Collection[str]) -> None:
    """Keep the offering one of the record's service.

    One that is `given` brings its service along where the record has none, and is
    refused where it is of another. One that was there goes when the service changes.
    """
    offering = step.get("offering")
    same = all(step.get(name) == step.before.get(name) for name in ("offering", "service"))
    if offering is None or same:
        return
    service = service_of_offering(offering)
    if service == step.get("service"):
        return
    if "offering" not in given:
        step.put("offering", None)
    elif step.get("service") is None:
        step.put("service", service)
    else:
        raise Invalid(
            "not_its_offering",
            _("This offering is of another service. Choose one of the record's service."),
            "offering",
        )
