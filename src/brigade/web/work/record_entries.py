"""Writing on a record: a reply or an internal note, once, and not past what others said."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from brigade.kernel.records.access import hidden
from brigade.kernel.records.idempotency import Answer, once
from brigade.kernel.records.reading import entry_for, read_record, record_for, said_since
from brigade.kernel.refused import Invalid, NotPermitted, Refused
from brigade.kernel.work.attaching import attach
from brigade.kernel.work.drafts import drop_draft
from brigade.kernel.work.erasing import erase_entry, require_eraser
from brigade.kernel.work.moving import move
from brigade.kernel.work.saying import say
from brigade.kernel.work.work_time import log_work
from brigade.web.shell.reader import reader
from brigade.web.work.controls import Control
from brigade.web.work.numbers import NUMBER
from brigade.web.work.record_context import back_to, shown
from brigade.web.work.record_form import form_page, whole_number
from brigade.web.work.record_journal import newer

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person
    from brigade.kernel.records.models import Record
    from brigade.kernel.records.reading import Reading


@dataclass(frozen=True, slots=True)
class Sent:
    """What the composer sends. `then` is a transition that goes with a reply."""

    visibility: str
    body: str
    then: str
    seen: int
    key: str
    files: list[UploadedFile]
    minutes: str = ""

    @classmethod
    def of(cls, request: HttpRequest) -> Sent:
        """Read it from a form."""
        sent = request.POST
        seen = sent.get("seen", "")
        return cls(
            visibility=sent.get("visibility", ""),
            body=sent.get("body", ""),
            then=sent.get("then", ""),
            seen=int(seen) if seen.isdecimal() and len(seen) < 10 else 0,
            key=sent.get("key", "")[:100],
            files=request.FILES.getlist("files"),
            minutes=sent.get("minutes", "").strip()[:12],
        )

    def digest(self) -> str:
        """Return what tells this from another text sent under the same key."""
        names = [str(file.name) for file in self.files]
        whole = "\x00".join([self.visibility, self.body, self.then, self.minutes, *names])
        return hashlib.sha256(whole.encode("utf-8", "replace")).hexdigest()

    def kept(self, error: str = "", **more: Any) -> dict[str, Any]:
        """Return it for the composer to show again."""
        said = {"visibility": self.visibility, "body": self.body, "minutes": self.minutes}
        return {**said, "error": error, **more}


@login_required
@require_POST
def entries(request: HttpRequest, number: str) -> HttpResponse:
    """Send what was written. What others said meanwhile is shown first, the text kept."""
    person, sent = reader(request), Sent.of(request)
    reading = read_record(person, number)
    unread = said_since(person, reading.record, sent.seen) if sent.visibility == "public" else []
    if unread and sent.seen and not _sent_already(sent, reading):
        kept = sent.kept(anyway=True)
        return shown(request, reading, 409, sent=kept, newer=newer(unread, reading))
    try:
        _write(reading.record, sent, person)
    except (Invalid, NotPermitted) as no:
        return shown(request, reading, no.status, sent=sent.kept(_why(no)))
    drop_draft(f"{number}/reply", by=person)
    messages.success(request, _done(sent, reading))
    return redirect(back_to(request, reading.record, "composer"))


def _sent_already(sent: Sent, reading: Reading) -> bool:
    """Tell whether this very text stands in the journal already: a second press of the button."""
    return any(
        entry.actor_id == reading.standing.person_id
        and entry.number > sent.seen
        and (entry.body or "") == sent.body.replace("\r\n", "\n").strip()
        for entry in reading.entries
    )


def _why(no: Refused) -> str:
    if no.code == "key_used":
        return _("This was sent already. If you mean to send something else, send it now.")
    return str(no.message)


def _done(sent: Sent, reading: Reading) -> str:
    if sent.visibility == "internal":
        return _("Your note is added. Only the desk reads it.")
    requester = reading.record.requester
    if requester is None or requester.pk == reading.standing.person_id:
        return _("Your reply is added.")
    return _("Your reply goes to %(name)s.") % {"name": requester.name}


def _write(record: Record, sent: Sent, person: Person) -> None:
    """Write reply or note, move and files as one; under a key that was used, nothing."""

    minutes = whole_number(sent.minutes, "minutes") if sent.minutes else 0

    def work() -> Answer:
        if sent.then and sent.visibility != "public":
            raise Invalid(
                "note_waits",
                _("A note is not sent to anybody, so nobody will answer. Choose the reply."),
                "body",
            )
        if sent.then:
            fields = {"waiting_reason": "requester"}
            move(record, sent.then, by=person, fields=fields, body=_needed(sent.body))
            if minutes:
                log_work(record, minutes, by=person)
        elif sent.body.strip() or not (sent.files or minutes):
            say(record, sent.body, by=person, visibility=sent.visibility, minutes=minutes)
        elif minutes:
            log_work(record, minutes, by=person)
        for file in sent.files:
            attach(record, str(file.name), file, by=person, visibility=sent.visibility)
        return Answer(303)

    key = sent.key or secrets.token_urlsafe(16)
    once(person, f"page/{record.number}/{key}", sent.digest(), work)


def _needed(body: str) -> str:
    if not body.strip():
        raise Invalid("empty", _("Write what you ask first."), "body")
    return body


@login_required
@require_http_methods(["GET", "POST"])
def erasure(request: HttpRequest, number: str, entry: int) -> HttpResponse:
    """Erase what an entry says, with a reason; asked for first, because it cannot be undone."""
    person = reader(request)
    record = record_for(person, number)
    found = entry_for(person, record, entry)
    require_eraser(person)
    if found.erased_at is not None:
        raise hidden()
    no: Refused | None = None
    if request.method == "POST":
        try:
            erase_entry(found, by=person, reason=request.POST.get("reason", ""))
            messages.success(request, _("The entry is erased. The journal keeps that it was."))
            return redirect(back_to(request, record))
        except Invalid as error:
            no = error
    return _erasure_form(request, record, entry, no)


def _erasure_form(
    request: HttpRequest, record: Record, entry: int, no: Refused | None
) -> HttpResponse:
    reason = Control(
        "reason",
        _("Why is it erased?"),
        "text",
        hint=_("For example: a password was pasted. The reason stays readable."),
    )
    return form_page(
        request,
        record,
        heading=_("Erase entry %(number)s") % {"number": entry},
        lead=_("Its text and its values go for good. Who erased it, when and why stays."),
        send=_("Erase entry %(number)s for good") % {"number": entry},
        controls=[reason],
        no=no,
        danger=True,
    )


urlpatterns = [
    path(f"{NUMBER}/entries", entries, name="record_entries"),
    path(f"{NUMBER}/entries/<int:entry>/erasure", erasure, name="record_erasure"),
]
