"""The cast at work: incident management runs, and there is something to show."""

from __future__ import annotations

import pytest

from brigade.kernel.parties.actions import change_installation
from brigade.kernel.parties.operators import operator
from brigade.kernel.recipes.actions import adopt_provisionally
from brigade.kernel.services import actions as services
from brigade.kernel.work.opening import open_record
from tests.cast import Cast
from tests.kept import once


@pytest.fixture
def busy(cast: Cast) -> Cast:
    """The cast with some open work about ERP Finance, and words about the service."""
    return once("parties at work", lambda: at_work(cast))


def at_work(cast: Cast) -> Cast:
    """Let incident management run, with an offering to choose and six things to do."""
    adopt_provisionally(by=operator("Brigade"))
    change_installation(by=cast.ada, default_team=cast.service_desk, name="Meridian")
    services.change_service(
        cast.erp,
        by=cast.paul,
        description="Lets Finance book, close and report.\n\nEvery invoice goes through it.",
    )
    services.add_offering(
        cast.erp,
        by=cast.paul,
        code="standard",
        name="ERP Finance Standard",
        level="office hours",
        state="published",
    )
    titles = ("Ledger does not open", "Posting run hangs at 80 %", "Report shows last year",
              "Approval mail missing", "Slow after lunch", "Cannot print a letter")  # fmt: skip
    for title in titles:
        fields = {"title": title, "service": cast.erp.pk}
        open_record("incident", by=cast.eve, fields=fields, channel="portal")
    return cast
