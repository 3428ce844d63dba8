"""What whoever asked may do about their request, as verbs of the kernel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest
from django.utils.translation import gettext as _

from brigade.kernel.parties.colleagues import colleague_with_address
from brigade.kernel.recipes.queries import recipe_version
from brigade.kernel.refused import Invalid, NotPermitted, Refused
from brigade.kernel.work.moving import move, moves_open_to
from brigade.kernel.work.saying import say
from brigade.kernel.work.watching import unwatch, watch
from brigade.web.portal import sending

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person
    from brigade.kernel.records.models import Record

MEANINGS = {
    ("resolved", "closed"): "confirm",
    ("resolved", "new"): "reopen",
    ("resolved", "active"): "reopen",
    ("waiting", "active"): "resume",
}
"""What a step means to whoever asked, by the categories it leads from and to."""


def offers(record: Record, person: Person) -> dict[str, str]:
    """Return the steps one may take on one's own request now: meaning to name of the transition.

    Meanings are confirm, reopen, resume and cancel. Nobody else is offered any:
    who works on it does so at the desk.
    """
    if record.requester_id != person.pk:
        return {}
    recipe = recipe_version(record.recipe_version_id)
    found: dict[str, str] = {}
    for transition in moves_open_to(record, person):
        if "requester" not in transition.by:
            continue
        to = recipe.category(recipe.target(record.state, transition.key))
        meaning = "cancel" if to == "cancelled" else MEANINGS.get((record.state_category, to))
        if meaning is not None:
            found.setdefault(meaning, transition.key)
    return found


def answer(record: Record, body: str, request: HttpRequest, person: Person) -> Record:
    """Say something and attach what came with it; an answer we waited for lets work go on."""
    if record.requester_id != person.pk:
        raise NotPermitted(
            "not_permitted", _("You follow this and may read it. Whoever asked for it answers.")
        )
    files = sending.files_of(request)
    waits_for_me = record.data.get("waiting_reason") == "requester"
    resume = offers(record, person).get("resume") if waits_for_me else None
    if not body.strip() and not files:
        raise Invalid("empty", _("Write your answer, or choose a file."), "body")
    if resume is not None:
        record = move(record, resume, by=person, body=body)
    elif body.strip():
        record = say(record, body, by=person, visibility="public")
    sending.attach_all(record, files, by=person)
    return record


def act(record: Record, what: str, request: HttpRequest, person: Person) -> Record:
    """Take one of the steps offered; reopening and cancelling ask why."""
    step = offers(record, person).get(what)
    if step is None or what == "resume":
        raise Refused("not_now", _("That is not possible any more. Read below where it stands."))
    why = request.POST.get("why", "").strip()
    if what == "reopen" and not why:
        raise Invalid("no_reason", _("Say what still does not work."), "reopen-why")
    if what == "cancel" and not why:
        raise Invalid("no_reason", _("Say why you no longer need it."), "cancel-why")
    fields = {"cancel_reason": why} if what == "cancel" else {}
    body = why if what == "reopen" else ""
    return move(record, step, by=person, fields=fields, body=body, version=_version(request))


def _version(request: HttpRequest) -> int | None:
    read = request.POST.get("version", "")
    return int(read[:9]) if read.isdecimal() else None


def follow(record: Record, request: HttpRequest, person: Person) -> Record:
    """Begin or stop to follow a record, or let a colleague follow one's own."""
    if "stop" in request.POST:
        unwatch(record, by=person)
        return record
    address = request.POST.get("address")
    if address is None:
        watch(record, by=person)
        return record
    colleague = colleague_with_address(person, address)
    if colleague is None:
        raise Invalid(
            "no_colleague",
            _("Nobody of your organisation has this address. Check how it is written."),
            "address",
        )
    watch(record, by=person, person=colleague)
    return record
