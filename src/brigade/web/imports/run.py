"""The page of one import: what it would do, how far it is, and what came of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from brigade.integrations.logs.access import may_import
from brigade.integrations.logs.findings import sentence
from brigade.integrations.logs.progress import import_visible_to, left_to_worker
from brigade.integrations.logs.queries import LINES_A_PAGE, findings_of, lines_of
from brigade.integrations.logs.uploading import discard_import, preview_run, queue_import
from brigade.kernel import instants
from brigade.kernel.outbox.heartbeat import EVERY
from brigade.kernel.outbox.queries import heartbeats
from brigade.kernel.parties.tables import write_table
from brigade.kernel.refused import Hidden, Refused
from brigade.web.imports import words
from brigade.web.imports.imports import require_imports
from brigade.web.shell.render import page

if TYPE_CHECKING:
    from brigade.integrations.logs.models import ImportRun
    from brigade.kernel.parties.models import Person

FIRST_PROBLEMS = 20
AT_ONCE = 30_000_000
"""Bytes of a log that opening the page looks through by itself; a larger one when asked."""
SILENT_AFTER = 3 * EVERY


def _run(request: HttpRequest, number: int) -> tuple[Person, ImportRun]:
    person = require_imports(request)
    run = import_visible_to(person, number)
    if run is None:
        raise Hidden("no_such_import", _("There is no such import."))
    return person, run


@login_required
@require_GET
def import_run(request: HttpRequest, number: int) -> HttpResponse:
    """Show a look at what would happen, the progress, or the result."""
    person, run = _run(request, number)
    standing = words.standing(run, queued=bool(left_to_worker([run])))
    context: dict[str, Any] = {
        "run": run,
        "standing": standing,
        "may_import": may_import(person),
        "phase": words.phase(run),
        "worker": _worker_is_there(),
    }
    if standing.key == "waiting" and context["may_import"]:
        return page(request, "imports/look.jinja", context | _look(request, run, person))
    if standing.moving:
        return page(request, "imports/progress.jinja", context)
    return page(request, "imports/result.jinja", context | _result(request, run))


def _look(request: HttpRequest, run: ImportRun, person: Person) -> dict[str, Any]:
    """Look through the file and say what importing it would do."""
    size = Path(run.path).stat().st_size if Path(run.path).is_file() else 0
    if size > AT_ONCE and "look" not in request.GET:
        return {"report": None, "size": size, "problem": ""}
    try:
        report = preview_run(run, by=person)
    except Refused as no:
        return {"report": None, "size": 0, "problem": str(no.message)}
    return {
        "report": report,
        "size": size,
        "problem": "",
        "outcome": words.outcome(report, dry=True),
        "problems": words.problems(report.findings, FIRST_PROBLEMS),
    }


def _result(request: HttpRequest, run: ImportRun) -> dict[str, Any]:
    line, _dot, key = request.GET.get("after", "").partition(".")
    place = (int(line), int(key)) if _is_key(line) and _is_key(key) else (0, 0)
    lines = lines_of(run, place)
    full = len(lines) == LINES_A_PAGE
    return {
        "outcome": words.outcome(run, dry=False),
        "lines": lines,
        "next": "?after={}.{}".format(*lines[-1].after) if full else None,
        "first": "?" if place != (0, 0) else None,
        "size": LINES_A_PAGE,
    }


def _is_key(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 19


def _worker_is_there() -> bool:
    now = instants.now()
    return any(now - each.beat_at <= SILENT_AFTER for each in heartbeats())


@login_required
@require_GET
def import_progress(request: HttpRequest, number: int) -> HttpResponse:
    """Answer a page that looks again: how far it is, or that it is over."""
    _person, run = _run(request, number)
    standing = words.standing(run, queued=bool(left_to_worker([run])))
    if not standing.moving:
        answer = HttpResponse(status=200)
        answer["HX-Refresh"] = "true"
        return answer
    context = {"run": run, "phase": words.phase(run), "worker": _worker_is_there()}
    return page(request, "imports/moving.jinja", context)


@login_required
@require_POST
def import_start(request: HttpRequest, number: int) -> HttpResponse:
    """Leave the import to the worker; sending it twice leaves it once."""
    person, run = _run(request, number)
    queue_import(run, by=person)
    messages.success(request, _("The import is on its way. You can leave this page."))
    return redirect("import", run.pk)


@login_required
@require_POST
def import_discard(request: HttpRequest, number: int) -> HttpResponse:
    """Forget an import that has not begun, and its file."""
    person, run = _run(request, number)
    if left_to_worker([run]):
        raise Refused("import_begun", _("This import is left to the worker already."))
    discard_import(run, by=person)
    messages.success(request, _("The file was thrown away. Nothing was imported."))
    return redirect("imports")


@login_required
@require_GET
def import_problems(request: HttpRequest, number: int) -> HttpResponse:
    """Hand out every problem of an import as a table, one line of the file a row."""
    person, run = _run(request, number)
    waits = run.state == "waiting" and may_import(person)
    found = preview_run(run, by=person).findings if waits else findings_of(run)
    text = write_table(
        ("line", "column", "value", "taken", "code", "message"),
        (
            (str(one.line), one.column, one.value, "yes" if one.taken else "no", one.code,
             sentence(one.code, one.value))
            for one in found
        ),
    )  # fmt: skip
    answer = HttpResponse(text, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="import-{run.pk}-problems.csv"'
    return answer


urlpatterns = [
    path("imports/<int:number>", import_run, name="import"),
    path("imports/<int:number>/progress", import_progress, name="import_progress"),
    path("imports/<int:number>/runs", import_start, name="import_start"),
    path("imports/<int:number>/discard", import_discard, name="import_discard"),
    path("imports/<int:number>/problems.csv", import_problems, name="import_problems"),
]
