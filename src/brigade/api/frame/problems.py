"""Every no as a problem (RFC 9457): the same refusals, codes and words as on the pages."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import orjson
from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError
from pydantic import Field

from brigade.kernel.refused import Refused, Stale

MEDIA_TYPE = "application/problem+json"
SEEN = "brigade_precondition"
"""Set on a request that said with If-Match what it has seen."""


class Wrong(Schema):
    """One value that cannot be taken."""

    field: str
    detail: str


class Problem(Schema):
    """Why a request was refused (RFC 9457)."""

    type: str = Field(description="`urn:brigade:problem:` and the code.")
    title: str = Field(description="The HTTP status in words.")
    status: int
    detail: str = Field(description="What is wrong and how to put it right, for a person.")
    code: str = Field(description="A stable word for programs.")
    field: str | None = Field(None, description="The input it is about.")
    theirs: dict[str, Any] | None = Field(
        None, description="On a conflict: the present value of each field in conflict."
    )
    errors: list[Wrong] | None = Field(None, description="Each value that cannot be taken.")


def problem(
    status: int,
    code: str,
    detail: str,
    *,
    field: str | None = None,
    more: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """Return a problem as an answer."""
    said: dict[str, Any] = {
        "type": f"urn:brigade:problem:{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "code": code,
    }
    if field:
        said["field"] = field
    answer = HttpResponse(
        orjson.dumps(said | dict(more or {}), default=str), status=status, content_type=MEDIA_TYPE
    )
    answer["Cache-Control"] = "no-store"
    if status == HTTPStatus.UNAUTHORIZED:
        answer["WWW-Authenticate"] = 'Bearer realm="Brigade"'
    return answer


def refused(request: HttpRequest, error: Refused | type[Refused]) -> HttpResponse:
    """Answer a refusal from below; a conflict is 412 to whoever said what they had seen."""
    assert isinstance(error, Refused)
    stale = isinstance(error, Stale)
    status = 412 if stale and getattr(request, SEEN, False) else error.status
    more = {"theirs": error.theirs} if isinstance(error, Stale) and error.theirs else None
    return problem(status, error.code, str(error.message), field=error.field, more=more)


def not_signed_in(
    request: HttpRequest, error: AuthenticationError | type[AuthenticationError]
) -> HttpResponse:
    """Answer who gave no sign of who they are, or one that holds no longer."""
    return problem(
        401, "not_signed_in", _("Send a token that is valid now, or sign in on the pages first.")
    )


def not_understood(
    request: HttpRequest, error: ValidationError | type[ValidationError]
) -> HttpResponse:
    """Answer values of the wrong shape, all of them at once."""
    assert isinstance(error, ValidationError)
    errors = [{"field": _place(each["loc"]), "detail": each["msg"]} for each in error.errors]
    return problem(
        422,
        "invalid",
        _("Some values cannot be taken. Correct them and send the request again."),
        field=errors[0]["field"] if errors else None,
        more={"errors": errors},
    )


def _place(loc: tuple[Any, ...]) -> str:
    """Name a value as the caller wrote it: without the part of the request and our own names."""
    parts = [str(part) for part in loc]
    skipped = 2 if parts[0] == "body" and len(parts) > 2 else 1
    return ".".join(parts[skipped:]) or parts[-1]


def unreadable(request: HttpRequest, error: Exception | type[Exception]) -> HttpResponse:
    """Answer what is no JSON, no form, or otherwise broken on the way."""
    return problem(400, "unreadable", _("The request could not be read. Check its format."))


def too_large(request: HttpRequest, error: Exception | type[Exception]) -> HttpResponse:
    """Answer a body larger than is taken."""
    return problem(413, "too_large", _("The request is too large. Send less at once."))


def not_there(request: HttpRequest, error: Exception | type[Exception]) -> HttpResponse:
    """Answer an address that leads nowhere."""
    return problem(404, "no_such_address", _("There is nothing at this address."))


def take_over(api: NinjaAPI) -> None:
    """Let every error of the API be answered here."""
    api.add_exception_handler(Refused, refused)
    api.add_exception_handler(AuthenticationError, not_signed_in)
    api.add_exception_handler(ValidationError, not_understood)
    api.add_exception_handler(RequestDataTooBig, too_large)
    for kind in (HttpError, BadRequest, SuspiciousOperation, MultiPartParserError):
        api.add_exception_handler(kind, unreadable)
    api.add_exception_handler(Http404, not_there)


def answers(success: Mapping[int, Any], *refusals: int) -> dict[int, Any]:
    """Return what a route may answer: its success, and problems with these statuses."""
    return {**success, **dict.fromkeys(sorted({400, 401, 422, *refusals}), Problem)}


READ = (403, 404)
"""Refusals of a route that reads one thing."""
LISTED = (403,)
"""Refusals of a route that reads a list."""
WRITE = (403, 404, 409, 413)
"""Refusals of a route that writes."""
