"""The frame: who sees which, in which language and zone, and what browsers are told."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from brigade.kernel.parties import actions
from brigade.kernel.refused import Hidden, Invalid, NotPermitted, Refused, Stale
from brigade.web.shell import nav
from brigade.web.shell.errors import RefusedMiddleware

pytestmark = pytest.mark.django_db


def shown(client: Client, path: str = "/-/gallery") -> str:
    return client.get(path).content.decode()


def test_the_policy_allows_nothing_inline_but_the_import_map(client: Client, cast: Any) -> None:
    client.force_login(cast.sam)
    answer = client.get("/-/gallery")
    policy = answer["Content-Security-Policy"]
    nonce = re.search(r"'nonce-([^']+)'", policy)
    assert nonce and f'<script type="importmap" nonce="{nonce[1]}">' in answer.content.decode()
    assert "unsafe" not in policy
    for part in (
        "default-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ):
        assert part in policy
    assert client.get("/-/gallery")["Content-Security-Policy"] != policy
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_staff_have_the_desk_and_everybody_else_the_portal(client: Client, cast: Any) -> None:
    client.force_login(cast.sam)
    assert 'class="nav"' in shown(client)
    client.force_login(cast.eve)
    assert 'class="portal"' in shown(client)


def test_a_person_reads_in_their_own_language_and_zone(client: Client, cast: Any) -> None:
    actions.change_preferences(cast.sam, by=cast.sam, language="de", timezone="Asia/Tokyo")
    client.force_login(cast.sam)
    answer = client.get("/-/gallery", headers={"Accept-Language": "en"})
    text = answer.content.decode()
    assert '<html lang="de">' in text
    assert "+0900" in text
    assert answer["Content-Language"] == "de"


def test_nobody_signed_in_is_asked_by_the_browser(client: Client) -> None:
    answer = client.get("/accounts/login/", headers={"Accept-Language": "de"})
    assert '<html lang="de">' in answer.content.decode()


def test_theme_and_density_stand_on_the_page(client: Client, cast: Any) -> None:
    actions.change_preferences(cast.sam, by=cast.sam, theme="dark", density="compact")
    client.force_login(cast.sam)
    assert 'data-theme="dark" data-density="compact"' in shown(client)


@pytest.mark.parametrize(
    ("no", "status"),
    [
        (Refused("state", "It is closed."), 409),
        (NotPermitted("role", "Only the team may."), 403),
        (Hidden("gone", "There is no such record."), 404),
        (Stale("version", "It has changed."), 409),
        (Invalid("field", "Say what it is for.", "why"), 422),
    ],
)
def test_a_refusal_is_a_page_that_says_why(
    rf: RequestFactory, cast: Any, no: Refused, status: int
) -> None:
    request = rf.get("/x")
    answer = _refused(request, cast.sam, no)
    assert answer.status_code == status
    assert no.message in answer.content.decode()


def test_htmx_gets_the_same_sentence_as_a_notice(rf: RequestFactory, cast: Any) -> None:
    request = rf.get("/x")
    request.htmx = True  # type: ignore[attr-defined]
    answer = _refused(request, cast.sam, Refused("state", "It is closed."))
    assert answer["HX-Retarget"] == "#toasts"
    assert "It is closed." in answer.content.decode()
    assert "<html" not in answer.content.decode()


def _refused(request: HttpRequest, person: Any, no: Refused) -> HttpResponse:
    request.user = person
    request.resolver_match = None
    request._messages = []  # type: ignore[attr-defined]
    answer = RefusedMiddleware(lambda _: HttpResponse()).process_exception(request, no)
    assert answer is not None
    return answer


def test_other_errors_are_not_swallowed(rf: RequestFactory) -> None:
    middleware = RefusedMiddleware(lambda _: HttpResponse())
    assert middleware.process_exception(rf.get("/x"), ValueError()) is None


def test_what_is_not_there_is_said_plainly(client: Client, cast: Any) -> None:
    client.force_login(cast.sam)
    answer = client.get("/nothing/of/this/name")
    assert answer.status_code == 404
    assert "There is nothing here" in answer.content.decode()


def test_an_item_without_a_page_or_a_right_is_absent(cast: Any) -> None:
    area = nav.Area("x", "X", (
        nav.Item("Gallery", "gallery", "eye", lambda person: person == cast.sam),
        nav.Item("Nowhere", "no_such_page", "eye", lambda _: True),
        nav.Item("Changes", "gallery", "eye", lambda _: True, practice="change"),
    ))  # fmt: skip
    assert [line.label for line in nav._lines(area, cast.sam, "gallery", ())] == ["Gallery"]
    assert [line.label for line in nav._lines(area, cast.eve, "gallery", ["change"])] == ["Changes"]


def test_the_frame_costs_few_queries(
    client: Client, cast: Any, django_assert_max_num_queries: Any
) -> None:
    client.force_login(cast.sam)
    with django_assert_max_num_queries(8):
        client.get("/-/gallery")
