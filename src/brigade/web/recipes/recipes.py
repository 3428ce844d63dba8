"""The list of recipes: every practice of the library, and which of them run here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from brigade.kernel.parties.access import is_staff
from brigade.kernel.recipes import library
from brigade.kernel.recipes.manifests import Manifest, manifests
from brigade.kernel.recipes.queries import adoptions
from brigade.kernel.refused import Hidden
from brigade.web.recipes.words import role
from brigade.web.shell.reader import reader
from brigade.web.shell.render import page

if TYPE_CHECKING:
    from brigade.kernel.recipes.models import Adoption


def require_staff(request: HttpRequest) -> None:
    """Let pass whoever works for the provider; to everybody else these pages are not there."""
    if not is_staff(reader(request)):
        raise Hidden("no_such_page", _("There is no such page, or it is not open to you."))


@login_required
@require_GET
def recipes(request: HttpRequest) -> HttpResponse:
    """Show what is adopted first, then the rest of the library in the order of its shelves."""
    require_staff(request)
    decided = {each.key: each for each in adoptions()}
    wanted = request.GET.get("q", "").replace("\0", "").strip()[:100]
    rows = [
        _row(key, manifest, decided.get(key))
        for key, manifest in manifests().items()
        if wanted.casefold() in f"{_(manifest.title)} {_(manifest.purpose)} {key}".casefold()
    ]
    context = {
        "adopted": [row for row in rows if row["adopted"]],
        "others": [row for row in rows if not row["adopted"]],
        "total": len(manifests()),
        "wanted": wanted,
    }
    return page(request, "recipes/index.jinja", context)


def _row(key: str, manifest: Manifest, decision: Adoption | None) -> dict[str, Any]:
    adopted = decision is not None and decision.state == "adopted"
    return {
        "key": key,
        "title": _(manifest.title),
        "purpose": _(manifest.purpose),
        "accountable": role(manifest.accountable),
        "decision": decision,
        "adopted": adopted,
        "installed": key in library.installed(),
        "levels": len(manifest.levels),
        "brings": _(manifest.levels[decision.level]) if adopted and decision else "",
    }


urlpatterns = [path("recipes", recipes, name="recipes")]
