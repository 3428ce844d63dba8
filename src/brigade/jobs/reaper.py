"""Jobs whose worker died: run again, but not for ever.

procrastinate finds them and leaves them alone; somebody has to ask.
"""

from __future__ import annotations

import structlog
from procrastinate.contrib.django import app
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Status

log = structlog.get_logger(__name__)

SILENT_SECONDS = 30
"""A worker that has shown no life for so long is dead; it shows it every ten seconds."""

MAX_ATTEMPTS = 5
"""A job that its workers died of so often is failed, and stays to be looked at."""

WELL_HOURS = 7 * 24
FAILED_HOURS = 92 * 24


async def reap() -> tuple[int, int]:
    """Put the jobs of dead workers back into the queue; return (put back, given up)."""
    again = given_up = 0
    for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=SILENT_SECONDS):
        try:
            if job.attempts + 1 >= MAX_ATTEMPTS:
                await app.job_manager.finish_job(job, Status.FAILED, delete_job=False)
                given_up += 1
                log.error("job_given_up", job=job.id, task=job.task_name, attempts=job.attempts + 1)
            else:
                await app.job_manager.retry_job(job)
                again += 1
                log.warning("job_put_back", job=job.id, task=job.task_name)
        except ConnectorException:
            log.info("job_no_longer_stalled", job=job.id, task=job.task_name)
    return again, given_up


async def forget_finished() -> None:
    """Delete jobs that ended long ago, failed ones much later than the others."""
    await app.job_manager.delete_old_jobs(nb_hours=WELL_HOURS, include_cancelled=True)
    await app.job_manager.delete_old_jobs(
        nb_hours=FAILED_HOURS, include_failed=True, include_aborted=True
    )
