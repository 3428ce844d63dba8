"""What browsers are told about every answer: what may run, frame and be sent where."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.http.request import split_domain_port

POLICY = (
    "default-src 'self'; script-src 'self' 'nonce-{nonce}'; style-src 'self'; "
    "img-src 'self' data:; font-src 'self'; connect-src 'self'{live}; form-action 'self'; "
    "frame-ancestors 'none'; object-src 'none'; base-uri 'none'"
)
"""No inline script or style. The nonce is for the import map alone."""


def live_address(request: HttpRequest) -> str:
    """Return where live updates are for the page that asks; empty where there are none."""
    host, _port = split_domain_port(request.get_host())
    found: str = settings.BRIGADE.live_url(host)
    return found


def _policy(request: HttpRequest, nonce: str) -> str:
    try:
        parts = urlsplit(live_address(request))
    except DisallowedHost:
        parts = urlsplit("")
    origin = f" {parts.scheme}://{parts.netloc}" if parts.netloc else ""
    return POLICY.format(nonce=nonce, live=origin)


class SecurityHeaders:
    """Give each request its nonce and each answer its policy."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, then add the headers that the view has not set itself."""
        nonce = secrets.token_urlsafe(16)
        request.csp_nonce = nonce  # type: ignore[attr-defined]
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", _policy(request, nonce))
        response.headers.setdefault("Permissions-Policy", "camera=(), microphone=()")
        response.headers.setdefault("X-Frame-Options", "DENY")
        if response.headers.get("Content-Type", "").startswith("text/html"):
            response.headers.setdefault("Cache-Control", "private, no-cache")
        return response
