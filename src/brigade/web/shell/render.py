"""One way from a template to an answer, with what the frame around it needs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.template.loader import get_template
from django.utils import translation

from brigade.kernel import instants
from brigade.web.shell import assets, times
from brigade.web.shell.nav import Group, at_desk, navigation

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person


class Frame:
    """What stands around a page. Nothing is asked for until the template uses it."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @cached_property
    def person(self) -> Person | None:
        """The person signed in."""
        user: Person | None = getattr(self._request, "user", None)
        return user if user is not None and user.is_authenticated else None

    @cached_property
    def organisation(self) -> str:
        """The name at the top left."""
        installation = getattr(self._request, "installation", None)
        return (installation.name if installation else "") or "Brigade"

    @cached_property
    def at_desk(self) -> bool:
        """Whether the reader works here; everybody else has the portal's frame."""
        return self.person is not None and at_desk(self.person)

    @cached_property
    def practices(self) -> frozenset[str]:
        """The practices that run here: of others nothing is offered."""
        return frozenset(getattr(self._request, "practices", ()))

    @cached_property
    def nav(self) -> list[Group]:
        """The left navigation."""
        match = self._request.resolver_match
        current = match.url_name or "" if match else ""
        return navigation(self.person, current, self.practices) if self.person else []

    @property
    def page(self) -> str:
        """The name of the present page's URL, to mark where one is."""
        match = self._request.resolver_match
        return (match.url_name or "") if match else ""

    @property
    def nonce(self) -> str:
        """The nonce that lets the import map run."""
        return getattr(self._request, "csp_nonce", "")

    @property
    def language(self) -> str:
        """The language of the page's words."""
        return (translation.get_language() or "en")[:2]

    @property
    def now(self) -> int:
        """The instant of the page in epoch milliseconds: what ticks in it goes by our clock."""
        return int(instants.now().timestamp() * 1000)

    @property
    def clock_words(self) -> str:
        """The words of clocks that tick, for the script that keeps them fresh."""
        return json.dumps(times.tick_words())

    @property
    def toasts(self) -> list[Any]:
        """What just happened, said once."""
        return list(messages.get_messages(self._request))


def frame(request: HttpRequest) -> dict[str, Any]:
    """Give the frame to the templates of sign-in, which are written in Django's language."""
    return {
        "frame": Frame(request),
        "stylesheets": assets.stylesheets,
        "import_map": assets.import_map,
    }


def page(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render a Jinja2 template (`work/queue.jinja`) with the frame; fragments simply use less."""
    values = {"frame": Frame(request), **(context or {})}
    html = get_template(template, using="jinja2").render(values, request)
    return HttpResponse(html, status=status)
