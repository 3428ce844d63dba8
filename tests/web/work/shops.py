"""Meridian with fields of its own on incidents, as an overlay adds them."""

from __future__ import annotations

from typing import Any

import pytest

from brigade.kernel.parties.acting import acting
from brigade.kernel.recipes.actions import publish_version
from brigade.kernel.recipes.models import Adoption
from brigade.kernel.recipes.overlay import Operation
from tests.cast import Cast
from tests.kept import once

OWN: dict[str, dict[str, Any]] = {
    "region": {
        "type": "enum", "of": ["north", "south"], "visibility": "public",
        "label": {"en": "Region", "de": "Gebiet"},
        "labels": {"north": {"en": "The north", "de": "Norden"}, "south": "The south"},
    },
    "till": {
        "type": "text", "visibility": "public", "when": "region == 'north'",
        "required": {"from": "active"}, "label": {"en": "Till number", "de": "Kassennummer"},
        "help": "It stands on the back.",
    },
    "loss": {"type": "number", "label": "Loss an hour"},
    "insured": {"type": "bool"},
    "visit": {"type": "date", "label": "Visit on"},
    "witness": {"type": "party"},
}  # fmt: skip


def tailored(cast: Cast, own: dict[str, dict[str, Any]] | None = None) -> Cast:
    """Let incident management run with these fields from now on."""
    adding = [
        Operation("add", f"facets.core.fields.{name}", field, "Shops", "Petra")
        for name, field in (OWN if own is None else own).items()
    ]
    version = publish_version("incident", by=cast.operator, overlay=adding)
    with acting(cast.operator):
        Adoption.objects.filter(key="incident").update(version=version)
    return cast


@pytest.fixture
def shops(desk: Cast) -> Cast:
    """The desk, whose incidents know regions, tills and what they cost."""
    return once("shops", lambda: tailored(desk))
