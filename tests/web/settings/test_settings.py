"""The settings: only an administrator, each explained, kept or refused."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from brigade.kernel import instants
from brigade.kernel.outbox.models import Suppression
from brigade.kernel.parties import actions
from brigade.kernel.parties.models import ApiToken
from brigade.kernel.parties.queries import installation

pytestmark = pytest.mark.django_db

PAGES = ("", "/support", "/files", "/rights", "/tokens", "/mail")


def shown(client: Client, by: Any, path: str) -> str:
    client.force_login(by)
    return str(client.get(path).content.decode())


def send(client: Client, by: Any, path: str, **fields: Any) -> Any:
    client.force_login(by)
    return client.post(path, fields)


def test_only_an_administrator_of_everything_sees_them(client: Client, cast: Any) -> None:
    for page in PAGES:
        for person in (cast.sam, cast.audrey, cast.eve, cast.bert, cast.paul):
            client.force_login(person)
            assert client.get(f"/settings{page}").status_code == 403, (page, person)
        client.force_login(cast.ada)
        assert client.get(f"/settings{page}").status_code == 200, page


def test_the_organisation_is_changed_and_says_by_whom(client: Client, cast: Any) -> None:
    sent = {"name": "Meridian", "timezone": "Europe/London", "language": "de"}
    assert send(client, cast.ada, "/settings", **sent).status_code == 302
    here = installation()
    assert (here.name, here.timezone, here.language) == ("Meridian", "Europe/London", "de")
    assert "Changed by Ada Admin" in shown(client, cast.amos, "/settings")
    wrong = send(client, cast.ada, "/settings", **sent | {"timezone": "", "timezone_text": "Moon"})
    text = wrong.content.decode()
    assert wrong.status_code == 422 and "Moon" in text and 'href="#timezone"' in text
    assert send(client, cast.sam, "/settings", **sent).status_code == 403


def test_support_is_changed(client: Client, cast: Any) -> None:
    sent = {"default_team": cast.service_desk.pk, "support_phone": "123", "mail_from": "x@y.de"}
    assert send(client, cast.ada, "/settings/support", **sent).status_code == 302
    here = installation()
    assert (here.default_team, here.support_phone, here.mail_from) == (
        cast.service_desk, "123", "x@y.de",
    )  # fmt: skip
    for change, field in (({"mail_from": "nonsense"}, "mail_from"),
                          ({"default_team": "999999"}, "default_team")):  # fmt: skip
        answer = send(client, cast.ada, "/settings/support", **sent | change)
        assert answer.status_code == 422 and f'href="#{field}"' in answer.content.decode()


def test_what_the_environment_decides_says_where(client: Client, cast: Any) -> None:
    text = shown(client, cast.ada, "/settings/files")
    for words in ("BRIGADE_FILES_MAX_BYTES", "25 MB", "BRIGADE_MAIL_HOST", "pdf"):
        assert words in text, words


def test_rights_that_wait_stand_there(client: Client, cast: Any) -> None:
    actions.grant_role(cast.tom, "finance", by=cast.ada)
    text = shown(client, cast.amos, "/settings/rights")
    assert "1 role waits for you." in text and "Tom Network" in text
    assert "The second administrator." in text
    assert "waits for you" not in shown(client, cast.ada, "/settings/rights")


def test_tokens_of_everybody_can_be_ended(client: Client, cast: Any) -> None:
    later = instants.now() + timedelta(days=9)
    made = actions.issue_token(cast.tom, by=cast.tom, name="bridge", scopes=["read"],
                               expires_at=later)  # fmt: skip
    text = shown(client, cast.ada, "/settings/tokens")
    assert "bridge" in text and made.raw not in text
    path = f"/settings/tokens/{made.token.pk}/end"
    assert send(client, cast.sam, path).status_code == 404
    assert send(client, cast.ada, path).status_code == 302
    assert ApiToken.objects.get(pk=made.token.pk).revoked_at


def test_mail_to_an_address_is_stopped_and_let_through(client: Client, cast: Any) -> None:
    path = "/settings/mail"
    stop = {"address": "Gone@x.example", "why": "Left."}
    assert send(client, cast.ada, path, **stop).status_code == 302
    assert "gone@x.example" in shown(client, cast.ada, path)
    for change, field in (({"address": "no"}, "address"), ({"why": ""}, "why")):
        answer = send(client, cast.ada, path, **stop | change)
        assert answer.status_code == 422 and f'href="#{field}"' in answer.content.decode()
    assert send(client, cast.sam, path, **stop).status_code == 403
    assert send(client, cast.sam, f"{path}/lift", address="gone@x.example").status_code == 403
    assert send(client, cast.ada, f"{path}/lift", address="gone@x.example").status_code == 302
    assert not Suppression.objects.exists()


def test_as_many_queries_for_many_tokens_as_for_few(
    client: Client, cast: Any, django_assert_max_num_queries: Any
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    later = instants.now() + timedelta(days=9)

    def issue(n: int) -> None:
        actions.issue_token(cast.tom, by=cast.tom, name=f"t{n}", scopes=["read"], expires_at=later)

    issue(0)
    shown(client, cast.ada, "/settings/tokens")
    with CaptureQueriesContext(connection) as few:
        client.get("/settings/tokens")
    for n in range(1, 70):
        issue(n)
    with django_assert_max_num_queries(len(few)):
        text = client.get("/settings/tokens").content.decode()
    assert 'rel="next"' in text
