"""People, teams, organisations, services and offerings as CSV files: out, and in with a look first.

The file is read twice: once to say what would happen, taking everything back, and once for
good. In between it travels in the form itself, so that what was looked at is what is taken.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from brigade.kernel.parties import access, csv_groups, csv_people
from brigade.kernel.parties.tables import read_table
from brigade.kernel.refused import Hidden, Invalid, Refused
from brigade.kernel.services import csv_services
from brigade.kernel.services.access import may_add_service
from brigade.web.parties import asking
from brigade.web.shell.reader import reader
from brigade.web.shell.render import page

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person
    from brigade.kernel.parties.tables import ImportReport, Table

MOST_CARRIED = 1_400_000
"""Bytes of a file that the form carries from the look to the deed; the limit of a form is 2 MB."""

PREVIEWED = 5


@dataclass(frozen=True, slots=True)
class Kind:
    """What a file can be about."""

    label: str | Promise
    page: str
    columns: tuple[str, ...]
    required: tuple[str, ...]
    take: Callable[..., ImportReport]
    give: Callable[..., str]
    may: Callable[[Person], bool]


KINDS: dict[str, Kind] = {
    "people": Kind(
        gettext_lazy("People"), "people", csv_people.COLUMNS, ("name",),
        csv_people.import_people, csv_people.export_people, access.may_administer,
    ),
    "teams": Kind(
        gettext_lazy("Teams"), "teams", csv_groups.TEAM_COLUMNS, ("name",),
        csv_groups.import_teams, csv_groups.export_teams, access.may_administer,
    ),
    "organisations": Kind(
        gettext_lazy("Organisations"), "organisations", csv_groups.ORGANISATION_COLUMNS,
        ("code", "name"),
        csv_groups.import_organisations, csv_groups.export_organisations, access.may_administer,
    ),
    "services": Kind(
        gettext_lazy("Services"), "services", csv_services.COLUMNS, ("code", "name"),
        csv_services.import_services, csv_services.export_services, may_add_service,
    ),
    "offerings": Kind(
        gettext_lazy("Offerings"), "services", csv_services.OFFERING_COLUMNS,
        ("service", "code", "name"),
        csv_services.import_offerings, csv_services.export_offerings, may_add_service,
    ),
}  # fmt: skip

COLUMN_HELP: dict[str, str | Promise] = {
    "email": gettext_lazy("The mail address. Rows are matched by it."),
    "organisation": gettext_lazy("The code of an organisation that exists."),
    "language": gettext_lazy("en or de."),
    "timezone": gettext_lazy("Such as Europe/Berlin."),
    "teams": gettext_lazy("Names of teams, with | between them. Memberships are added, not ended."),
    "manager": gettext_lazy("The mail address of who manages them."),
    "active": gettext_lazy("yes or no. “no” disables at once."),
    "kind": gettext_lazy("A kind as the exported file writes it."),
    "parent": gettext_lazy("The code of the organisation it is part of."),
    "code": gettext_lazy("Rows are matched by it."),
    "state": gettext_lazy("A state as the exported file writes it."),
    "owner": gettext_lazy("The mail address of who owns it."),
    "team": gettext_lazy("The name of the team that supports it."),
    "criticality": gettext_lazy("1 (nobody notices) to 5 (the business stops)."),
    "customers": gettext_lazy("Codes of organisations, with | between them: the whole list."),
    "service": gettext_lazy("The code of the service."),
}


def _kind(name: str) -> Kind:
    if name not in KINDS:
        raise Hidden("no_file", _("There is no such file."))
    return KINDS[name]


@login_required
@require_http_methods(["GET", "POST"])
def csv(request: HttpRequest, name: str) -> HttpResponse:
    """Say what the file looks like; look at one that is sent, or take it for good."""
    kind = _kind(name)
    if request.method == "GET":
        return _shown(request, name)
    access.needed(kind.may(reader(request)))
    for_good = "carried" in request.POST
    try:
        data = _carried(request) if for_good else _sent(request)
    except Refused as no:
        return _shown(request, name, no=no)
    report = kind.take(data, by=reader(request), dry_run=not for_good)
    if for_good and not report.errors:
        message = _("%(created)d added, %(changed)d changed, %(unchanged)d as they were.")
        figures = {"created": report.created, "changed": report.changed,
                   "unchanged": report.unchanged}  # fmt: skip
        return asking.done(request, message % figures, kind.page)
    return _shown(request, name, report=report, data=data)


def _sent(request: HttpRequest) -> bytes:
    file = request.FILES.get("file")
    if file is None or not file.size:
        raise Invalid("required", _("Please choose a file."), "file")
    if file.size > MOST_CARRIED:
        message = _(
            "A page takes files up to 1.4 MB. Take a larger one with the command line: %(command)s"
        )
        raise Invalid("too_large", message % {"command": "brigade import people FILE"}, "file")
    return bytes(file.read())


def _carried(request: HttpRequest) -> bytes:
    try:
        return base64.b64decode(request.POST["carried"].encode(), validate=True)
    except (binascii.Error, ValueError) as broken:
        raise Invalid("broken", _("The file was lost. Please choose it again."), "file") from broken


def _shown(
    request: HttpRequest,
    name: str,
    *,
    report: ImportReport | None = None,
    data: bytes = b"",
    no: Refused | None = None,
) -> HttpResponse:
    kind = _kind(name)
    good = report is not None and not report.errors
    context: dict[str, Any] = {
        "name": name,
        "kind": kind,
        "columns": [(column, COLUMN_HELP.get(column, "")) for column in kind.columns],
        "may_import": kind.may(reader(request)),
        "report": report,
        "preview": _preview(kind, data) if report is not None else None,
        "carried": base64.b64encode(data).decode() if good else "",
        "errors": asking.errors_of(no),
    }
    status = no.status if no else 422 if report is not None and report.errors else 200
    return page(request, "parties/csv.jinja", context, status)


def _preview(kind: Kind, data: bytes) -> Table:
    """Return the file as it was read, for a look at its first lines."""
    table = read_table(data, columns=kind.columns, required=kind.required, key=())
    table.rows = table.rows[:PREVIEWED]
    return table


@login_required
@require_GET
def csv_file(request: HttpRequest, name: str) -> HttpResponse:
    """Hand out everything of a kind that the reader may see; taken in again it changes nothing."""
    text = _kind(name).give(by=reader(request))
    answer = HttpResponse("\ufeff" + text, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer


urlpatterns = [
    path("csv/<slug:name>", csv, name="csv"),
    path("csv/<slug:name>/file", csv_file, name="csv_file"),
]
