"""What keeps strangers out: cookies, headers, links that expire, answers that tell nothing."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as configured
from django.test import Client

from brigade.kernel import instants
from brigade.kernel.instants import at_instant
from brigade.kernel.outbox.models import Message
from brigade.kernel.parties.actions import issue_token, set_password
from brigade.kernel.parties.models import Person
from brigade.kernel.refused import Invalid
from brigade.kernel.work.attaching import attach
from tests.cast import Cast
from tests.kernel.work.conftest import desk, incident

__all__ = ["desk", "incident"]
pytestmark = pytest.mark.django_db
PASSWORD = "a long enough pass phrase"
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def sam(cast: Cast) -> Person:
    set_password(cast.sam, PASSWORD, by=cast.sam)
    return Person.objects.get(pk=cast.sam.pk)


def sign_in(client: Client, person: Person, then: str = "") -> Any:
    where = f"/accounts/login/?next={then}" if then else "/accounts/login/"
    return client.post(where, {"login": person.email, "password": PASSWORD, "next": then})


@pytest.mark.parametrize(
    "then", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_sign_in_leads_nowhere_else(client: Client, sam: Person, then: str) -> None:
    answer = sign_in(client, sam, then)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/") and "evil" not in answer["Location"]
    assert client.get("/account").status_code == 200


def test_sign_in_leads_back_to_where_one_was(client: Client, sam: Person) -> None:
    assert client.get("/queue")["Location"] == "/accounts/login/?next=/queue"
    assert sign_in(client, sam, "/queue")["Location"] == "/queue"


def test_a_session_of_before_sign_in_is_worth_nothing(client: Client, sam: Person) -> None:
    client.get("/accounts/login/")
    session = client.session
    session["planted"] = True
    session.save()
    before = session.session_key
    client.cookies[configured.SESSION_COOKIE_NAME] = str(before)
    sign_in(client, sam)
    assert client.session.session_key != before
    stranger = Client()
    stranger.cookies[configured.SESSION_COOKIE_NAME] = str(before)
    assert stranger.get("/account").status_code == 302


def test_the_session_cookie_is_kept_from_scripts_and_other_sites(
    client: Client, sam: Person
) -> None:
    cookie = sign_in(client, sam).cookies[configured.SESSION_COOKIE_NAME]
    assert cookie["httponly"] and cookie["samesite"] in ("Lax", "Strict")
    encrypted = configured.BRIGADE.address.startswith("https:")
    assert bool(cookie["secure"]) == configured.SESSION_COOKIE_SECURE == encrypted


def test_a_foreign_host_is_refused(client: Client) -> None:
    assert client.get("/accounts/login/", headers={"Host": "evil.example"}).status_code == 400
    sent = {"Host": configured.ALLOWED_HOSTS[0], "X-Forwarded-Host": "evil.example"}
    assert b"evil.example" not in client.get("/accounts/login/", headers=sent).content


def test_a_form_without_its_token_is_refused(sam: Person) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(sam, backend=BACKEND)
    assert strict.post("/account/sessions/end").status_code == 403
    assert strict.post("/api/v1/records", b"{}", "application/json").status_code == 403
    assert strict.get("/account").status_code == 200


def test_a_reset_does_not_tell_who_is_known(client: Client, sam: Person) -> None:
    answers = [
        client.post("/accounts/password/reset/", {"email": email}, follow=True)
        for email in (sam.email, "nobody@x.example")
    ]
    known, unknown = (
        re.sub(rb'(nonce|value)="[^"]+"', b"", one.content).replace(b"sam@meridian.example", b"?")
        for one in answers
    )
    assert answers[0].redirect_chain == answers[1].redirect_chain
    assert known == unknown.replace(b"nobody@x.example", b"?")


def reset_link(client: Client, person: Person) -> str:
    client.post("/accounts/password/reset/", {"email": person.email})
    message = Message.objects.filter(topic="reset", recipient=person).latest("id")
    found = re.search(r"https?://[^/]+(/\S+)", str(message.payload["secret"]["link"]))
    assert found
    return found[1]


def test_a_reset_link_works_once_and_not_for_ever(client: Client, sam: Person) -> None:
    link = reset_link(client, sam)
    chosen = {"password1": "another long pass phrase", "password2": "another long pass phrase"}
    page = client.get(link, follow=True)
    client.post(page.request["PATH_INFO"], chosen)
    assert Person.objects.get(pk=sam.pk).check_password(chosen["password1"])
    again = Client().get(link, follow=True)
    assert b"password1" not in again.content, "used"
    assert 0 < configured.PASSWORD_RESET_TIMEOUT <= 3 * 24 * 3600


def test_a_token_ends_when_it_says(client: Client, cast: Cast) -> None:
    ends = instants.now() + timedelta(days=1)
    issued = issue_token(cast.sam, by=cast.sam, name="t", scopes=("read",), expires_at=ends)
    sent = {"Authorization": f"Bearer {issued.raw}"}
    assert issued.raw not in str(vars(issued.token)), "only its digest is kept"
    assert client.get("/api/v1/records", headers=sent).status_code == 200
    denied = client.post("/api/v1/records", b"{}", "application/json", headers=sent)
    assert denied.status_code == 403, "a token for reading does not write"
    with at_instant(ends + timedelta(seconds=1)):
        assert client.get("/api/v1/records", headers=sent).status_code == 401


@pytest.mark.parametrize(
    "name", ["a.html", "a.svg", "a.txt", 'a"b\r\nX-Evil: 1.txt', "../../a.txt"]
)
def test_a_file_is_a_download_and_never_a_page(desk: Cast, incident: Any, name: str) -> None:
    content = b"<script>alert(1)</script>"
    try:
        file = attach(incident, name, content, by=desk.sam, visibility="public")
    except Invalid:
        return
    client = Client()
    client.force_login(desk.sam, backend=BACKEND)
    for path in (f"/files/{file.pk}", f"/api/v1/records/{incident.number}/files/{file.pk}"):
        answer = client.get(path)
        assert answer.status_code == 200
        assert answer["Content-Disposition"].startswith("attachment")
        assert "X-Evil" not in answer.headers and ".." not in answer["Content-Disposition"]
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer["Content-Security-Policy"]
        assert "no-store" in answer["Cache-Control"]


def test_every_answer_says_what_may_run(client: Client, sam: Person) -> None:
    for path in ("/accounts/login/", "/nothing", "/queue", "/api/v1/records"):
        answer = client.get(path)
        policy = answer.headers["Content-Security-Policy"]
        assert "unsafe" not in policy and "frame-ancestors 'none'" in policy, path
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "same-origin"
