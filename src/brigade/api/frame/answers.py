"""How an answer is made: JSON, its version, and once for each key."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Callable
from typing import Annotated, Any

import orjson
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Header
from pydantic import StringConstraints

from brigade.api.frame.door import caller
from brigade.api.frame.problems import SEEN
from brigade.kernel.records import idempotency
from brigade.kernel.records.idempotency import Answer
from brigade.kernel.refused import Invalid

MEDIA_TYPE = "application/json"

Key = Annotated[
    Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[!-~]+$")] | None,
    Header(
        alias="Idempotency-Key",
        description="A word of your own for this request. Sent again within 24 hours, the"
        " request takes effect once and gets the same answer.",
    ),
]
IfMatch = Annotated[
    str | None,
    Header(
        alias="If-Match",
        description="The ETag you have seen. Where the record has changed since: 412.",
    ),
]
IfNoneMatch = Annotated[
    str | None,
    Header(
        alias="If-None-Match",
        description="The ETag you have. Where the record is still at it: 304.",
    ),
]
_TAG = re.compile(r'^(?:W/)?"(\d{1,9})"$')


def reply(answer: Answer) -> HttpResponse:
    """Return an answer as JSON, or empty where it has no body; it is for this caller only."""
    content = b"" if answer.body is None else orjson.dumps(answer.body)
    response = HttpResponse(content, status=answer.status, content_type=MEDIA_TYPE)
    if answer.body is None:
        del response["Content-Type"]
    response["Cache-Control"] = "private, no-cache"
    response["Vary"] = "Authorization, Cookie, Accept-Language"
    for name, value in answer.headers.items():
        response[name] = value
    return response


def ok(body: Any, **headers: str) -> HttpResponse:
    """Return a 200 with a body."""
    return reply(Answer(200, body, headers))


def once(request: HttpRequest, work: Callable[[], Answer], *content: bytes) -> HttpResponse:
    """Do `work` once where the request carries a key, else just do it.

    `content` stands for the body of a request that is not JSON.
    """
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return reply(work())
    digest = hashlib.sha256(f"{request.method} {request.path}\n".encode())
    for part in content or (request.body,):
        digest.update(part)
    answer, replayed = idempotency.once(
        caller(request), key, digest.hexdigest(), lambda: _plain(work())
    )
    response = reply(answer)
    if replayed:
        response["Idempotent-Replayed"] = "true"
    return response


def _plain(answer: Answer) -> Answer:
    """Return an answer in the plain values it is kept in."""
    return Answer(answer.status, orjson.loads(orjson.dumps(answer.body)), answer.headers)


def etag(version: int) -> str:
    """Return the ETag of a record at this version."""
    return f'"{version}"'


def versions(request: HttpRequest, header: str = "If-Match") -> list[int] | None:
    """Return the versions a condition names; None where there is no condition, or any will do."""
    sent = request.headers.get(header)
    if sent is None or sent.strip() == "*":
        return None
    if header == "If-Match":
        setattr(request, SEEN, True)
    tags = (_TAG.match(tag.strip()) for tag in sent.split(","))
    return [int(tag.group(1)) for tag in tags if tag]


def not_modified(request: HttpRequest, version: int) -> HttpResponse | None:
    """Return the 304 for who has this version already."""
    had = versions(request, "If-None-Match")
    if had is None or version not in had:
        return None
    return reply(Answer(304, None, {"ETag": etag(version)}))


def place(*values: Any) -> str:
    """Return the cursor for what comes after a row with these values."""
    return base64.urlsafe_b64encode(orjson.dumps(values)).decode().rstrip("=")


def read_place(cursor: str | None) -> tuple[str, int] | None:
    """Return the name and the id a cursor holds; raises Invalid for one that is not ours."""
    if cursor is None:
        return None
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        name, key = orjson.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        if not isinstance(name, str) or "\0" in name or not isinstance(key, int):
            raise ValueError("not a cursor")
        if isinstance(key, bool) or not 0 <= key < 2**63:
            raise ValueError("not a key")
    except (ValueError, TypeError, binascii.Error) as error:
        raise Invalid(
            "bad_cursor", _("This page is no longer there. Begin at the first one."), "after"
        ) from error
    return name, key
