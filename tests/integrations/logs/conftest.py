"""An installation that runs incident management, and small logs of its own to import."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from brigade.integrations.logs.actions import run_import, start_import
from brigade.integrations.logs.map_file import load_map
from brigade.integrations.logs.report import ImportReport
from brigade.kernel.calendars.first import standard_calendars
from brigade.kernel.parties.models import Person
from brigade.kernel.parties.operators import operator
from brigade.kernel.recipes.actions import adopt_provisionally

DATA = Path(__file__).parent / "data"
Importing = Callable[..., ImportReport]


@pytest.fixture
def console(db: None) -> Person:
    """The account that imports, in an installation that runs incident management."""
    adopt_provisionally(by=operator("Brigade"))
    standard_calendars(by=operator("Brigade"))
    return operator("Console")


@pytest.fixture
def importing(console: Person) -> Importing:
    """Import a file with a map: `importing(path, "servicenow_incidents", chunk_rows=3)`."""

    def run(path: Path, name: str, **more: object) -> ImportReport:
        started = start_import(path, load_map(name), by=console)
        return run_import(started.pk, **more)  # type: ignore[arg-type]

    return run
