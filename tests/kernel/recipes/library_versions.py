"""Incident management 3.0.0 and 3.1.0 over the facets that are installed, and an overlay of five.

3.1.0 changes seven paths; on one of them, how long a resolved record waits, the
overlay has something else. `merged` is what the upgrade makes of it.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import yaml

from brigade.kernel.recipes import library
from brigade.kernel.recipes.differences import MISSING, at, steps_of
from brigade.kernel.recipes.overlay import Operation, applied
from brigade.kernel.recipes.parse import Document, read
from brigade.kernel.recipes.settling import Answer, Choice, settled
from brigade.kernel.recipes.upgrade import Upgrade

AUTOCLOSE = "facets.core.timers.autoclose.after"
STORE = "facets.classify.fields.store_no"
STORE_FIELD = {"type": "text", "label": "Store", "required": {"in": "waiting"}}

OVERLAY = (
    Operation("set", AUTOCLOSE, "3d", "Customers answer fast", "Pia Kern"),
    Operation("add", STORE, STORE_FIELD, "Every shop has one", "Pia Kern"),
    Operation(
        "rename_label",
        "facets.core.states.active",
        {"en": "Being worked on", "de": "In Arbeit"},
        "The word our people use",
        "Pia Kern",
    ),
    Operation("unset", "facets.core.fields.urgent.help", None, "It frightened people", "Pia Kern"),
    Operation(
        "set",
        "facets.core.fields.affected_users.label",
        {"en": "Colleagues affected", "de": "Betroffene Kolleginnen und Kollegen"},
        "Customers are not counted here",
        "Pia Kern",
    ),
)
"""Five paths, each with its reason."""


@cache
def library_text(version: str) -> str:
    """The text of `recipe.yaml` in the library of that version, 3.0.0 or 3.1.0."""
    (file,) = (path for path in library.paths() if path.parent.name == "incidents")
    data: dict[str, Any] = {**read(file.read_bytes()).data, "version": version}
    if version == "3.1.0":
        data = applied(data, _changed(data))
    return yaml.safe_dump(data, sort_keys=False, allow_unicode=True)


def library_version(version: str) -> Document:
    """The same, read."""
    return read(library_text(version))


def _changed(data: Any) -> list[Operation]:
    """The seven paths that 3.1.0 has otherwise."""

    def now(path: str) -> Any:
        return at(data, steps_of(path))

    policies, escalations = "facets.core.policies", "facets.clocks.escalations"
    new: dict[str, Any] = {
        AUTOCLOSE: "4d",
        "facets.core.fields.resolution.help": "What was done, so that the next one is faster.",
        "facets.core.transitions.reopen.guard": "since_state('resolved') <= duration('168h')",
        "facets.core.transitions.reopen.refusal": "An incident can be reopened within seven days. "
        "Report it again, and link it to this one.",
        policies: [*now(policies), "Whoever resolves says how"],
        escalations: [
            *now(escalations),
            {"clock": "restore", "at": "+4h", "do": [{"notify": "process_owner"}]},
        ],
        "facets.classify.fields.workaround": {"type": "text", "label": "Workaround"},
    }
    return [
        Operation("add" if now(path) is MISSING else "set", path, to, "library", "library")
        for path, to in new.items()
    ]


def upgrade() -> Upgrade:
    """The overlay of five, taken from 3.0.0 to 3.1.0."""
    return Upgrade(library_version("3.0.0").data, library_version("3.1.0").data, OVERLAY)


def merged(choice: Choice = "retain") -> tuple[Operation, ...]:
    """The overlay for 3.1.0 once the one conflict has its answer."""
    return settled(upgrade(), {AUTOCLOSE: Answer(choice)})
