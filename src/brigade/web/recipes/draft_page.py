"""What the editor shows: the draft drawn with its marks, one state, differences, findings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from markupsafe import Markup

from brigade.kernel.approvals.access import sits
from brigade.kernel.parties.access import may_administer
from brigade.kernel.recipes.access import may_approve_draft, may_draft
from brigade.kernel.recipes.diagram import svg
from brigade.kernel.recipes.drafting import drawable, untailored, with_removed
from brigade.kernel.recipes.elements import in_language
from brigade.kernel.recipes.errors import LintError, RecipeError
from brigade.kernel.recipes.overlay import read_all
from brigade.kernel.recipes.overlay_text import OverlayText, read_text, written
from brigade.kernel.recipes.queries import read_draft, running
from brigade.kernel.recipes.small_team import relaxed
from brigade.kernel.recipes.words import state_in_words
from brigade.kernel.work.recipe_approvals import approval_of
from brigade.kernel.work.versions.queries import running_records
from brigade.web.recipes import words
from brigade.web.recipes.draft_forms import BUTTONS, FORMS, SENT, offered
from brigade.web.recipes.draft_words import STATES, Difference, differences
from brigade.web.recipes.state_facts import state_facts
from brigade.web.shell.reader import reader
from brigade.web.shell.render import page

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person
    from brigade.kernel.recipes.compiled import CompiledRecipe
    from brigade.kernel.recipes.drafting import Drafted
    from brigade.kernel.recipes.models import RecipeDraft
    from brigade.kernel.refused import Refused

PARTS = ("flow", "fields", "rules", "roles", "checks", "differences", "text")


def shown(
    request: HttpRequest,
    draft: RecipeDraft,
    *,
    no: Refused | None = None,
    only_findings: bool = False,
) -> HttpResponse:
    """Answer with the page of a draft, or with what the checks say of a text being written."""
    if only_findings:
        source = request.POST.get("text", "").replace("\r\n", "\n")
        return page(request, "recipes/draft_checked.jinja", {"findings": _checked(draft, source)})
    drafted = read_draft(draft)
    overlay = read_all(draft.overlay)
    base = f"{draft.key}@{drafted.library.recipe.version}"
    text = read_text(written(base, overlay))
    changes = differences(drafted.library, drafted.chosen, overlay)
    part = _part(request)
    context = {
        "key": draft.key,
        "title": _(drafted.library.recipe.title),
        "draft": draft,
        "base": base,
        "simulation": _maybe("recipe_simulation", draft.key),
        "state_words": str(STATES[draft.state]),
        "changes": changes,
        "findings": text.located(drafted.findings),
        "errors_found": len(drafted.errors),
        "part": part,
        "tabs": _tabs(part, drafted, changes),
        "sent": {name: request.POST.get(name, "") for name in SENT},
        "sent_from": request.POST.getlist("from"),
        "sent_by": request.POST.getlist("by"),
        "errors": {no.field or "": str(no.message)} if no else {},
        "forms": FORMS,
        "buttons": BUTTONS,
        "form": _form(request),
    }
    context |= _rights(draft, reader(request)) | _content(request, part, drafted, text)
    return page(request, "recipes/draft.jinja", context, no.status if no else 200)


def _maybe(name: str, key: str) -> str:
    """Return the address of a page about the recipe, or nothing where there is none."""
    try:
        return reverse(name, args=[key])
    except NoReverseMatch:
        return ""


def _part(request: HttpRequest) -> str:
    do = request.POST.get("do", "")
    asked = "text" if do == "text" else request.POST.get("part") or request.GET.get("part", "")
    return asked if asked in PARTS else "flow"


def _form(request: HttpRequest) -> str:
    asked = request.POST.get("do") or request.GET.get("form", "")
    return asked if asked in FORMS else ""


def _rights(draft: RecipeDraft, person: Person) -> dict[str, Any]:
    adoption, asked = running(draft.key), approval_of(draft)
    voting = asked is not None and asked.state == "open"
    return {
        "asked": asked,
        "voting": voting,
        "may_change": may_draft(person, adoption) and draft.state == "draft",
        "may_draft": may_draft(person, adoption),
        "may_approve": sits(person, asked) if asked else may_approve_draft(person, adoption),
        "may_publish": may_administer(person),
        "is_author": person.pk in draft.authors,
        "alone": relaxed("S8"),
        "owner": adoption.owner,
        "is_changed": draft.overlay != draft.base.overlay or draft.source != draft.base.source,
        "adoption": adoption,
    }


def _tabs(part: str, drafted: Drafted, changes: list[Difference]) -> list[dict[str, Any]]:
    fields = sum(".fields." in each.path for each in changes)
    told: tuple[tuple[str, str, int | str | None], ...] = (
        ("flow", _("Flow"), None),
        ("fields", _("Fields"), fields or None),
        ("rules", _("Rules"), None),
        ("roles", _("Roles"), None),
        ("checks", _("Checks"), len(drafted.findings) or _("all pass")),
        ("differences", _("Differences"), len(changes) or None),
        ("text", _("As text"), None),
    )
    return [
        {"label": label, "count": count, "href": f"?part={name}", "current": name == part}
        for name, label, count in told
    ]


def _content(
    request: HttpRequest, part: str, drafted: Drafted, text: OverlayText
) -> dict[str, Any]:
    recipe = drawable(drafted)
    found: dict[str, Any] = {"recipe": recipe}
    if form := _form(request):
        found |= {"offered": offered(drafted.chosen, form)}
    if part == "text":
        overlay = written(text.base, text.operations)
        found |= {
            "text": request.POST.get("text", overlay) if request.method == "POST" else overlay
        }
    if recipe is None:
        return found
    if part == "flow":
        found |= _flow(request, drafted, recipe)
    if part == "fields":
        found |= {"fields": words.fields(recipe)}
    if part == "rules":
        found |= {
            "clocks": words.clocks(recipe),
            "timers": words.timers(recipe),
            "priorities": words.priorities(recipe),
        }
    return found


def _flow(request: HttpRequest, drafted: Drafted, recipe: CompiledRecipe) -> dict[str, Any]:
    asked = request.POST.get("state") or request.GET.get("state", "")
    selected = asked if asked in recipe.states else recipe.initial
    both, marks = with_removed(recipe, untailored(drafted))
    drawing = svg(both, selected=selected, link="?state={key}#map", marks=marks)
    state = state_in_words(recipe, selected)
    return {
        "under_way": running_records(recipe.key).count(),
        "drawing": Markup(drawing),  # our own SVG; every label in it is escaped
        "marks": marks,
        "selected": state,
        "facts": state_facts(recipe, state),
        "gone": [
            in_language(move.label)
            for move in both.transitions_from(selected)
            if marks.get(f"transitions.{move.key}") == "del"
        ],
    }


def _checked(draft: RecipeDraft, source: str) -> list[LintError]:
    """Return what is wrong with a text, each with its line, while it is being written."""
    try:
        text = read_text(source)
    except RecipeError as fault:
        return list(fault.errors)
    try:
        return text.located(read_draft(draft, text.operations).findings)
    except RecipeError as fault:
        return text.located(fault.errors)
