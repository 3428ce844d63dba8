"""People as CSV: in, all or nothing, and out again.

Matched by address, or by name for people without one. An empty cell and a
missing column leave what is there; roles never come from a file, because a
role needs a second administrator.
"""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext as _

from brigade.kernel import instants
from brigade.kernel.parties import access, queries, rules, writes
from brigade.kernel.parties.actions.accounts import end_everything
from brigade.kernel.parties.actions.people import PersonFacts, apply_facts, refuse_gone
from brigade.kernel.parties.actions.relations import save_relation
from brigade.kernel.parties.importing import active_in, import_rows
from brigade.kernel.parties.lookups import relations_at
from brigade.kernel.parties.models import Organisation, Person, Relation, Team
from brigade.kernel.parties.names import folded
from brigade.kernel.parties.tables import (
    SEPARATOR,
    ImportReport,
    Row,
    read_table,
    several,
    write_table,
)
from brigade.kernel.refused import Invalid

COLUMNS: Final = (
    "email", "name", "title", "phone", "organisation", "language", "timezone",
    "teams", "manager", "active",
)  # fmt: skip
_PLAIN: Final = ("name", "title", "phone", "language", "timezone")


def import_people(
    data: bytes, *, by: Person, dry_run: bool = False, os_user: str = ""
) -> ImportReport:
    """Add and change people from a CSV file; only an administrator of everything may.

    `teams` adds memberships and ends none, `manager` is an address, `active`
    "no" disables at once. A row that changes nothing is counted as unchanged.
    """
    access.needed(access.may_administer(by))
    table = read_table(data, columns=COLUMNS, required=("name",), key=("email",))
    taker = _Taker(by)
    return import_rows(
        table, taker.person, taker.relations, by=by, dry_run=dry_run, os_user=os_user
    )


class _Taker:
    """Takes rows of one file, and remembers what the first pass did for the second to count."""

    def __init__(self, by: Person) -> None:
        self.by = by
        self.outcomes: dict[int, str] = {}
        self.people: dict[int, Person] = {}
        self.teams = {team.name.casefold(): team for team in Team.objects.filter(is_active=True)}
        self.organisations = {
            organisation.code.casefold(): organisation
            for organisation in Organisation.objects.filter(is_active=True)
        }

    def person(self, row: Row) -> str:
        """Add or change the person of a row."""
        found = self._find(row)
        facts = self._facts(row)
        active = active_in(row)
        person = found or Person(name="?")
        if found is not None:
            refuse_gone(found)
        before = _shown(person)
        apply_facts(person, facts)
        outcome = "unchanged"
        if found is None:
            person.set_unusable_password()
            person.save()
            outcome = "created"
        elif _shown(person) != before:
            person.save()
            outcome = "changed"
        if active is not None and active != person.is_active:
            self._switch(person, active)
            outcome = "created" if found is None else "changed"
        self.people[row.line] = person
        self.outcomes[row.line] = outcome
        return outcome

    def relations(self, row: Row) -> str:
        """Tie the person of a row to teams and manager; people of the whole file exist by now."""
        person = self.people[row.line]
        added = False
        for name in several(row.cells.get("teams", "")):
            team = self.teams.get(name.casefold())
            if team is None:
                raise Invalid(
                    "unknown", _("There is no team “%(name)s”.") % {"name": name}, "teams"
                )
            if not relations_at().filter(person=person, team=team, kind="member_of").exists():
                self._relate(Relation.Kind.MEMBER_OF, person, team=team)
                added = True
        if row.cells.get("manager"):
            added = self._manager(person, row.cells["manager"]) or added
        if added and self.outcomes[row.line] == "unchanged":
            self.outcomes[row.line] = "changed"
        return self.outcomes[row.line]

    def _manager(self, person: Person, address: str) -> bool:
        manager = Person.objects.filter(email=rules.email(address, "manager")).first()
        if manager is None or not manager.is_active:
            raise Invalid("unknown", _("Nobody active has this mail address."), "manager")
        if manager.pk == person.pk:
            raise Invalid("self", _("Nobody can be this for themselves."), "manager")
        now = instants.now()
        present = relations_at(now).filter(kind=Relation.Kind.MANAGES, other=person)
        if present.filter(person=manager).exists():
            return False
        for relation in present:
            relation.valid_to = max(now, relation.valid_from)
            relation.save(update_fields=["valid_to"])
        self._relate(Relation.Kind.MANAGES, manager, other=person)
        return True

    def _relate(
        self, kind: str, person: Person, *, team: Team | None = None, other: Person | None = None
    ) -> None:
        if not person.is_active:
            raise Invalid("inactive", _("This person is not active."), "active")
        save_relation(
            Relation(kind=kind, person=person, team=team, other=other, valid_from=instants.now())
        )

    def _find(self, row: Row) -> Person | None:
        address = rules.email(row.cells.get("email"))
        people = Person.objects.select_for_update(of=("self",)).filter(is_system=False)
        if address is not None:
            return people.filter(email=address).first()
        namesakes = list(people.filter(email=None, sort_name=folded(row.cells.get("name", "")))[:2])
        if len(namesakes) > 1:
            message = _("Two people without an address have this name. Give an address.")
            raise Invalid("ambiguous", message, "email")
        return namesakes[0] if namesakes else None

    def _facts(self, row: Row) -> PersonFacts:
        cells = row.cells
        facts: PersonFacts = {}
        for name in _PLAIN:
            if cells.get(name):
                facts[name] = cells[name]
        if "name" not in facts:
            raise Invalid("required", _("Please fill this in."), "name")
        if cells.get("email"):
            facts["email"] = cells["email"]
        if cells.get("organisation"):
            code = cells["organisation"]
            organisation = self.organisations.get(code.casefold())
            if organisation is None:
                message = _("There is no organisation with the code “%(code)s”.") % {"code": code}
                raise Invalid("unknown", message, "organisation")
            facts["organisation"] = organisation
        return facts

    def _switch(self, person: Person, active: bool) -> None:
        if not active:
            if person.pk == self.by.pk:
                message = _("Somebody else has to disable your account.")
                raise Invalid("own_account", message, "active")
            writes.one_rights_change_at_a_time()
            end_everything(person)
            return
        person.is_active, person.disabled_at = True, None
        person.save(update_fields=["is_active", "disabled_at"])


def _shown(person: Person) -> tuple[object, ...]:
    return (
        person.email, person.name, person.title, person.phone, person.organisation_id,
        person.language, person.timezone,
    )  # fmt: skip


def export_people(*, by: Person) -> str:
    """Return everybody whom `by` may see as CSV that `import_people` takes back unchanged."""
    people = list(
        queries.people_visible_to(by)
        .filter(is_system=False, pseudonymised_at=None)
        .select_related("organisation")
        .order_by("sort_name", "id")
    )
    teams: dict[int, list[str]] = {}
    managers: dict[int, str] = {}
    for relation in relations_at().filter(person__is_active=True).select_related("person", "team"):
        if relation.kind == Relation.Kind.MEMBER_OF and relation.team is not None:
            teams.setdefault(relation.person_id, []).append(relation.team.name)
        elif relation.kind == Relation.Kind.MANAGES and relation.other_id is not None:
            managers[relation.other_id] = relation.person.email or ""
    return write_table(
        COLUMNS,
        (
            (
                person.email or "", person.name, person.title, person.phone,
                person.organisation.code if person.organisation else "",
                person.language, person.timezone,
                f" {SEPARATOR} ".join(sorted(teams.get(person.pk, []))),
                managers.get(person.pk, ""), "yes" if person.is_active else "no",
            )
            for person in people
        ),
    )  # fmt: skip
