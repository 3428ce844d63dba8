"""Forms that hang on a record for whoever works on it: a priority set by hand, the time worked."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from brigade.kernel.recipes.queries import recipe_version
from brigade.kernel.records.access import require
from brigade.kernel.records.reading import record_for
from brigade.kernel.refused import Refused
from brigade.kernel.work.prioritising import set_priority
from brigade.kernel.work.work_time import log_work, worked
from brigade.web.shell.reader import reader
from brigade.web.work.controls import Control, refilled
from brigade.web.work.numbers import NUMBER
from brigade.web.work.record_context import back_to
from brigade.web.work.record_details import minutes_in_words
from brigade.web.work.record_form import form_page, whole_number

if TYPE_CHECKING:
    from brigade.kernel.records.models import Record


def _workable(request: HttpRequest, number: str) -> Record:
    """Return a record the reader may work on; raises Hidden or NotPermitted for any other."""
    record = record_for(reader(request), number)
    require(reader(request), "update", record)
    return record


def _answered(
    request: HttpRequest,
    record: Record,
    act: Callable[[], None],
    *,
    done: str,
    controls: list[Control],
    **form: Any,
) -> HttpResponse:
    """Show the form, or act on what was sent and go back to the record; a no comes back in it."""
    no = None
    if request.method == "POST":
        try:
            act()
            messages.success(request, done)
            return redirect(back_to(request, record))
        except Refused as refusal:
            no, controls = refusal, [refilled(request, one) for one in controls]
    return form_page(request, record, controls=controls, no=no, **form)


@login_required
@require_http_methods(["GET", "POST"])
def priority(request: HttpRequest, number: str) -> HttpResponse:
    """Set another priority than the matrix gives, or let the matrix decide again."""
    record = _workable(request, number)

    def act() -> None:
        wanted = request.POST.get("priority", "")
        level = whole_number(wanted, "priority") if wanted else None
        set_priority(record, level, by=reader(request), reason=request.POST.get("reason", ""))

    return _answered(
        request,
        record,
        act,
        done=_("The priority is changed."),
        heading=_("Priority of %(number)s") % {"number": number},
        send=_("Save"),
        controls=_priority_controls(record),
        lead=_("The matrix of impact and urgency gives the priority. Set another one only here."),
    )


def _priority_controls(record: Record) -> list[Control]:
    recipe = recipe_version(record.recipe_version_id)
    levels = range(1, len(recipe.priority.labels) + 1)
    by_matrix = ("", _("As the matrix says"))
    return [
        Control(
            "priority",
            _("Priority"),
            "select",
            record.data.get("priority_set") or "",
            options=[by_matrix, *((level, recipe.priority_label(level)) for level in levels)],
        ),
        Control(
            "reason",
            _("Why?"),
            "text",
            record.data.get("priority_reason") or "",
            hint=_("It stands in the journal."),
            optional=not recipe.priority.override_reason,
        ),
    ]


@login_required
@require_http_methods(["GET", "POST"])
def time(request: HttpRequest, number: str) -> HttpResponse:
    """Log the minutes one has worked on the record, or put right what was logged."""
    record = _workable(request, number)

    def act() -> None:
        minutes = whole_number(request.POST.get("minutes", ""), "minutes")
        log_work(record, minutes, by=reader(request), note=request.POST.get("note", ""))

    return _answered(
        request,
        record,
        act,
        done=_("The time is logged."),
        heading=_("Time worked on %(number)s") % {"number": number},
        send=_("Log time"),
        controls=_time_controls(),
        lead=_("So far: %(time)s.") % {"time": minutes_in_words(worked(record))},
    )


def _time_controls() -> list[Control]:
    hint = _("Only your own. A number with a minus takes back what was too much.")
    return [
        Control("minutes", _("Minutes"), "number", hint=hint),
        Control("note", _("What did you do?"), "textarea", optional=True),
    ]


urlpatterns = [
    path(f"{NUMBER}/priority", priority, name="record_priority"),
    path(f"{NUMBER}/time", time, name="record_time"),
]
