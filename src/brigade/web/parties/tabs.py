"""The lists of this area, side by side."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from brigade.kernel.parties.access import may_read_rights
from brigade.web.shell.reader import reader


def tabs(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the lists the reader has here; rights only for those who may read them."""
    pages = [(_("People"), "people"), (_("Teams"), "teams"), (_("Organisations"), "organisations")]
    if may_read_rights(reader(request)):
        pages.append((_("Roles"), "grants"))
    match = request.resolver_match
    return [
        {"label": label, "href": reverse(name), "current": bool(match and match.url_name == name)}
        for label, name in pages
    ]
