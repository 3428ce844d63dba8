"""Signing in as people do it: password, second factor, passkey; and what stays shut."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.test import Client

from brigade.kernel.parties import actions
from tests.web.browser import axe, faults

PASSWORD = "a long enough pass phrase"

pytestmark = pytest.mark.django_db


def test_nobody_signs_up_uninvited(client: Client) -> None:
    answer = client.get("/accounts/signup/")
    assert "password1" not in answer.content.decode()
    address = {"email": "x@x.example", "password1": PASSWORD, "password2": PASSWORD}
    assert "_auth_user_id" not in client.session
    client.post("/accounts/signup/", address)
    assert "_auth_user_id" not in client.session


def test_a_wrong_password_is_said_without_naming_which_was_wrong(client: Client, cast: Any) -> None:
    actions.set_password(cast.sam, PASSWORD, by=cast.sam)
    known = client.post("/accounts/login/", {"login": cast.sam.email, "password": "no"})
    unknown = client.post("/accounts/login/", {"login": "nobody@x.example", "password": "no"})
    assert 'role="alert"' in known.content.decode()
    assert known.status_code == unknown.status_code


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_pages_before_sign_in_are_accessible(visitor: Any) -> None:
    one = visitor()
    for path in ("/accounts/login/", "/accounts/password/reset/", "/accounts/signup/"):
        assert faults(one.look(path)) == [], path
    assert one.problems == []


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_password_then_authenticator(visitor: Any, cast: Any) -> None:
    actions.set_password(cast.sam, PASSWORD, by=cast.sam)
    one = visitor(size="phone")
    page = one.open("/accounts/login/?next=/account")
    page.get_by_label("Email").fill(cast.sam.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("heading", name="Your account").wait_for()

    page = one.open("/accounts/2fa/totp/activate/")
    assert axe(page) == []
    confirm(page)
    page.locator("#authenticator_secret").wait_for()
    assert axe(page) == []
    secret = page.locator("#authenticator_secret").input_value()
    page.locator("#id_code").fill(_code(secret))
    page.locator("form.form button").click()
    page.wait_for_url("**/recovery-codes/**")
    assert axe(page) == []
    assert one.problems == []

    page = visitor(size="phone").open("/accounts/login/")
    page.get_by_label("Email").fill(cast.sam.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/2fa/authenticate/**")
    assert axe(page) == []


def confirm(page: Any) -> None:
    """Give the password once more, which every change to the ways of signing in asks for."""
    page.locator("form[action*=reauthenticate] input[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()


def _code(secret: str) -> str:
    counter = next(iter(totp.yield_hotp_counters_from_time()))
    return str(totp.format_hotp_value(totp.hotp_value(secret, counter)))


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_a_passkey_is_added_and_signs_in(visitor: Any, cast: Any, settings: Any) -> None:
    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
    actions.set_password(cast.sam, PASSWORD, by=cast.sam)
    one = visitor()
    one.address = one.address.replace("127.0.0.1", "localhost")
    tools = one.context.new_cdp_session(one.page)
    tools.send("WebAuthn.enable")
    tools.send(
        "WebAuthn.addVirtualAuthenticator",
        {"options": {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
                     "hasUserVerification": True, "isUserVerified": True,
                     "automaticPresenceSimulation": True}},
    )  # fmt: skip
    page = one.open("/accounts/login/?next=/accounts/2fa/webauthn/add/")
    page.get_by_label("Email").fill(cast.sam.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    confirm(page)
    page.locator("#mfa_webauthn_add").wait_for()
    assert axe(page) == []
    page.locator("#id_name").fill("Laptop")
    page.locator("#id_passwordless").check()
    page.locator("#mfa_webauthn_add").click()
    page.wait_for_function("() => !location.pathname.endsWith('/webauthn/add/')")

    one.context.clear_cookies()
    page = one.open("/accounts/login/?next=/account")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.get_by_role("heading", name="Your account").wait_for()
    assert one.problems == []
