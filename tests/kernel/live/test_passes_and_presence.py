"""Passes say what the rule of access says; presence is the desk's alone; news skips nothing."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from brigade.kernel import instants
from brigade.kernel.live import news, passes, presence
from brigade.kernel.live.admission import LONGEST, pass_for
from brigade.kernel.live.channel import AGAIN, digest, payloads, read
from brigade.kernel.parties.models import Person
from brigade.kernel.records.access import may
from brigade.kernel.records.models import JournalEntry, Record
from brigade.kernel.refused import Hidden, Invalid, NotPermitted
from brigade.kernel.work.opening import open_record
from brigade.kernel.work.saying import say
from tests.cast import Cast
from tests.kernel.work.conftest import desk, incident

__all__ = ["desk", "incident"]

KEY = passes.signing_key("known to every test")


def row(record: Record) -> dict[str, Any]:
    columns = (
        "kind", "team_id", "assignee_id", "requester_id", "customer_id", "service_id",
        "provider_id", "confidential",
    )  # fmt: skip
    return {name: getattr(record, name) for name in columns}


def test_a_pass_says_what_the_rule_says(desk: Cast, incident: Record) -> None:
    Record.objects.filter(pk=incident.pk).update(confidential=True)
    incident.refresh_from_db()
    other = open_record("incident", by=desk.sam, fields={"title": "Printer", "requester": desk.sam})
    expires = instants.now() + timedelta(hours=1)
    for person in Person.objects.filter(is_system=False):
        text = passes.write(pass_for(person, "key", expires), KEY)
        made = passes.read(text, KEY, instants.now().timestamp())
        assert made is not None
        for record in (incident, other):
            for verb, reach in (("read", made.read), ("internal", made.internal)):
                assert passes.reaches(reach, row(record)) == may(person, verb, record), (
                    person, verb, record.number,
                )  # fmt: skip


def test_a_pass_is_ours_young_and_bound_to_its_session(desk: Cast) -> None:
    now = instants.now()
    made = pass_for(desk.sam, "key", now + timedelta(days=1))
    text, at = passes.write(made, KEY), now.timestamp()
    assert passes.read(text, KEY, at) == made
    assert made.session == digest("key") and made.until <= at + LONGEST.total_seconds() + 1
    assert passes.read(text, passes.signing_key("another"), at) is None
    assert passes.read("a" + text, KEY, at) is None
    assert passes.read("ü.", KEY, at) is None
    assert passes.read(text, KEY, at + passes.VALID_SECONDS + 2) is None
    soon = pass_for(desk.sam, "key", now + timedelta(seconds=3))
    assert soon.until <= at + 4


def test_who_works_on_a_record_sees_who_else_does(desk: Cast, incident: Record) -> None:
    presence.show_presence(incident, "viewing", by=desk.nora)
    presence.show_presence(incident, "replying", by=desk.lena)
    presence.show_presence(incident, "viewing", by=desk.sam)
    seen = [(one.name, one.doing) for one in presence.others_at(incident, by=desk.sam)]
    assert seen == [("Lena Lead", "replying"), ("Nora Desk", "viewing")]
    presence.end_presence(incident, by=desk.lena)
    later = instants.now() + presence.GONE_AFTER + timedelta(seconds=1)
    with instants.at_instant(later):
        assert presence.others_at(incident, by=desk.sam) == []
    assert presence.forget_gone(before=later) == 2
    with pytest.raises(NotPermitted):
        presence.others_at(incident, by=desk.eve)
    with pytest.raises(Hidden):
        presence.show_presence(incident, "viewing", by=desk.sid)
    with pytest.raises(Invalid):
        presence.show_presence(incident, "dreaming", by=desk.sam)


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    heard: list[str] = []
    monkeypatch.setattr(news.writes, "tell", heard.extend)
    yield heard


def test_news_tells_each_entry_once_and_comes_back_for_gaps(
    desk: Cast, incident: Record, said: list[str]
) -> None:
    look = news.News()
    assert look.turn() == 0 and said == [AGAIN]
    say(incident, "Looking into it.", by=desk.sam, visibility="public")
    with connection.cursor() as cursor:  # somebody has taken ids and not committed yet
        cursor.execute("select nextval('records_journalentry_id_seq') from generate_series(1, 3)")
    incident.refresh_from_db()
    say(incident, "Mind the cable.", by=desk.sam, visibility="internal")
    assert look.turn() == 2
    assert read(said[-1]) == {"changed": [[incident.pk, 3, 2]]}
    assert len(look.gaps) == 3 and look.turn() == 0 and len(said) == 2
    early = JournalEntry.objects.get(record=incident, number=2).pk
    look.gaps = {early: time.monotonic(), early + 1: time.monotonic() - news.GAP_SECONDS - 1}
    assert look.turn() == 1 and read(said[-1]) == {"changed": [[incident.pk, 2, 2]]}
    assert look.gaps == {}


def test_a_flood_is_told_as_one_word(
    desk: Cast, incident: Record, said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    look = news.News()
    look.turn()
    monkeypatch.setattr(news, "MOST", 1)
    for words in ("One.", "Two."):
        incident.refresh_from_db()
        say(incident, words, by=desk.sam, visibility="internal")
    look.turn()
    assert said == [AGAIN, AGAIN] and look.turn() == 0


def test_payloads_fit_and_strangers_are_ignored() -> None:
    told = list(payloads("changed", [(10**9 + n, 10**6, 10**6) for n in range(500)]))
    assert len(told) == 3 and max(map(len, told)) < 8000
    assert read("no json") == {} and read("[1]") == {}
