"""Teams and organisations as CSV: in, all or nothing, and out again."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext as _

from brigade.kernel.parties import access, queries
from brigade.kernel.parties.actions.groups import (
    OrganisationFacts,
    TeamFacts,
    apply_organisation_facts,
    apply_team_facts,
)
from brigade.kernel.parties.importing import active_in, import_rows
from brigade.kernel.parties.models import Organisation, Person, Team
from brigade.kernel.parties.tables import ImportReport, Row, read_table, write_table
from brigade.kernel.refused import Invalid

TEAM_COLUMNS: Final = ("name", "description", "email", "active")
ORGANISATION_COLUMNS: Final = ("code", "name", "kind", "parent", "active")


def import_teams(
    data: bytes, *, by: Person, dry_run: bool = False, os_user: str = ""
) -> ImportReport:
    """Add and change teams from a CSV file, matched by name."""
    access.needed(access.may_administer(by))
    table = read_table(data, columns=TEAM_COLUMNS, required=("name",), key=("name",))
    return import_rows(table, _take_team, by=by, dry_run=dry_run, os_user=os_user)


def _take_team(row: Row) -> str:
    cells = row.cells
    found = Team.objects.filter(name__iexact=" ".join(cells.get("name", "").split())).first()
    team = found or Team()
    before = (team.name, team.description, team.email, team.is_active)
    facts: TeamFacts = {"name": cells.get("name", "")}
    if cells.get("description"):
        facts["description"] = cells["description"]
    if cells.get("email"):
        facts["email"] = cells["email"]
    active = active_in(row)
    if active is not None:
        facts["is_active"] = active
    apply_team_facts(team, facts)
    if found is not None and before == (team.name, team.description, team.email, team.is_active):
        return "unchanged"
    team.save()
    return "created" if found is None else "changed"


def import_organisations(
    data: bytes, *, by: Person, dry_run: bool = False, os_user: str = ""
) -> ImportReport:
    """Add and change organisations from a CSV file, matched by code; a parent may come later."""
    access.needed(access.may_administer(by))
    table = read_table(data, columns=ORGANISATION_COLUMNS, required=("code", "name"), key=("code",))
    outcomes: dict[int, str] = {}

    def organisation(row: Row) -> str:
        outcomes[row.line] = _take_organisation(row)
        return outcomes[row.line]

    def parent(row: Row) -> str:
        if _take_parent(row) and outcomes[row.line] == "unchanged":
            return "changed"
        return outcomes[row.line]

    return import_rows(table, organisation, parent, by=by, dry_run=dry_run, os_user=os_user)


def _of_code(code: str) -> Organisation | None:
    return Organisation.objects.filter(code__iexact=code.strip()).first()


def _take_organisation(row: Row) -> str:
    cells = row.cells
    found = _of_code(cells.get("code", ""))
    organisation = found or Organisation()
    facts: OrganisationFacts = {"name": cells.get("name", "")}
    if found is None:
        facts["code"] = cells.get("code", "")
        facts["kind"] = cells.get("kind", "") or Organisation.Kind.CUSTOMER
    elif cells.get("kind"):
        facts["kind"] = cells["kind"]
    active = active_in(row)
    if active is not None:
        facts["is_active"] = active
    before = (organisation.name, organisation.kind, organisation.is_active)
    apply_organisation_facts(organisation, facts)
    if found and before == (organisation.name, organisation.kind, organisation.is_active):
        return "unchanged"
    organisation.save()
    return "created" if found is None else "changed"


def _take_parent(row: Row) -> bool:
    code = row.cells.get("parent", "")
    if not code:
        return False
    parent = _of_code(code)
    if parent is None:
        message = _("There is no organisation with the code “%(code)s”.") % {"code": code}
        raise Invalid("unknown", message, "parent")
    organisation = _of_code(row.cells["code"])
    if organisation is None or organisation.parent_id == parent.pk:
        return False
    apply_organisation_facts(organisation, {"parent": parent})
    organisation.save()
    return True


def export_teams(*, by: Person) -> str:
    """Return the teams that `by` may see as CSV that `import_teams` takes back unchanged."""
    return write_table(
        TEAM_COLUMNS,
        (
            (team.name, team.description, team.email, "yes" if team.is_active else "no")
            for team in queries.teams_visible_to(by)
        ),
    )


def export_organisations(*, by: Person) -> str:
    """Return the organisations that `by` may see as CSV, as `import_organisations` takes it."""
    return write_table(
        ORGANISATION_COLUMNS,
        (
            (
                organisation.code,
                organisation.name,
                organisation.kind,
                organisation.parent.code if organisation.parent else "",
                "yes" if organisation.is_active else "no",
            )
            for organisation in queries.organisations_visible_to(by).select_related("parent")
        ),
    )
