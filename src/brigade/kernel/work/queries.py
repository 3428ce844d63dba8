"""What opening a record has to know, read in one prepared statement."""

from __future__ import annotations

from typing import NamedTuple

from brigade.kernel.prepared import run_prepared
from brigade.kernel.services.queries import USABLE_STATES


class OpeningFacts(NamedTuple):
    """Ids that a new record takes from what is configured; None where there is nothing.

    `version_id` is the recipe version that new records of the kind pin. `requester_works`
    and `service_in_use` tell whether a record may name them today. The names are those of
    the things before them.
    """

    version_id: int | None = None
    requester_works: bool | None = None
    requester: str | None = None
    customer_id: int | None = None
    customer: str | None = None
    service_in_use: bool | None = None
    service_code: str | None = None
    service: str | None = None
    service_team_id: int | None = None
    service_team: str | None = None
    default_team_id: int | None = None
    default_team: str | None = None


_OPENING = """
select
    (select a.version_id from recipes_adoption a
        join recipes_recipeversion v on v.id = a.version_id
        where a.state = 'adopted' and v.effective #>> '{record,kind}' = %(kind)s::text limit 1),
    p.is_active and not p.is_system, p.name, o.id, o.name,
    s.state = any(%(usable)s::text[]), s.code, s.name, t.id, t.name, d.id, d.name
from (values (1)) as one(id)
    left join parties_person p on p.id = %(requester)s::bigint
    left join parties_organisation o on o.id = p.organisation_id
    left join services_service s on s.id = %(service)s::bigint
    left join parties_team t on t.id = s.team_id and t.is_active
    left join parties_installation i on i.id = one.id
    left join parties_team d on d.id = i.default_team_id
"""


def opening_facts(kind: str, requester_id: int | None, service_id: int | None) -> OpeningFacts:
    """Return the recipe version of a kind, the requester's organisation, and the teams to go to."""
    asked = {"kind": kind, "requester": requester_id, "service": service_id}
    return OpeningFacts(*(run_prepared(_OPENING, asked | {"usable": USABLE_STATES}) or ()))
