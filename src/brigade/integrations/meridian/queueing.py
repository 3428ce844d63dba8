"""The example organisation in and out from a page: a year takes longer than a page may."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import AlreadyEnqueued

from brigade.integrations.meridian.loading import is_loaded, load
from brigade.integrations.meridian.removing import remove
from brigade.kernel.parties.access import may_administer, needed
from brigade.kernel.parties.queries import active_person
from brigade.kernel.records.models import Record
from brigade.kernel.refused import Refused

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person

TASK = "example_data"
"""The name of the job, by which the worker knows it."""


class Example(StrEnum):
    """How it stands with the example: OUT can be loaded, CLOSED cannot, BUSY is on its way."""

    OUT = "out"
    CLOSED = "closed"
    BUSY = "busy"
    IN = "in"


def example_state() -> Example:
    """Return how it stands; CLOSED means that there is work of one's own already."""
    waiting = ProcrastinateJob.objects.filter(task_name=TASK, status__in=("todo", "doing"))
    if waiting.exists():
        return Example.BUSY
    if is_loaded():
        return Example.IN
    return Example.CLOSED if Record.objects.exists() else Example.OUT


def queue_example(what: str, *, by: Person) -> None:
    """Leave loading ("in") or removing ("out") to the worker; asking twice queues it once.

    Refused where it is so already, or where an installation holds work of its own.
    """
    needed(may_administer(by))
    state = example_state()
    if state is Example.BUSY:
        return
    if state is not (Example.OUT if what == "in" else Example.IN):
        raise Refused("not_now", _("That is not possible now. Reload the page to see how it is."))
    try:
        with transaction.atomic():
            app.configure_task(TASK, lock=TASK, queueing_lock=TASK, queue="imports").defer(
                what=what, person_id=by.pk
            )
    except AlreadyEnqueued:
        return


def carry_out(what: str, person_id: int) -> None:
    """Load or remove the example in the name of who asked; does nothing where it is so already."""
    person = active_person(person_id)
    if person is None or is_loaded() == (what == "in"):
        return
    if what == "in":
        load(by=person)
    else:
        remove(by=person)
