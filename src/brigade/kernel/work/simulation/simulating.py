"""The verb of replaying: the last days of journals driven through a draft. Nothing is written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from brigade.kernel import instants
from brigade.kernel.clocks.promises import book
from brigade.kernel.parties.access import is_operator
from brigade.kernel.recipes.compiled import CompiledRecipe
from brigade.kernel.recipes.queries import recipe_version
from brigade.kernel.records.access import records_visible_to
from brigade.kernel.records.models import Record
from brigade.kernel.refused import Invalid
from brigade.kernel.work.simulation.acting_then import roles_then
from brigade.kernel.work.simulation.clocked import with_shifts
from brigade.kernel.work.simulation.drafting import recipe_to_try
from brigade.kernel.work.simulation.findings import Found
from brigade.kernel.work.simulation.queries import count_since, histories
from brigade.kernel.work.simulation.replay import Counts, Replay
from brigade.kernel.work.simulation.replaying import Known, walk
from brigade.kernel.work.simulation.seats import loads

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person
    from brigade.kernel.recipes.overlay import Operation

MOST = 5000
"""Records one replay tries, the last ones: somebody waits for it."""
MOST_DAYS = 400


def simulate(
    key: str,
    *,
    by: Person,
    overlay: Sequence[Operation] | None = None,
    level: int | None = None,
    text: str | None = None,
    days: int = 90,
) -> Replay:
    """Drive the last `days` of journals through a draft and say what would have been otherwise.

    What is tried is the open draft, or an overlay as in `recipe_to_try`. Every record on
    which something happened in that time is tried with its whole history; moves before
    it are not counted. Nothing is written. Raises Hidden where the practice does not run
    or nothing is there to try, Refused where the draft is unsound, NotPermitted.
    """
    if not 1 <= days <= MOST_DAYS:
        raise Invalid("bad_days", _("Give 1 to %(most)d days.") % {"most": MOST_DAYS}, "days")
    recipe = recipe_to_try(key, by, overlay=overlay, level=level, text=text)
    until = instants.now()
    since = until - timedelta(days=days)
    found, left_out = _replayed(recipe, since, until)
    whole = len(found) + left_out < MOST or count_since(recipe.kind, since) <= MOST
    counts = Counts.of(found)
    return Replay(
        key=key,
        version=recipe.version,
        checksum=recipe.checksum,
        days=days,
        since=since,
        until=until,
        whole=whole,
        left_out=left_out,
        reasons=counts.reasons(),
        approvals=counts.approvals(),
        loads=loads(recipe, counts.approvals(), since, until),
        **(_rows(counts, _numbers(counts, by, recipe.kind)) | counts.sums()),
    )


def _rows(counts: Counts, shown: dict[int, tuple[str, str]]) -> dict[str, Any]:
    """Return the rows behind the counts, of the records that the reader may see."""
    return {
        "blocks": _seen(counts.blocks(), shown),
        "asked": _seen((row for one in counts.found for row in one.asked), shown),
        "clicked": _seen((row for one in counts.found for row in one.clicks), shown),
        "shifts": _seen(counts.shifts(), shown),
        "numbers": shown,
    }


def _replayed(draft: CompiledRecipe, since: datetime, until: datetime) -> tuple[list[Found], int]:
    """Return what each record gives, and how many cannot be told for an erased entry."""
    known, targets = Known(since, roles_then(draft.kind), _services()), book()
    found, left_out = [], 0
    for history in histories(draft.kind, since, MOST):
        if any(entry.erased for entry in history.entries):
            left_out += 1
            continue
        live = recipe_version(history.version)
        one, past = walk(history.record, history.entries, live, draft, known)
        found.append(with_shifts(one, past, live, draft, targets.promise_for, until))
    return found, left_out


def _services() -> Any:
    """Return how to read what expressions may know of a service, each read once."""
    from brigade.kernel.services.queries import service_facts

    read: dict[Any, dict[str, Any] | None] = {}

    def service_of(service: Any) -> dict[str, Any] | None:
        if service not in read:
            read[service] = service_facts(service)
        return read[service]

    return service_of


def _numbers(counts: Counts, by: Person, kind: str) -> dict[int, tuple[str, str]]:
    """Return number and title of the records with a finding that the reader may see."""
    ids = [one.record for one in counts.found if one.block or one.asked or one.clicks or one.shifts]
    known = Record.objects.all() if is_operator(by) else records_visible_to(by)
    rows = known.filter(kind=kind, pk__in=ids)
    return {pk: (number, title) for pk, number, title in rows.values_list("pk", "number", "title")}


def _seen(rows: Iterable[Any], shown: Mapping[int, Any]) -> tuple[Any, ...]:
    return tuple(row for row in rows if row.record in shown)
