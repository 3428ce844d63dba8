"""What an incident's people find in their mail, from the verbs to the mail server."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from brigade.integrations.mail.places import page_url
from brigade.jobs.outbox_loop import OutboxLoop, deliverers
from brigade.kernel import instants
from brigade.kernel.calendars.actions import add_calendar
from brigade.kernel.calendars.hours import from_content
from brigade.kernel.outbox.models import Message
from brigade.kernel.outbox.notices import notices_for
from brigade.kernel.parties.actions import change_installation
from brigade.kernel.parties.actions.first import operator
from brigade.kernel.recipes.actions import adopt_provisionally
from brigade.kernel.services.actions import change_service
from brigade.kernel.work.moving import move, take
from brigade.kernel.work.opening import open_record
from brigade.kernel.work.saying import say
from brigade.web.portal.answering import offers
from tests.cast import Cast
from tests.integrations.mail.sink import Sink

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def running(cast: Cast) -> None:
    """Incident management, with the service desk as default team."""
    adopt_provisionally(by=operator("Brigade"))
    change_installation(by=cast.ada, default_team=cast.service_desk)


@pytest.fixture
def send_all() -> Callable[[], None]:
    """Let the real loop turn after the hold has passed."""

    def turn() -> None:
        with instants.at_instant(instants.now() + timedelta(seconds=11)):
            OutboxLoop(deliverers()).turn()

    return turn


def test_from_report_to_reopening(sink: Sink, cast: Cast, send_all: Callable[[], None]) -> None:
    fields = {"title": "Ledger does not open", "description": "Since nine."}
    record = open_record("incident", by=cast.eve, fields=fields, channel="portal")
    record = take(record, by=cast.sam)
    say(record, "Licence server again, tell nobody.", by=cast.sam, visibility="internal")
    say(record, "Which screen do you see?", by=cast.sam, visibility="public")
    say(record, "The blue one.", by=cast.eve, visibility="public")
    move(record, "resolve", by=cast.sam, fields={"resolution": "Licence renewed."})
    move(record, "reopen", by=cast.eve, body="Still the blue one.")
    send_all()

    received = [(found["To"].addresses[0].addr_spec, first_words(sink, n))
                for n, found in enumerate(sink.mails)]  # fmt: skip
    eve, sam, lena = cast.eve.email, cast.sam.email, cast.lena.email
    assert received == [
        (eve, "We have your report"),
        (eve, f"{cast.sam.name} answered"),
        (eve, "Solved"),
        (sam, f"{cast.eve.name} reopened it"),
        (lena, f"{cast.eve.name} reopened it"),
    ]
    assert len({found["References"] for found in sink.mails}) == 1
    everything = b"".join(envelope.content or b"" for envelope in sink.envelopes)
    assert b"tell nobody" not in everything
    assert page_url(record.number).encode() in everything
    assert not Message.objects.exclude(state="sent").exists()
    assert [n.kind for n in notices_for(cast.sam)] == ["reopened", "answered"]
    assert [n.kind for n in notices_for(cast.eve)] == ["resolved", "replied"]


def test_a_question_asked_while_putting_on_hold_is_mailed(
    sink: Sink, cast: Cast, send_all: Callable[[], None]
) -> None:
    record = open_record("incident", by=cast.eve, fields={"title": "Ledger"}, channel="portal")
    record = take(record, by=cast.sam)
    move(record, "wait", by=cast.sam, fields={"waiting_reason": "requester"}, body="Which screen?")
    send_all()
    assert first_words(sink, -1) == f"{cast.sam.name} answered"


def test_the_letter_names_the_day_until_which_it_can_be_reopened(
    sink: Sink, cast: Cast, send_all: Callable[[], None]
) -> None:
    office = from_content("UTC", {"weekly": dict.fromkeys(("mon", "tue", "wed"), "09:00-17:00")})
    hours = add_calendar(key="short-week", name="Short week", hours=office, by=cast.operator)
    change_service(cast.erp, by=cast.operator, hours=hours)
    with instants.at_instant(datetime(2027, 3, 1, 10, tzinfo=UTC)):
        fields = {"title": "Ledger", "service": cast.erp, "requester": cast.eve}
        record = open_record("incident", by=cast.sam, fields={**fields, "team": cast.service_desk})
        record = take(record, by=cast.sam)
        record = move(record, "resolve", by=cast.sam, fields={"resolution": "Restarted."})
        send_all()
    assert record.timer_due == datetime(2027, 3, 10, 10, tzinfo=UTC)
    with instants.at_instant(datetime(2027, 3, 6, 10, tzinfo=UTC)):
        assert offers(record, cast.eve).get("reopen")
    with instants.at_instant(datetime(2027, 3, 6, 10, 0, 1, tzinfo=UTC)):
        assert "reopen" not in offers(record, cast.eve)
    body = sink.mails[-1].get_body(("plain",))
    assert body is not None
    text = " ".join(body.get_content().split())
    assert "closes by itself on March 10, 2027" in text
    assert "until March 6, 2027" in text
    assert "after that, report it again." in text


def first_words(sink: Sink, index: int) -> str:
    body = sink.mails[index].get_body(("plain",))
    assert body is not None
    return str(body.get_content().splitlines()[0])
