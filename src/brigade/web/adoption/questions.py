"""The seven questions, what the answers propose, and the signature under it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from brigade.kernel.parties.access import needed
from brigade.kernel.recipes.access import may_adopt
from brigade.kernel.recipes.deciding import Choice, sign
from brigade.kernel.recipes.library import highest_levels
from brigade.kernel.recipes.proposals import MINOR, STARTER_SETS, Answers, Proposal, propose
from brigade.kernel.recipes.statement import Stand, circumstances, counted, statement
from brigade.kernel.refused import Invalid, Refused
from brigade.web.parties import asking
from brigade.web.recipes.recipes import require_staff
from brigade.web.recipes.words import role
from brigade.web.shell import times
from brigade.web.shell.reader import reader
from brigade.web.shell.render import page
from brigade.web.work.pickers import person_named

if TYPE_CHECKING:
    from django.http import QueryDict

COUNTS = ("headcount", "customers", "vendor_spend", "services", "changes")
YES_NO = ("regulated", "on_call")
LARGEST = 1_000_000_000_000


@login_required
@require_http_methods(["GET", "POST"])
def questions(request: HttpRequest) -> HttpResponse:
    """Ask, propose, let it be edited, and sign it: who answers for what, and why not the rest."""
    require_staff(request)
    needed(may_adopt(reader(request)))
    sent = request.POST if request.method == "POST" else request.GET
    if not any(name in sent for name in COUNTS):
        return _asked(request, _first_answers(request))
    try:
        answers = _answers(sent)
    except Invalid as no:
        return _asked(request, sent.dict(), no)
    if request.method == "GET":
        return _proposed(request, answers)
    return _signed(request, answers)


def _signed(request: HttpRequest, answers: Answers) -> HttpResponse:
    person = reader(request)
    try:
        sign(answers, [_choice(request, one) for one in statement()], by=person)
    except Refused as no:
        if no.status in (403, 404):
            raise
        return _proposed(request, answers, no)
    messages.success(request, _("Signed. This is the Statement of Adoption now."))
    return redirect("adoption")


def _choice(request: HttpRequest, one: Stand) -> Choice:
    sent = request.POST
    chosen = f"chosen-{one.key}" in sent
    level = asking.whole(sent.get(f"level-{one.key}", "")) or min(one.manifest.levels)
    named = (sent.get(f"owner-{one.key}", ""), sent.get(f"owner-{one.key}_text", "").strip())
    return Choice(
        one.key,
        level if chosen else 0,
        person_named(reader(request), *named) if chosen else None,
        sent.get(f"reason-{one.key}", "").strip(),
    )


def _first_answers(request: HttpRequest) -> Mapping[str, Any]:
    """Return a starter set, else what was signed last, else what is known of a house like this."""
    known = STARTER_SETS.get(request.GET.get("set", ""))
    row = circumstances()
    if known is None and row is not None:
        known = Answers(**{name: getattr(row, name) for name in (*COUNTS, *YES_NO)})
    given = asdict(known or STARTER_SETS["solo"])
    if known is None:
        given |= counted()
    return given | {"vendor_spend": given["vendor_spend"] // MINOR}


def _answers(sent: QueryDict) -> Answers:
    """Return the answers as values; raises Invalid with the question at fault."""
    found: dict[str, Any] = {}
    for name in COUNTS:
        number = asking.whole(sent.get(name, "").strip())
        if number is None or number > (LARGEST if name == "vendor_spend" else 1_000_000):
            raise Invalid("no_number", _("Give a whole number, 0 or more."), name)
        found[name] = number * MINOR if name == "vendor_spend" else number
    return Answers(**found, **{name: sent.get(name) == "yes" for name in YES_NO})


def _asked(request: HttpRequest, given: Mapping[str, Any], no: Refused | None = None) -> Any:
    shown = dict(given)
    for name in YES_NO:
        shown[name] = "yes" if shown.get(name) in (True, "yes") else "no"
    sets = [("solo", _("Solo or five people")), ("50", _("Fifty")), ("500", _("Five hundred"))]
    context = {"given": asking.Given(shown), "sets": sets, "errors": asking.errors_of(no)}
    return page(request, "adoption/questions.jinja", context, no.status if no else 200)


def _proposed(request: HttpRequest, answers: Answers, no: Refused | None = None) -> HttpResponse:
    found = propose(answers, highest=highest_levels(), number=times.number)
    stands = {one.key: one for one in statement()}
    errors = asking.errors_of(no)
    rows = [_row(request, one, stands[one.key], errors) for one in found]
    plain = asdict(answers) | {"vendor_spend": answers.vendor_spend // MINOR}
    context = {
        "answers": plain | {name: "yes" if plain[name] else "no" for name in YES_NO},
        "groups": [
            (_("Proposed"), [row for row in rows if row["proposed"]]),
            (_("Not proposed"), [row for row in rows if not row["proposed"]]),
        ],
        "count": sum(row["proposed"] for row in rows),
        "errors": errors,
    }
    return page(request, "adoption/proposal.jinja", context, no.status if no else 200)


def _row(
    request: HttpRequest, one: Proposal, stand: Stand, errors: Mapping[str, str]
) -> dict[str, Any]:
    """Return a practice as it is proposed, or as it was sent where something was wrong."""
    key, sent = one.key, request.POST
    posted = request.method == "POST"
    most = highest_levels().get(key, 3)
    owner = stand.adoption.owner if stand.adoption else None
    return {
        "key": key,
        "title": _(stand.manifest.title),
        "proposed": one.level > 0,
        "chosen": f"chosen-{key}" in sent if posted else one.level > 0,
        "level": sent.get(f"level-{key}") if posted else one.level or min(stand.manifest.levels),
        "levels": [level for level in stand.manifest.levels if level <= most],
        "installed": stand.installed,
        "accountable": role(stand.manifest.accountable),
        "owner": sent.get(f"owner-{key}", "") if posted else (owner.pk if owner else ""),
        "owner_text": sent.get(f"owner-{key}_text", "") if posted else owner.name if owner else "",
        "reason": sent.get(f"reason-{key}", "") if posted else one.reason,
        "error": errors.get(f"owner-{key}", ""),
    }


urlpatterns = [path("adoption/questions", questions, name="adoption_questions")]
