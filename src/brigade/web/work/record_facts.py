"""Changing one field of a record at a time, and who works on it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from brigade.kernel.parties.queries import person_of, teams_visible_to
from brigade.kernel.recipes.queries import recipe_version
from brigade.kernel.records.access import Standing, allows, require
from brigade.kernel.records.naming import names_of
from brigade.kernel.records.reading import record_for
from brigade.kernel.refused import Hidden, Refused, Stale
from brigade.kernel.services.queries import offerings_to_choose
from brigade.kernel.work.assigning import assign
from brigade.kernel.work.changing import set_fields
from brigade.web.shell.reader import reader
from brigade.web.work.controls import Control, control, given, picked_person, refilled
from brigade.web.work.numbers import NUMBER
from brigade.web.work.record_context import back_to
from brigade.web.work.record_details import editable, value_of
from brigade.web.work.record_form import form_page, version_of
from brigade.web.work.record_words import value_words

if TYPE_CHECKING:
    from brigade.kernel.records.models import Record


@login_required
@require_http_methods(["GET", "POST"])
def field(request: HttpRequest, number: str, name: str) -> HttpResponse:
    """Change one field; where somebody else changed it meanwhile, show both values."""
    person = reader(request)
    record = record_for(person, number)
    require(person, "update", record)
    recipe = recipe_version(record.recipe_version_id)
    unknown = name in recipe.internal_own() and not allows(Standing.of(person), "internal", record)
    if unknown or not editable(record, recipe, name):
        raise Hidden("no_such_field", _("There is no such field to change here."))
    one = _control(request, record, name)
    if request.method == "GET":
        return _field_form(request, record, one)
    return _changed(request, record, one)


def _control(request: HttpRequest, record: Record, name: str) -> Control:
    recipe = recipe_version(record.recipe_version_id)
    value = value_of(record, name)
    text = names_of(recipe, {name: value}).of(name, value) or ""
    optional = name not in recipe.required_fields(record.state)
    one = control(recipe, name, reader(request), value, text=text, optional=optional)
    return _offered(request, record, one) if name == "offering" else one


def _offered(request: HttpRequest, record: Record, one: Control) -> Control:
    """Return the control with the offerings of the record's service; of all, where it has none."""
    rows = offerings_to_choose(reader(request), record.service_id)[:500]
    options = [
        (row.pk, row.name if record.service_id else f"{row.service.name}: {row.name}")
        for row in rows
    ]
    hint = _("What was promised for this offering holds from now on; time counted stays.")
    nothing = _("This service has no offering to choose yet.")
    return replace(one, options=[("", _("None")), *options], hint=hint if options else nothing)


def _changed(request: HttpRequest, record: Record, one: Control) -> HttpResponse:
    typed = refilled(request, one)
    try:
        fields = given(request, [one])
        fresh = set_fields(record, fields, by=reader(request), version=version_of(request))
    except Stale as no:
        return _field_form(request, record, typed, no, _both(record, one, fields[one.name]))
    except Refused as no:
        return _field_form(request, record, typed, no)
    messages.success(request, _("“%(field)s” is changed.") % {"field": one.label})
    return redirect(back_to(request, fresh))


def _both(record: Record, one: Control, mine: Any) -> list[tuple[str, str]]:
    """Return theirs and mine in words, for the person to choose."""
    recipe = recipe_version(record.recipe_version_id)
    theirs = value_of(record, one.name)
    mine = int(mine) if str(mine).isdecimal() and one.type in ("picker", "select") else mine
    names = names_of(recipe, {one.name: theirs}, {one.name: mine})
    nothing = _("nothing")
    return [
        (_("Theirs"), value_words(recipe, one.name, theirs, names) or nothing),
        (_("Yours"), value_words(recipe, one.name, mine, names) or nothing),
    ]


def _field_form(
    request: HttpRequest,
    record: Record,
    one: Control,
    no: Refused | None = None,
    conflict: list[tuple[str, str]] | None = None,
) -> HttpResponse:
    return form_page(
        request,
        record,
        heading=_("Change %(field)s") % {"field": one.label},
        send=_("Keep mine") if conflict else _("Save"),
        controls=[one],
        no=no,
        conflict=conflict or [],
    )


@login_required
@require_http_methods(["GET", "POST"])
def assignment(request: HttpRequest, number: str) -> HttpResponse:
    """Give the record to a team, a person, or back to its team."""
    person = reader(request)
    record = record_for(person, number)
    require(person, "update", record)
    if request.method == "GET":
        return _assignment_form(request, record, _assignment_controls(request, record))
    try:
        return _assigned(request, record)
    except Refused as no:
        controls = [refilled(request, one) for one in _assignment_controls(request, record)]
        return _assignment_form(request, record, controls, no)


def _assigned(request: HttpRequest, record: Record) -> HttpResponse:
    team = request.POST.get("team") or None
    assignee = picked_person(request, "assignee")
    fresh = assign(record, by=reader(request), team=team, assignee=assignee)  # type: ignore[arg-type]
    holder = person_of(fresh.assignee_id)
    words = {"number": fresh.number, "name": holder.name if holder else ""}
    said = (
        _("%(number)s is with %(name)s now.") if holder else _("%(number)s is with the team now.")
    )
    messages.success(request, said % words)
    return redirect(back_to(request, fresh))


def _assignment_controls(request: HttpRequest, record: Record) -> list[Control]:
    teams = teams_visible_to(reader(request)).filter(is_active=True).values_list("pk", "name")
    known = list(teams)
    if record.team is not None and record.team.pk not in {pk for pk, _name in known}:
        known.append((record.team.pk, record.team.name))
    return [
        Control("team", _("Team"), "select", record.team_id, options=known),
        Control(
            "assignee",
            _("Person"),
            "picker",
            record.assignee_id,
            record.assignee.name if record.assignee else "",
            hint=_("Somebody of the team. Left empty, the team decides who."),
            optional=True,
            source=reverse("pick_people"),
        ),
    ]


def _assignment_form(
    request: HttpRequest, record: Record, controls: list[Control], no: Refused | None = None
) -> HttpResponse:
    heading = _("Assign %(number)s") % {"number": record.number}
    return form_page(request, record, heading=heading, send=_("Assign"), controls=controls, no=no)


urlpatterns = [
    path(f"{NUMBER}/fields/<slug:name>", field, name="record_field"),
    path(f"{NUMBER}/assignment", assignment, name="record_assignment"),
]
