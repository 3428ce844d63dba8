"""Who may see and do what with a record: one rule per kind, written once.

A rule is compiled into clauses, and the clauses serve both as a queryset
(`records_visible_to`) and as an answer about one record (`may`), so that a list
and an object can never disagree. Practices register the rules of their kinds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from brigade.kernel.instants import now
from brigade.kernel.parties.held import held_by
from brigade.kernel.records.models import JournalEntry, Record, Watcher
from brigade.kernel.refused import Hidden, NotPermitted
from brigade.kernel.services.queries import services_owned_by

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person

VERBS = ("create", "read", "internal", "update", "transition")
"""`internal` is reading what is not public; `update` covers fields, assignment, notes, replies."""

REACHES = ("own", "team", "involved", "services", "customer", "provider", "all")
"""`own` one asked for, `team` is assigned to one or to one's team, `involved` is either."""

SCOPE_COLUMNS = {
    "organisation": "customer_id",
    "customer": "customer_id",
    "service": "service_id",
    "vendor": "provider_id",
    "team": "team_id",
}

Rules = Mapping[str, Mapping[str, str]]
"""Role -> verb -> reach. What is not there is not allowed."""

_rules: dict[str, Rules] = {}


def register(kind: str, rules: Rules) -> None:
    """Take the access rules of one record kind; called once by its practice's app config."""
    for role, verbs in rules.items():
        for verb, reach in verbs.items():
            if verb not in VERBS or reach not in REACHES:
                raise ValueError(f"{kind}: {role} {verb} {reach} is no rule")
    _rules[kind] = rules
    clauses.cache_clear()
    scope.cache_clear()


def rules_of(kind: str) -> Rules:
    """Return the rules of a record kind, none where no practice has registered it."""
    return _rules.get(kind, {})


def kinds() -> tuple[str, ...]:
    """Return the record kinds that a practice has registered."""
    return tuple(_rules)


class Held(NamedTuple):
    """A role in a scope; `scope_id` is None for "all"."""

    role: str
    scope_type: str
    scope_id: int | None


@dataclass(frozen=True, slots=True)
class Standing:
    """What a person is at one instant, as far as access asks."""

    person_id: int
    organisation_id: int | None
    active: bool
    teams: frozenset[int]
    grants: tuple[Held, ...]
    services: frozenset[int]

    @classmethod
    def of(cls, person: Person, at: datetime | None = None) -> Standing:
        """Read a person's standing; `at` defaults to now."""
        instant = at or now()
        held = held_by(person)
        grants = tuple(
            Held(grant.role, grant.scope_type, grant.scope_id)
            for grant in held.grants
            if grant.in_force(instant)
        )
        teams = frozenset(member.team_id for member in held.memberships if member.in_force(instant))
        owner = any(grant.role == "service_owner" for grant in grants)
        return cls(
            person_id=person.pk,
            organisation_id=person.organisation_id,
            active=person.is_active,
            teams=teams,
            grants=(Held("requester", "all", None), *grants),
            services=frozenset(services_owned_by(person) if owner else ()),
        )

    def reads_internally(self) -> bool:
        """Tell whether there may be any record of which everything may be read."""
        return any(
            "internal" in verbs
            for rules in _rules.values()
            for role, verbs in rules.items()
            if role in self.roles()
        )

    def roles(self) -> frozenset[str]:
        """Return the role keys held, in whatever scope."""
        return frozenset(grant.role for grant in self.grants)


Clause = tuple[tuple[str, frozenset[Any]], ...]
"""Columns that must all hold one of the values given. A scope is true where any clause is."""


def _reach(standing: Standing, reach: str) -> list[Clause]:
    me = frozenset({standing.person_id})
    open_to_all: Clause = (("confidential", frozenset({False})),)
    mine: list[Clause] = [(("assignee_id", me),)]
    if standing.teams:
        mine.append((("team_id", standing.teams),))
    match reach:
        case "own":
            return [(("requester_id", me),)]
        case "team":
            return mine
        case "involved":
            return [(("requester_id", me),), *mine]
        case "services":
            return [(("service_id", standing.services), *open_to_all)]
        case "customer" | "provider":
            if standing.organisation_id is None:
                return []
            organisation = frozenset({standing.organisation_id})
            return [((f"{reach}_id", organisation), *open_to_all)]
        case _:
            return [open_to_all, *mine]


@lru_cache(maxsize=2000)
def clauses(standing: Standing, verb: str, kind: str) -> tuple[Clause, ...]:
    """Return where `verb` is allowed on records of `kind`, as clauses joined by OR.

    Kept by standing: who is granted something else has another standing.
    """
    if not standing.active:
        return ()
    found = [
        clause for grant in standing.grants for clause in _granted(standing, grant, verb, kind)
    ]
    return tuple(dict.fromkeys(found))


def _granted(standing: Standing, grant: Held, verb: str, kind: str) -> list[Clause]:
    reach = rules_of(kind).get(grant.role, {}).get(verb)
    if reach is None:
        return []
    scope: Clause = ()
    if grant.scope_type != "all":
        scope = ((SCOPE_COLUMNS[grant.scope_type], frozenset({grant.scope_id})),)
    return [(*clause, *scope) for clause in _reach(standing, reach)]


def _as_q(found: Iterable[Clause]) -> Q:
    query = Q(pk__in=[])
    for clause in found:
        part = Q()
        for column, values in clause:
            part &= Q(**{f"{column}__in": sorted(values)})
        query |= part
    return query


@lru_cache(maxsize=500)
def scope(standing: Standing, verb: str) -> Q:
    """Return the condition under which `verb` is allowed, over all kinds."""
    query = Q(pk__in=[])
    for kind in _rules:
        found = clauses(standing, verb, kind)
        if found:
            query |= Q(kind=kind) & _as_q(found)
    return query


def records_visible_to(person: Person, standing: Standing | None = None) -> QuerySet[Record]:
    """Return the records whose public side the person may read, watched ones included."""
    return visible_in(standing or Standing.of(person))


def visible_in(standing: Standing) -> QuerySet[Record]:
    """Return the same of a standing, all that it depends on: a statement may be kept by it."""
    if not standing.active:
        return Record.objects.none()
    watched = Watcher.objects.filter(record=OuterRef("pk"), person_id=standing.person_id)
    return Record.objects.filter(scope(standing, "read") | Q(Exists(watched)))


def records_open_to_desk(person: Person, standing: Standing | None = None) -> QuerySet[Record]:
    """Return the records of which the person may read everything, internal notes included."""
    return Record.objects.filter(scope(standing or Standing.of(person), "internal"))


def allows(standing: Standing, verb: str, record: Record) -> bool:
    """Answer for one record from the same clauses that `scope` compiles to SQL."""
    return any(_holds(clause, record) for clause in clauses(standing, verb, record.kind))


def _holds(clause: Clause, record: Record) -> bool:
    return all(getattr(record, column) in values for column, values in clause)


def roles_allowed(standing: Standing, verb: str, record: Record) -> set[str]:
    """Return the roles of a person whose own rule and scope allow `verb` on this record."""
    if not standing.active:
        return set()
    return {
        grant.role
        for grant in standing.grants
        if any(_holds(clause, record) for clause in _granted(standing, grant, verb, record.kind))
    }


def may(person: Person, verb: str, record: Record, standing: Standing | None = None) -> bool:
    """Tell whether a person may do `verb` (one of VERBS) to a record."""
    standing = standing or Standing.of(person)
    if allows(standing, verb, record):
        return True
    return (
        verb == "read"
        and standing.active
        and Watcher.objects.filter(record_id=record.pk, person_id=standing.person_id).exists()
    )


def readable(person: Person, standing: Standing, records: Iterable[Record]) -> set[int]:
    """Return the ids of those among a few records, already read, that a person may read."""
    each = {record.pk: record for record in records}
    found = {pk for pk, record in each.items() if allows(standing, "read", record)}
    others = each.keys() - found
    if others and standing.active:
        mine = Watcher.objects.filter(record_id__in=others, person_id=person.pk)
        found.update(mine.values_list("record_id", flat=True))
    return found


def require(person: Person, verb: str, record: Record, standing: Standing | None = None) -> None:
    """Raise Hidden where the record is not even visible, NotPermitted where only `verb` is not."""
    standing = standing or Standing.of(person)
    if may(person, verb, record, standing):
        return
    if verb == "read" or not may(person, "read", record, standing):
        raise hidden()
    raise NotPermitted(
        "not_permitted",
        _("You may read this record but not change it. Ask the team that owns it."),
    )


def hidden() -> Hidden:
    """Return the one answer for what is not there and what must not be known."""
    return Hidden("no_such_record", _("There is no such record, or it is not open to you."))


def visibilities(standing: Standing, record: Record) -> tuple[str, ...]:
    """Return the visibilities of entries and files that may be read on a record."""
    if allows(standing, "internal", record):
        return ("public", "internal", "provider")
    if record.provider_id and record.provider_id == standing.organisation_id:
        roles = {grant.role for grant in standing.grants}
        if "provider_agent" in roles:
            return ("public", "provider")
    return ("public",)


def entries_visible_to(
    person: Person, record: Record, standing: Standing | None = None
) -> QuerySet[JournalEntry]:
    """Return a record's entries that the person may read, oldest first."""
    standing = standing or Standing.of(person)
    require(person, "read", record, standing)
    return JournalEntry.objects.filter(
        record=record, visibility__in=visibilities(standing, record)
    ).order_by("number")
