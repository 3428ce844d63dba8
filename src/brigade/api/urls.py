"""Every route, one name for each module that has routes."""

from __future__ import annotations

from django.urls import path

from brigade.api import (
    adoption,
    approvals,
    calendars,
    closing,
    measures,
    parties,
    recipe_drafts,
    recipe_upgrade,
    recipe_versions,
    recipes,
    services,
    simulation,
    small_team,
    targets,
)
from brigade.api.frame.app import api
from brigade.api.governance import decision_rights, decisions
from brigade.api.improvement import improvements
from brigade.api.work import (
    bulk,
    clocks,
    drafts,
    entries,
    files,
    links,
    moves,
    records,
    replies,
    tasks,
    views,
    watchers,
    working,
)

ROOMS = (
    records, clocks, moves, bulk, entries, links, tasks, watchers, files, views, replies, drafts,
    working, parties, services, calendars, targets, measures, closing, recipes,
    simulation, recipe_versions, recipe_drafts, recipe_upgrade,
    decision_rights, decisions, improvements, adoption,
    small_team,
    approvals,
)  # fmt: skip
for room in ROOMS:
    api.add_router("", room.router)

urlpatterns = [path("v1/", api.urls)]
