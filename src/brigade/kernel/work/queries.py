"""What opening a record has to know, read in one prepared statement."""

from __future__ import annotations

from typing import NamedTuple

from brigade.kernel.records.prepared import run_prepared


class OpeningFacts(NamedTuple):
    """Ids that a new record takes from what is configured; None where there is nothing.

    `version_id` is the recipe version that new records of the kind pin.
    """

    version_id: int | None
    customer_id: int | None
    service_team_id: int | None
    default_team_id: int | None


_OPENING = """
select
    (select a.version_id from recipes_adoption a
        join recipes_recipeversion v on v.id = a.version_id
        where a.state = 'adopted' and v.effective #>> '{record,kind}' = %(kind)s::text limit 1),
    (select p.organisation_id from parties_person p where p.id = %(requester)s::bigint),
    (select s.team_id from services_service s
        join parties_team t on t.id = s.team_id and t.is_active
        where s.id = %(service)s::bigint),
    (select i.default_team_id from parties_installation i where i.id = 1)
"""


def opening_facts(kind: str, requester_id: int | None, service_id: int | None) -> OpeningFacts:
    """Return the recipe version of a kind, the requester's organisation, and the teams to go to."""
    row = run_prepared(_OPENING, {"kind": kind, "requester": requester_id, "service": service_id})
    return OpeningFacts(*(row or (None, None, None, None)))
