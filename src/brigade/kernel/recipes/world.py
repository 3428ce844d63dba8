"""The facts of this installation that lint asks for, gathered from the rooms that hold them.

People, versions and adoption are read here; a room above registers what it knows
(records, targets, figures) when the app starts, and is not known to this one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Min, Q

from brigade.kernel import instants
from brigade.kernel.parties.models import Relation, RoleGrant
from brigade.kernel.recipes.errors import LintError
from brigade.kernel.recipes.evidence import Evidence
from brigade.kernel.recipes.facts import UNUSED_DAYS, World
from brigade.kernel.recipes.lint import findings
from brigade.kernel.recipes.merge import Effective, with_facets
from brigade.kernel.recipes.models import Adoption, RecipeVersion
from brigade.kernel.recipes.overlay import overlaid, read_all
from brigade.kernel.recipes.parse import read
from brigade.kernel.recipes.readiness import readiness
from brigade.kernel.recipes.small_team import relaxed
from brigade.kernel.services.models import Service


@dataclass(frozen=True, slots=True)
class Question:
    """What a room is asked about: a kind of record, its fields, its states of long standing.

    States that came onto the map lately are no question yet: nothing can be said of their use.
    """

    kind: str
    states: tuple[str, ...]
    fields: tuple[str, ...]


Teller = Callable[[Question], Any]
_tellers: dict[str, Teller] = {}
ALIKE: Final = {"external_agent": "provider_agent"}
"""A role of recipes that is granted under another name."""


def register(fact: str, teller: Teller) -> None:
    """Let a room tell one field of `World`; doing it twice changes nothing."""
    _tellers[fact] = teller


def check(
    chosen: Effective,
    *,
    owner: int | None = None,
    pinned: bool = True,
    state_map: Mapping[str, str] | None = None,
) -> list[LintError]:
    """Return everything lint says of a recipe as it would run here: errors and warnings.

    `owner` is the person who shall answer for it, where that is not the present one.
    """
    return findings(chosen, world_of(chosen, owner=owner, pinned=pinned, state_map=state_map))


def world_of(
    chosen: Effective,
    *,
    owner: int | None = None,
    pinned: bool = True,
    state_map: Mapping[str, str] | None = None,
) -> World:
    """Return the facts of this installation about a recipe, in a dozen statements at most.

    `pinned` says that open records finish on their own version; else `state_map` says
    where those of a state that is gone shall go.
    """
    recipe = chosen.document.recipe
    days = _days_on_map(recipe.recipe)
    settled = tuple(state for state in chosen.body.states if days.get(state, 0) >= UNUSED_DAYS)
    asked = Question(recipe.record.kind, settled, tuple(chosen.body.fields))
    bound = owner if owner is not None else _owner_of(recipe.recipe)
    named = {recipe.owner: [bound]} if recipe.owner and bound is not None else {}
    told = {fact: teller(asked) for fact, teller in _tellers.items()}
    return World(
        owned=bound is not None,
        holders=_holders(named),
        state_map=dict(state_map or {}),
        pinned=pinned,
        days_on_map=days,
        evidence=_evidence(chosen),
        relaxed=frozenset(rule for rule in ("S1",) if chosen.body.approvals and relaxed(rule)),
        **told,
    )


def published(version_id: int) -> Effective:
    """Return what a published version runs, with the place of everything in its text."""
    row = RecipeVersion.objects.only("source", "overlay", "level", "effective").get(pk=version_id)
    document = overlaid(read(row.source), read_all(row.overlay))
    return with_facets(document, row.level, tuple(row.effective["facets"]))


def _owner_of(key: str) -> int | None:
    rows = Adoption.objects.filter(key=key, owner__is_active=True)
    return rows.values_list("owner_id", flat=True).first()


def _holders(named: Mapping[str, Iterable[int]]) -> dict[str, frozenset[int]]:
    """Return who holds each role today, in whatever scope: granted, by team, by service."""
    now = instants.now()
    running = Q(valid_to__isnull=True) | Q(valid_to__gt=now)
    found: dict[str, set[int]] = {role: set(people) for role, people in named.items()}
    grants = RoleGrant.objects.filter(running, valid_from__lte=now, person__is_active=True)
    rows = list(grants.filter(state=RoleGrant.State.GRANTED).values_list("role", "person_id"))
    ties = Relation.objects.filter(running, valid_from__lte=now, person__is_active=True)
    roles = {Relation.Kind.LEADS: "team_lead", Relation.Kind.MEMBER_OF: "agent"}
    rows += [
        (roles[Relation.Kind(kind)], person)
        for kind, person in ties.filter(kind__in=roles, team__isnull=False).values_list(
            "kind", "person_id"
        )
    ]
    owners = Service.objects.exclude(state__in=("proposed", "retired"))
    known = owners.filter(owner__is_active=True).values_list("owner_id", flat=True)
    rows += [("service_owner", person) for person in known if person is not None]
    for role, person in rows:
        found.setdefault(role, set()).add(person)
    for role, granted in ALIKE.items():
        found.setdefault(role, set()).update(found.get(granted, set()))
    return {role: frozenset(people) for role, people in found.items()}


def _days_on_map(key: str) -> dict[str, int]:
    """Return for how many days each state has been on a map that was published here."""
    now = instants.now()
    rows = RecipeVersion.objects.filter(key=key).values_list("effective__body__states")
    days: dict[str, int] = {}
    for states, since in rows.annotate(since=Min("published_at")):
        for state in states or {}:
            days[state] = max(days.get(state, 0), (now - since).days)
    return days


def _evidence(chosen: Effective) -> dict[int, tuple[Evidence, ...]]:
    """Return what each level that is run here asks for, above the first."""
    facets = chosen.document.recipe.facets
    highest = max([chosen.level, *(facets[name].level for name in chosen.facets)])
    key = chosen.document.recipe.recipe
    return {level: tuple(readiness(key, level)) for level in range(2, highest + 1)}
