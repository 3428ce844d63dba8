"""The account of a record's clocks: every stretch of each, counted or not, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_GET

from brigade.integrations.logs.clocks import brought_rules
from brigade.kernel import instants
from brigade.kernel.clocks.engine import PAUSE, PAUSED, RESOLVED, RUN, STOPPED
from brigade.kernel.clocks.measuring import Account, account_of
from brigade.kernel.clocks.queries import names_of_stretches
from brigade.kernel.recipes.queries import recipe_version
from brigade.kernel.records.access import require
from brigade.kernel.records.naming import names_of
from brigade.kernel.records.reading import record_for
from brigade.kernel.work.handovers import handovers
from brigade.web.shell.reader import reader
from brigade.web.shell.render import page
from brigade.web.shell.times import hours, localtime
from brigade.web.work.clock_words import clock_name, reason_words
from brigade.web.work.numbers import NUMBER
from brigade.web.work.record_context import back_to

if TYPE_CHECKING:
    from brigade.kernel.clocks.replay import Stretch
    from brigade.kernel.recipes.compiled import CompiledRecipe

KINDS = {RUN: lazy("Counted"), PAUSE: lazy("Paused"), RESOLVED: lazy("Stopped")}


@dataclass(frozen=True, slots=True)
class Row:
    """One stretch of a clock: `reason` says why it was counted or not."""

    begin: datetime
    end: datetime
    kind: str
    counted: bool
    seconds: str
    reason: str
    outside: str
    total: str
    calendar: str
    target: str
    finished: bool


@dataclass(frozen=True, slots=True)
class Told:
    """A clock with its whole account, opening with what it comes to."""

    name: str
    finding: str
    tone: str
    rows: list[Row]
    agrees: bool


@login_required
@require_GET
def clocks(request: HttpRequest, number: str) -> HttpResponse:
    """Account for every second of a record's clocks, so that a lead can explain any late one."""
    person = reader(request)
    record = record_for(person, number)
    require(person, "internal", record)
    at, recipe = instants.now(), recipe_version(record.recipe_version_id)
    accounts = account_of(record, at, brought_rules())
    context = {
        "record": record,
        "told": told(recipe, accounts, at),
        "held": handovers(record),
        "at": at,
        "back": back_to(request, record),
    }
    return page(request, "work/record/clocks.jinja", context)


def told(recipe: CompiledRecipe, accounts: Sequence[Account], at: datetime) -> list[Told]:
    """Return the accounts of clocks in words."""
    segments = [line.segment for account in accounts for line in account.stretches]
    targets, calendars = names_of_stretches(
        [one.target for one in segments if one.target], [one.calendar for one in segments]
    )
    return [
        Told(
            name=clock_name(recipe, account.clock.name, team_of(recipe, account)),
            finding=finding(recipe, account, at),
            tone=_tone(account, at),
            rows=[_row(recipe, line, targets, calendars) for line in account.stretches],
            agrees=account.agrees,
        )
        for account in accounts
    ]


def team_of(recipe: CompiledRecipe, account: Account) -> str:
    """Return the name of the team that a clock is for, or nothing."""
    known = recipe.clocks.get(account.clock.name)
    if known is None or known.per != "team" or account.clock.subject is None:
        return ""
    return names_of(recipe, {"team": account.clock.subject}).of("team", account.clock.subject) or ""


def finding(recipe: CompiledRecipe, account: Account, at: datetime) -> str:
    """Return in a sentence what a clock comes to."""
    clock, promised = account.clock, account.clock.promise.seconds
    due = clock.due()
    words = {
        "used": hours(clock.counted_at(max(account.until, clock.mark)), exact=True),
        "promised": hours(promised),
        "due": localtime(due) if due else "",
        "reason": reason_words(recipe, clock.reason),
    }
    if clock.state not in (PAUSED, STOPPED) and not clock.is_live:
        return _("It counted %(used)s and then no longer counts: no promise holds.") % words
    if promised is None:
        return _("It measures only: %(used)s so far.") % words
    if clock.state == STOPPED:
        kept = _("Kept: it took %(used)s of the %(promised)s promised.")
        missed = _("Missed: it took %(used)s where %(promised)s were promised.")
        return (kept if clock.met() else missed) % words
    if clock.state == PAUSED:
        return _("Paused, %(reason)s: %(used)s of the %(promised)s promised are used.") % words
    if due is not None and due < at:
        return (
            _("Over time since %(due)s: %(used)s are used where %(promised)s were promised.")
            % words
        )
    return _("Due %(due)s: %(used)s of the %(promised)s promised are used.") % words


def _tone(account: Account, at: datetime) -> str:
    clock = account.clock
    due = clock.due() if clock.is_live else None
    if clock.met() is False or (due is not None and due < at):
        return "bad"
    return "ok" if clock.met() else ""


def _row(
    recipe: CompiledRecipe,
    line: Stretch,
    targets: dict[int, str],
    calendars: dict[int, tuple[str, int]],
) -> Row:
    segment = line.segment
    wall = round((segment.end - segment.begin).total_seconds())
    name, number = calendars.get(segment.calendar, ("", 0))
    counted = segment.kind == RUN
    reason = reason_words(recipe, segment.reason) if segment.kind == PAUSE else ""
    return Row(
        begin=segment.begin,
        end=segment.end,
        kind=str(KINDS[segment.kind]),
        counted=counted,
        seconds=hours(segment.seconds, exact=True),
        reason=reason or _why(segment.kind),
        outside=hours(wall - segment.seconds, exact=True) if wall > segment.seconds else "",
        total=hours(line.counted_before + (segment.seconds if counted else 0), exact=True),
        calendar=_("%(calendar)s, version %(number)d") % {"calendar": name, "number": number},
        target=targets.get(segment.target or 0, ""),
        finished=line.finished,
    )


def _why(kind: str) -> str:
    if kind == RUN:
        return _("Work was on")
    return _("It rested") if kind == PAUSE else _("It had stopped")


urlpatterns = [path(f"{NUMBER}/clocks", clocks, name="record_clocks")]
