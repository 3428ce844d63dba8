"""The page of an approval: what is decided on, by which rule, who has voted, and one's own vote."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from brigade.kernel.approvals import access, actions
from brigade.kernel.approvals.mail_links import seat_of_key
from brigade.kernel.approvals.queries import approval_for, entries_of, seats_of, votes_of
from brigade.kernel.approvals.rules import Rule
from brigade.kernel.instants import NEVER
from brigade.kernel.parties.queries import principals_of
from brigade.kernel.refused import Refused
from brigade.web.approvals import words
from brigade.web.approvals.subjects import shown
from brigade.web.parties import asking
from brigade.web.shell.reader import reader
from brigade.web.shell.render import Frame, page

if TYPE_CHECKING:
    from brigade.kernel.approvals.models import Approval, ApprovalSeat
    from brigade.kernel.parties.models import Person


@login_required
@require_GET
def approval(request: HttpRequest, approval_id: int) -> HttpResponse:
    """Show an approval to whoever sits in it, asked for it, or may read its subject inside."""
    return _page(request, approval_for(reader(request), approval_id))


def _page(
    request: HttpRequest, one: Approval, no: Refused | None = None, key: str = ""
) -> HttpResponse:
    me, seats = reader(request), seats_of(one)
    places = _places(seats, me) if one.state == "open" else []
    frame = Frame(request)
    context: dict[str, Any] = {
        "one": one,
        "subject": shown(one, me, at_desk=frame.at_desk),
        "tone": words.tone(one),
        "due": None if one.deadline == NEVER else one.deadline,
        "rule": words.rule_in_words(Rule.from_json(one.rule), len(seats)),
        "at_deadline": words.at_deadline(one) if one.state == "open" else "",
        "seats": [(seat, words.VOTES.get(seat.vote), seat.person_id == me.pk) for seat in seats],
        "said": _said(one),
        "mine": places,
        "mine_options": [(seat.person_id, seat.person.name) for seat in places],
        "voted": next((seat.vote for seat in places), ""),
        "action": reverse("approval_by_mail", args=[key]) if key
        else reverse("approval_vote", args=[one.pk]),
        "may_answer": one.held_at is not None and access.may_answer(me, one),
        "may_withdraw": one.state in ("open", "planned") and access.may_withdraw(me, one),
        "given": asking.given(request),
        "errors": asking.errors_of(no),
    }  # fmt: skip
    return page(request, "approvals/approval.jinja", context, no.status if no else 200)


def _places(seats: list[ApprovalSeat], me: Person) -> list[ApprovalSeat]:
    """Return the seats the reader may vote for: their own, else those of whom they stand in for."""
    own = [seat for seat in seats if seat.person_id == me.pk]
    principals = {person.pk for person in principals_of(me)}
    return own or [seat for seat in seats if seat.person_id in principals]


def _said(one: Approval) -> list[dict[str, Any]]:
    """Return what was said on it, oldest first: the reasons of votes, and answers."""
    votes = [
        {"at": vote.at, "name": vote.person.name, "for": vote.deputy_for, "text": vote.reason,
         "word": words.VOTES[vote.vote][0]}
        for vote in votes_of(one)
    ]  # fmt: skip
    answers = [
        {"at": entry.at, "name": entry.actor.name if entry.actor else "", "for": None,
         "text": entry.body or "", "word": _("Answers")}
        for entry in entries_of(one)
        if "approval.answer" in (entry.changes or {})
    ]  # fmt: skip
    return sorted([*votes, *answers], key=lambda each: each["at"])


@login_required
@require_POST
def approval_vote(request: HttpRequest, approval_id: int) -> HttpResponse:
    """Cast the vote whose button was pressed."""
    me = reader(request)
    one = approval_for(me, approval_id)
    try:
        _vote(request, one, me, "page")
    except Refused as no:
        if no.status == 404:
            raise
        return _page(request, approval_for(me, approval_id), no)
    return asking.done(request, _("Your vote is recorded."), "approval", approval_id)


def _vote(request: HttpRequest, one: Approval, me: Person, origin: str) -> Approval:
    sent = request.POST
    return actions.vote(
        one,
        sent.get("vote", ""),
        by=me,
        reason=sent.get("reason", ""),
        seat_of=asking.whole(sent.get("for", "")),
        origin=origin,
    )


@login_required
@require_http_methods(["GET", "POST"])
def approval_by_mail(request: HttpRequest, key: str) -> HttpResponse:
    """Show what a mail asks to decide, to the one it was sent to; only its buttons vote, once."""
    me = reader(request)
    seat = seat_of_key(key, by=me)
    if request.method == "GET":
        return _page(request, seat.approval, key=key)
    try:
        _vote(request, seat.approval, me, "mail")
    except Refused as no:
        return _page(request, seat.approval, no, key)
    return asking.done(request, _("Your vote is recorded."), "approval", seat.approval_id)


@login_required
@require_POST
def approval_answer(request: HttpRequest, approval_id: int) -> HttpResponse:
    """Give the information that seats asked for."""
    me = reader(request)
    one = approval_for(me, approval_id)
    try:
        actions.answer(one, request.POST.get("text", ""), by=me)
    except Refused as no:
        return _page(request, one, no)
    return asking.done(request, _("They are asked again."), "approval", approval_id)


@login_required
@require_POST
def approval_withdrawal(request: HttpRequest, approval_id: int) -> HttpResponse:
    """Take the question back."""
    me = reader(request)
    one = approval_for(me, approval_id)
    try:
        actions.withdraw(one, by=me, reason=request.POST.get("reason", ""))
    except Refused as no:
        return _page(request, one, no)
    return asking.done(request, _("It is taken back."), "approval", approval_id)


urlpatterns = [
    path("approvals/<int:approval_id>", approval, name="approval"),
    path("approvals/<int:approval_id>/votes", approval_vote, name="approval_vote"),
    path("approvals/<int:approval_id>/answers", approval_answer, name="approval_answer"),
    path("approvals/<int:approval_id>/withdrawal", approval_withdrawal, name="approval_withdrawal"),
    path("approvals/by-mail/<str:key>", approval_by_mail, name="approval_by_mail"),
]
