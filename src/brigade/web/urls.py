"""Every page, one line for each module that has pages.

A module of pages holds `urlpatterns`; a line here puts them into service.
"""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

from brigade.web import gallery
from brigade.web.adoption import urls as adoption
from brigade.web.approvals import approval
from brigade.web.audit import audit, proof
from brigade.web.calendars import urls as calendars
from brigade.web.governance import decision_rights, decisions
from brigade.web.imports import imports
from brigade.web.imports import run as import_run
from brigade.web.improvement import improvements
from brigade.web.operation import incidents, measures
from brigade.web.outbox import outbox
from brigade.web.parties import urls as parties
from brigade.web.portal import home as portal_home
from brigade.web.portal import report, request, requests
from brigade.web.recipes import (
    adopting,
    draft,
    matrix,
    recipe,
    recipes,
    simulation,
    upgrade,
    versions,
)
from brigade.web.services import urls as services
from brigade.web.settings import urls as settings
from brigade.web.setup import pages as setup
from brigade.web.shell import account, home
from brigade.web.targets import urls as targets
from brigade.web.work import (
    at_risk,
    bulk,
    drafts,
    inbox,
    incident_new,
    live,
    palette,
    pickers,
    queue,
    queue_table,
    queue_views,
    record,
    replies,
    search,
)

urlpatterns: list[URLPattern | URLResolver] = [
    *home.urlpatterns,
    *setup.urlpatterns,
    *account.urlpatterns,
    *gallery.urlpatterns,
    *portal_home.urlpatterns,
    *report.urlpatterns,
    *requests.urlpatterns,
    *request.urlpatterns,
    *record.urlpatterns,
    *incident_new.urlpatterns,
    *pickers.urlpatterns,
    *drafts.urlpatterns,
    *replies.urlpatterns,
    *queue.urlpatterns,
    *queue_table.urlpatterns,
    *queue_views.urlpatterns,
    *at_risk.urlpatterns,
    *bulk.urlpatterns,
    *search.urlpatterns,
    *palette.urlpatterns,
    *inbox.urlpatterns,
    *approval.urlpatterns,
    *live.urlpatterns,
    *adoption.urlpatterns,
    *recipes.urlpatterns,
    *recipe.urlpatterns,
    *simulation.urlpatterns,
    *versions.urlpatterns,
    *adopting.urlpatterns,
    *matrix.urlpatterns,
    *draft.urlpatterns,
    *upgrade.urlpatterns,
    *outbox.urlpatterns,
    *incidents.urlpatterns,
    *measures.urlpatterns,
    *decisions.urlpatterns,
    *decision_rights.urlpatterns,
    *improvements.urlpatterns,
    *imports.urlpatterns,
    *import_run.urlpatterns,
    *audit.urlpatterns,
    *proof.urlpatterns,
    *parties.urlpatterns,
    *services.urlpatterns,
    *calendars.urlpatterns,
    *targets.urlpatterns,
    *settings.urlpatterns,
]
