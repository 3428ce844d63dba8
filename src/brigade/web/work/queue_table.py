"""A list of the queue for a spreadsheet: every record of it, with the organisation's own fields."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from brigade.kernel.measures import tables
from brigade.kernel.records.lists import LIMIT, list_page
from brigade.kernel.records.naming import KINDS, names_of
from brigade.kernel.records.row_marks import marks_of
from brigade.kernel.refused import Refused
from brigade.kernel.work.viewing import views_of
from brigade.web.shell.times import number
from brigade.web.work.queue import require_desk
from brigade.web.work.queue_query import asked_for

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person
    from brigade.kernel.recipes.own_fields import OwnField
    from brigade.web.work.queue_query import Asked

MOST = 5000
"""Records of one table; a longer list is a matter of the API."""

COLUMNS: Mapping[str, str] = {
    "number": "number", "kind": "kind", "title": "title", "state": "state",
    "category": "state_category", "priority": "priority", "requester": "requester__name",
    "customer": "customer__name", "service": "service__code", "team": "team__name",
    "assignee": "assignee__name", "opened_at": "opened_at", "updated_at": "updated_at",
    "resolved_at": "resolved_at", "closed_at": "closed_at",
}  # fmt: skip
"""Names for programs, which do not follow the reader's language, and what of a row they hold."""


@login_required
@require_GET
def table(request: HttpRequest, form: str) -> HttpResponse:
    """Hand out every record of the list that the address means; Refused where they are too many."""
    person = require_desk(request)
    asked = asked_for(person, request.GET, list(views_of(person)))
    columns = [*COLUMNS, *asked.own]
    rows = [line for page in _pages(person, asked) for line in _lines(person, asked, page)]
    xlsx = form == "xlsx"
    made = tables.as_xlsx(rows, columns, "Records") if xlsx else tables.as_csv(rows, columns)
    answer = HttpResponse(made, content_type=tables.XLSX if xlsx else tables.CSV)
    answer["Content-Disposition"] = f'attachment; filename="records.{form}"'
    return answer


def _pages(person: Person, asked: Asked) -> Iterator[list[dict[str, Any]]]:
    """Yield the pages of the list; Refused once there are more than a table holds."""
    after, count = None, 0
    while True:
        found = list_page(person, asked.wanted, asked.sort, after, LIMIT)
        count += len(found.rows)
        if count > MOST:
            raise Refused(
                "too_many",
                _("This list has more than %(n)s records. Narrow it with a filter.")
                % {"n": number(MOST)},
            )
        yield found.rows
        after = found.next_cursor
        if after is None:
            return


def _lines(person: Person, asked: Asked, page: list[dict[str, Any]]) -> Iterator[list[tables.Cell]]:
    own = {one.field.key: one for one in asked.own.values()}
    wanted = {key: one.field.public for key, one in own.items()}
    marks = marks_of(person, [row["id"] for row in page], wanted)
    named = _named(own, [each.own for each in marks.values()])
    for row in page:
        values = _typed(own, marks[row["id"]].own)
        plain = [_cell(row[name]) for name in COLUMNS.values()]
        yield plain + [_cell(named.get((key, values.get(key)), values.get(key))) for key in own]


def _named(
    own: Mapping[str, OwnField], rows: list[Mapping[str, Any]]
) -> dict[tuple[str, Any], str]:
    """Return the names of people, teams and the like that these values hold as ids."""
    found: dict[tuple[str, Any], str] = {}
    for key, one in own.items():
        if one.field.type in KINDS:
            values = [row[key] for row in rows if key in row]
            names = names_of(one.recipe, *({key: value} for value in values))
            found |= {(key, value): names.of(key, value) or "" for value in values}
    return found


def _typed(own: Mapping[str, OwnField], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values with numbers that are kept by their digits as numbers."""
    return {
        key: float(value) if own[key].field.type == "number" else value
        for key, value in values.items()
    }


def _cell(value: Any) -> tables.Cell:
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None or isinstance(value, int | float | str):
        return value
    return str(value.isoformat()) if hasattr(value, "isoformat") else str(value)


urlpatterns = [
    path("queue/table.csv", table, {"form": "csv"}, "queue_csv"),
    path("queue/table.xlsx", table, {"form": "xlsx"}, "queue_xlsx"),
]
