"""Who reads: their rights noted once, their language and their time zone in force."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from brigade.kernel.parties.held import note_rights
from brigade.kernel.recipes.statement import house
from brigade.kernel.refused import Hidden, NotPermitted

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person


class ReaderMiddleware:
    """Set the language and the zone of the person signed in, and know which practices run here.

    Nobody signed in: the installation's zone, and the language that
    LocaleMiddleware found. A choice a person made is never overruled by what
    their browser happens to send.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer in the reader's language and zone, and leave none behind for the next request."""
        here = SimpleLazyObject(house)
        request.installation = SimpleLazyObject(lambda: here[0])  # type: ignore[attr-defined]
        request.practices = SimpleLazyObject(lambda: here[1])  # type: ignore[attr-defined]
        if request.user.is_authenticated:
            person = note_rights(reader(request))
            translation.activate(person.language)
            request.LANGUAGE_CODE = person.language
            zone = person.timezone
        else:
            zone = request.installation.timezone  # type: ignore[attr-defined]
        with timezone.override(zone_called(zone)):
            return self.get_response(request)


def reader(request: HttpRequest) -> Person:
    """Return the person signed in, in a view that only they reach (`login_required`)."""
    person = request.user
    if not person.is_authenticated:
        raise NotPermitted("not_signed_in", _("Sign in first."))
    return person


def require_practice(request: HttpRequest, key: str) -> None:
    """Let pass where a practice runs here; elsewhere its pages are not there."""
    if key not in getattr(request, "practices", ()):
        raise Hidden("not_adopted", _("No practice of this name runs here."))


def zone_called(name: str) -> ZoneInfo:
    """Return the IANA zone; UTC where the system's database does not know the name."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")
