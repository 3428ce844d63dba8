"""The recipe's editor: the draft drawn and in words, forms for every change, its text."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from brigade.kernel.parties.access import may_administer, needed
from brigade.kernel.recipes.drafts import change_draft, open_draft, withdraw_draft, write_draft
from brigade.kernel.recipes.errors import RecipeError
from brigade.kernel.recipes.overlay_text import read_text
from brigade.kernel.recipes.publishing import (
    publish_draft,
    submit_draft,
    take_back_draft,
)
from brigade.kernel.recipes.queries import draft_of, read_draft
from brigade.kernel.refused import Invalid, Refused
from brigade.kernel.work.recipe_approvals import approve_draft
from brigade.kernel.work.simulation.simulating import simulate
from brigade.web.recipes import draft_forms
from brigade.web.recipes.draft_page import shown
from brigade.web.recipes.recipes import require_staff
from brigade.web.shell.reader import reader

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person
    from brigade.kernel.recipes.models import RecipeDraft


@login_required
@require_http_methods(["GET", "POST"])
def draft(request: HttpRequest, key: str) -> HttpResponse:
    """Show the open draft of a practice and take changes to it; without one, lead to the recipe."""
    require_staff(request)
    if request.method == "POST" and request.POST.get("do") == "open":
        open_draft(key, by=reader(request), reason=request.POST.get("reason", ""))
        return redirect(reverse("recipe_draft", args=[key]))
    found = draft_of(key)
    if found is None:
        return redirect(reverse("recipe", args=[key]))
    return _changed(request, found) if request.method == "POST" else shown(request, found)


def _changed(request: HttpRequest, found: RecipeDraft) -> HttpResponse:
    do = request.POST.get("do", "")
    if do == "check":
        return shown(request, found, only_findings=True)
    deed = _change if do in draft_forms.FORMS else _DEEDS.get(do, _nothing)
    try:
        back, said = deed(request, found, reader(request))
    except Refused as no:
        if no.status in (403, 404):
            raise
        return shown(request, draft_of(found.key) or found, no=no)
    messages.success(request, said)
    return redirect(back)


Answer = tuple[str, str]
"""Where the reader goes next, and what is said there."""


def _change(request: HttpRequest, found: RecipeDraft, by: Person) -> Answer:
    form = request.POST["do"]
    more = draft_forms.operations(read_draft(found).chosen, form, request.POST)
    changed = change_draft(found.pk, by=by, put=more, seen=_seen(request))
    part = "fields" if form == "field" else "flow"
    added = [each.path for each in more if each.kind == "add" and ".states." in each.path]
    state = added[0].rpartition(".")[2] if added else request.POST.get("state", "")
    return _page(changed, part, state), _told(changed)


def _written(request: HttpRequest, found: RecipeDraft, by: Person) -> Answer:
    try:
        text = read_text(request.POST.get("text", "").replace("\r\n", "\n"))
    except RecipeError as fault:
        said = _("This is no overlay: %(errors)s") % {"errors": str(fault)}
        raise Invalid("bad_text", said, "text") from fault
    changed = write_draft(found.pk, by=by, overlay=text.operations, seen=_seen(request))
    return _page(changed, "text"), _told(changed)


def _undone(request: HttpRequest, found: RecipeDraft, by: Person) -> Answer:
    gone = request.POST.getlist("path")
    changed = change_draft(found.pk, by=by, without=gone, seen=_seen(request))
    return _page(changed, request.POST.get("part", "")), _("The library's own holds there again.")


def _submitted(request: HttpRequest, found: RecipeDraft, by: Person) -> Answer:
    submit_draft(found.pk, by=by)
    return _page(found), _("Submitted. It stands as it is until it is decided.")


def _taken_back(request: HttpRequest, found: RecipeDraft, by: Person) -> Answer:
    take_back_draft(found.pk, by=by)
    return _page(found), _("Taken back. It can be changed again.")


def _approved(request: HttpRequest, found: RecipeDraft, by: Person) -> Answer:
    approve_draft(found.pk, by=by, statement=request.POST.get("statement", ""))
    return _page(found), _("Approved. An administrator can publish it.")


def _published(request: HttpRequest, found: RecipeDraft, by: Person) -> Answer:
    sent = request.POST
    needed(may_administer(by))  # asked before the replay, which takes its time
    done = publish_draft(
        found.pk,
        by=by,
        replay=simulate(found.key, by=by),
        waiver=sent.get("waiver", ""),
        alone=sent.get("alone", ""),
    )
    version = done.version.version if done.version else ""
    said = _("Version %(version)s runs from now on. Choose what becomes of the records under way.")
    return reverse("recipe_versions", args=[found.key]), said % {"version": version}


def _withdrawn(request: HttpRequest, found: RecipeDraft, by: Person) -> Answer:
    withdraw_draft(found.pk, by=by)
    return reverse("recipe", args=[found.key]), _("The draft is withdrawn. Nothing has changed.")


def _nothing(request: HttpRequest, found: RecipeDraft, by: Person) -> Answer:
    raise Invalid("nothing_given", _("Choose what to do."), "do")


_DEEDS: dict[str, Callable[[HttpRequest, RecipeDraft, Person], Answer]] = {
    "text": _written,
    "undo": _undone,
    "submit": _submitted,
    "take_back": _taken_back,
    "approve": _approved,
    "publish": _published,
    "withdraw": _withdrawn,
}


def _page(found: RecipeDraft, part: str = "", state: str = "") -> str:
    page = reverse("recipe_draft", args=[found.key])
    told = {"part": part, "state": state}
    query = "&".join(f"{name}={value}" for name, value in told.items() if value.isidentifier())
    return f"{page}?{query}" if query else page


def _told(changed: RecipeDraft) -> str:
    errors = [each for each in changed.findings if each["code"].startswith("E")]
    if errors:
        return _("Kept. Mend what the checks found before you submit it.")
    return _("Kept. Nothing that runs has changed yet.")


def _seen(request: HttpRequest) -> int | None:
    text = request.POST.get("seen", "")
    return int(text) if text.isdecimal() and len(text) < 9 else None


urlpatterns = [path("recipes/<str:key>/draft", draft, name="recipe_draft")]
