"""What every form of the portal does when it is sent: once, and with its files."""

from __future__ import annotations

import hashlib
import secrets
from typing import TYPE_CHECKING

from django.http import HttpRequest
from django.utils.translation import gettext as _

from brigade.kernel.records.files import ALLOWED, size_limit
from brigade.kernel.records.idempotency import Answer, once
from brigade.kernel.refused import Invalid
from brigade.kernel.work.attaching import attach

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.core.files.uploadedfile import UploadedFile

    from brigade.kernel.parties.models import Person
    from brigade.kernel.records.models import Record

FILES = 10
"""Files of one form at most."""


def new_key() -> str:
    """Return a key for a form about to be shown: sent twice, it takes effect once."""
    return secrets.token_urlsafe(12)


def send_once(request: HttpRequest, person: Person, work: Callable[[], Record]) -> str:
    """Do the work of a form once for its key; return the number of the record it was about.

    All of it happens or nothing does. Raises Invalid (`key_used`) where the
    same form was sent before with other words, and whatever the work raises.
    """
    key = request.POST.get("key", "")[:80] or new_key()
    said = [
        *(f"{k}={v}" for k, v in sorted(request.POST.items()) if k != "csrfmiddlewaretoken"),
        *(f"{file.name}:{file.size}" for file in files_of(request)),
        request.path,
    ]
    digest = hashlib.sha256("\0".join(said).encode("utf-8", "replace")).hexdigest()
    answer, _again = once(
        person, f"portal:{key}", digest, lambda: Answer(201, {"number": work().number})
    )
    return str(answer.body["number"])


def files_of(request: HttpRequest) -> list[UploadedFile]:
    """Return the files that came with a form, empty fields left out."""
    return [file for file in request.FILES.getlist("files") if file.name]


def attach_all(record: Record, files: list[UploadedFile], *, by: Person) -> None:
    """Put every file on the record for all to see; Invalid names the field `files`."""
    if len(files) > FILES:
        raise Invalid(
            "too_many_files",
            _("At most %(count)d files at once. Send the others as a reply.") % {"count": FILES},
            "files",
        )
    for file in files:
        try:
            attach(record, file.name or "", file, by=by, visibility="public")
        except Invalid as no:
            said = _("%(file)s: %(problem)s") % {"file": file.name, "problem": no.message}
            raise Invalid(no.code, said, "files") from no


def choose_again(files: list[UploadedFile]) -> str:
    """Return what to say about files that came with a form that is shown again."""
    if not files:
        return ""
    names = ", ".join(str(file.name) for file in files)
    return _("Choose your files again, they were not kept: %(names)s.") % {"names": names}


def accepted() -> str:
    """Return the endings that may be chosen, as a file field takes them."""
    return ",".join(f".{ending}" for ending in ALLOWED)


def limits() -> str:
    """Return in words what may be attached, for saying it before somebody chooses."""
    return _(
        "Pictures, PDF, text and office files, mail, zip and video; up to %(size)d MB each, "
        "at most %(count)d files."
    ) % {"size": size_limit() >> 20, "count": FILES}
