"""Mail through the real loop to a real mail server: what a reader finds in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from django.utils.translation import trans_real

from brigade.kernel.outbox import reasons
from brigade.kernel.outbox.account_mail import queue_account_mail
from brigade.kernel.outbox.models import Message, MutedTopic, Suppression
from brigade.kernel.outbox.rows import OutboxRow
from brigade.kernel.parties.models import Person
from brigade.kernel.records.models import Record
from tests.integrations.mail.sink import Sink
from tests.kernel.outbox.letterbox import NOON, change_person, open_errand, person, say, team

pytestmark = pytest.mark.django_db
Turn = Callable[..., None]


def mail(topic: str, receiver: Person, hold: int = 10) -> OutboxRow:
    return OutboxRow("mail", topic, recipient_id=receiver.pk, hold_seconds=hold)


def parts(sink: Sink, index: int = -1) -> tuple[str, str]:
    found = sink.mails[index]
    text, html = found.get_body(("plain",)), found.get_body(("html",))
    assert text is not None and html is not None
    return text.get_content(), html.get_content()


def life_of(dana: Person, amir: Person) -> Record:
    record = open_errand("Printer jams", by=dana, rows=[mail("opened", dana)])
    say(record, "she shouts a lot", by=amir, visibility="internal", rows=[mail("replied", dana)])
    say(record, "Which tray <2>?", by=amir, rows=[mail("replied", dana)])
    say(
        record, "", by=amir, rows=[mail("resolved", dana)], state="resolved",
        state_category="resolved", data={"resolution": "Cleaned the rollers."}, timer="autoclose",
        timer_due=NOON + timedelta(days=5),
    )  # fmt: skip
    say(record, "Jams again", by=dana, rows=[mail("reopened", amir)], assignee_id=amir.pk)
    return record


def test_the_life_of_a_record_is_one_thread(sink: Sink, empty_outbox: Turn) -> None:
    dana, amir = person("Dana Whitlock"), person("Amir Nasser", "agent")
    record = life_of(dana, amir)
    empty_outbox()
    assert len(sink.mails) == 4
    root = f"<{record.number.lower()}.record@meridian.example>"
    for found in sink.mails:
        assert found["Subject"] == f"[{record.number}] Printer jams"
        assert found["References"] == found["In-Reply-To"] == root
        assert found["Auto-Submitted"] == "auto-generated"
        assert found["X-Auto-Response-Suppress"] == "All"
        assert found["From"] == "Meridian help <help@meridian.example>"
        assert found.get_content_type() == "multipart/alternative"
    assert len({found["Message-ID"] for found in sink.mails}) == 4
    assert [found["To"] for found in sink.mails] == [
        *["Dana Whitlock <dana@example.org>"] * 3,
        "Amir Nasser <amir@example.org>",
    ]
    assert sink.sessions == 1


def test_each_mail_says_what_happened_in_text_and_html(sink: Sink, empty_outbox: Turn) -> None:
    dana, amir = person("Dana Whitlock"), person("Amir Nasser", "agent")
    record = life_of(dana, amir)
    empty_outbox()
    opened, replied, resolved, reopened = (parts(sink, n)[0] for n in range(4))
    assert "We have your report" in opened and f"/{record.number}" in opened
    assert "Amir Nasser answered" in replied and "> Which tray <2>?" in replied
    assert "Which tray &lt;2&gt;?" in parts(sink, 1)[1]
    assert "> Cleaned the rollers." in resolved and "November 29, 2026" in resolved
    assert "Dana Whitlock reopened it" in reopened and "assigned to you" in reopened


def test_internal_notes_never_leave(sink: Sink, empty_outbox: Turn) -> None:
    dana, amir = person("Dana Whitlock"), person("Amir Nasser", "agent")
    life_of(dana, amir)
    say(Record.objects.get(), "secret", by=dana, visibility="internal", rows=[mail("news", amir)])
    empty_outbox()
    withheld = Message.objects.filter(state="withheld")
    assert {m.reason for m in withheld} == {reasons.NOT_PUBLIC} and len(withheld) == 2
    assert not any(b"shouts" in (e.content or b"") for e in sink.envelopes)
    assert not any(b"secret" in (e.content or b"") for e in sink.envelopes)


def test_mail_is_held_ten_seconds(sink: Sink, empty_outbox: Turn) -> None:
    dana = person("Dana Whitlock")
    open_errand("Printer jams", by=dana, rows=[mail("opened", dana)])
    empty_outbox(timedelta(seconds=9))
    assert sink.mails == []
    empty_outbox(timedelta(seconds=10))
    assert len(sink.mails) == 1


def test_a_mail_delivered_twice_is_the_same_mail(sink: Sink, empty_outbox: Turn) -> None:
    dana = person("Dana Whitlock")
    open_errand("Printer jams", by=dana, rows=[mail("opened", dana)])
    empty_outbox()
    Message.objects.update(state="queued", sent_at=None)
    empty_outbox()
    first, second = sink.mails
    assert first["Message-ID"] == second["Message-ID"]


def test_a_title_cannot_add_headers(sink: Sink, empty_outbox: Turn) -> None:
    dana = person("Dana Whitlock")
    open_errand("Hi\r\nBcc: all@example.org\u2028x\x01y", by=dana, rows=[mail("opened", dana)])
    empty_outbox()
    [found] = sink.mails
    assert found["Bcc"] is None and "Hi Bcc: all@example.org x" in found["Subject"]
    assert sink.envelopes[0].rcpt_tos == ["dana@example.org"]


@pytest.fixture
def german(settings: object, tmp_path: Path) -> Iterator[None]:
    """A catalogue with the German of a few sentences."""
    catalogue = Catalog(locale="de")
    catalogue.add("We have your report", "Ihre Meldung ist da")
    catalogue.add("Reported", "Gemeldet")
    catalogue.add(
        "This mail was sent automatically. Please answer on the page: "
        "a reply to this mail is not read.",
        "Bitte antworten Sie auf der Seite.",
    )
    folder = tmp_path / "de" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    with (folder / "django.mo").open("wb") as file:
        write_mo(file, catalogue)
    settings.LOCALE_PATHS = [tmp_path]  # type: ignore[attr-defined]
    trans_real._translations.clear()
    yield
    trans_real._translations.clear()


@pytest.mark.usefixtures("german")
def test_it_speaks_the_readers_language_in_the_readers_zone(sink: Sink, empty_outbox: Turn) -> None:
    jana = person("Jana Köhler", language="de", timezone="Europe/Berlin")
    open_errand("Drucker klemmt", by=jana, rows=[mail("opened", jana)])
    empty_outbox()
    text, html = parts(sink)
    for written in (text, html):
        assert "Ihre Meldung ist da" in written and "Bitte antworten Sie" in written
        assert "24. November 2026" in written and "13:00" in written
    assert 'lang="de"' in html
    assert sink.mails[0]["To"].addresses[0].display_name == "Jana Köhler"


class TestWhyItWasNotSent:
    def reason(self) -> tuple[str, str]:
        message = Message.objects.get()
        return message.state, message.reason

    def opened(self, **facts: object) -> Person:
        dana = person("Dana Whitlock", **facts)
        open_errand("Printer jams", by=dana, rows=[mail("opened", dana)])
        return dana

    def test_mail_is_not_set_up(self, settings: object, empty_outbox: Turn, sink: Sink) -> None:
        self.opened()
        settings.EMAIL_HOST = ""  # type: ignore[attr-defined]
        empty_outbox()
        assert self.reason() == ("withheld", reasons.NOT_SET_UP)

    def test_no_address(self, empty_outbox: Turn, sink: Sink) -> None:
        self.opened(email=None)
        empty_outbox()
        assert self.reason() == ("withheld", reasons.NO_ADDRESS)

    def test_disabled(self, empty_outbox: Turn, sink: Sink) -> None:
        change_person(self.opened(), is_active=False, disabled_at=NOON)
        empty_outbox()
        assert self.reason() == ("withheld", reasons.DISABLED)

    def test_suppressed(self, empty_outbox: Turn, sink: Sink) -> None:
        self.opened()
        Suppression.objects.create(address="dana@example.org", why="gone", at=NOON)
        empty_outbox()
        assert self.reason() == ("withheld", reasons.SUPPRESSED)

    def test_not_wanted(self, empty_outbox: Turn, sink: Sink) -> None:
        MutedTopic.objects.create(person=self.opened(), topic="opened")
        empty_outbox()
        assert self.reason() == ("withheld", reasons.PREFERENCE)

    def test_no_longer_visible(self, empty_outbox: Turn, sink: Sink) -> None:
        self.opened()
        Record.objects.update(requester=person("Amir Nasser"))
        empty_outbox()
        assert self.reason() == ("withheld", reasons.NO_LONGER_VISIBLE)

    def test_its_own_address(self, empty_outbox: Turn, sink: Sink) -> None:
        self.opened(email="help@meridian.example")
        empty_outbox()
        assert self.reason() == ("withheld", reasons.OWN_ADDRESS)

    def test_refused_for_good(self, empty_outbox: Turn, sink: Sink) -> None:
        self.opened()
        sink.answers["dana@example.org"] = "550 5.1.1 no such user"
        empty_outbox()
        assert self.reason() == ("dead", reasons.REFUSED)
        assert Message.objects.get().last_error == "550 5.1.1 no such user"

    def test_refused_for_now(self, empty_outbox: Turn, sink: Sink) -> None:
        self.opened()
        sink.answers["dana@example.org"] = "451 4.7.1 greylisted"
        empty_outbox()
        assert self.reason() == ("failed", reasons.TEMPORARY)
        sink.answers.clear()
        empty_outbox(timedelta(minutes=2))
        assert self.reason() == ("sent", "")
        assert Message.objects.get().last_error == ""

    def test_server_down(self, settings: object, empty_outbox: Turn, sink: Sink) -> None:
        self.opened()
        settings.EMAIL_PORT = 1  # type: ignore[attr-defined]
        empty_outbox()
        assert self.reason() == ("failed", reasons.TEMPORARY)
        assert "refused" in Message.objects.get().last_error

    def test_one_refusal_does_not_stop_the_batch(self, empty_outbox: Turn, sink: Sink) -> None:
        self.opened()
        amir = person("Amir Nasser")
        open_errand("Badge", by=amir, rows=[mail("opened", amir)])
        sink.answers["dana@example.org"] = "550 no"
        empty_outbox()
        assert len(sink.mails) == 1 and sink.sessions == 1

    def test_expired_link(self, empty_outbox: Turn, sink: Sink) -> None:
        queue_account_mail(
            person("Dana Whitlock"), "reset", {"link": "https://x/1"},
            expires_at=NOON - timedelta(hours=1),
        )  # fmt: skip
        Message.objects.update(next_attempt_at=NOON)
        empty_outbox()
        assert self.reason() == ("withheld", reasons.EXPIRED)


def test_account_mail_carries_its_link_once(sink: Sink, empty_outbox: Turn) -> None:
    dana = person("Dana Whitlock")
    queue_account_mail(dana, "reset", {"link": "https://x/reset?a=1&b=2"})
    queue_account_mail(dana, "invitation", {"link": "https://x/join"})
    queue_account_mail(
        None, "account", {"subject": "Hello", "text": "One.\n\nTwo."}, address="n@x.org"
    )
    Message.objects.update(next_attempt_at=NOON)
    empty_outbox()
    assert [found["Subject"] for found in sink.mails] == [
        "Choose a new password for Meridian help",
        "You are invited to Meridian help",
        "Hello",
    ]
    text, html = parts(sink, 0)
    assert "https://x/reset?a=1&b=2" in text and 'href="https://x/reset?a=1&amp;b=2"' in html
    assert sink.mails[0]["References"] is None
    assert not Message.objects.filter(payload__has_key="secret").exists()


def test_a_report_made_for_somebody_says_who_made_it(sink: Sink, empty_outbox: Turn) -> None:
    dana, amir = person("Dana Whitlock"), person("Amir Nasser", "agent")
    desk = team("Service desk")
    open_errand(
        "Printer jams", by=amir, requester_id=dana.pk, team_id=desk.pk, rows=[mail("opened", dana)]
    )
    empty_outbox()
    text, _html = parts(sink)
    assert "Amir Nasser reported it for you." in text and "With: Service desk" in text
