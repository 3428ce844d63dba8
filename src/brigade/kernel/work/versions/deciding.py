"""What is asked of a migration, and what it means for each running record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from brigade.kernel.parties.access import needed
from brigade.kernel.recipes.access import may_publish
from brigade.kernel.recipes.compiled import CompiledRecipe
from brigade.kernel.recipes.queries import recipe_version, running
from brigade.kernel.records.access import Standing
from brigade.kernel.records.facts import Facts, with_columns
from brigade.kernel.refused import Invalid
from brigade.kernel.services.queries import service_facts
from brigade.kernel.work.simulation.drafting import recipe_to_try
from brigade.kernel.work.step import Step, Way, values_of
from brigade.kernel.work.values import read_value
from brigade.kernel.work.versions.fates import SAFE, Fate, Mapped, fate_of

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person
    from brigade.kernel.records.models import Record


@dataclass(frozen=True, slots=True)
class Migration:
    """A migration to a version: what it maps and gives, by whom and when."""

    version: int
    recipe: CompiledRecipe
    mapped: Mapped
    way: Way
    standing: Standing
    services: dict[Any, dict[str, Any] | None] = field(default_factory=dict)

    @classmethod
    def asked(
        cls,
        key: str,
        way: Way,
        states: Mapping[str, str] | None,
        defaults: Mapping[str, Any] | None,
        *,
        draft: bool = False,
    ) -> Migration:
        """Check what somebody asks for; without states and defaults it is the safe way.

        With `draft` it leads to the open draft, which no record can pin: only for a plan.
        """
        if draft:
            version, recipe = 0, recipe_to_try(key, way.by)
        else:
            needed(may_publish(way.by))
            version = running(key).version_id or 0
            recipe = recipe_version(version)
        for state in (states or {}).values():
            if state not in recipe.states:
                raise Invalid(
                    "no_such_state",
                    _("There is no state “%(state)s” to come to.") % {"state": state},
                    "states",
                )
        mapped = SAFE
        if states or defaults:
            mapped = Mapped(dict(states or {}), _read(recipe, defaults or {}, way.by))
        return cls(version, recipe, mapped, way, Standing.of(way.by, way.at))

    def decide(self, record: Record) -> tuple[Step, Fate]:
        """Return what becomes of a record, with the step that would bring it there."""
        values, left = values_of(record), recipe_version(record.recipe_version_id)
        timer = record.timer
        if timer and left.timers.get(timer) != self.recipe.timers.get(timer):
            record = with_columns(record, {"timer": ""})  # it counts anew, from the move on
        step = Step(
            Facts(record),
            self.recipe,
            self.way,
            self.standing,
            values,
            dict(values),
            _known_service=self._service(values["service"]),
        )

        def context(after: Mapping[str, Any]) -> Mapping[str, Any]:
            step.after = dict(after)
            return step.context()

        return step, fate_of(values, self.recipe, self.mapped, context)

    def _service(self, service: Any) -> tuple[Any, dict[str, Any] | None] | None:
        """Return what expressions may know of a service, read once for all its records."""
        if "service" not in self.recipe.inputs:
            return None
        if service not in self.services:
            self.services[service] = service_facts(service)
        return service, self.services[service]


def _read(recipe: CompiledRecipe, given: Mapping[str, Any], by: Person) -> dict[str, Any]:
    """Read the values that shall fill empty fields, as a form reads them."""
    for name in given:
        field = recipe.fields.get(name)
        if field is None or field.computed is not None:
            raise Invalid(
                "unknown_field", _("There is no field called “%(field)s”.") % {"field": name}, name
            )
    return {
        name: read_value(name, raw, recipe.fields[name], by.timezone) for name, raw in given.items()
    }
