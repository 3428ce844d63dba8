"""Decisions from raised to looked back on: who is asked, what the deadline does, what is no."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from brigade.governance.decision_rights.actions import change_right
from brigade.governance.decisions.actions import (
    open_vote,
    prepare,
    raise_decision,
    withdraw_decision,
)
from brigade.governance.decisions.asking import live_vote
from brigade.governance.decisions.ending import act_on_deadlines
from brigade.governance.decisions.models import Decision
from brigade.governance.decisions.timing import split_of
from brigade.kernel.approvals.actions import expire_due, vote
from brigade.kernel.approvals.queries import seats_of
from brigade.kernel.instants import NEVER, at_instant
from brigade.kernel.records.audit import verify
from brigade.kernel.records.models import Task
from brigade.kernel.refused import NotPermitted, Refused
from brigade.kernel.work.moving import move
from tests.governance.board import Board, portfolio_board
from tests.kept import once

pytestmark = pytest.mark.django_db
PAPER: dict[str, Any] = {"options": [{"title": "Replace it"}, {"title": "Leave it"}],
                         "recommended": 0}  # fmt: skip


def on(day: int, hour: int = 10) -> Any:
    return at_instant(datetime(2026, 3, day, hour, tzinfo=UTC))


@pytest.fixture
def board(db: None) -> Board:
    return once("board", portfolio_board)


def asked(board: Board, amount: int = 120_000_00) -> Decision:
    """A decision of Paul's that is in the vote since Thursday 5 March."""
    with on(2):
        made = raise_decision("Replace the console", by=board.cast.paul, topic="investment",
                              amount=amount, currency="EUR")  # fmt: skip
    with on(5):
        made = prepare(made, by=board.cast.paul, **PAPER)
        return open_vote(made, by=board.cast.paul) if made.record.state == "prepared" else made


def again(decision: Decision) -> Decision:
    return Decision.objects.select_related("record", "right__calendar").get(pk=decision.pk)


def test_a_vote_in_time_decides_and_leaves_a_task(board: Board) -> None:
    made = asked(board)
    running = live_vote(made)
    assert running is not None
    assert {seat.person for seat in seats_of(running)} == set(board.seats)
    for day, name in ((9, "lena"), (10, "olga"), (11, "vera")):
        with on(day):
            vote(running, "approve", by=getattr(board.cast, name))
    with on(12):
        found = again(made)
        assert (found.outcome, found.record.state, found.next_at) == ("approved", "decided", NEVER)
        split = split_of(found)
        assert (split.preparing, split.waiting, split.deliberating, split.escalated) == (3, 4, 0, 0)
        assert Task.objects.get(record=found.record).title == "Carry out: Replace it"
        carried = move(found.record, "implement", by=board.cast.paul)
        looked = {"again": "again", "learned": "It holds."}
        back = move(carried, "review", by=board.cast.paul, fields=looked)
        assert (back.state, back.data["latency_wd"]) == ("reviewed", 7)
    assert verify().holds


def test_silence_is_late_and_ends_as_the_right_says(board: Board) -> None:
    with on(1):
        change_right(board.large, by=board.cast.petra, default_if_silent="reject", silent_wd=2)
    made = asked(board)
    with on(16, 17):
        assert (expire_due(), act_on_deadlines()) == (1, 0)
        running = live_vote(again(made))
        assert running is not None
        assert [seat.person for seat in seats_of(running)] == [board.cast.petra]
    with on(18, 17):
        expire_due()
    found = again(made)
    assert (found.outcome, found.record.data["by_silence"]) == ("rejected", True)


def test_what_is_not_put_to_the_vote_is_escalated_as_well(board: Board) -> None:
    with on(2):
        made = raise_decision("Replace it", by=board.cast.paul, topic="investment",
                              amount=60_000_00, currency="EUR")  # fmt: skip
    with on(17):
        assert (act_on_deadlines(), act_on_deadlines()) == (1, 0)
        found = again(made)
        assert found.escalated_at is not None
        assert found.record.data["escalated_to"] == board.cast.petra.pk
        ready = open_vote(prepare(found, by=board.cast.paul, **PAPER), by=board.cast.paul)
        running = live_vote(ready)
        assert running is not None
        assert [seat.person for seat in seats_of(running)] == [board.cast.petra]


def test_one_voice_electronically(board: Board) -> None:
    with on(2):
        made = raise_decision("A small one", by=board.cast.vera, topic="investment",
                              amount=1_000_00, currency="EUR")  # fmt: skip
        made = prepare(made, by=board.cast.vera, **PAPER)
        assert made.record.state == "open", "nobody waits for a meeting"
        running = live_vote(made)
        assert running is not None
        vote(running, "reject", by=board.cast.paul, reason="Not now.")
    assert again(made).outcome == "rejected"
    assert not Task.objects.filter(record=made.record).exists()


def test_withdrawing_takes_the_vote_along(board: Board) -> None:
    made = asked(board)
    with on(9):
        withdraw_decision(made, by=board.cast.paul, reason="The vendor extends support.")
    found = again(made)
    assert (found.record.state, live_vote(found), found.next_at) == ("withdrawn", None, NEVER)


def test_refusals(board: Board) -> None:
    paul, sam = board.cast.paul, board.cast.sam
    with on(2), pytest.raises(Refused) as nobody:
        raise_decision("In pounds", by=paul, topic="investment", amount=5, currency="GBP")
    assert nobody.value.code == "nobody_decides"
    made = asked(board)
    with on(6):
        with pytest.raises(Refused) as fixed:
            prepare(made, by=paul, **PAPER)
        assert fixed.value.code == "in_the_vote"
        with pytest.raises(Refused) as early:
            open_vote(made, by=paul)
        assert early.value.code == "not_prepared"
        with pytest.raises(NotPermitted):
            withdraw_decision(made, by=board.cast.lena, reason="No.")
        with pytest.raises(Refused) as guarded:
            move(again(made).record, "decide", by=paul)
        assert guarded.value.code == "guard", "nobody decides by moving the record"
        with pytest.raises(Refused):
            withdraw_decision(made, by=sam, reason="Not mine.")
