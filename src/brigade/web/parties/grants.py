"""Roles in scopes: asking for one, approving it, taking it back, and the lists of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from brigade.kernel.parties import access, actions
from brigade.kernel.parties.overviews import KINDS, grants_page, would_be_alone
from brigade.kernel.parties.queries import grants_visible_to
from brigade.kernel.refused import Hidden, Invalid, Refused
from brigade.web.parties import asking, rights
from brigade.web.parties.tabs import tabs
from brigade.web.shell.reader import reader
from brigade.web.shell.render import page

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person, RoleGrant


@login_required
@require_GET
def grants(request: HttpRequest) -> HttpResponse:
    """List who holds which role: waiting, held, given without a second person, or over."""
    me = reader(request)
    access.needed(access.may_read_rights(me))
    wanted = request.GET.get("show", KINDS[0])
    kind = wanted if wanted in KINDS else KINDS[0]
    before = asking.whole(request.GET.get("before", ""))
    rows, last = asking.cut(grants_page(me, kind, before=before, limit=asking.SIZE + 1))
    context = {
        "kind": kind,
        "kinds": _kinds(kind),
        "rows": rights.grant_lines(me, rows),
        "next": last.pk if last else None,
        "tabs": tabs(request),
    }
    return page(request, "parties/grants.jinja", context)


def _kinds(current: str) -> list[dict[str, Any]]:
    labels = {
        "waiting": _("Waiting for approval"),
        "held": _("Held now"),
        "alone": _("Without a second person"),
        "ended": _("Ended"),
    }
    return [
        {"label": labels[key], "href": f"{reverse('grants')}?show={key}", "current": key == current}
        for key in KINDS
    ]


@login_required
@require_http_methods(["GET", "POST"])
def grant_new(request: HttpRequest, number: int) -> HttpResponse:
    """Ask which role and where, and give it or ask for it."""
    me, one = reader(request), asking.visible_person(request, number)
    access.needed(bool(rights.roles_offered(me)))
    if request.method == "GET":
        return _form(request, one)
    try:
        grant = _grant(request, one)
    except Refused as no:
        return _form(request, one, no)
    waits = _("Asked for. Somebody else has to approve it.")
    message = _("The role is given.") if grant.state == "granted" else waits
    return asking.done(request, message, "person", number)


def _grant(request: HttpRequest, one: Person) -> RoleGrant:
    me, sent = reader(request), request.POST
    role = sent.get("role", "")
    if role not in {offered.key for offered in rights.roles_offered(me)}:
        raise Invalid("choice", _("Please choose a role."), "role")
    scope_type, scope_id = _scope(request)
    return actions.grant_role(
        one,
        role,
        by=me,
        scope_type=scope_type,
        scope_id=scope_id,
        reason=sent.get("reason", ""),
        valid_from=asking.day(request, "valid_from"),
        valid_to=asking.day(request, "valid_to", ends=True),
    )


def _scope(request: HttpRequest) -> tuple[str, int | None]:
    """Return the limit that was chosen in the picker, or whose whole name was typed."""
    sent = request.POST
    if sent.get("where") == "all":
        return "all", None
    if sent.get("where") != "limited" and access.may_administer(reader(request)):
        raise Invalid("required", _("Please say where it holds."), "where")
    kind, _colon, chosen = sent.get("scope", "").partition(":")
    number = asking.whole(chosen)
    if kind in rights.KIND_WORDS and number is not None:
        return kind, number
    typed = sent.get("scope_text", "").strip()[:200]
    if not typed:
        raise Invalid("required", _("Please say what the role is limited to."), "scope")
    offered = rights.scopes_offered(reader(request), typed)
    fitting = [
        (kind, found)
        for kind, rows in offered.items()
        for found, name in rows
        if name.casefold() == typed.casefold()
    ]
    if len(fitting) != 1:
        message = _("Nothing has exactly this name, or several things do. Choose from the list.")
        raise Invalid("unknown_scope", message, "scope")
    return fitting[0]


WHERE = {"scope_type": "scope", "scope_id": "scope", "person": ""}
"""Where a refusal of the verb stands in this form."""


def _form(request: HttpRequest, one: Person, no: Refused | None = None) -> HttpResponse:
    me = reader(request)
    if no is not None:
        no.field = WHERE.get(no.field or "", no.field)
    context = {
        "one": one,
        "roles": [("", _("Choose")), *((r.key, r.label) for r in rights.roles_offered(me))],
        "meanings": [(r.label, rights.MEANING[r.key]) for r in rights.roles_offered(me)],
        "anywhere": access.may_administer(me),
        "alone": would_be_alone(me, one),
        "given": asking.given(request),
        "errors": asking.errors_of(no),
    }
    return page(request, "parties/grant_form.jinja", context, no.status if no else 200)


@login_required
@require_GET
def scopes(request: HttpRequest) -> HttpResponse:
    """Answer the picker of limits: what a role that the reader gives may be limited to."""
    found = rights.scopes_offered(reader(request), asking.words(request))
    groups = [
        {
            "label": rights.KIND_WORDS[kind],
            "options": [{"value": f"{kind}:{number}", "label": name} for number, name in rows],
        }
        for kind, rows in found.items()
    ]
    context = {"groups": groups, "prefix": "scope", "create": None}
    return page(request, "components/options.jinja", context)


def _visible(request: HttpRequest, number: int) -> RoleGrant:
    found = grants_visible_to(reader(request)).filter(pk=number).first()
    if found is None:
        raise Hidden("no_grant", _("There is no such role, or it is not shown to you."))
    return found


@login_required
@require_POST
def approval(request: HttpRequest, number: int) -> HttpResponse:
    """Put a role in force as the second person."""
    grant = actions.approve_grant(_visible(request, number), by=reader(request))
    message = _("%(name)s has the role from now on.") % {"name": grant.person.name}
    return asking.done(request, message, "grants")


@login_required
@require_http_methods(["GET", "POST"])
def revocation(request: HttpRequest, number: int) -> HttpResponse:
    """Ask why a role is taken back or a request turned down, and do it."""
    me, grant = reader(request), _visible(request, number)
    access.needed(access.may_revoke_grant(me, grant))
    if request.method == "GET":
        return _revocation(request, grant)
    try:
        _revoke(request, grant)
    except Refused as no:
        return _revocation(request, grant, no)
    return asking.done(request, _("The role is taken back."), "person", grant.person_id)


def _revoke(request: HttpRequest, grant: RoleGrant) -> None:
    """A reason is asked of whoever takes a role from somebody else."""
    me, reason = reader(request), request.POST.get("reason", "")
    if not reason.strip() and me.pk != grant.person_id:
        raise Invalid("reason", _("Please say why; it stays with the role."), "reason")
    actions.revoke_grant(grant, by=me, reason=reason)


def _revocation(request: HttpRequest, grant: RoleGrant, no: Refused | None = None) -> HttpResponse:
    me = reader(request)
    (line,) = rights.grant_lines(me, [grant])
    context = {
        "line": line,
        "one": grant.person,
        "own": me.pk == grant.person_id,
        "given": asking.given(request),
        "errors": asking.errors_of(no),
    }
    return page(request, "parties/revocation.jinja", context, no.status if no else 200)


urlpatterns = [
    path("grants", grants, name="grants"),
    path("grants/scopes", scopes, name="grant_scopes"),
    path("grants/<int:number>/approvals", approval, name="grant_approvals"),
    path("grants/<int:number>/revocation", revocation, name="grant_revocation"),
    path("people/<int:number>/grants/new", grant_new, name="grant_new"),
]
