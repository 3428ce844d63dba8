"""What happens to every request before anything knows what it is about."""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Callable
from typing import Any

import structlog
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import translation

from brigade.config import metrics
from brigade.config.health import readiness

Respond = Callable[[HttpRequest], HttpResponse]

log = structlog.get_logger("brigade.request")

GIVEN_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
PROGRAMS = ("/api/", "/-/health", "/-/ready")


class RequestLog:
    """Give each request an id, write one line about it, and count it.

    The id comes from `X-Request-ID` where a proxy sent a sound one. It stands in
    every line logged meanwhile and in the answer's `X-Request-ID`.
    """

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, and say how it went; static files and probes only when they failed."""
        given = request.headers.get("X-Request-ID", "")
        request_id = given if GIVEN_ID.fullmatch(given) else uuid.uuid4().hex
        request.request_id = request_id  # type: ignore[attr-defined]
        translation.deactivate()  # a language that the thread's last request left behind
        begun = time.perf_counter()
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            response = self.get_response(request)
            seconds = time.perf_counter() - begun
            match = request.resolver_match
            route = match.route if match else ""
            metrics.count_request(request.method or "", route, response.status_code, seconds)
            _write_down(request, response, seconds)
        response.headers["X-Request-ID"] = request_id
        return response


def _write_down(request: HttpRequest, response: HttpResponse, seconds: float) -> None:
    quiet = request.path_info.startswith(("/static/", "/-/"))
    if quiet and response.status_code < 400:
        return
    say = log.error if response.status_code >= 500 else log.info
    person = getattr(request, "_cached_user", None)
    say(
        "request",
        method=request.method,
        path=request.path_info,
        status=response.status_code,
        ms=round(seconds * 1000, 1),
        person=getattr(person, "pk", None),
    )


class Probes:
    """Answer `/-/health` and `/-/ready` before the host name is looked at.

    Whoever probes uses the machine's address, which is no public host name.
    """

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer a probe, or pass the request on."""
        if request.path_info == "/-/health":
            return JsonResponse({"status": "ok"}, headers={"Cache-Control": "no-store"})
        if request.path_info == "/-/ready":
            problems = readiness()
            said = {"status": "unavailable" if problems else "ok", "problems": problems}
            return JsonResponse(
                said, status=503 if problems else 200, headers={"Cache-Control": "no-store"}
            )
        return self.get_response(request)


def for_pages(middleware: Any) -> Any:
    """Return the class `middleware` so that it leaves requests of programs alone.

    Sessions, forms and languages are matters of pages; the API knows tokens, and
    each layer that it need not pass makes it faster.
    """

    class OnlyPages(middleware):
        def __call__(self, request: HttpRequest) -> Any:
            if request.path_info.startswith(PROGRAMS):
                return self.get_response(request)
            return super().__call__(request)

    if hasattr(middleware, "process_view"):

        def process_view(self: Any, request: HttpRequest, *args: Any) -> Any:
            if request.path_info.startswith(PROGRAMS):
                return None
            return middleware.process_view(self, request, *args)

        OnlyPages.process_view = process_view
    OnlyPages.__name__ = middleware.__name__
    return OnlyPages
