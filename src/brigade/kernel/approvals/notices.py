"""Who is told what about an approval: messages in the transaction that causes them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from brigade.kernel.outbox.models import Message

if TYPE_CHECKING:
    from datetime import datetime

    from brigade.kernel.approvals.models import Approval

ASKED, REMINDED = "approval_asked", "approval_reminder"
QUESTION, ANSWERED, ENDED = "approval_question", "approval_answered", "approval_ended"
TOPICS = (ASKED, REMINDED, QUESTION, ANSWERED, ENDED)


def told_of(keys: Iterable[str]) -> dict[str, int]:
    """Return the approvals that notices are about, by the key of each; others are left out."""
    found = {}
    for key in keys:
        _channel, topic, number, *_rest = [*key.split(":"), "", ""]
        if topic in TOPICS and number.isdecimal():
            found[key] = int(number)
    return found


def tell(
    approval: Approval, topic: str, people: Iterable[int], *, at: datetime, mark: str = ""
) -> None:
    """Queue a notice and a mail about an approval for people, each happening once.

    `mark` tells two happenings of the same topic apart. The payload names the approval
    and copies nothing of it.
    """
    Message.objects.bulk_create(
        [
            Message(
                channel=channel,
                topic=topic,
                dedupe_key=f"{channel}:{topic}:{approval.pk}:{mark}:{person}",
                recipient_id=person,
                payload={"approval": approval.pk},
                next_attempt_at=at,
                created_at=at,
            )
            for person in dict.fromkeys(people)
            for channel in ("mail", "notice")
        ],
        ignore_conflicts=True,
    )
