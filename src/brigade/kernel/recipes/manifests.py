"""The outline of the standard library: every practice there is a recipe for, or will be.

A manifest says what a practice is for and where the frameworks speak of it. Its
recipe comes with the practice that is installed.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field as Spec
from pydantic import TypeAdapter

from brigade.kernel.recipes.lexis import Key, Model, RecipeKey, Sentence, Text
from brigade.kernel.recipes.parse_yaml import plain

FILE = Path(__file__).with_name("manifests.yaml")
FRAMEWORKS = ("itil_v3", "itil_4", "itil_5", "iso20000_1", "cobit")

Activity = Literal[
    "discover", "design", "acquire", "build", "transition", "operate", "deliver", "support"
]
Circumstance = Annotated[
    str,
    Spec(
        pattern=r"^(always|regulated|on_call|vendor_spend>\d+|"
        r"(headcount|customers|services|changes)>=\d+)$"
    ),
]
_Few = Annotated[list[Text], Spec(min_length=1, max_length=8)]


class Mappings(Model):
    """Where each framework speaks of the practice."""

    itil_v3: _Few
    itil_4: _Few
    itil_5: Annotated[list[Activity], Spec(min_length=1, max_length=8)]
    iso20000_1: _Few
    cobit: _Few


class Manifest(Model):
    """One practice in outline."""

    title: Text
    purpose: Sentence
    maps: Mappings
    accountable: Key
    kpis: list[Annotated[str, Spec(pattern=r"^K\d{2}$")]]
    levels: dict[Annotated[int, Spec(ge=1, le=3)], Text]
    needs: dict[int, list[str]] = {}
    proposed: dict[
        Annotated[int, Spec(ge=1, le=3)], Annotated[list[Circumstance], Spec(min_length=1)]
    ]
    readiness: dict[Annotated[int, Spec(ge=1, le=3)], list[Sentence]] = {}


@cache
def manifests() -> dict[str, Manifest]:
    """Return the manifest of every practice of the library, by recipe key, in shelf order."""
    data, _lines = plain(FILE.read_text("utf-8"))
    return TypeAdapter(dict[RecipeKey, Manifest]).validate_python(data)


def accountable_roles() -> frozenset[str]:
    """Return the roles that are accountable for a practice."""
    return frozenset(manifest.accountable for manifest in manifests().values())
