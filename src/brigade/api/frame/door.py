"""Who calls: a program with a token, or a page of ours with the session of its reader."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, cast

from django.conf import settings
from django.contrib.auth import get_user
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.utils import translation
from django.utils.translation import gettext as _
from ninja.errors import AuthenticationError
from ninja.security.base import AuthBase

from brigade.kernel.parties.held import note_rights
from brigade.kernel.parties.tokens import person_by_token
from brigade.kernel.records.files import size_limit
from brigade.kernel.refused import NotPermitted

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person

SAFE = ("GET", "HEAD", "OPTIONS")
FORM = 1 << 20
"""What the parts of a form may take beside the file in it, in bytes."""


class BearerToken(AuthBase):
    """A token made on the account page: `Authorization: Bearer brg_...`."""

    openapi_type = "http"
    openapi_scheme = "bearer"

    def __call__(self, request: HttpRequest) -> Person | None:
        """Return whom the token stands for; None where no token is sent."""
        sent = request.headers.get("Authorization")
        if sent is None:
            return None
        scheme, _blank, raw = sent.partition(" ")
        bearer = person_by_token(raw.strip()) if scheme.lower() == "bearer" else None
        if bearer is None:
            raise AuthenticationError
        translation.activate(bearer.person.language)
        needed = "read" if request.method in SAFE else "write"
        if needed not in bearer.scopes:
            raise NotPermitted(
                "scope_missing",
                _("This token may not do that: it lacks the scope “%(scope)s”.")
                % {"scope": needed},
            )
        return _let_in(request, bearer.person)


class SessionCookie(AuthBase):
    """The session of somebody signed in on the pages; a write carries `X-CSRFToken` as well."""

    openapi_type = "apiKey"
    openapi_in = "cookie"
    openapi_name = settings.SESSION_COOKIE_NAME

    def __call__(self, request: HttpRequest) -> Person | None:
        """Return whose session it is; None where there is none that holds."""
        key = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
        if not key:
            return None
        request.session = import_module(settings.SESSION_ENGINE).SessionStore(key)
        user = get_user(request)
        if not user.is_authenticated:
            return None
        person = note_rights(user)
        translation.activate(person.language)
        if _forged(request):
            raise NotPermitted(
                "csrf", _("Send the page's CSRF token in X-CSRFToken, or use a token of your own.")
            )
        return _let_in(request, person)


class _Csrf(CsrfViewMiddleware):
    """Django's check, which tells the reason and leaves the answer to us."""

    def _reject(self, request: HttpRequest, reason: str) -> Any:
        return reason


def _forged(request: HttpRequest) -> bool:
    check = _Csrf(lambda asked: HttpResponse())
    check.process_request(request)
    return check.process_view(request, lambda asked: HttpResponse(), (), {}) is not None


def _let_in(request: HttpRequest, person: Person) -> Person:
    """Refuse a body that is too large before anybody reads it."""
    if request.method in SAFE:
        return person
    form = (request.content_type or "").startswith("multipart/")
    allowed = size_limit() + FORM if form else settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdigit() or int(length) > allowed:
        raise RequestDataTooBig
    return person


def caller(request: HttpRequest) -> Person:
    """Return the person in whose name the request acts."""
    return cast("Person", request.auth)  # type: ignore[attr-defined]
