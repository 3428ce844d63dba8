"""The page of a record: who reads what of it, and what stands where."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from brigade.kernel import instants
from brigade.kernel.records.models import Record
from brigade.kernel.work.assigning import assign
from brigade.kernel.work.changing import set_fields
from brigade.kernel.work.linking import link
from brigade.kernel.work.moving import move, take
from brigade.kernel.work.opening import open_record
from brigade.kernel.work.saying import say
from brigade.kernel.work.tasks import add_task
from brigade.kernel.work.watching import watch

pytestmark = pytest.mark.django_db


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def test_an_agent_reads_it_and_sees_what_comes_next(
    signed_in: Any, desk: Any, incident: Any
) -> None:
    answer = signed_in(desk.sam).get(f"/{incident.number}")
    text = text_of(answer)
    assert answer.status_code == 200
    assert "Ledger does not open" in text and "Since nine o" in text
    assert "Reply to Eve" in text and "Internal note" in text
    assert "Start work" in text and "Take it" in text
    assert re.search(r'aria-current="step">\s*<span class="state">.*?New', text, re.S)


def test_small_letters_lead_to_the_same_record(signed_in: Any, desk: Any, incident: Any) -> None:
    assert signed_in(desk.sam).get(f"/{incident.number.lower()}").status_code == 200


def test_who_asked_reads_it_in_the_portal(signed_in: Any, desk: Any, incident: Any) -> None:
    answer = signed_in(desk.eve).get(f"/{incident.number}")
    assert answer.status_code == 302 and incident.number in answer["Location"]


@pytest.mark.parametrize("who", ["sid", "bert", "fred"])
def test_to_others_it_is_not_there(signed_in: Any, desk: Any, incident: Any, who: str) -> None:
    assert signed_in(getattr(desk, who)).get(f"/{incident.number}").status_code == 404


def test_an_auditor_reads_all_and_changes_nothing(signed_in: Any, desk: Any, incident: Any) -> None:
    say(incident, "Only for us.", by=desk.sam, visibility="internal")
    text = text_of(signed_in(desk.audrey).get(f"/{incident.number}"))
    assert "Only for us." in text
    for word in ("data-composer", "Take it", "Start work", "data-edit", "Add a task"):
        assert word not in text


def test_an_agent_of_another_team_reads_it_only(signed_in: Any, desk: Any, incident: Any) -> None:
    text = text_of(signed_in(desk.tom).get(f"/{incident.number}"))
    assert "data-composer" not in text and "Its team works on it" in text


def test_a_provider_reads_and_answers_what_is_public(
    signed_in: Any, desk: Any, incident: Any
) -> None:
    say(incident, "Only for us.", by=desk.sam, visibility="internal")
    Record.objects.filter(pk=incident.pk).update(provider=desk.beta)
    text = text_of(signed_in(desk.bert).get(f"/{incident.number}"))
    assert "Since nine o" in text and "Only for us." not in text
    assert "Reply to Eve" in text and 'value="internal"' not in text


def test_the_journal_is_filtered_by_its_address(signed_in: Any, desk: Any, incident: Any) -> None:
    say(incident, "For all.", by=desk.sam, visibility="public")
    say(incident, "For us.", by=desk.sam, visibility="internal")
    client = signed_in(desk.sam)
    public = text_of(client.get(f"/{incident.number}?show=requester"))
    internal = text_of(client.get(f"/{incident.number}?show=internal"))
    assert "For all." in public and "For us." not in public
    assert "For us." in internal and "For all." not in internal


def test_many_lines_in_a_row_are_folded(signed_in: Any, desk: Any, incident: Any) -> None:
    for amount in range(6):
        set_fields(incident, {"affected_users": amount + 1}, by=desk.sam)
    assert "7 events" in text_of(signed_in(desk.sam).get(f"/{incident.number}"))


def test_what_happens_by_itself_is_said(signed_in: Any, desk: Any, incident: Any) -> None:
    take(incident, by=desk.sam)
    back = (instants.now() + timedelta(days=2)).isoformat()
    fields = {"waiting_reason": "scheduled", "resume_at": back}
    move(incident, "wait", by=desk.sam, fields=fields)
    assert "Comes back" in text_of(signed_in(desk.sam).get(f"/{incident.number}"))
    move(incident, "resolve", by=desk.sam, fields={"resolution": "Rebooted."})
    text = text_of(signed_in(desk.sam).get(f"/{incident.number}"))
    assert "Closes by itself" in text and "Rebooted." in text


def test_what_cannot_be_done_says_why(signed_in: Any, desk: Any, incident: Any) -> None:
    move(incident, "resolve", by=desk.sam, fields={"resolution": "Rebooted."})
    solved = Record.objects.get(pk=incident.pk).resolved_at
    with instants.at_instant(solved + timedelta(hours=121)):
        text = text_of(signed_in(desk.sam).get(f"/{incident.number}"))
    assert re.search(r'data-why="[^"]*within five days', text)


def test_what_others_may_do_is_not_offered(signed_in: Any, desk: Any, incident: Any) -> None:
    move(incident, "resolve", by=desk.sam, fields={"resolution": "Rebooted."})
    text = text_of(signed_in(desk.sam).get(f"/{incident.number}"))
    assert "Confirm it is fixed" not in text and "Set priority" not in text
    Record.objects.filter(pk=incident.pk).update(provider=desk.beta)
    assert "Log time" not in text_of(signed_in(desk.bert).get(f"/{incident.number}"))


def test_a_link_to_what_one_may_not_see_is_absent(signed_in: Any, desk: Any, incident: Any) -> None:
    fields = {"title": "Network is down", "provider": desk.beta.pk, "requester": desk.sid.pk}
    other = open_record("incident", by=desk.sam, fields=fields)
    link(incident, other, "caused_by", by=desk.sam)
    assert incident.number in text_of(signed_in(desk.sam).get(f"/{other.number}"))
    assert incident.number not in text_of(signed_in(desk.bert).get(f"/{other.number}"))


def test_one_walks_through_the_list_one_came_from(signed_in: Any, desk: Any, incident: Any) -> None:
    second = open_record("incident", by=desk.sid, fields={"title": "Till is dead"})
    third = open_record("incident", by=desk.sid, fields={"title": "Printer is dead"})
    text = text_of(signed_in(desk.sam).get(f"/{second.number}?view=open"))
    assert "2 of 3" in text
    assert f"/{incident.number}?view=open" in text and f"/{third.number}?view=open" in text
    assert " of 3" not in text_of(signed_in(desk.sam).get(f"/{second.number}"))


def test_similar_records_come_with_the_scope(signed_in: Any, desk: Any, incident: Any) -> None:
    open_record("incident", by=desk.sid, fields={"title": "Ledger opens slowly"})
    assert "Ledger opens slowly" in text_of(signed_in(desk.sam).get(f"/{incident.number}/similar"))
    assert "Ledger opens slowly" not in text_of(
        signed_in(desk.eve).get(f"/{incident.number}/similar")
    )


def _fill(desk: Any, incident: Any, amount: int) -> None:
    for n in range(amount):
        say(incident, f"Reply {n}", by=desk.sam, visibility="public")
        add_task(incident, f"Task {n}", by=desk.sam)
        assign(incident, by=desk.sam, assignee=(desk.sam, desk.nora)[n % 2])
        other = open_record("incident", by=desk.sid, fields={"title": f"Other {n}"})
        link(other, incident, "duplicates", by=desk.sam)


def test_a_long_journal_costs_no_more_statements(signed_in: Any, desk: Any, incident: Any) -> None:
    client = signed_in(desk.sam)
    for person in (desk.sam, desk.lena):
        watch(incident, by=person)
    _fill(desk, incident, 2)
    client.get(f"/{incident.number}?view=open")
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get(f"/{incident.number}?view=open")
    for person in (desk.nora, desk.tom, desk.audrey):
        watch(incident, by=person)
    _fill(desk, incident, 20)
    with CaptureQueriesContext(connection) as many:
        client.get(f"/{incident.number}?view=open")
    assert len(many) == len(few)
    assert len(few) <= 26
