"""Every route, one line for each module that has routes."""

from __future__ import annotations

from django.urls import path

from brigade.api.frame.app import api
from brigade.api.work import entries, files, links, moves, records, tasks, watchers

for room in (records, moves, entries, links, tasks, watchers, files):
    api.add_router("", room.router)

urlpatterns = [path("v1/", api.urls)]
