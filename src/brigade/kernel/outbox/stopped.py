"""What has stopped messages: each reason, and how many it holds back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count

from brigade.kernel.outbox import reasons
from brigade.kernel.outbox.queries import messages_visible_to

if TYPE_CHECKING:
    from brigade.kernel.outbox.models import Message
    from brigade.kernel.parties.models import Person

STOPPED = ("dead", "withheld")
"""States in which a message stays until somebody does something."""


@dataclass(frozen=True, slots=True)
class Stopped:
    """A reason, its sentence, how many messages it holds back, and whether retrying may help."""

    reason: str
    sentence: str
    count: int
    again: bool


def stopped(person: Person) -> list[Stopped]:
    """Return what holds back messages that the person may see, the most frequent first."""
    held = messages_visible_to(person).filter(state__in=STOPPED).order_by()
    counted = held.values_list("reason").annotate(n=Count("id")).order_by("-n", "reason")
    return [
        Stopped(reason, reasons.explain(reason), count, reason not in reasons.NEVER_AGAIN)
        for reason, count in counted
    ]


def may_go_again(message: Message) -> bool:
    """Tell whether sending the message again could change anything."""
    held = message.state in (*STOPPED, "failed")
    return held and message.reason not in reasons.NEVER_AGAIN
