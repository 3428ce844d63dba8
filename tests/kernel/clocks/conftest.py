"""A desk that runs incident management with clocks: level 2 of the three-level text."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from brigade.kernel.calendars.actions import add_calendar
from brigade.kernel.calendars.first import standard_calendars
from brigade.kernel.calendars.hours import from_content
from brigade.kernel.clocks.actions import add_target
from brigade.kernel.instants import at_instant
from brigade.kernel.parties.acting import acting
from brigade.kernel.parties.actions import change_installation, operator
from brigade.kernel.parties.models import Person
from brigade.kernel.recipes.compile import compile_recipe, stored_form
from brigade.kernel.recipes.merge import effective
from brigade.kernel.recipes.models import Adoption, RecipeVersion
from brigade.kernel.recipes.parse import read
from tests.cast import Cast, meridian
from tests.kept import once

THREE_LEVELS = Path(__file__).parent.parent / "recipes" / "incident_three_levels.yaml"
BEFORE = datetime(2026, 1, 1, tzinfo=UTC)

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri")
LONDON_OFFICE = from_content("Europe/London", {"weekly": dict.fromkeys(WEEKDAYS, "08:00-18:00")})

PROMISES = (
    ("incident.respond", 1, 15),
    ("incident.respond", 2, 30),
    ("incident.restore", 1, 240),
    ("incident.restore", 2, 480),
)


@pytest.fixture
def timed(db: None) -> Cast:
    """Meridian since New Year with level 2, London office hours and targets."""
    return once("timed", _timed)


def _timed() -> Cast:
    with at_instant(BEFORE):
        cast = meridian()
        root = operator("Brigade")
        change_installation(by=cast.ada, default_team=cast.service_desk)
        standard_calendars(by=root)
        _adopt_level_two(root)
        office = add_calendar(key="london", name="London office", hours=LONDON_OFFICE, by=root)
        for key, priority, minutes in PROMISES:
            add_target(
                key, "incident", name=f"{key} {priority}", conditions={"priority": [priority]},
                seconds=minutes * 60, calendar=office, by=root,
            )  # fmt: skip
    return cast


def _adopt_level_two(root: Person) -> None:
    document = read(THREE_LEVELS.read_bytes())
    compiled = compile_recipe(document, 2, off=("knowledge_loop",))
    version = RecipeVersion.objects.create(
        key="incident",
        version=compiled.version,
        level=2,
        checksum=compiled.checksum,
        source=document.source,
        effective=stored_form(effective(document, 2, off=("knowledge_loop",))),
        published_at=BEFORE,
        published_by=root,
    )
    with acting(root):
        Adoption.objects.create(
            key="incident", version=version, level=2, state="adopted", adopted_at=BEFORE
        )
