"""Django's own errors: a page for people, a problem (RFC 9457) for programs."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse

from brigade.web.shell import errors as pages

API = "/api/"


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 400."""
    return _answer(request, 400, pages.bad_request, exception)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 403."""
    return _answer(request, 403, pages.forbidden, exception)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 404."""
    return _answer(request, 404, pages.not_found, exception)


def broken(request: HttpRequest) -> HttpResponse:
    """Answer 500."""
    return _answer(request, 500, pages.broken)


def _answer(
    request: HttpRequest, status: int, page: Callable[..., HttpResponse], *reason: Any
) -> HttpResponse:
    if not request.path_info.startswith(API):
        return page(request, *reason)
    said = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status}
    return JsonResponse(said, status=status, content_type="application/problem+json")
