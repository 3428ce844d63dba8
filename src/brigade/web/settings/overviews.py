"""Settings that are looked at: what the environment decides, rights, tokens, silent addresses."""

from __future__ import annotations

from typing import Any

from django.conf import settings as django_settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from brigade.kernel import instants
from brigade.kernel.outbox.actions import lift_suppression, suppress
from brigade.kernel.outbox.queries import suppressions
from brigade.kernel.parties import access, actions
from brigade.kernel.parties.overviews import (
    count_to_approve,
    grants_page,
    token_of_anybody,
    tokens_page,
)
from brigade.kernel.records.files import ALLOWED, size_limit
from brigade.kernel.refused import Hidden, Refused
from brigade.web.parties import asking, rights
from brigade.web.settings.sections import section, side_list
from brigade.web.shell.reader import reader
from brigade.web.shell.render import page
from brigade.web.shell.times import filesize

SHOWN = 20


def _context(request: HttpRequest, name: str) -> dict[str, Any]:
    access.needed(access.may_administer(reader(request)))
    return {"section": section(name), "side": side_list(name, reader(request)), "errors": {}}


@login_required
@require_GET
def files(request: HttpRequest) -> HttpResponse:
    """Show what was decided at the start, where each value comes from, and what it does."""
    context = _context(request, "settings_files")
    return page(request, "settings/files.jinja", context | {"rows": _environment()})


def _environment() -> list[dict[str, str]]:
    """Return each value in words, its variable, and the sentence that explains it."""
    here = django_settings.BRIGADE
    hours = ngettext("%(n)d hour", "%(n)d hours", here.session.hours) % {"n": here.session.hours}
    server = _("%(host)s, port %(port)d") % {"host": here.mail.host, "port": here.mail.port}
    rows = [
        (_("Largest file"), filesize(size_limit()), "FILES_MAX_BYTES",
         _("Larger ones are refused when somebody attaches them.")),
        (_("Types of files"), ", ".join(sorted(ALLOWED)), "",
         _("Others are refused. The list is part of Brigade and cannot be changed.")),
        (_("Scanner for malware"), here.files.scanner or _("none"), "FILES_SCANNER",
         _("A command that looks at each file before anybody can fetch it.")),
        (_("Signed in for"), hours, "SESSION_HOURS",
         _("How long those who tick “remember me” stay signed in.")),
        (_("Address of Brigade"), here.address, "PUBLIC_URL",
         _("It stands in every mail, so it must be the one that people can reach.")),
        (_("Mail server"), server if here.mail.host else _("none: mail waits in the outbox"),
         "MAIL_HOST", _("The server that outgoing mail is given to.")),
        (_("Sender of mail"), here.mail.sender or _("none"),
         "MAIL_SENDER", _("Who mail comes from while the settings of Support give no address.")),
    ]  # fmt: skip
    names = ("label", "value", "variable", "help")
    return [
        dict(zip(names, (label, value, f"BRIGADE_{where}" if where else "", why), strict=True))
        for label, value, where, why in rows
    ]


@login_required
@require_GET
def rights_waiting(request: HttpRequest) -> HttpResponse:
    """Show roles that wait for a second person, and those that were given without one."""
    context, me = _context(request, "settings_rights"), reader(request)
    return page(request, "settings/rights.jinja", context | {
        "waiting": rights.grant_lines(me, grants_page(me, "waiting", limit=SHOWN)),
        "mine": count_to_approve(me),
        "alone": rights.grant_lines(me, grants_page(me, "alone", limit=SHOWN)),
    })  # fmt: skip


@login_required
@require_GET
def tokens(request: HttpRequest) -> HttpResponse:
    """List everybody's tokens, newest first."""
    context = _context(request, "settings_tokens")
    before = asking.whole(request.GET.get("before", ""))
    rows, last = asking.cut(tokens_page(reader(request), before=before, limit=asking.SIZE + 1))
    context |= {"rows": rows, "next": last.pk if last else None, "now": instants.now()}
    return page(request, "settings/tokens.jinja", context)


@login_required
@require_POST
def token_end(request: HttpRequest, number: int) -> HttpResponse:
    """End somebody's token."""
    found = token_of_anybody(number, by=reader(request))
    if found is None:
        raise Hidden("no_token", _("There is no such token."))
    actions.revoke_token(found, by=reader(request))
    return asking.done(request, _("The token has ended."), "settings_tokens")


@login_required
@require_http_methods(["GET", "POST"])
def mail(request: HttpRequest) -> HttpResponse:
    """List the addresses that get no mail, and add one."""
    context = _context(request, "settings_mail")
    if request.method == "GET":
        return _mail(request, context)
    sent = request.POST
    try:
        row = suppress(sent.get("address", ""), why=sent.get("why", ""), by=reader(request))
    except Refused as no:
        return _mail(request, context, no)
    message = _("%(address)s gets no more mail.") % {"address": row.address}
    return asking.done(request, message, "settings_mail")


def _mail(request: HttpRequest, context: dict[str, Any], no: Refused | None = None) -> HttpResponse:
    after = request.GET.get("after", "").replace("\0", "")
    found = suppressions().filter(address__gt=after)[: asking.SIZE + 1]
    rows, last = asking.cut(list(found))
    context |= {
        "rows": rows,
        "next": last.address if last else None,
        "given": asking.given(request),
        "errors": asking.errors_of(no),
    }
    return page(request, "settings/mail.jinja", context, no.status if no else 200)


@login_required
@require_POST
def mail_lift(request: HttpRequest) -> HttpResponse:
    """Send mail to an address again."""
    address = request.POST.get("address", "")
    lift_suppression(address, by=reader(request))
    message = _("%(address)s gets mail again.") % {"address": address}
    return asking.done(request, message, "settings_mail")


urlpatterns = [
    path("settings/files", files, name="settings_files"),
    path("settings/rights", rights_waiting, name="settings_rights"),
    path("settings/tokens", tokens, name="settings_tokens"),
    path("settings/tokens/<int:number>/end", token_end, name="settings_token_end"),
    path("settings/mail", mail, name="settings_mail"),
    path("settings/mail/lift", mail_lift, name="settings_mail_lift"),
]
