"""The example organisation, in and out. Not tried again: half a year is removed, not repeated."""

from __future__ import annotations

from procrastinate.contrib.django import app

from brigade.integrations.meridian.queueing import TASK, carry_out


@app.task(name=TASK, queue="imports")
def example_data(what: str, person_id: int) -> None:
    """Load ("in") or remove ("out") it in the name of the administrator who asked."""
    carry_out(what, person_id)
