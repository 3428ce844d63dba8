"""Who sees which message, who sends it again, and what lies in the inbox."""

from __future__ import annotations

from datetime import timedelta

import pytest

from brigade.kernel import instants
from brigade.kernel.outbox import actions, reasons
from brigade.kernel.outbox.account_mail import queue_account_mail
from brigade.kernel.outbox.models import Message, Notice
from brigade.kernel.outbox.notices import deliver_notices, mark_read, notices_for, unread_count
from brigade.kernel.outbox.queries import (
    counts_by_state,
    message_page,
    messages_visible_to,
    outbox_health,
)
from brigade.kernel.outbox.rows import OutboxRow
from brigade.kernel.outbox.writes import claim, settle
from brigade.kernel.parties.models import Person
from brigade.kernel.records.models import Record
from brigade.kernel.refused import Hidden, Invalid, NotPermitted, Refused
from tests.kernel.outbox.letterbox import NOON, change_person, open_errand, person, say, team

pytestmark = pytest.mark.django_db


def mail_to(receiver: Person) -> OutboxRow:
    return OutboxRow("mail", "opened", recipient_id=receiver.pk)


def notice_to(receiver: Person, topic: str = "replied") -> OutboxRow:
    return OutboxRow("notice", topic, recipient_id=receiver.pk)


def put_in_inbox() -> list[str]:
    held = claim(99, channels=["notice"], now=NOON + timedelta(days=9))
    outcomes = [outcome for chunk in deliver_notices(held) for outcome in chunk]
    settle(outcomes, now=NOON)
    return [outcome.reason or outcome.state for outcome in outcomes]


class TestThePage:
    def test_is_whole_for_who_runs_it_partial_for_a_lead_and_shut_for_others(self) -> None:
        dana, lena = person("Dana Whitlock"), person("Lena Ott", "team_lead")
        root, auditor = person("Rosa Admin", "admin"), person("Olga Audit", "auditor")
        other = person("Lars Lead", "team_lead")
        desk = team("Desk", lead=lena)
        mine = open_errand("Printer", by=dana, team_id=desk.pk, rows=[mail_to(dana)])
        open_errand("Badge", by=dana, rows=[mail_to(dana)])
        queue_account_mail(dana, "reset", {"link": "https://x/1"})
        assert messages_visible_to(root).count() == messages_visible_to(auditor).count() == 3
        assert [m.record_id for m in messages_visible_to(lena)] == [mine.pk]
        assert messages_visible_to(other).count() == messages_visible_to(dana).count() == 0
        change_person(root, is_active=False, disabled_at=NOON)
        assert messages_visible_to(root).count() == 0

    def test_pages_by_key_and_filters(self) -> None:
        dana, root = person("Dana Whitlock"), person("Rosa Admin", "admin")
        for n in range(5):
            open_errand(f"Thing {n}", by=dana, rows=[mail_to(dana), notice_to(dana)])
        first, before = message_page(root, channel="mail", size=3)
        rest, end = message_page(root, channel="mail", before=before, size=3)
        assert [len(first), len(rest), end] == [3, 2, None]
        ids = [m.pk for m in first + rest]
        assert ids == sorted(ids, reverse=True)
        assert message_page(root, state="dead") == ([], None)
        assert counts_by_state(root) == {"queued": 10}

    def test_tells_the_health_check_what_waits(self) -> None:
        dana = person("Dana Whitlock")
        open_errand("Printer", by=dana, rows=[mail_to(dana)])
        health = outbox_health(NOON + timedelta(minutes=5))
        assert (health.waiting, health.dead, health.oldest_due) == (1, 0, NOON)


class TestSendingAgain:
    def stopped(self, reason: str = reasons.GIVEN_UP, state: str = "dead") -> Message:
        dana = person("Dana Whitlock")
        open_errand("Printer", by=dana, rows=[mail_to(dana)])
        Message.objects.update(state=state, reason=reason, attempts=16)
        return Message.objects.get()

    def test_starts_afresh_under_the_same_key(self) -> None:
        message, root = self.stopped(), person("Rosa Admin", "admin")
        key = message.dedupe_key
        with instants.at_instant(NOON + timedelta(days=2)):
            again = actions.retry(message.pk, by=root)
        assert (again.state, again.attempts, again.reason) == ("queued", 0, "")
        assert (again.retried_by, again.dedupe_key) == (root, key)
        assert len(claim(9, channels=["mail"], now=NOON + timedelta(days=2))) == 1

    def test_is_not_for_an_auditor_nor_for_who_may_not_see_it(self) -> None:
        message = self.stopped()
        with pytest.raises(NotPermitted):
            actions.retry(message.pk, by=person("Olga Audit", "auditor"))
        with pytest.raises(Hidden):
            actions.retry(message.pk, by=person("Lars Lead", "team_lead"))
        with pytest.raises(NotPermitted):
            actions.retry_all(reasons.GIVEN_UP, by=person("Amir Nasser", "agent"))

    def test_is_refused_where_it_is_sent_or_was_taken_back(self) -> None:
        message, root = self.stopped(reasons.WITHDRAWN, "withheld"), person("Rosa Admin", "admin")
        with pytest.raises(Refused, match="took it back"):
            actions.retry(message.pk, by=root)
        Message.objects.update(state="sent", reason="", sent_at=NOON)
        with pytest.raises(Refused, match="sent or about to be"):
            actions.retry(message.pk, by=root)

    def test_of_everything_that_one_cause_stopped(self) -> None:
        self.stopped(reasons.NOT_SET_UP, "withheld")
        assert actions.retry_all(reasons.NOT_SET_UP, by=person("Rosa Admin", "admin")) == 1
        assert Message.objects.get().state == "queued"


class TestTakingBack:
    def test_works_while_the_mail_is_held_and_not_after(self) -> None:
        dana, amir = person("Dana Whitlock"), person("Amir Nasser", "agent")
        record = open_errand("Printer", by=dana)
        held = OutboxRow("mail", "replied", recipient_id=dana.pk, hold_seconds=10)
        entry = say(record, "wrong window", by=amir, rows=[held])
        assert actions.withdraw(record.pk, entry.pk, by=amir) == 1
        assert Message.objects.get().reason == reasons.WITHDRAWN
        entry = say(record, "right window", by=amir, rows=[held])
        claim(9, channels=["mail"], now=NOON + timedelta(seconds=10))
        assert actions.withdraw(record.pk, entry.pk, by=amir) == 0


class TestWishes:
    def test_an_address_is_stopped_with_a_reason_by_an_administrator(self) -> None:
        root = person("Rosa Admin", "admin")
        row = actions.suppress(" Old@Example.org ", why="bounced", by=root)
        assert row.address == "old@example.org"
        with pytest.raises(Invalid):
            actions.suppress("old@example.org", why=" ", by=root)
        with pytest.raises(NotPermitted):
            actions.lift_suppression("old@example.org", by=person("Amir Nasser", "agent"))
        actions.lift_suppression("old@example.org", by=root)

    def test_a_reset_cannot_be_muted(self) -> None:
        dana = person("Dana Whitlock")
        actions.mute("replied", by=dana)
        actions.unmute("replied", by=dana)
        with pytest.raises(Invalid):
            actions.mute("reset", by=dana)


class TestTheInbox:
    def errand(self, dana: Person, amir: Person) -> Record:
        record = open_errand("Printer", by=dana)
        say(record, "try again", by=amir, rows=[notice_to(dana)])
        return record

    def test_shows_a_notice_once_until_it_is_read(self) -> None:
        dana, amir = person("Dana Whitlock"), person("Amir Nasser", "agent")
        record = self.errand(dana, amir)
        held = claim(9, channels=["notice"], now=NOON)
        for _twice in range(2):
            assert [c[0].state for c in deliver_notices(held)] == ["sent"]
        [notice] = notices_for(dana)
        assert (notice.kind, notice.record, notice.at) == ("replied", record, NOON)
        assert unread_count(dana) == 1 and unread_count(amir) == 0
        assert mark_read(by=amir, at=NOON) == 0
        assert mark_read(by=dana, at=NOON, record_id=record.pk) == 1
        assert list(notices_for(dana, unread=True)) == []

    def test_says_nothing_to_the_disabled_or_about_what_is_hidden(self) -> None:
        dana, amir = person("Dana Whitlock"), person("Amir Nasser", "agent")
        eve = person("Eve Elsewhere")
        record = open_errand("Printer", by=dana)
        say(record, "psst", by=amir, rows=[notice_to(dana)], visibility="internal")
        say(record, "hello", by=amir, rows=[notice_to(eve)])
        assert put_in_inbox() == [reasons.NOT_PUBLIC, reasons.NO_LONGER_VISIBLE]
        say(record, "hello", by=amir, rows=[notice_to(dana)])
        change_person(dana, is_active=False, disabled_at=NOON)
        assert put_in_inbox() == [reasons.DISABLED]
        assert Notice.objects.count() == 0

    def test_forgets_what_its_owner_may_no_longer_see(self) -> None:
        dana, amir = person("Dana Whitlock"), person("Amir Nasser", "agent")
        record = self.errand(dana, amir)
        put_in_inbox()
        Record.objects.filter(pk=record.pk).update(requester=amir)
        assert list(notices_for(dana)) == [] and unread_count(dana) == 0

    def test_pages_by_instant_and_id(self) -> None:
        dana, amir = person("Dana Whitlock"), person("Amir Nasser", "agent")
        record = open_errand("Printer", by=dana)
        for n in range(4):
            at = NOON + timedelta(minutes=n // 2)
            say(record, str(n), by=amir, rows=[notice_to(dana)], at=at)
        put_in_inbox()
        top = list(notices_for(dana)[:2])
        rest = list(notices_for(dana, before=(top[-1].at, top[-1].pk)))
        assert len(rest) == 2 and not {n.pk for n in top} & {n.pk for n in rest}


def test_account_mail_is_queued_once_a_link_and_again_for_another() -> None:
    dana = person("Dana Whitlock")
    first = queue_account_mail(dana, "reset", {"link": "https://x/1"})
    assert queue_account_mail(dana, "reset", {"link": "https://x/1"}) == first
    assert queue_account_mail(dana, "reset", {"link": "https://x/2"}) != first
    with pytest.raises(ValueError, match="not a topic"):
        queue_account_mail(dana, "replied", {"link": "https://x/2"})
