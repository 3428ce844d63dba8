"""Whether a message may still reach its receiver, asked at the moment it leaves.

Between the happening and the sending a person may have been disabled, a record
made confidential, a text erased. What was true when it was queued does not count.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from brigade.kernel.outbox import reasons
from brigade.kernel.outbox.delivery import Claimed
from brigade.kernel.outbox.models import MutedTopic, Suppression
from brigade.kernel.parties.models import Person
from brigade.kernel.records.access import Standing, may, visibilities
from brigade.kernel.records.models import JournalEntry, Record


@dataclass(frozen=True, slots=True)
class Delivery:
    """A claimed message with the rows it speaks of; None where it names none."""

    message: Claimed
    person: Person | None
    standing: Standing | None
    record: Record | None
    entry: JournalEntry | None
    suppressed: bool
    muted: bool

    @property
    def address(self) -> str:
        """The mail address now: the person's own one, else the one in the message."""
        if self.person is not None:
            return self.person.email or ""
        return self.message.address


def read_deliveries(messages: Sequence[Claimed]) -> list[Delivery]:
    """Read what a batch of messages speaks of, in a fixed number of queries."""
    people = Person.objects.in_bulk({m.recipient_id for m in messages if m.recipient_id})
    records = Record.objects.select_related("team").in_bulk(
        {m.record_id for m in messages if m.record_id}
    )
    entries = JournalEntry.objects.select_related("actor").in_bulk(
        {m.entry_id for m in messages if m.entry_id}
    )
    addresses = {m.address for m in messages} | {p.email or "" for p in people.values()}
    suppressed = set(
        Suppression.objects.filter(address__in=addresses - {""}).values_list("address", flat=True)
    )
    muted = set(
        MutedTopic.objects.filter(person__in=list(people)).values_list("person_id", "topic")
    )
    standings = {person.pk: Standing.of(person) for person in people.values()}
    found = []
    for message in messages:
        person = people.get(message.recipient_id or 0)
        address = person.email if person else message.address
        found.append(
            Delivery(
                message=message,
                person=person,
                standing=standings.get(message.recipient_id or 0),
                record=records.get(message.record_id or 0),
                entry=entries.get(message.entry_id or 0),
                suppressed=(address or "") in suppressed,
                muted=(message.recipient_id, message.topic) in muted,
            )
        )
    return found


def reason_against(delivery: Delivery) -> str:
    """Return the code of why the person may not be told of this at all, else an empty string."""
    person, record, entry = delivery.person, delivery.record, delivery.entry
    standing = delivery.standing
    if person is not None and not person.is_active:
        return reasons.DISABLED
    if record is None:
        return ""
    if person is None or standing is None:
        return reasons.NO_LONGER_VISIBLE
    if not may(person, "read", record, standing):
        return reasons.NO_LONGER_VISIBLE
    if entry is not None and entry.visibility not in visibilities(standing, record):
        return reasons.NOT_PUBLIC
    return ""


OF_THE_RECORD = frozenset({"escalated", "timed"})
"""Topics whose mail speaks of the record alone and quotes nothing of the internal entry."""


def reason_against_mail(delivery: Delivery) -> str:
    """Return the code of why no mail may be sent for this message, else an empty string.

    Internal entries never leave by mail, not even to those who may read them. Mail
    that quotes nothing of one may, to those only.
    """
    entry = delivery.entry
    speaks = delivery.message.topic not in OF_THE_RECORD
    if entry is not None and entry.visibility != "public" and speaks:
        return reasons.NOT_PUBLIC
    if entry is not None and entry.erased_at is not None:
        return reasons.ERASED
    against = reason_against(delivery)
    if against:
        return against
    if not delivery.address:
        return reasons.NO_ADDRESS
    if delivery.suppressed:
        return reasons.SUPPRESSED
    return reasons.PREFERENCE if delivery.muted else ""
