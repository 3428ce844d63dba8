"""One's own account, with and without mistakes."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from brigade.kernel.parties import queries

pytestmark = pytest.mark.django_db

WISHES = {
    "phone": "5500", "language": "en", "timezone": "Europe/Berlin", "theme": "dark",
    "density": "compact", "single_keys": "on",
}  # fmt: skip


@pytest.fixture
def sam(client: Client, cast: Any) -> Client:
    client.force_login(cast.sam)
    return client


def test_preferences_are_kept(sam: Client, cast: Any) -> None:
    answer = sam.post("/account/preferences", WISHES, follow=True)
    assert "Your preferences are saved." in answer.content.decode()
    cast.sam.refresh_from_db()
    assert (cast.sam.timezone, cast.sam.theme, cast.sam.single_keys) == (
        "Europe/Berlin",
        "dark",
        True,
    )


def test_without_script_the_typed_zone_counts(sam: Client, cast: Any) -> None:
    sam.post("/account/preferences", {**WISHES, "timezone": "", "timezone_text": "Asia/Tokyo"})
    cast.sam.refresh_from_db()
    assert cast.sam.timezone == "Asia/Tokyo"


def test_a_mistake_is_said_at_its_field(sam: Client) -> None:
    answer = sam.post("/account/preferences", {**WISHES, "timezone": "Berlin"})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert 'href="#timezone"' in text and 'id="timezone-error"' in text
    assert re.search(r"<title>\s*Error:", text)
    assert 'value="5500"' in text


def test_a_token_is_shown_once_and_can_be_ended(sam: Client, cast: Any) -> None:
    made = sam.post("/account/tokens", {"name": "bridge", "scopes": ["read"], "days": "30"})
    secret = re.search(r'<code class="secret">([^<]+)</code>', made.content.decode())
    assert secret and queries.person_by_token(secret[1])
    assert secret[1] not in sam.get("/account").content.decode()
    token = queries.api_tokens_of(cast.sam, by=cast.sam)[0]
    sam.post(f"/account/tokens/{token.pk}/end")
    assert queries.person_by_token(secret[1]) is None


def test_nobody_ends_the_token_of_another(sam: Client, cast: Any, client: Client) -> None:
    sam.post("/account/tokens", {"name": "bridge", "scopes": ["read"], "days": "30"})
    token = queries.api_tokens_of(cast.sam, by=cast.sam)[0]
    client.force_login(cast.eve)
    assert client.post(f"/account/tokens/{token.pk}/end").status_code == 404


def test_a_token_must_say_what_it_may_do(sam: Client) -> None:
    answer = sam.post("/account/tokens", {"name": "bridge", "days": "30"})
    assert answer.status_code == 422
    assert 'href="#token-scopes"' in answer.content.decode()


def test_open_areas_are_remembered(sam: Client, cast: Any) -> None:
    assert sam.post("/account/areas", {"area": "work", "open": ""}).status_code == 204
    cast.sam.refresh_from_db()
    assert cast.sam.nav_open == {"work": False}


def test_signing_out_everywhere_ends_this_session_too(sam: Client) -> None:
    sam.post("/account/sessions/end")
    assert sam.get("/account").status_code == 302


def test_zones_are_found_by_a_part_of_the_name(sam: Client) -> None:
    found = sam.get("/account/zones", {"q": "berl"}).content.decode()
    assert 'data-value="Europe/Berlin"' in found
    assert found.count('role="option"') <= 15
