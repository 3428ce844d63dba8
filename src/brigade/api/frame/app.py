"""The API itself: its routes, and the description it publishes of them."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, URLResolver
from django.utils import translation
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation
from ninja.parser import Parser
from ninja.renderers import BaseRenderer

from brigade.api.frame import problems
from brigade.api.frame.door import BearerToken, SessionCookie

DESCRIPTION = """\
Brigade for programs. Whatever a person can do on a page, a program can do here,
under the same rights and with the same refusals.
"""
CHALLENGE = {"description": "How to sign in.", "schema": {"type": "string"}}


class FastJson(BaseRenderer):
    """JSON by orjson."""

    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:
        """Return `data` as JSON."""
        return orjson.dumps(data, default=str)


class StrictJson(Parser):
    """JSON by orjson, which takes no half characters, no NaN and no endless numbers."""

    def parse_body(self, request: HttpRequest) -> Any:
        """Return the body of a request; raises where it is no JSON."""
        return orjson.loads(request.body)


class Api(NinjaAPI):
    """NinjaAPI whose description is true about problems, and whose every no is one."""

    _described: OpenAPISchema | None = None

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        """Return the description, made once for the life of the process."""
        if self._described is None:
            made = super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params)
            for methods in made["paths"].values():
                for operation in methods.values():
                    _speak_of_problems(operation)
            self._described = made
        return self._described

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """Name an operation by its module and function."""
        view = operation.view_func
        return f"{view.__module__.rpartition('.')[2]}_{view.__name__}"

    def _get_urls(self) -> list[URLResolver | URLPattern]:
        urls = super()._get_urls()
        for each in urls:
            if isinstance(each, URLPattern):
                each.callback = _on_the_floor(each.callback)
        return urls


def _speak_of_problems(operation: dict[str, Any]) -> None:
    operation.get("requestBody", {}).pop("title", None)
    for status, answer in operation["responses"].items():
        if int(status) >= 400:
            answer["content"] = {
                problems.MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}
            }
        if int(status) == 401:
            answer["headers"] = {"WWW-Authenticate": CHALLENGE}


def _on_the_floor(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Let a view speak the caller's language and leave none behind for the next request."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        with translation.override(translation.get_language_from_request(request)):
            given = view(request, *args, **kwargs)
            if given.status_code == 405:
                return _not_allowed(given)
            return given

    answer.csrf_exempt = True  # type: ignore[attr-defined]
    return answer


def _not_allowed(given: HttpResponseBase) -> HttpResponse:
    said = problems.problem(405, "method", _("This address does not know that method."))
    said["Allow"] = given["Allow"]
    return said


api = Api(
    title="Brigade",
    version="1",
    description=DESCRIPTION,
    docs_url=None,
    renderer=FastJson(),
    parser=StrictJson(),
    auth=[BearerToken(), SessionCookie()],
    urls_namespace="api",
)
problems.take_over(api)
