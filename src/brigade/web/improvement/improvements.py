"""Improvements: the register, proposing one, and what one improves on its page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from brigade.governance.decision_rights.queries import rights_now, wordings_of
from brigade.improvement.improvements import actions
from brigade.improvement.improvements.access import KIND, may_see_improvements
from brigade.improvement.improvements.queries import improved_by, register
from brigade.improvement.improvements.rules import reached
from brigade.kernel.parties.access import needed
from brigade.kernel.recipes.queries import adoption_of, recipe_for, recipe_version, version_for
from brigade.kernel.records.naming import Names, names_of
from brigade.kernel.refused import Hidden, Refused
from brigade.web.governance import right_words, scope_words
from brigade.web.parties import asking
from brigade.web.shell.reader import reader
from brigade.web.shell.render import page
from brigade.web.work.record_context import own_page

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person
    from brigade.kernel.records.models import Record
    from brigade.kernel.records.reading import Reading

RIGHT, DECIDES = "decision_right", "decision"
"""What may be improved, and the practice that has it."""


@login_required
@require_GET
def improvements(request: HttpRequest) -> HttpResponse:
    """List what is being made better: who, from where to where, how far."""
    me = reader(request)
    version_for(KIND)
    needed(may_see_improvements(me))
    rows = register(me)
    names = names_of(recipe_for(KIND), *(one.data for one in rows))
    lines = [_line(one, names) for one in rows]
    return page(request, "improvement/improvements/index.jinja", {"rows": lines})


def _line(record: Record, names: Names) -> dict[str, Any]:
    data, recipe = record.data, recipe_version(record.recipe_version_id)
    return {
        "record": record,
        "owner": names.of("owner", data.get("owner")) or "",
        "state": recipe.label(record.state),
        "measure": data.get("measure"),
        **way(data),
    }


def way(data: dict[str, Any]) -> dict[str, Any]:
    """Return baseline, target and measured value, and how far the way is gone."""
    values = {name: data.get(name) for name in ("baseline", "target", "measured")}
    return values | {"reached": reached(*values.values())}


@login_required
@require_http_methods(["GET", "POST"])
def improvement_new(request: HttpRequest) -> HttpResponse:
    """Ask what gets better, and put it into the register."""
    me = reader(request)
    version_for(KIND)
    needed(may_see_improvements(me))
    if request.method == "GET":
        return _new(request, request.GET.dict())
    sent = request.POST
    try:
        series = asking.whole(sent.get("right", ""))
        if series:
            version_for(DECIDES)
        of = (RIGHT, wordings_of(me, series)[0].series) if series else None
        plain = {name: sent.get(name, "") for name in ("improves", "measure", "baseline", "target")}
        made = actions.propose_improvement(
            sent.get("title", ""),
            by=me,
            description=sent.get("description", ""),
            of=of,
            owner=asking.person_of(request, "owner"),
            due=sent.get("due", ""),
            scope=scope_words.scope_sent(sent.get("scope", "")),
            **plain,
        )
    except Refused as no:
        return _new(request, sent.dict(), no)
    message = _("%(number)s is proposed.") % {"number": made.number}
    return asking.done(request, message, "record", made.number)


def _new(request: HttpRequest, given: dict[str, Any], no: Refused | None = None) -> HttpResponse:
    context = {
        "given": asking.Given(given),
        "rights": right_options(),
        "scopes": scope_words.scope_options(KIND, reader(request)),
        "errors": asking.errors_of(no),
    }
    return page(request, "improvement/improvements/new.jinja", context, no.status if no else 200)


def right_options() -> list[tuple[Any, str]]:
    """Return the decision rights for a select, where decisions are adopted; the first is none."""
    if not _decisions_run():
        return []
    return [("", _("None")), *((one.series, _named(one)) for one in rights_now())]


def _decisions_run() -> bool:
    adopted = adoption_of(DECIDES)
    return adopted is not None and adopted.state == "adopted"


def _named(one: Any) -> str:
    band = right_words.band_words(one.amount_from, one.amount_to, one.currency)
    return f"{right_words.topic_words(one.topic)}, {band}"


def page_of_improvement(request: HttpRequest, reading: Reading) -> dict[str, Any]:
    """Return what the page of an improvement shows beside what every record has."""
    of = improved_by([reading.record]).get(reading.record.pk)
    return {"way": way(reading.record.data), "improved": _improved(reader(request), of)}


def _improved(me: Person, of: tuple[str, int] | None) -> dict[str, Any] | None:
    if of is None or of[0] != RIGHT or not _decisions_run():
        return None
    try:
        one = wordings_of(me, of[1])[0]
    except Hidden:
        return None
    return {"label": _named(one), "series": one.series, "votes": right_words.voting_words(one)}


own_page(KIND, "improvement/improvements/page.jinja", page_of_improvement)

urlpatterns = [
    path("improvements", improvements, name="improvements"),
    path("improvements/new", improvement_new, name="improvement_new"),
]
