"""The list of imports, and the form that begins one: a log and the map to read it with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_required
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from brigade.integrations.logs.access import may_import, may_read_imports
from brigade.integrations.logs.map_file import LONGEST, load_map, read_map
from brigade.integrations.logs.mapping import LogMap, shipped_maps
from brigade.integrations.logs.progress import imports_page, left_to_worker
from brigade.integrations.logs.uploading import LARGEST, upload_import
from brigade.kernel.parties.access import needed
from brigade.kernel.refused import Hidden, Invalid, NotPermitted, Refused
from brigade.web.imports import words
from brigade.web.shell.reader import reader
from brigade.web.shell.render import page

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person

OWN = "own"
"""The choice of a map that is written into the form."""


def require_imports(request: HttpRequest) -> Person:
    """Return the reader if they may look at imports: administrators and auditors."""
    person = reader(request)
    if not may_read_imports(person):
        raise NotPermitted("not_permitted", _("Imports are open to administrators and auditors."))
    return person


@login_required
@require_http_methods(["GET", "POST"])
def imports(request: HttpRequest) -> HttpResponse:
    """Show what was imported; a form that is sent here begins an import."""
    person = require_imports(request)
    if request.method == "POST":
        return _begin(request, person)
    before = request.GET.get("before", "")
    rows, following = imports_page(
        person, before=int(before) if before.isdecimal() and len(before) < 19 else None
    )
    queued = left_to_worker(rows)
    context = {
        "rows": [(run, words.standing(run, queued=run.pk in queued)) for run in rows],
        "may_import": may_import(person),
        "next": f"?before={following}" if following else None,
        "first": "?" if before else None,
    }
    return page(request, "imports/index.jinja", context)


@dataclass(frozen=True, slots=True)
class Given:
    """What the form holds: the name of a map, and a map of one's own as text."""

    map: str = ""
    text: str = ""


@login_required
@require_http_methods(["GET"])
def import_new(request: HttpRequest) -> HttpResponse:
    """Show the form."""
    needed(may_import(require_imports(request)))
    return _form(request, Given(), {})


def _begin(request: HttpRequest, person: Person) -> HttpResponse:
    needed(may_import(person))
    given = Given(request.POST.get("map", ""), request.POST.get("map_text", ""))
    try:
        log_map = _map(request, given)
        run = upload_import(*_log(request), log_map, by=person)
    except (Hidden, NotPermitted):
        raise
    except Refused as no:
        field = {"map": "map_text" if given.map == OWN else "map"}.get(no.field or "", no.field)
        return _form(request, given, {field or "": str(no.message)}, 422)
    return redirect("import", run.pk)


def _map(request: HttpRequest, given: Given) -> LogMap:
    """Return the shipped map that was chosen, or the one that was written or uploaded."""
    if given.map in shipped_maps():
        return load_map(given.map)
    if given.map != OWN:
        raise Invalid("map_missing", _("Choose the map that says how the log reads."), "map")
    uploaded = request.FILES.get("map_file")
    if isinstance(uploaded, UploadedFile):
        if (uploaded.size or 0) > LONGEST:
            raise Invalid("map_invalid", _("The map is larger than 256 KiB."), "map")
        return read_map(uploaded.read())
    if not given.text.strip():
        raise Invalid("map_missing", _("Write the map, or choose its file."), "map")
    return read_map(given.text)


def _log(request: HttpRequest) -> tuple[str, Any]:
    uploaded = request.FILES.get("file")
    if not isinstance(uploaded, UploadedFile):
        raise Invalid("file_missing", _("Choose the file that holds the log."), "file")
    return (uploaded.name or "log.csv")[:255].replace("\0", ""), uploaded.file


def _form(
    request: HttpRequest, given: Given, errors: dict[str, str], status: int = 200
) -> HttpResponse:
    maps = [(name, load_map(name)) for name in shipped_maps()]
    context = {
        "given": given,
        "errors": errors,
        "maps": [
            {"value": name, "label": _(each.title), "hint": _(each.about)}
            for name, each in maps
        ] + [{"value": OWN, "label": _("A map of my own"), "hint": _("Written or chosen below.")}],
        "limit": LARGEST >> 20,
    }  # fmt: skip
    return page(request, "imports/new.jinja", context, status)


urlpatterns = [
    path("imports", imports, name="imports"),
    path("imports/new", import_new, name="import_new"),
]
