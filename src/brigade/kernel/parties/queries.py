"""Reads about parties and rights, scoped to who asks.

A requester sees nobody but themselves here: the names on their own records
come with those records. Staff see people because they log work for anybody.
"""

from __future__ import annotations

from django.db.models import BooleanField, Q, QuerySet
from django.db.models.expressions import RawSQL

from brigade.kernel.parties import access
from brigade.kernel.parties.held import (
    Grant,
    grants_of,
    holds,
    note_rights,
    organisations_above,
    organisations_below,
    teams_led_by,
    teams_of,
)
from brigade.kernel.parties.lookups import (
    active_organisation,
    active_person,
    active_team,
    deputies_of,
    installation,
    is_member,
    leaders_of,
    manager_of,
    person_of,
    principals_of,
    relations_at,
)
from brigade.kernel.parties.models import (
    ApiToken,
    Organisation,
    Person,
    Relation,
    RoleGrant,
    Team,
)
from brigade.kernel.parties.names import folded
from brigade.kernel.parties.operators import operator
from brigade.kernel.parties.tokens import Bearer, person_by_token

__all__ = [
    "Bearer",
    "Grant",
    "active_organisation",
    "active_person",
    "active_team",
    "api_tokens_of",
    "deputies_of",
    "grants_of",
    "grants_to_approve",
    "grants_visible_to",
    "holds",
    "installation",
    "is_member",
    "leaders_of",
    "manager_of",
    "note_rights",
    "operator",
    "organisations_above",
    "organisations_below",
    "organisations_page",
    "organisations_visible_to",
    "people_page",
    "people_visible_to",
    "person_by_token",
    "person_of",
    "principals_of",
    "relations_at",
    "relations_visible_to",
    "self_approved_grants",
    "teams_led_by",
    "teams_of",
    "teams_page",
    "teams_visible_to",
]


def people_visible_to(person: Person) -> QuerySet[Person]:
    """Return everybody whom `person` may pick or look up, disabled people included.

    Staff: everybody, or the people of the customers they are limited to, their
    own organisation and their team mates. A vendor's agent: their own company.
    A customer manager: the people of that customer. Everybody: themselves.
    """
    people = Person.objects.all()
    if access.may_administer(person):
        return people
    people = people.filter(is_system=False)
    organisations: set[int] = set()
    for grant in grants_of(person):
        if grant.role in access.STAFF_ROLES and grant.scope_type not in (
            "organisation",
            "customer",
        ):
            return people
        if grant.scope_id is not None:
            organisations.add(grant.scope_id)
    me = Q(pk=person.pk)
    if not organisations:
        return people.filter(me)
    inside = Q(organisation_id__in=organisations_below(organisations))
    if access.is_staff(person) and person.organisation_id is not None:
        inside |= Q(organisation_id=person.organisation_id)
    mates = relations_at().filter(team_id__in=teams_of(person))
    return people.filter(me | inside | Q(pk__in=mates.values("person_id")))


def people_page(
    person: Person,
    *,
    text: str = "",
    team: int | None = None,
    organisation: int | None = None,
    active_only: bool = True,
    after: tuple[str, int] | None = None,
    limit: int = 50,
) -> list[Person]:
    """Return a page of visible people by name, at most `limit`.

    `text` is the beginning of any of their names or of the address; `after` is
    (sort_name, id) of the last row of the page before.
    """
    people = people_visible_to(person).select_related("organisation")
    if active_only:
        people = people.filter(is_active=True)
    if organisation is not None:
        people = people.filter(organisation_id=organisation)
    if team is not None:
        people = people.filter(pk__in=relations_at().filter(team_id=team).values("person_id"))
    for word in folded(text).split()[:8]:
        people = people.filter(
            Q(sort_name__startswith=word)
            | Q(sort_name__contains=f" {word}")
            | Q(email__startswith=word)
        )
    if after is not None:
        people = people.filter(
            _row_after("(parties_person.sort_name, parties_person.id) > (%s, %s)", after)
        )
    return list(people.order_by("sort_name", "id")[:limit])


def _row_after(comparison: str, after: tuple[str, int]) -> RawSQL:
    return RawSQL(comparison, list(after), output_field=BooleanField())


def _begins(text: str) -> Q:
    return Q(name__istartswith=text) | Q(name__icontains=f" {text}") if text else Q()


def teams_visible_to(person: Person) -> QuerySet[Team]:
    """Return the teams `person` may see as such: staff every one, others their own."""
    teams = Team.objects.order_by("name", "id")
    if access.may_administer(person) or access.is_staff(person):
        return teams
    return teams.filter(pk__in=teams_of(person))


def teams_page(
    person: Person, *, text: str = "", after: tuple[str, int] | None = None, limit: int = 50
) -> list[Team]:
    """Return a page of visible teams by name; `after` is (name, id) of the last row before.

    `text` is how any word of the name begins.
    """
    teams = teams_visible_to(person).filter(_begins(text))
    if after is not None:
        teams = teams.filter(_row_after("(parties_team.name, parties_team.id) > (%s, %s)", after))
    return list(teams[:limit])


def organisations_visible_to(person: Person) -> QuerySet[Organisation]:
    """Return the organisations `person` may see.

    Staff see every one unless all their roles are limited to some; everybody
    else sees their own and those their roles name, with what is below.
    """
    organisations = Organisation.objects.order_by("name", "id")
    grants = grants_of(person)
    limited = ("organisation", "customer")
    if access.may_administer(person) or any(
        grant.role in access.STAFF_ROLES and grant.scope_type not in limited for grant in grants
    ):
        return organisations
    own = {person.organisation_id} if person.organisation_id else set()
    roots = {
        grant.scope_id
        for grant in grants
        if grant.scope_id is not None and grant.scope_type in (*limited, "vendor")
    }
    return organisations.filter(pk__in=own | organisations_below(roots))


def organisations_page(
    person: Person, *, text: str = "", after: tuple[str, int] | None = None, limit: int = 50
) -> list[Organisation]:
    """Return a page of visible organisations by name; `text` is as for teams, or of the code."""
    begins = _begins(text) | Q(code__istartswith=text)
    organisations = organisations_visible_to(person).select_related("parent").filter(begins)
    if after is not None:
        comparison = "(parties_organisation.name, parties_organisation.id) > (%s, %s)"
        organisations = organisations.filter(_row_after(comparison, after))
    return list(organisations[:limit])


def relations_visible_to(person: Person) -> QuerySet[Relation]:
    """Return relations, past ones included, whose people and targets `person` may see."""
    seen = people_visible_to(person).values("pk")
    return (
        Relation.objects.filter(person_id__in=seen)
        .filter(Q(other__isnull=True) | Q(other_id__in=seen))
        .select_related("person", "team", "organisation", "other")
        .order_by("-valid_from", "-id")
    )


def grants_visible_to(person: Person) -> QuerySet[RoleGrant]:
    """Return the grants `person` may read: their own, and all to administrators and auditors."""
    grants = RoleGrant.objects.select_related("person", "granted_by", "approved_by").order_by("-id")
    if access.may_administer(person) or holds(person, "auditor"):
        return grants
    below = access.administered_organisations(person)
    return grants.filter(
        Q(person=person)
        | Q(granted_by=person)
        | Q(scope_type__in=("organisation", "customer"), scope_id__in=below)
    )


def grants_to_approve(person: Person) -> QuerySet[RoleGrant]:
    """Return grants that wait for a second signature and not for this person, oldest first."""
    waiting = grants_visible_to(person).filter(state=RoleGrant.State.REQUESTED)
    return waiting.exclude(granted_by=person).exclude(person=person).order_by("id")


def self_approved_grants(person: Person) -> QuerySet[RoleGrant]:
    """Return every grant that had no second person, newest first, with its reason."""
    access.needed(access.may_read_rights(person))
    return grants_visible_to(person).filter(self_approved=True)


def api_tokens_of(person: Person, *, by: Person) -> QuerySet[ApiToken]:
    """Return somebody's tokens, newest first, to themselves and to who may end them."""
    access.needed(by.pk == person.pk or access.may_edit_person(by, person))
    return ApiToken.objects.filter(person=person).order_by("-id")
