"""The list a reader came from: where the record stands in it, and the way through it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.http import HttpRequest

from brigade.kernel.records.neighbours import place_in
from brigade.kernel.work.viewing import views_of
from brigade.web.shell.reader import reader
from brigade.web.work.queue_query import (
    asked_for,
)

if TYPE_CHECKING:
    from brigade.kernel.records.access import Standing
    from brigade.kernel.records.models import Record
    from brigade.kernel.records.neighbours import Place


@dataclass(frozen=True, slots=True)
class Came:
    """The view one came from, by name, and the record's place in it."""

    label: str
    place: Place


def came_from(request: HttpRequest, record: Record, standing: Standing) -> Came | None:
    """Return the queue that the address names and the record's place in it, if it names one."""
    if "view" not in request.GET:
        return None
    person = reader(request)
    asked = asked_for(person, request.GET, list(views_of(person)))
    place = place_in(person, asked.wanted, asked.sort, record, standing)
    return Came(str(asked.view.label), place)
