"""The proof: verify every hash, seal the heads of all chains, and the seals there are."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from brigade.kernel import instants
from brigade.kernel.parties.overviews import grants_page
from brigade.kernel.parties.roles import ROLES
from brigade.kernel.records.audit import Verdict, seal, verify
from brigade.kernel.records.audit.reading import require_audit, seals_page
from brigade.web.audit.audit import tabs
from brigade.web.shell.reader import reader
from brigade.web.shell.render import page

FAULTS: dict[str, str | Promise] = {
    "entry_missing": lazy("An entry before this one is missing."),
    "chain_broken": lazy("This entry does not follow the one before it."),
    "entry_forged": lazy("This entry is not what was written."),
    "body_forged": lazy("The text of this entry is not what was written."),
    "changes_forged": lazy("The changes of this entry are not what was written."),
    "erased_unmarked": lazy("Something was taken out of this entry without a reason."),
    "head_differs": lazy("The record does not end with its newest entry."),
    "sealed_entry_differs": lazy("A seal holds another entry in this place."),
    "seal_forged": lazy("This seal does not follow from the seals and entries before it."),
}
SHOWN = 50
SIZE = 50


@login_required
@require_http_methods(["GET", "POST"])
def seals(request: HttpRequest) -> HttpResponse:
    """Show the seals, and the answer of the last verification; sent here, seal now."""
    person = reader(request)
    require_audit(person)
    if request.method == "POST":
        request.session["sealed"] = seal(at=instants.now()).hex()
        return redirect("audit_seals")
    rows, following = seals_page(person, before=_before(request))
    context = {
        "rows": [{"seal": row, "root": bytes(row.root).hex()} for row in rows],
        "verdict": request.session.pop("verdict", None),
        "sealed": request.session.pop("sealed", None),
        "faults": FAULTS,
        "tabs": tabs("audit_seals"),
        "next": f"?before={following}" if following else None,
        "first": "?" if "before" in request.GET else None,
    }
    return page(request, "audit/seals.jinja", context)


@login_required
@require_POST
def verification(request: HttpRequest) -> HttpResponse:
    """Recompute every hash; the answer is shown once, to whoever asked."""
    require_audit(reader(request))
    request.session["verdict"] = _kept(verify())
    return redirect("audit_seals")


def _kept(verdict: Verdict) -> dict[str, Any]:
    return {
        "holds": verdict.holds,
        "entries": verdict.entries,
        "chains": verdict.chains,
        "seals": verdict.seals,
        "count": len(verdict.faults),
        "faults": [[each.code, each.chain, each.number] for each in verdict.faults[:SHOWN]],
    }


@login_required
@require_GET
def alone(request: HttpRequest) -> HttpResponse:
    """Show every role that was given without a second person, with its reason."""
    person = reader(request)
    require_audit(person)
    found = grants_page(person, "alone", before=_before(request), limit=SIZE + 1)
    rows = found[:SIZE]
    context = {
        "rows": rows,
        "roles": {key: role.label for key, role in ROLES.items()},
        "tabs": tabs("audit_alone"),
        "next": f"?before={rows[-1].pk}" if len(found) > SIZE else None,
        "first": "?" if "before" in request.GET else None,
    }
    return page(request, "audit/alone.jinja", context)


def _before(request: HttpRequest) -> int | None:
    text = request.GET.get("before", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None


urlpatterns = [
    path("audit/seals", seals, name="audit_seals"),
    path("audit/verifications", verification, name="audit_verification"),
    path("audit/alone", alone, name="audit_alone"),
]
