"""Every schedule on one page: what runs by the clock, when, and what it calls.

Times are UTC. A task here holds no logic of its own; what it calls is an action
or a query of the kernel, tested without a worker. All of them may run twice.
"""

from __future__ import annotations

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from brigade.governance.decisions.ending import act_on_deadlines
from brigade.jobs import reaper, self_approvals, upkeep
from brigade.kernel import instants
from brigade.kernel.approvals.actions import expire_due, remind_due
from brigade.kernel.calendars.actions import extend_calendars
from brigade.kernel.measures.actions import freeze_settled
from brigade.kernel.parties.operators import operator
from brigade.kernel.records import audit
from brigade.kernel.work.timers import BATCH, fire_due

EVERY_HALF_MINUTE = "* * * * * */30"
NIGHTLY = "10 2 * * *"
HOURLY = "25 * * * *"
MONTHLY = "40 3 1 * *"

AGAIN = RetryStrategy(max_attempts=3, exponential_wait=30)


@app.periodic(cron=EVERY_HALF_MINUTE)
@app.task(name="reap_stalled_jobs", queueing_lock="reap_stalled_jobs", queue="upkeep")
async def reap_stalled_jobs(timestamp: int) -> None:
    """Hand on the jobs of workers that died."""
    await reaper.reap()


@app.periodic(cron=EVERY_HALF_MINUTE)
@app.task(name="fire_due_timers", queueing_lock="fire_due_timers", queue="upkeep")
def fire_due_timers(timestamp: int) -> None:
    """Wake what waits for an instant, close what was solved long enough ago."""
    while fire_due() == BATCH:
        pass


@app.periodic(cron=EVERY_HALF_MINUTE)
@app.task(name="follow_approvals", queueing_lock="follow_approvals", queue="upkeep")
def follow_approvals(timestamp: int) -> None:
    """End what nobody decided in time, and remind who has not voted yet."""
    expire_due()
    remind_due()


@app.periodic(cron=EVERY_HALF_MINUTE)
@app.task(name="follow_decisions", queueing_lock="follow_decisions", queue="upkeep")
def follow_decisions(timestamp: int) -> None:
    """Escalate decisions that came to no vote in time, and let silence speak after that."""
    act_on_deadlines()


@app.periodic(cron=NIGHTLY)
@app.task(name="seal_journal", queueing_lock="seal_journal", queue="upkeep", retry=AGAIN)
def seal_journal(timestamp: int) -> None:
    """Store the heads of all journal chains, so that the past cannot be rewritten unseen."""
    audit.seal(at=instants.now())


@app.periodic(cron=NIGHTLY)
@app.task(name="freeze_figures", queueing_lock="freeze_figures", queue="upkeep", retry=AGAIN)
def freeze_figures(timestamp: int) -> None:
    """Freeze the figures of a month once its review is over."""
    freeze_settled()


@app.periodic(cron=HOURLY)
@app.task(name="tidy_up", queueing_lock="tidy_up", queue="upkeep", retry=AGAIN)
def tidy_up(timestamp: int) -> None:
    """Forget what has run out: sessions, drafts, workers long gone."""
    upkeep.forget_expired(now=instants.now())


@app.periodic(cron=NIGHTLY)
@app.task(name="forget_old_jobs", queueing_lock="forget_old_jobs", queue="upkeep", retry=AGAIN)
async def forget_old_jobs(timestamp: int) -> None:
    """Forget jobs that ended well a week ago, and failed ones after a quarter of a year."""
    await reaper.forget_finished()


@app.periodic(cron=MONTHLY)
@app.task(name="extend_calendars", queueing_lock="extend_calendars", queue="upkeep", retry=AGAIN)
def extend_horizons(timestamp: int) -> None:
    """Compile calendars ten years ahead; asked every month, it has work once a year."""
    extend_calendars(by=operator("Brigade"))


@app.periodic(cron=MONTHLY)
@app.task(name="tell_head", queueing_lock="tell_head", queue="upkeep", retry=AGAIN)
def tell_head(timestamp: int) -> None:
    """Mail the head of IT what one person alone approved in the month that is over."""
    self_approvals.tell_head(now=instants.now())
