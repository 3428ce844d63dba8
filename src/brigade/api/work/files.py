"""Files on a record: handed in with a form, handed out as a download and never shown."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from ninja import File, Form, Router, Schema
from ninja.files import UploadedFile

from brigade.api.frame.answers import Key, ok, once
from brigade.api.frame.problems import READ, WRITE, answers
from brigade.api.frame.shapes import Id, Named, Number, SeenBy, Visibility
from brigade.api.work import present
from brigade.api.work.finding import Found
from brigade.kernel.records.access import hidden, visibilities
from brigade.kernel.records.idempotency import Answer
from brigade.kernel.work.attaching import attach, file_for

if TYPE_CHECKING:
    from brigade.kernel.records.models import File as Attached

router = Router(tags=["files"])
DOWNLOAD = {
    "responses": {
        200: {
            "content": {
                "application/octet-stream": {"schema": {"type": "string", "format": "binary"}}
            }
        }
    }
}


class FileOut(Schema):
    """A file on a record; `size` in bytes."""

    id: int
    name: str
    content_type: str
    size: int
    sha256: str
    visibility: SeenBy
    clean: bool
    added_by: Named | None
    added_at: datetime


class Files(Schema):
    """The files of a record that the caller may open."""

    items: list[FileOut]


def _shown(file: Attached) -> dict[str, Any]:
    plain = ("name", "content_type", "size", "sha256", "visibility", "added_at")
    shown = {name: getattr(file, name) for name in plain}
    more = {"clean": file.state == "clean", "added_by": present.named(file.added_by)}
    return {"id": file.pk} | shown | more


@router.get("/records/{number}/files", response=answers({200: Files}, *READ), summary="List files")
def list_files(request: HttpRequest, number: Number) -> HttpResponse:
    """The files on the record that the caller may open."""
    found = Found(request, number)
    seen = visibilities(found.standing, found.record)
    files = found.record.files.filter(visibility__in=seen).select_related("added_by")
    return ok({"items": [_shown(each) for each in files.order_by("id")[:500]]})


@router.post(
    "/records/{number}/files", response=answers({201: FileOut}, *WRITE), summary="Attach a file"
)
def attach_one(
    request: HttpRequest,
    number: Number,
    file: File[UploadedFile],
    visibility: Form[Visibility],
    key: Key = None,
) -> HttpResponse:
    """Keep a file on the record, for everybody on it or for the desk alone."""
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    name = file.name or ""

    def work() -> Answer:
        found = Found(request, number)
        made = attach(
            found.record, name, file, by=found.person, visibility=visibility, origin="api"
        )
        return Answer(201, _shown(made))

    return once(request, work, f"{visibility}\n{name}\n".encode(), digest.digest())


@router.get(
    "/records/{number}/files/{file_id}",
    response=answers({200: None}, *READ),
    openapi_extra=DOWNLOAD,
    summary="Download a file",
)
def download(request: HttpRequest, number: Number, file_id: Id) -> HttpResponseBase:
    """The content of a file, as a download."""
    found = Found(request, number)
    file, content = file_for(found.person, file_id)
    if file.record_id != found.record.pk:
        content.close()
        raise hidden()
    answer = FileResponse(
        content, as_attachment=True, filename=file.name, content_type="application/octet-stream"
    )
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer["Cache-Control"] = "private, no-store"
    return answer
