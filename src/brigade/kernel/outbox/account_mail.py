"""Mail about a person's account: it leaves through the outbox like everything else."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from brigade.kernel import instants
from brigade.kernel.outbox.models import Message

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person

TOPICS = ("reset", "invitation", "account")
"""Password reset, invitation, and any other word about an account (ready-made text)."""


def queue_account_mail(
    person: Person | None,
    topic: str,
    context: Mapping[str, str],
    *,
    address: str = "",
    expires_at: datetime | None = None,
) -> Message:
    """Queue a mail about an account, in the running transaction, without a hold.

    `context` is for `reset` and `invitation` {"link": URL}, for `account`
    {"subject": str, "text": str}. It may hold a sign-in link, so it is dropped
    from the row as soon as the mail is sent, and no page shows it. Without a
    person the mail goes to `address`. The same link is queued once. After
    `expires_at` it is withheld instead of sent.
    """
    if topic not in TOPICS:
        raise ValueError(f"not a topic of account mail: {topic!r}")
    receiver = str(person.pk) if person is not None else address
    now = instants.now()
    happening = context.get("link") or f"{now.isoformat()} {context['subject']}"
    digest = hashlib.sha256(happening.encode()).hexdigest()[:32]
    message, _made = Message.objects.get_or_create(
        dedupe_key=f"mail:{topic}:{receiver}:{digest}",
        defaults={
            "channel": "mail",
            "topic": topic,
            "recipient": person,
            "address": address,
            "payload": {
                "secret": dict(context),
                "expires_at": expires_at.isoformat() if expires_at else None,
            },
            "next_attempt_at": now,
            "created_at": now,
        },
    )
    return message
