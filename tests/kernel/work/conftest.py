"""What tests of the verbs stand on."""

from __future__ import annotations

import pytest

from brigade.kernel.parties.actions import change_installation
from brigade.kernel.parties.actions.first import operator
from brigade.kernel.recipes.actions import adopt_provisionally
from brigade.kernel.records.models import Record
from brigade.kernel.work.opening import open_record
from tests.cast import Cast
from tests.kept import once


@pytest.fixture
def desk(cast: Cast) -> Cast:
    """The cast, with incident management running and the service desk as default team."""
    return once("desk", lambda: running(cast))


def running(cast: Cast) -> Cast:
    """Let incident management run for the cast, and return it."""
    adopt_provisionally(by=operator("Brigade"))
    change_installation(by=cast.ada, default_team=cast.service_desk)
    return cast


@pytest.fixture
def incident(desk: Cast) -> Record:
    """An incident that Eve of Finance has reported."""
    return open_record(
        "incident",
        by=desk.eve,
        fields={"title": "Ledger does not open", "description": "Since nine o'clock."},
        channel="portal",
    )
