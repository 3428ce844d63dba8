"""Who may do what about an approval, as sentences. Voting is asked of the seat itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from brigade.kernel.approvals.subjects import RECORD, record_of
from brigade.kernel.parties.access import is_operator, is_staff
from brigade.kernel.parties.lookups import principals_of
from brigade.kernel.records.access import Standing, allows

if TYPE_CHECKING:
    from brigade.kernel.approvals.models import Approval
    from brigade.kernel.parties.models import Person


def may_read(person: Person, approval: Approval) -> bool:
    """Whoever sits or stands in for who sits, who asked, and who may read the subject inside.

    A record's approvals are as internal as its notes; those about configuration are open
    to the provider's own people, as the configuration is.
    """
    if person.pk == approval.asked_by_id or is_operator(person) or sits(person, approval):
        return True
    if approval.subject_kind != RECORD:
        return is_staff(person)
    record = record_of(approval)
    return record is not None and allows(Standing.of(person), "internal", record)


def sits(person: Person, approval: Approval) -> bool:
    """Return whether the person or somebody they stand in for has a seat."""
    people = {person.pk, *(principal.pk for principal in principals_of(person))}
    return approval.seats.filter(person__in=people).exists()


def may_withdraw(person: Person, approval: Approval) -> bool:
    """Who asked may take the question back, and Brigade itself where its subject is over."""
    return person.pk == approval.asked_by_id or is_operator(person)


def may_answer(person: Person, approval: Approval) -> bool:
    """Who asked the question, or has a part in the matter, may say what seats want to know."""
    concerned = {each for ids in approval.concerned.values() for each in ids}
    return person.pk == approval.asked_by_id or person.pk in concerned
