"""Decisions: what waits on whom and costing what, raising one, its page and its paper."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from brigade.governance.decision_rights.queries import topics_now
from brigade.governance.decisions import actions
from brigade.governance.decisions.access import KIND, PREPARES, may_prepare, may_see_register
from brigade.governance.decisions.asking import live_vote
from brigade.governance.decisions.queries import decision_for, decisions_visible_to, register
from brigade.governance.decisions.rules import letter
from brigade.governance.decisions.timing import split_of
from brigade.kernel.approvals.access import may_read
from brigade.kernel.approvals.queries import approvals_of, seats_of
from brigade.kernel.measures.access import may_read_figures
from brigade.kernel.measures.figures import figures, measure_shown, period_asked
from brigade.kernel.parties.access import needed
from brigade.kernel.recipes.queries import version_for
from brigade.kernel.records.access import require
from brigade.kernel.refused import Hidden, Invalid, Refused
from brigade.web.governance import decision_words, right_words, scope_words
from brigade.web.governance.paper import paper_given, paper_sent
from brigade.web.operation import measure_words
from brigade.web.parties import asking
from brigade.web.shell.money import read_money
from brigade.web.shell.reader import reader
from brigade.web.shell.render import page
from brigade.web.work.numbers import NUMBER
from brigade.web.work.record_context import own_page

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person
    from brigade.kernel.records.reading import Reading


@login_required
@require_GET
def decisions(request: HttpRequest) -> HttpResponse:
    """Answer what is waiting on whom, since when, and costing what; then what was decided."""
    me = reader(request)
    version_for(KIND)
    needed(may_see_register(me))
    found = register(me)
    waiting = [decision_words.line(one) for one in found.waiting]
    context = {
        "waiting": waiting,
        "ended": [decision_words.line(one) for one in found.ended],
        "finding": decision_words.finding(waiting),
        "words": decision_words,
        "figure": _figure(me),
        "topics": right_words.topic_words,
    }
    return page(request, "governance/decisions/index.jinja", context)


def _figure(me: Person) -> dict[str, Any] | None:
    """Return K56 of the quarter that runs, for those who read figures."""
    if not may_read_figures(me):
        return None
    try:
        measure = measure_shown("K56")
    except Hidden:
        return None
    month = period_asked("").first
    (one,) = figures(me, measure, [period_asked(f"{month.year}-Q{(month.month + 2) // 3}")])
    half = one.beside("p50")
    return {
        "title": measure.measure.title,
        "value": measure_words.value(one),
        "rows": measure_words.rows(one.counted.n),
        "half": measure_words.worded("working_days", half) if half is not None else "",
        "period": measure_words.period(one.period),
        "key": one.period.key,
    }


@login_required
@require_http_methods(["GET", "POST"])
def decision_new(request: HttpRequest) -> HttpResponse:
    """Ask what is to be decided, and raise it."""
    version_for(KIND)
    needed(may_see_register(reader(request)))
    if request.method == "GET":
        return _new(request, request.GET.dict())
    sent = request.POST
    try:
        currency = sent.get("currency", "").strip().upper()
        made = actions.raise_decision(
            sent.get("title", ""),
            by=reader(request),
            topic=sent.get("topic", ""),
            question=sent.get("question", ""),
            amount=read_money(sent.get("amount", ""), currency, "amount") or 0,
            currency=currency,
            need_by=day_of(sent.get("need_by", ""), "need_by"),
            scope=scope_words.scope_sent(sent.get("scope", "")),
        )
    except Refused as no:
        return _new(request, sent.dict(), no)
    message = _("%(number)s is raised.") % {"number": made.record.number}
    return asking.done(request, message, "record", made.record.number)


def day_of(text: str, field: str) -> date | None:
    """Return a day that was typed; raises Invalid for anything else."""
    try:
        return date.fromisoformat(text.strip()) if text.strip() else None
    except ValueError as odd:
        raise Invalid("day", _("Give a day, such as 2026-11-30."), field) from odd


def _new(request: HttpRequest, given: dict[str, Any], no: Refused | None = None) -> HttpResponse:
    topics = topics_now()
    context = {
        "given": asking.Given(given),
        "topics": [(one, right_words.topic_words(one)) for one in topics],
        "scopes": scope_words.scope_options(KIND, reader(request)),
        "errors": asking.errors_of(no),
    }
    return page(request, "governance/decisions/new.jinja", context, no.status if no else 200)


@login_required
@require_http_methods(["GET", "POST"])
def decision_paper(request: HttpRequest, number: str) -> HttpResponse:
    """Write the paper: criteria, options with money, the one recommended."""
    me = reader(request)
    decision = decision_for(me, number)
    require(me, PREPARES, decision.record)
    context: dict[str, Any] = {"decision": decision, "letter": letter}
    if request.method == "GET":
        context |= {"given": paper_given(decision), "errors": {}}
        return page(request, "governance/decisions/paper.jinja", context)
    try:
        paper = paper_sent(request, decision.currency or "EUR")
        review_on = day_of(request.POST.get("review_on", ""), "review_on")
        actions.prepare(decision, by=me, review_on=review_on, **paper)
    except Refused as no:
        context |= {"given": asking.given(request), "errors": asking.errors_of(no)}
        return page(request, "governance/decisions/paper.jinja", context, no.status)
    return asking.done(request, _("The paper is written."), "record", number)


@login_required
@require_POST
def decision_opening(request: HttpRequest, number: str) -> HttpResponse:
    """Open the vote."""
    decision = decision_for(reader(request), number)
    actions.open_vote(decision, by=reader(request))
    return asking.done(request, _("The vote is open."), "record", number)


@login_required
@require_POST
def decision_withdrawal(request: HttpRequest, number: str) -> HttpResponse:
    """Take the question back, with a reason."""
    decision = decision_for(reader(request), number)
    reason = request.POST.get("reason", "")
    actions.withdraw_decision(decision, by=reader(request), reason=reason)
    return asking.done(request, _("The decision is withdrawn."), "record", number)


def page_of_decision(request: HttpRequest, reading: Reading) -> dict[str, Any] | None:
    """Return what the page of a decision shows beside what every record has.

    None for a record that was opened past the practice, and has no right and no paper.
    """
    me = reader(request)
    decision = decisions_visible_to(me).filter(pk=reading.record.pk).first()
    if decision is None:
        return None
    vote = live_vote(decision)
    asked = approvals_of("record", decision.pk)
    last = vote or next((one for one in asked if one.decided_at), None)
    may = may_prepare(reading.standing, reading.record)
    recommended = letter(decision.recommended or 0)
    rows = seats_of(last) if last else []
    seats = [decision_words.seat_words(one, me.pk, recommended) for one in rows]
    mine = vote is not None and any(one.person_id == me.pk and not one.vote for one in rows)
    return {
        "decision": decision,
        "words_of": decision_words,
        "vote": vote,
        "seats": seats,
        "mine": mine,
        "may_see_vote": vote is not None and may_read(me, vote),
        "lead": decision_words.lead(decision, vote, seats, mine),
        "compared": decision_words.compared(decision),
        "split": decision_words.split_rows(split_of(decision)),
        "topic": right_words.topic_words(decision.right.topic),
        "rule": right_words.rule_words(decision.right),
        "by_when": right_words.deadline_words(decision.right),
        "body": right_words.body_words(decision.right),
        "costs": decision_words.costs(decision),
        "late": decision_words.is_late(decision),
        "may_prepare": may and reading.record.state in actions.PREPARED_IN,
        "may_open": may and reading.record.state == "prepared",
        "may_withdraw": may
        and not decision.outcome
        and reading.record.state not in ("lapsed", "withdrawn"),
    }


own_page(KIND, "governance/decisions/page.jinja", page_of_decision)

urlpatterns = [
    path("decisions", decisions, name="decisions"),
    path("decisions/new", decision_new, name="decision_new"),
    path(f"decisions/{NUMBER}/paper", decision_paper, name="decision_paper"),
    path(f"decisions/{NUMBER}/opening", decision_opening, name="decision_opening"),
    path(f"decisions/{NUMBER}/withdrawal", decision_withdrawal, name="decision_withdrawal"),
]
