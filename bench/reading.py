"""Measures that only read, all of one size on one database: record, list, badges, search."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import orjson

from bench.bulk import COMMON, NUMBERS_FROM, OLD, RARE
from bench.client import Ask, Broken, load, request
from bench.company import Company
from bench.figures import Round, timed
from bench.place import Place
from bench.web import Running

if TYPE_CHECKING:
    import psycopg

DEEPEST = 20_000
"""The page of a list is this deep in the view, or half-way where there is less."""
Measure = Callable[[], Round]

RAW = """
select r.id, r.number, r.kind, r.title, r.state, r.state_category, r.priority, r.priority_fact,
    r.confidential, r.channel, r.opened_at, r.updated_at, r.resolved_at, r.closed_at, r.next_due,
    r.timer, r.version, r.recipe_version_id, r.requester_id, q.name, r.customer_id, c.name,
    r.service_id, s.code, s.name, r.team_id, t.name, r.assignee_id, a.name
from records_record r
    left join parties_person q on q.id = r.requester_id
    left join parties_organisation c on c.id = r.customer_id
    left join services_service s on s.id = r.service_id
    left join parties_team t on t.id = r.team_id
    left join parties_person a on a.id = r.assignee_id
where r.state_category in ('new', 'active', 'waiting') and r.kind = 'incident'
    and (not r.confidential or r.assignee_id = %(me)s or r.team_id = any(%(teams)s)
        or exists (select from records_watcher w where w.record_id = r.id and w.person_id = %(me)s))
    and (r.next_due, coalesce(r.priority, 9), r.id) > (%(due)s, %(priority)s, %(id)s)
order by r.next_due, coalesce(r.priority, 9), r.id limit 51
"""
_DEEP = """
select next_due, coalesce(priority, 9) as priority, id from records_record
where state_category in ('new', 'active', 'waiting')
order by next_due, coalesce(priority, 9), id offset %s limit 1
"""


class Reads:
    """The measures of one size, over one running server."""

    def __init__(
        self, place: Place, company: Company, web: Running, database: str, records: int,
        seconds: float,
    ) -> None:  # fmt: skip
        self.place, self.company, self.web = place, company, web
        self.database, self.records, self.seconds = database, records, seconds
        self._headers = {"Authorization": f"Bearer {company.token}"}
        self._raw: psycopg.Connection[Any] = place.connect(database)
        self._deep = self._place()
        self._same_rows()

    def close(self) -> None:
        """Let go of the database."""
        self._raw.close()

    def measures(self) -> dict[str, Measure]:
        """Return the measures by name."""
        found = {f"api_read_c{clients}": self._http(clients, self._read) for clients in (1, 4)}
        found["raw_sql_list_page"] = self._raw_list
        found["api_list_page_c1"] = self._http(1, self._page(self._after()))
        found["api_list_page_c4"] = self._http(4, self._page(self._after()))
        found["api_list_newest_open"] = self._http(1, self._page("", "updated"))
        for name, word in (("rare", RARE), ("common", COMMON), ("common_but_old", OLD)):
            found[f"search_{name}"] = self._http(1, self._search(word))
        return found

    def _http(self, clients: int, ask: Ask) -> Measure:
        def measure() -> Round:
            cpu = self.web.cpu_seconds
            seen = load(self.web.port, clients, self.seconds / 2, ask, warm=0.2, cpu=cpu)
            return timed(
                seen.times,
                per_second=round(seen.per_second, 1),
                server_cpu_ms=round(seen.server_cpu_ms, 3),
            )

        return measure

    def _get(self, path: str) -> bytes:
        return request("GET", path, self._headers)

    def _read(self, client: int, turn: int) -> bytes:
        number = NUMBERS_FROM + 1 + (turn * 7_919 + client * 104_729) % self.records
        return self._get(f"/api/v1/records/INC-{number}")

    def _page(self, after: str, sort: str = "due") -> Ask:
        path = f"/api/v1/records?category=new&category=active&category=waiting&sort={sort}"
        sent = self._get(path + (f"&after={after}" if after else ""))
        return lambda client, turn: sent

    def _search(self, word: str) -> Ask:
        sent = self._get(f"/api/v1/records/search?q={quote(word)}")
        return lambda client, turn: sent

    def _place(self) -> dict[str, Any]:
        count = "select count(*) from records_record where state_category in"
        row = self._raw.execute(f"{count} ('new', 'active', 'waiting')").fetchone()
        there = self._raw.execute(_DEEP, [min(DEEPEST, (row[0] if row else 0) // 2)]).fetchone()
        if there is None:
            raise Broken("there are too few open records for a deep page")
        return {"due": there[0], "priority": there[1], "id": there[2]}

    def _after(self) -> str:
        from brigade.kernel.records.orders import Sort, cursor

        row = {"next_due": self._deep["due"], **self._deep}
        return cursor(Sort.DUE, row)

    def _rows(self) -> list[tuple[Any, ...]]:
        teams = [self.company.teams["desk"]]
        given = {"me": self.company.agent, "teams": teams, **self._deep}
        return self._raw.execute(RAW, given, prepare=True).fetchall()

    def _raw_list(self) -> Round:
        times: list[float] = []
        end = time.perf_counter() + self.seconds / 2
        while (begun := time.perf_counter()) < end:
            self._rows()
            times.append(1000 * (time.perf_counter() - begun))
        return timed(times)

    def _same_rows(self) -> None:
        """Make sure that the list and its raw statement are about the same rows."""
        from bench.client import Line

        line = Line(self.web.port)
        _status, _head, body = line.ask(self._page(self._after())(0, 0))
        line.close()
        listed = [each["number"] for each in orjson.loads(body)["items"]]
        if listed != [row[1] for row in self._rows()][:50]:
            raise Broken("the list page and its raw statement do not give the same rows")


def badges(company: Company, seconds: float) -> Round:
    """Measure six counts in one statement, as the queue's tabs ask for them, in this process."""
    from brigade.kernel.parties.held import note_rights
    from brigade.kernel.parties.lookups import person_of
    from brigade.kernel.records.lists import OPEN_CATEGORIES, ListFilter, counts

    person = person_of(company.agent)
    if person is None:
        raise Broken("the agent is not there")
    note_rights(person)
    desk = (company.teams["desk"],)
    views = {
        "open": ListFilter(categories=OPEN_CATEGORIES),
        "mine": ListFilter(categories=OPEN_CATEGORIES, assignee=company.agent),
        "team": ListFilter(categories=OPEN_CATEGORIES, teams=desk),
        "unassigned": ListFilter(categories=OPEN_CATEGORIES, teams=desk, unassigned=True),
        "waiting": ListFilter(categories=("waiting",)),
        "new": ListFilter(categories=("new",)),
    }
    times: list[float] = []
    end = time.perf_counter() + seconds / 2
    while (begun := time.perf_counter()) < end:
        counts(person, views)
        times.append(1000 * (time.perf_counter() - begun))
    return timed(times)
