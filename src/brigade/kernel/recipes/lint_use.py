"""Lint of how a recipe is used here: states, fields and levels against the records there are."""

from __future__ import annotations

from collections.abc import Iterator

from brigade.kernel.recipes.errors import LintError
from brigade.kernel.recipes.facts import (
    ENOUGH_RECORDS,
    FEW_PERCENT,
    UNUSED_DAYS,
    World,
)
from brigade.kernel.recipes.merge import Effective
from brigade.kernel.sentences import _, ngettext

MANY_STATES = 12
"""More than this nobody keeps in mind."""


def stranded(chosen: Effective, world: World) -> Iterator[LintError]:
    """Yield E11 for a state that is gone while open records rest in it and nobody says where to."""
    states = chosen.body.states
    for state, count in world.open_in.items() if not world.pinned else ():
        if count and state not in states and world.state_map.get(state) not in states:
            message = ngettext(
                "%(count)d open record rests in the state “%(state)s”, which this recipe lacks.",
                "%(count)d open records rest in the state “%(state)s”, which this recipe lacks.",
                count,
            )
            yield chosen.error("E11", message % {"count": count, "state": state}, f"states.{state}")


def unused_states(chosen: Effective, world: World) -> Iterator[LintError]:
    """Yield W01 for a state that was on the map all the time and nothing came to."""
    for state in chosen.body.states:
        if world.days_on_map.get(state, 0) >= UNUSED_DAYS and state not in world.entered:
            message = _("No record came to the state “%(state)s” in the last %(days)d days.")
            said = {"state": state, "days": UNUSED_DAYS}
            yield chosen.error("W01", message % said, f"states.{state}")


def many_states(chosen: Effective) -> Iterator[LintError]:
    """Yield W02 for a map with more states than anybody keeps in mind."""
    count = len(chosen.body.states)
    if count > MANY_STATES:
        message = _("The map has %(count)d states; more than %(most)d nobody keeps in mind.")
        yield chosen.error("W02", message % {"count": count, "most": MANY_STATES}, "states")


def empty_fields(chosen: Effective, world: World) -> Iterator[LintError]:
    """Yield W04 for a field that people could fill in and hardly ever do."""
    for key, field in chosen.body.fields.items():
        filled, of = world.filled.get(key, (0, 0))
        by_itself = (field.default, field.default_expr, field.computed)
        if field.required is not None or any(each is not None for each in by_itself):
            continue
        if field.editable is False or of < ENOUGH_RECORDS or filled * 100 >= FEW_PERCENT * of:
            continue
        message = _("“%(field)s” is filled in on %(filled)d of the last %(of)d closed records.")
        said = {"field": key, "filled": filled, "of": of}
        yield chosen.error("W04", message % said, f"fields.{key}")


def unready(chosen: Effective, world: World) -> Iterator[LintError]:
    """Yield W05 for evidence of a level that is run, and which the rows do not give."""
    facets = chosen.document.recipe.facets
    highest = max([chosen.level, *(facets[name].level for name in chosen.facets)])
    for level, found in sorted(world.evidence.items()):
        for one in found if level <= highest else ():
            if one.met is False:
                message = _("Level %(level)d asks: %(asked)s. %(found)s")
                said = {"level": level, "asked": _(one.said).rstrip("."), "found": one.sentence}
                yield chosen.error("W05", message % said, f"readiness.{level}")
