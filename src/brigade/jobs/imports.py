"""Imports that began on a page. Safe to repeat: a second run adds only what is missing."""

from __future__ import annotations

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from brigade.integrations.logs import actions
from brigade.integrations.logs.uploading import TASK
from brigade.kernel.refused import Refused


@app.task(name=TASK, queue="imports", retry=RetryStrategy(max_attempts=3, exponential_wait=30))
def import_log(run_id: int) -> None:
    """Do a noted import. A refusal is kept with the run and is no failure of the job.

    Save one: while another process imports from the same source, this one waits.
    """
    try:
        actions.run_import(run_id)
    except Refused as no:
        if no.code == "import_running":
            raise
