"""Drafts, canned replies, saved views and similar records."""

from __future__ import annotations

from datetime import timedelta

import pytest

from brigade.kernel.instants import at_instant, now
from brigade.kernel.records.models import JournalEntry, Record
from brigade.kernel.records.search import similar
from brigade.kernel.refused import Invalid, NotPermitted
from brigade.kernel.work.drafts import draft_of, drop_expired_drafts, save_draft
from brigade.kernel.work.opening import open_record
from brigade.kernel.work.replies import drop_reply, filled, keep_reply, replies_for
from brigade.kernel.work.saying import say
from brigade.kernel.work.viewing import drop_view, save_view, views_of
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def test_a_draft_is_kept_for_thirty_days_and_is_ones_own(desk: Cast) -> None:
    save_draft("INC-10001/reply", {"body": "Dear Eve"}, by=desk.sam)
    assert draft_of("INC-10001/reply", by=desk.sam)[0] == {"body": "Dear Eve"}
    assert draft_of("INC-10001/reply", by=desk.nora)[0] == {}
    with at_instant(now() + timedelta(days=31)):
        assert draft_of("INC-10001/reply", by=desk.sam)[0] == {}
        assert drop_expired_drafts(at=now()) == 1
    save_draft("x", {"body": "a"}, by=desk.sam)
    assert save_draft("x", {"body": "  "}, by=desk.sam) is None
    with pytest.raises(Invalid):
        save_draft("x", {"body": "a" * 300_000}, by=desk.sam)


def test_canned_replies_belong_to_a_team_or_to_all(desk: Cast, incident: Record) -> None:
    reply = keep_reply("Hello", "Dear {requester}, {me}", by=desk.sam, team=desk.service_desk)
    assert filled(reply, incident, by=desk.sam) == "Dear Eve Ledger, Sam Desk"
    assert list(replies_for(desk.nora)) == [reply]
    assert list(replies_for(desk.tom)) == [] == list(replies_for(desk.eve))
    with pytest.raises(NotPermitted):
        keep_reply("All", "x", by=desk.sam)
    with pytest.raises(NotPermitted):
        drop_reply(reply, by=desk.tom)
    keep_reply("Hi", "Changed", by=desk.nora, team=desk.service_desk, reply=reply)
    assert (
        JournalEntry.objects.filter(subject_type="canned_reply", subject_id=reply.pk).count() == 2
    )


def test_views_are_shared_with_ones_team(desk: Cast) -> None:
    view = save_view("Mine", "assignee=me", by=desk.sam, team=desk.service_desk)
    assert list(views_of(desk.nora)) == [view]
    assert list(views_of(desk.tom)) == []
    with pytest.raises(NotPermitted):
        drop_view(view, by=desk.nora)
    with pytest.raises(NotPermitted):
        save_view("Theirs", "", by=desk.sam, team=desk.network_operations)
    assert save_view("Mine", "assignee=none", by=desk.sam).pk == view.pk


def test_similar_records_stay_inside_the_scope(desk: Cast, incident: Record) -> None:
    other = open_record("incident", by=desk.sid, fields={"title": "Ledger printing is broken"})
    say(incident, "secret giraffe", by=desk.sam, visibility="internal")
    assert similar(desk.sam, "ledger does not print", besides=incident.pk) == [other]
    assert similar(desk.sid, "Ledger", besides=other.pk) == []
    assert similar(desk.eve, "giraffe") == []
    assert similar(desk.sam, "giraffe") == [incident]
