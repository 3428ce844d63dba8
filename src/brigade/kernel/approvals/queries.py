"""Reads of approvals: what waits for whom, how one stands, and how long votes take."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from statistics import median
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext as _

from brigade.kernel import instants
from brigade.kernel.approvals.access import may_read
from brigade.kernel.approvals.models import Approval, ApprovalSeat, ApprovalVote
from brigade.kernel.parties.lookups import relations_at
from brigade.kernel.parties.models import Relation
from brigade.kernel.records.holes import Hole, Kept, counted
from brigade.kernel.records.lists import KEPT
from brigade.kernel.records.models import JournalEntry
from brigade.kernel.records.queries import instant_in
from brigade.kernel.refused import Hidden

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person


def approval_for(person: Person, approval_id: int) -> Approval:
    """Return an approval that the person may read; Hidden otherwise."""
    found = _with_names().filter(pk=approval_id).first()
    if found is None or not may_read(person, found):
        raise Hidden("no_approval", _("There is no such decision, or it is not open to you."))
    return found


def approvals_of(subject_kind: str, subject_id: int) -> list[Approval]:
    """Return everything ever asked about a subject, newest first. Unscoped."""
    rows = _with_names().filter(subject_kind=subject_kind, subject_id=subject_id)
    return list(rows.order_by("-pk"))


def live_approval(subject_kind: str, subject_id: int, name: str) -> Approval | None:
    """Return the approval of this name that is open or planned, None where none is. Unscoped."""
    rows = _with_names().filter(subject_kind=subject_kind, subject_id=subject_id, name=name)
    return rows.filter(state__in=("planned", "open")).order_by("-pk").first()


def given(subject_kind: str, subject_id: int, since: datetime | None = None) -> frozenset[str]:
    """Return the names of the approvals given for a subject, those asked from `since` on.

    The last one of a name counts, and only where it was approved. Unscoped.
    """
    rows = Approval.objects.filter(subject_kind=subject_kind, subject_id=subject_id)
    if since is not None:
        rows = rows.filter(asked_at__gte=since)
    last = dict(rows.order_by("pk").values_list("name", "state"))
    return frozenset(name for name, state in last.items() if state == Approval.State.APPROVED)


def procedure_of(approval: Approval) -> frozenset[str]:
    """Return the names of all that was asked in one procedure with an approval, itself included."""
    rows = Approval.objects.filter(procedure__isnull=False, procedure=approval.procedure_id)
    return frozenset({approval.name, *rows.values_list("name", flat=True)})


def seats_of(approval: Approval) -> list[ApprovalSeat]:
    """Return the seats with their people, live votes and since when they wait, by name."""
    return list(approval.seats.select_related("person").order_by("person__sort_name", "pk"))


def votes_of(approval: Approval) -> list[ApprovalVote]:
    """Return every vote as it was cast, oldest first, with who cast it and for whom."""
    rows = approval.votes.select_related("person", "deputy_for", "seat__person")
    return list(rows.order_by("number"))


def entries_of(approval: Approval) -> list[JournalEntry]:
    """Return what the journal says about an approval, oldest first: votes, answers, its end."""
    rows = JournalEntry.objects.filter(
        kind="approval", changes__contains={"approval.id": [None, approval.pk]}
    ).select_related("actor")
    if approval.subject_kind == "record":
        rows = rows.filter(record_id=approval.subject_id)
    else:
        rows = rows.filter(subject_type=approval.subject_kind, subject_id=approval.subject_id)
    return list(rows.order_by("number"))


def waiting_for(person: Person, *, limit: int = 50) -> list[ApprovalSeat]:
    """Return the seats that wait for the person's vote, or for theirs as a deputy: soonest first.

    One's own seats come with `person` oneself, others with whom one stands in for.
    """
    rows = (
        _waiting(person.pk, instants.now())
        .select_related("person", "approval", "approval__asked_by")
        .order_by("approval__deadline", "approval__pk", "pk")
    )
    return list(rows[:limit])


def waiting_count(person: Person) -> int:
    """Return how many votes wait for the person, counted no further than 100."""
    ((amount,),) = _waiting_count(person.pk).rows([instants.now()])
    return int(amount)


@lru_cache(maxsize=KEPT)
def _waiting_count(person_id: int) -> Kept:
    return counted(_waiting(person_id, instant_in(Hole(0))), cap=100)


def _waiting(person_id: int, at: datetime | RawSQL) -> QuerySet[ApprovalSeat]:
    principals = relations_at(at).filter(kind=Relation.Kind.DEPUTISES, person=person_id)
    mine = Q(person=person_id) | Q(person__in=principals.values("other"))
    return ApprovalSeat.objects.filter(mine, approval__state="open", vote="")


def asked_back(person: Person, *, limit: int = 50) -> list[Approval]:
    """Return the open approvals in which a seat waits for information from the person."""
    rows = _with_names().filter(state="open", held_at__isnull=False, asked_by=person)
    return list(rows.order_by("held_at", "pk")[:limit])


def approvals_page(
    person: Person, *, state: str = "", after: int | None = None, limit: int = 50
) -> list[Approval]:
    """Return the approvals in which the person sits or which they asked, newest first.

    `after` is the id of the last one of the page before.
    """
    seats = ApprovalSeat.objects.filter(person=person).values("approval")
    rows = _with_names().filter(pk__in=seats) | _with_names().filter(asked_by=person)
    if state:
        rows = rows.filter(state=state)
    if after is not None:
        rows = rows.filter(pk__lt=after)
    return list(rows.order_by("-pk")[:limit])


def median_vote_minutes(since: datetime) -> dict[str, int]:
    """Return how many minutes seats took to vote, the median by role ("" for any), from `since` on.

    Elapsed time from being asked to the first vote; a role nobody voted for is not there.
    """
    rows = ApprovalVote.objects.filter(at__gte=since).order_by("seat", "number").distinct("seat")
    taken: dict[str, list[float]] = {}
    for vote in rows.select_related("seat", "approval"):
        asked = vote.seat.waiting_since or vote.approval.opened_at
        if asked is not None:
            minutes = max(0.0, (vote.at - asked).total_seconds() / 60)
            for role in ("", *vote.seat.roles):
                taken.setdefault(role, []).append(minutes)
    return {role: round(median(minutes)) for role, minutes in taken.items()}


def by_ids(approval_ids: Iterable[int]) -> dict[int, Approval]:
    """Return approvals by id, for what names several at once. Unscoped."""
    return _with_names().in_bulk(list(approval_ids))


def _with_names() -> QuerySet[Approval]:
    return Approval.objects.select_related("asked_by")
