"""Deciding by page, by API, by the link in a mail, and what the inbox shows of it."""

from __future__ import annotations

import pytest
from django.test import Client

from brigade.integrations.mail.topics import compose
from brigade.kernel.approvals import actions, queries
from brigade.kernel.approvals.actions import Question, Rule, Sitting, Subject
from brigade.kernel.approvals.mail_links import key_for
from brigade.kernel.approvals.models import Approval
from brigade.kernel.outbox.delivery import Claimed
from brigade.kernel.outbox.models import Message
from brigade.kernel.outbox.notices import deliver_notices
from brigade.kernel.outbox.receiving import read_deliveries
from brigade.kernel.parties.models import Person
from brigade.kernel.recipes.spans import Span
from brigade.kernel.records.models import Record
from brigade.kernel.work.moving import move
from tests.api.conftest import Program
from tests.cast import Cast
from tests.kernel.work.test_approving import work

__all__ = ["work"]
pytestmark = pytest.mark.django_db


def reader(person: Person) -> Client:
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def claimed(message: Message) -> Claimed:
    return Claimed(**{name: getattr(message, name) for name in Claimed.__annotations__})


@pytest.fixture
def approval(cast: Cast) -> Approval:
    question = Question(
        "go", "Move the ledger", text="To the **new** data centre.",
        seats=(Sitting(cast.petra.pk), Sitting(cast.olga.pk, ("service_owner",))),
        rule=Rule(min=2, must=("service_owner",)), deadline=Span(48, "h"), on_timeout="expire",
    )  # fmt: skip
    return actions.ask(Subject("move", 3), question, by=cast.sam)


def test_the_page_shows_what_is_decided_and_takes_the_vote(cast: Cast, approval: Approval) -> None:
    petra, where = reader(cast.petra), f"/approvals/{approval.pk}"
    message = Message.objects.get(channel="notice", topic="approval_asked", recipient=cast.petra)
    list(deliver_notices([claimed(message)]))
    inbox = petra.get("/inbox").content.decode()
    assert "Waiting for you to decide" in inbox and "You are asked to decide" in inbox
    assert inbox.count(where) == 2
    shown = petra.get(where).content.decode()
    for words in ("Move the ledger", "<strong>new</strong>", "2 of 2 have to vote", "must agree"):
        assert words in shown, words
    assert reader(cast.tom).post(f"{where}/votes", {"vote": "approve"}).status_code == 403
    refused = petra.post(f"{where}/votes", {"vote": "reject"})
    assert refused.status_code == 422 and "Say why" in refused.content.decode()
    assert (
        petra.post(f"{where}/votes", {"vote": "need_info", "reason": "Costs?"}).status_code == 302
    )
    sam = reader(cast.sam)
    assert "More was asked for" in sam.get("/inbox").content.decode()
    assert "stands still" in sam.get(where).content.decode()
    assert sam.post(f"{where}/answers", {"text": "Nothing."}).status_code == 302
    petra.post(f"{where}/votes", {"vote": "approve"})
    reader(cast.olga).post(f"{where}/votes", {"vote": "approve", "reason": "At last."})
    ended = sam.get(where).content.decode()
    assert "Approved" in ended and "At last." in ended and "Nothing." in ended
    assert "Waiting for you to decide" not in petra.get("/inbox").content.decode()
    assert reader(cast.eve).get(where).status_code == 404


def test_who_asked_takes_it_back(cast: Cast, approval: Approval) -> None:
    where = f"/approvals/{approval.pk}/withdrawal"
    assert reader(cast.petra).post(where, {"reason": "No"}).status_code == 403
    assert reader(cast.sam).post(where, {"reason": ""}).status_code == 422
    assert reader(cast.sam).post(where, {"reason": "Not now."}).status_code == 302
    approval.refresh_from_db()
    assert approval.state == "withdrawn"


def test_the_link_of_a_mail_shows_and_its_button_votes_once(cast: Cast, approval: Approval) -> None:
    message = Message.objects.get(channel="mail", topic="approval_asked", recipient=cast.olga)
    letter = compose(read_deliveries([claimed(message)])[0], sender_name="Brigade")
    path = "/" + letter.link.split("/", 3)[3]
    made = key_for(approval, cast.olga)
    assert path.startswith("/approvals/by-mail/" + made.split(":")[0])
    assert letter.subject == "Decide: Move the ledger"
    asked = Client().get(path)
    assert asked.status_code == 302 and "login" in asked["Location"]
    olga = reader(cast.olga)
    assert "Move the ledger" in olga.get(path).content.decode()
    assert not queries.votes_of(approval)
    assert reader(cast.petra).get(path).status_code == 403
    assert olga.get(path[:-2] + "xx").status_code == 404
    assert olga.post(path, {"vote": "approve"}).status_code == 302
    (vote,) = queries.votes_of(approval)
    assert (vote.vote, vote.origin) == ("approve", "mail")
    assert olga.post(path, {"vote": "reject", "reason": "No."}).status_code == 409
    assert olga.get(path).status_code == 409


def test_programs_read_and_vote_with_the_same_refusals(cast: Cast, approval: Approval) -> None:
    petra, sam = Program(cast.petra), Program(cast.sam)
    (line,) = petra.get("/approvals?waiting=true").json()["items"]
    assert (line["title"], line["subject"]) == ("Move the ledger", "3")
    where = f"/approvals/{approval.pk}"
    refused = petra.post(f"{where}/votes", {"vote": "reject"})
    assert refused.status_code == 422 and refused.json()["field"] == "reason"
    assert (
        petra.post(f"{where}/votes", {"vote": "need_info", "reason": "Costs?"}).status_code == 200
    )
    assert sam.post(f"{where}/answers", {"text": "None."}).json()["held_at"] is None
    voted = petra.post(f"{where}/votes", {"vote": "approve"}).json()
    assert [one["vote"] for one in voted["votes"]] == ["need_info", "approve"]
    assert sam.post(f"{where}/votes", {"vote": "approve"}).status_code == 403
    assert Program(cast.eve).get(where).status_code == 404
    assert sam.post(f"{where}/withdrawal", {"reason": "Not now."}).json()["state"] == "withdrawn"
    assert petra.post(f"{where}/votes", {"vote": "approve"}).status_code == 409
    assert [one["id"] for one in sam.get("/approvals?state=withdrawn").json()["items"]] == [
        approval.pk
    ]


def test_a_record_shows_its_decisions_and_they_show_the_record(cast: Cast, work: Record) -> None:
    move(work, "submit", by=cast.sam)
    (asked,) = queries.approvals_of("record", work.pk)
    where, olga = f"/approvals/{asked.pk}", reader(cast.olga)
    shown = olga.get(where).content.decode()
    assert work.number in shown and "Eve Ledger" in shown and "somebody else is asked" in shown
    actions.vote(asked, "reject", by=cast.olga, reason="Not in December.")
    record = reader(cast.sam).get(f"/{work.number}").content.decode()
    for words in (where, "Rejected", "Not in December.", "asked for the decision"):
        assert words in record, words
