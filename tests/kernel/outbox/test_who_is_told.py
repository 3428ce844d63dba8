"""Roles of the recipe become people, people become messages."""

from __future__ import annotations

import pytest

from brigade.kernel.outbox.notify import Concerned, rows_for

NOTIFY = {
    "opened": ["requester"],
    "replied": ["requester"],
    "resolved": ["requester"],
    "reopened": ["assignee", "team_lead"],
}
DANA, AMIR, LENA, WIM = 1, 2, 3, 4


def told(event: str, by: int | None, origin: str = "page") -> set[tuple[str, int | None, int]]:
    concerned = Concerned(requester=DANA, assignee=AMIR, team_leads=(LENA, AMIR), watchers=(WIM,))
    rows = rows_for(event, notify=NOTIFY, concerned=concerned, by_id=by, origin=origin)
    assert all(row.topic == event and row.dedupe_key is None for row in rows)
    return {(row.channel, row.recipient_id, row.hold_seconds) for row in rows}


def test_a_report_is_receipted_to_its_requester_by_mail() -> None:
    assert told("opened", by=DANA) == {("mail", DANA, 10)}
    assert told("opened", by=AMIR) == {("mail", DANA, 10), ("notice", DANA, 0)}


def test_a_reply_reaches_requester_and_watchers_but_not_who_wrote_it() -> None:
    assert told("replied", by=AMIR) == {("mail", DANA, 10), ("notice", DANA, 0), ("notice", WIM, 0)}
    assert told("replied", by=DANA) == {("notice", WIM, 0)}


def test_each_person_is_told_once_whatever_roles_they_hold() -> None:
    assert told("reopened", by=DANA) == {
        ("mail", AMIR, 10), ("mail", LENA, 10),
        ("notice", AMIR, 0), ("notice", LENA, 0), ("notice", WIM, 0),
    }  # fmt: skip


def test_an_assignment_and_an_answer_are_noticed_without_mail() -> None:
    assert told("assigned", by=LENA) == {("notice", AMIR, 0)}
    assert told("assigned", by=AMIR) == set()
    assert told("answered", by=DANA) == {("notice", AMIR, 0), ("notice", WIM, 0)}


@pytest.mark.parametrize("origin", ["import", "simulation"])
def test_nobody_hears_of_the_past(origin: str) -> None:
    assert told("opened", by=AMIR, origin=origin) == set()


def test_a_role_that_nobody_holds_tells_nobody() -> None:
    empty = Concerned()
    rows = rows_for("reopened", notify=NOTIFY, concerned=empty, by_id=None, origin="page")
    assert rows == []
