"""Who sits: the words of a question turned into people, without those who may not decide.

Nobody decides on their own matter (S1) or on that of whom they stand in for (S12), and
whoever administers or audits the installation decides nothing at all (S9).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from brigade.kernel.approvals.handlers import resolver
from brigade.kernel.approvals.rules import EXCLUDED, Rule, kept_out
from brigade.kernel.approvals.subjects import Subject, deputies_by_principal
from brigade.kernel.parties.lookups import holders_of, members_of
from brigade.kernel.parties.models import Person, RoleGrant
from brigade.kernel.recipes.small_team import relaxed
from brigade.kernel.refused import Invalid

NEVER_SIT = ("admin", "auditor")
"""Roles whose holders decide nothing, whatever else they hold."""


@dataclass(frozen=True, slots=True)
class Sitting:
    """A seat given to one person, and for which roles it speaks."""

    person_id: int
    roles: tuple[str, ...] = ()


SeatWord = str | Sitting
"""`role:x` for everybody who holds a role, `person:12`, `team:4` for its members, or a sitting."""


@dataclass
class Place:
    """A person's one seat while it is being found: its roles, and by which words it came."""

    roles: set[str] = field(default_factory=set)
    via: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Table:
    """What seats are found by: the subject, the scopes in which roles count, and the instant."""

    subject: Subject
    scopes: Mapping[str, int | None]
    at: datetime


def seated(
    words: Sequence[SeatWord], rule: Rule, table: Table, parts: Mapping[str, Sequence[int]]
) -> dict[int, Place]:
    """Return one place for each person who may decide, by their id.

    `parts` says who has a part in the subject, as `subjects.parts_in` does.
    """
    places: dict[int, Place] = {}
    for word in words:
        for person, role in _behind(word, table):
            place = places.setdefault(person, Place())
            place.via.add(word if isinstance(word, str) else "person")
            place.roles |= set(role)
    barred = barred_from(rule, parts, table) | never_sitting(places, table.at)
    working = _working(places)
    return {key: place for key, place in places.items() if key in working and key not in barred}


def _behind(word: SeatWord, table: Table) -> list[tuple[int, tuple[str, ...]]]:
    if isinstance(word, Sitting):
        return [(word.person_id, word.roles)]
    kind, _mark, name = word.partition(":")
    match kind:
        case "role":
            return [(person, (name,)) for person in behind_role(name, table)]
        case "person" if name.isdecimal():
            return [(int(name), ())]
        case "team" if name.isdecimal():
            return [(person, ()) for person in members_of(int(name), table.at)]
    raise Invalid("bad_seat", _("“%(word)s” names nobody who could decide.") % {"word": word})


def behind_role(role: str, table: Table) -> list[int]:
    """Return who holds a role where the subject is concerned, narrowest first.

    The room that the subject belongs to knows best (whom a record or a practice
    names); else the grants of the role count, in the scopes of the question.
    """
    if role in NEVER_SIT:
        return []
    find = resolver(table.subject.kind)
    named = find(table.subject.id, role, table.at) if find is not None else ()
    return list(named) or holders_of(role, table.scopes, table.at)


def barred_from(rule: Rule, parts: Mapping[str, Sequence[int]], table: Table) -> set[int]:
    """Return who does not decide because it is their own matter, or that of whom they deputise for.

    Where few people work and S1 is relaxed, they themselves may, with a reason that is listed.
    Nor does whoever holds a role that the rule keeps out.
    """
    own = {person for part in rule.exclude for person in parts.get(part, ())}
    deputies = deputies_by_principal(own, table.at) if own else {}
    barred = kept_out(rule.exclude, parts, deputies, relaxed=bool(own) and relaxed("S1"))
    roles = [word for word in rule.exclude if word not in EXCLUDED]
    return barred.union(*(behind_role(role, table) for role in roles))


def never_sitting(people: Iterable[int], at: datetime) -> set[int]:
    """Return which of these people administer or audit the installation at an instant."""
    rows = RoleGrant.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=at),
        person__in=list(people),
        role__in=NEVER_SIT,
        state=RoleGrant.State.GRANTED,
        valid_from__lte=at,
    )
    return set(rows.values_list("person_id", flat=True))


def _working(people: Iterable[int]) -> set[int]:
    rows = Person.objects.filter(pk__in=list(people), is_active=True, is_system=False)
    return set(rows.values_list("pk", flat=True))
