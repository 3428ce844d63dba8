"""The page of a record: what it is about, what happened, what one can do next."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.views.decorators.http import require_GET

from brigade.kernel import instants
from brigade.kernel.outbox.notices import mark_read
from brigade.kernel.records.access import hidden
from brigade.kernel.records.reading import read_record, record_for
from brigade.kernel.records.search import similar
from brigade.web.shell.reader import reader
from brigade.web.shell.render import page
from brigade.web.work import (
    record_clocks,
    record_entries,
    record_facts,
    record_files,
    record_moves,
    record_side,
    record_working,
)
from brigade.web.work.numbers import NUMBER
from brigade.web.work.record_context import address, shown


@login_required
@require_GET
def record(request: HttpRequest, number: str) -> HttpResponse:
    """Show a record to those who work on it; whoever asked for it reads it in the portal."""
    before = request.GET.get("before", "")
    reading = read_record(
        reader(request), number, before=int(before[:9]) if before.isdecimal() else None
    )
    if not (reading.internal or reading.update):
        portal = address("portal_request", number)
        if not portal:
            raise hidden()
        return redirect(portal)
    mark_read(by=reader(request), at=instants.now(), record_id=reading.record.pk)
    return shown(request, reading)


@login_required
@require_GET
def similar_records(request: HttpRequest, number: str) -> HttpResponse:
    """Return records that share words with this one, as the part of the page they stand in."""
    person = reader(request)
    found = record_for(person, number)
    alike = similar(person, found.title, besides=found.pk)
    return page(request, "work/record/similar.jinja", {"record": found, "similar": alike})


urlpatterns = [
    path(NUMBER, record, name="record"),
    path(f"{NUMBER}/similar", similar_records, name="record_similar"),
    *record_clocks.urlpatterns,
    *record_moves.urlpatterns,
    *record_entries.urlpatterns,
    *record_facts.urlpatterns,
    *record_side.urlpatterns,
    *record_files.urlpatterns,
    *record_working.urlpatterns,
]
