"""Bringing the example organisation in, once, into an installation without work of its own."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from brigade.integrations.meridian.arrivals import YEAR, arrivals
from brigade.integrations.meridian.building import Company, build
from brigade.integrations.meridian.playing import Player
from brigade.integrations.meridian.plot import Agent, Plot
from brigade.integrations.meridian.promising import promise
from brigade.kernel.instants import at_instant, now
from brigade.kernel.parties.access import may_administer, needed
from brigade.kernel.parties.actions import change_installation, operator
from brigade.kernel.parties.queries import installation
from brigade.kernel.records.models import Record
from brigade.kernel.refused import Refused

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person

SEED = 20_260_301
SPAN = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Loaded:
    """What came in: numbers of records and people, and how long it took in seconds."""

    records: int
    people: int
    seconds: float
    company: Company


def is_loaded() -> bool:
    """Tell whether the example organisation is in."""
    return installation().example_data


def load(
    *,
    by: Person,
    until: datetime | None = None,
    year: int = YEAR,
    seed: int = SEED,
    step: Callable[[int, int], None] = lambda more, total: None,
    hands: int = 1,
) -> Loaded:
    """Make Meridian and let it work for the 365 days before `until` (default: now).

    The same `seed` and `until` give the same year. `step` is told how many
    more of how many records are played; `hands` is how many processes play at once, for
    whoever may be forked (Linux, no threads, no transaction). Refused where there is
    work already, or the example is in: it is for looking around in a fresh installation.
    """
    needed(may_administer(by))
    if is_loaded() or Record.objects.exists():
        raise Refused(
            "not_empty",
            _("Example data is for an empty installation, and this one holds work already."),
        )
    began, end, random = time.perf_counter(), until or now(), Random(seed)
    start = end - SPAN
    root = operator("Brigade")
    with at_instant(start - timedelta(days=1)), transaction.atomic():
        company = build(root, random)
        promise(root, company)
    _settle(root, company)
    instants = arrivals(start, end, random, year)
    agents = [Agent(key, team, start) for team, keys in company.agents.items() for key in keys]
    plot = Plot(random, agents, company.customers, end)
    played = Player(company, root)
    records = played.play(plot.cases(instants), lambda more: step(more, len(instants)), hands=hands)
    return Loaded(records, len(company.people), time.perf_counter() - began, company)


def _settle(root: Person, company: Company) -> None:
    """Mark the installation, and give it a name and a default team where it has none."""
    here = installation()
    change_installation(
        by=root,
        example_data=True,
        name=here.name or "Meridian",
        default_team=here.default_team or company.teams["desk"],
    )
