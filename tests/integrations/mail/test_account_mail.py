"""Sign-in's own mails and invitations leave through the outbox."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.test import Client

from brigade.integrations.mail.accounts import invite
from brigade.kernel import instants
from brigade.kernel.outbox.models import Message
from brigade.kernel.refused import NotPermitted, Refused
from tests.kernel.outbox.letterbox import change_person, person

pytestmark = pytest.mark.django_db


def ask_for_a_reset(client: Client, address: str) -> None:
    answer = client.post("/accounts/password/reset/", {"email": address}, follow=False)
    assert answer.status_code == 302


def test_a_reset_is_queued_with_its_link_under_our_own_address(client: Client) -> None:
    dana = person("Dana Whitlock")
    ask_for_a_reset(client, "dana@example.org")
    message = Message.objects.get()
    assert (message.topic, message.recipient, message.channel) == ("reset", dana, "mail")
    link = message.payload["secret"]["link"]
    assert re.fullmatch(
        r"http://(localhost|127\.0\.0\.1):\d+/accounts/password/reset/key/\S+/", link
    )
    assert message.payload["expires_at"] > instants.now().isoformat()
    assert mail.outbox == [], "nothing is sent from inside a request"


def test_a_stranger_gets_no_mail_and_the_page_does_not_tell(client: Client) -> None:
    ask_for_a_reset(client, "nobody@example.org")
    assert not Message.objects.exists() and mail.outbox == []


class TestInviting:
    def test_mails_a_link_that_opens(self, client: Client) -> None:
        dana = person("Dana Whitlock")
        message = invite(dana, by=person("Rosa Admin", "admin"))
        path = message.payload["secret"]["link"].split("/", 3)[3]
        assert client.get(f"/{path}", follow=False).status_code == 302
        assert message.topic == "invitation"

    def test_is_refused_without_right_address_or_account(self) -> None:
        root, dana = person("Rosa Admin", "admin"), person("Dana Whitlock", email=None)
        with pytest.raises(NotPermitted):
            invite(root, by=dana)
        with pytest.raises(Refused, match="mail address"):
            invite(dana, by=root)
        change_person(dana, is_active=False, disabled_at=instants.now())
        with pytest.raises(Refused, match="disabled"):
            invite(dana, by=root)
