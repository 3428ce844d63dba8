"""Who belongs to, leads, manages or stands in for whom."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from brigade.kernel import instants
from brigade.kernel.parties import access, rules
from brigade.kernel.parties.acting import acting
from brigade.kernel.parties.models import Organisation, Person, Relation, Team
from brigade.kernel.refused import Invalid, Refused


def add_relation(
    kind: str,
    person: Person,
    *,
    by: Person,
    team: Team | None = None,
    organisation: Organisation | None = None,
    other: Person | None = None,
    valid_from: datetime | None = None,
    valid_to: datetime | None = None,
    os_user: str = "",
) -> Relation:
    """Tie `person` to one target: a team, an organisation or another person.

    `person` is the member, the lead, the manager or the deputy. Somebody may
    name their own deputy; everything else is an administrator's.
    """
    rules.one_of(kind, Relation.Kind.values, "kind")
    start = valid_from or instants.now()
    rules.period(start, valid_to)
    relation = Relation(
        kind=kind, person=person, team=team, organisation=organisation, other=other,
        valid_from=start, valid_to=valid_to,
    )  # fmt: skip
    access.needed(_may_relate(by, relation))
    _check_target(relation)
    with acting(by, os_user=os_user):
        save_relation(relation)
    return relation


def save_relation(relation: Relation) -> None:
    """Save a checked relation inside the caller's transaction; refuse a second one of the same."""
    if relation.kind == Relation.Kind.MANAGES and relation.other_id is not None:
        _check_line(relation)
    try:
        with transaction.atomic():
            relation.save()
    except IntegrityError as clash:
        if "parties_relation_once_open" in str(clash):
            raise Refused("related_already", _("They are related like this already.")) from clash
        raise


def end_relation(
    relation: Relation, *, by: Person, ends: datetime | None = None, os_user: str = ""
) -> Relation:
    """End a relation now, or at `ends` when that is still to come. It stays as history."""
    with acting(by, os_user=os_user):
        fresh = Relation.objects.select_for_update().get(pk=relation.pk)
        access.needed(_may_relate(by, fresh))
        now = instants.now()
        end = max(ends or now, now)
        if fresh.valid_to is not None and fresh.valid_to <= end:
            raise Refused("ended", _("This has ended already."))
        fresh.valid_to = max(end, fresh.valid_from)
        fresh.save(update_fields=["valid_to"])
    return fresh


def _may_relate(by: Person, relation: Relation) -> bool:
    if relation.kind == Relation.Kind.DEPUTISES and relation.other is not None:
        return access.may_appoint_deputy(by, relation.other)
    return access.may_change_groups(by)


_TARGETS = {
    "member_of": ("team", "organisation"),
    "leads": ("team",),
    "manages": ("other",),
    "deputises": ("other",),
}


def _check_target(relation: Relation) -> None:
    targets = {
        "team": relation.team,
        "organisation": relation.organisation,
        "other": relation.other,
    }
    given = [name for name, target in targets.items() if target is not None]
    if len(given) != 1 or given[0] not in _TARGETS[relation.kind]:
        expected = " / ".join(_TARGETS[relation.kind])
        raise Invalid(
            "target", _("This relation needs exactly one of: %(kinds)s.") % {"kinds": expected},
            given[0] if given else _TARGETS[relation.kind][0],
        )  # fmt: skip
    target = targets[given[0]]
    if target is not None and not target.is_active:
        raise Invalid("inactive", _("This is no longer active."), given[0])
    if not relation.person.is_active or relation.person.is_system:
        raise Invalid("inactive", _("This person is not active."), "person")
    if relation.other_id == relation.person_id:
        raise Invalid("self", _("Nobody can be this for themselves."), "other")


def _check_line(relation: Relation) -> None:
    """Refuse a second manager at the same time, and a line of managers that closes on itself."""
    current = Relation.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=relation.valid_from),
        kind=Relation.Kind.MANAGES,
    )
    mine = current.filter(other_id=relation.other_id)
    if relation.valid_to is not None:
        mine = mine.filter(valid_from__lt=relation.valid_to)
    if mine.exclude(person_id=relation.person_id).exists():
        raise Refused("managed_already", _("This person has a manager. End that first."))
    above: int | None = relation.person_id
    seen: set[int | None] = {relation.other_id}
    while above is not None:
        if above in seen:
            raise Invalid("circle", _("Nobody can manage their own manager."), "other")
        seen.add(above)
        above = current.filter(other_id=above).values_list("person_id", flat=True).first()
