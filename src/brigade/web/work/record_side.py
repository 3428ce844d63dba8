"""What hangs on a record: links, tasks and those who watch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from brigade.kernel.parties.queries import people_visible_to, person_of
from brigade.kernel.recipes.queries import recipe_version
from brigade.kernel.records.access import require
from brigade.kernel.records.reading import link_of, record_for, task_of
from brigade.kernel.refused import Hidden, Invalid, Refused
from brigade.kernel.work.linking import link, unlink
from brigade.kernel.work.tasks import add_task, end_task
from brigade.kernel.work.watching import unwatch, watch
from brigade.web.shell.reader import reader
from brigade.web.work.controls import Control, picked_person
from brigade.web.work.numbers import NUMBER
from brigade.web.work.record_context import back_to
from brigade.web.work.record_form import form_page
from brigade.web.work.record_words import link_label

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person
    from brigade.kernel.records.models import Record


@login_required
@require_http_methods(["GET", "POST"])
def links(request: HttpRequest, number: str) -> HttpResponse:
    """Link the record to another one."""
    person = reader(request)
    record = record_for(person, number)
    require(person, "update", record)
    no: Refused | None = None
    if request.method == "POST":
        try:
            other = _other(request)
            link(record, other, request.POST.get("type", ""), by=person)
            messages.success(request, _("Linked to %(number)s.") % {"number": other.number})
            return redirect(back_to(request, record, "linked"))
        except Refused as error:
            no = error
    return form_page(
        request,
        record,
        heading=_("Link %(number)s") % {"number": number},
        send=_("Link"),
        controls=_link_controls(request, record),
        no=no,
        anchor="linked",
    )


def _other(request: HttpRequest) -> Record:
    typed = request.POST.get("other") or request.POST.get("other_text", "")
    try:
        return record_for(reader(request), typed.strip().split(" ")[0].upper()[:40])
    except Hidden as error:
        raise Invalid(
            "no_such_record", _("There is no such record. Type its number."), "other"
        ) from error


def _link_controls(request: HttpRequest, record: Record) -> list[Control]:
    recipe = recipe_version(record.recipe_version_id)
    types = [{"value": rule.as_, "label": link_label(rule.as_)} for rule in recipe.links]
    sent = request.POST
    return [
        Control(
            "type",
            _("%(number)s is") % {"number": record.number},
            "choice",
            sent.get("type") or (types[0]["value"] if types else ""),
            options=types,
        ),
        Control(
            "other",
            _("Which record?"),
            "picker",
            sent.get("other", ""),
            sent.get("other_text", ""),
            hint=_("Type its number or words of its title."),
            source=reverse("pick_records"),
        ),
    ]


@login_required
@require_POST
def link_removal(request: HttpRequest, number: str, link_id: int) -> HttpResponse:
    """Take a link off; both journals keep that it was there."""
    person = reader(request)
    record = record_for(person, number)
    unlink(link_of(person, record, link_id), by=person)
    messages.success(request, _("The link is gone. The journal keeps that it was there."))
    return redirect(back_to(request, record, "linked"))


@login_required
@require_POST
def tasks(request: HttpRequest, number: str) -> HttpResponse:
    """Put a task on the record."""
    person = reader(request)
    record = record_for(person, number)
    sent = request.POST
    kind = "checklist" if sent.get("kind") == "checklist" else "todo"
    add_task(record, sent.get("title", ""), by=person, kind=kind, required="required" in sent)
    return redirect(back_to(request, record, "tasks"))


@login_required
@require_POST
def task_ending(request: HttpRequest, number: str, task: int) -> HttpResponse:
    """Do a task, skip it, or open it again."""
    person = reader(request)
    record = record_for(person, number)
    end_task(task_of(person, record, task), request.POST.get("outcome", ""), by=person)
    return redirect(back_to(request, record, "tasks"))


@login_required
@require_POST
def watchers(request: HttpRequest, number: str) -> HttpResponse:
    """Watch the record, or let somebody else watch it."""
    person = reader(request)
    record = record_for(person, number)
    other = person_of(picked_person(request, "person"))
    watch(record, by=person, person=other)
    words = {"name": other.name if other else "", "number": number}
    said = _("%(name)s watches %(number)s now.") if other else _("You watch %(number)s now.")
    messages.success(request, said % words)
    return redirect(back_to(request, record))


@login_required
@require_POST
def watching_end(request: HttpRequest, number: str) -> HttpResponse:
    """Stop watching, or end somebody else's watching."""
    person = reader(request)
    record = record_for(person, number)
    unwatch(record, by=person, person=_watcher(request, person))
    return redirect(back_to(request, record))


def _watcher(request: HttpRequest, person: Person) -> Person | None:
    wanted = request.POST.get("person", "")
    if not wanted.isdecimal() or len(wanted) > 18:
        return None
    return people_visible_to(person).filter(pk=int(wanted)).first()


urlpatterns = [
    path(f"{NUMBER}/links", links, name="record_links"),
    path(f"{NUMBER}/links/<int:link_id>/removal", link_removal, name="record_link_removal"),
    path(f"{NUMBER}/tasks", tasks, name="record_tasks"),
    path(f"{NUMBER}/tasks/<int:task>/ending", task_ending, name="record_task_ending"),
    path(f"{NUMBER}/watchers", watchers, name="record_watchers"),
    path(f"{NUMBER}/watchers/removal", watching_end, name="record_watching_end"),
]
