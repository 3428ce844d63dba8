"""Files on a record: attached here, handed out as downloads, never shown inline."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from brigade.kernel.records.reading import record_for
from brigade.kernel.refused import Invalid
from brigade.kernel.work.attaching import attach, file_for
from brigade.web.shell.reader import reader
from brigade.web.work.numbers import NUMBER
from brigade.web.work.record_context import back_to


@login_required
@require_POST
def files(request: HttpRequest, number: str) -> HttpResponse:
    """Attach files, for everybody on the record or for the desk alone."""
    person = reader(request)
    record = record_for(person, number)
    sent = request.FILES.getlist("files")
    if not sent:
        raise Invalid("no_file", _("Choose a file first."), "files")
    for file in sent:
        visibility = request.POST.get("visibility", "internal")
        attach(record, str(file.name), file, by=person, visibility=visibility)
    messages.success(request, _("The files are attached."))
    return redirect(back_to(request, record, "files"))


@login_required
@require_GET
def file(request: HttpRequest, file_id: int) -> HttpResponse:
    """Hand out a file to somebody who may read the side of the record it is on."""
    kept, content = file_for(reader(request), file_id)
    answer = FileResponse(
        content, as_attachment=True, filename=kept.name, content_type=kept.content_type
    )
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer["Cache-Control"] = "private, no-store"
    return answer  # type: ignore[return-value]


urlpatterns = [
    path(f"{NUMBER}/files", files, name="record_files"),
    path("files/<int:file_id>", file, name="file"),
]
