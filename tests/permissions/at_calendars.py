"""Pages and routes of calendars: read by those who work here, changed by few."""

from __future__ import annotations

from typing import Any

from tests.permissions.routes import DESK, at, get, post

CHANGE = frozenset({"admin"})
HERE = at(key="desk-hours")
HOURS: dict[str, Any] = {"zone": "UTC", "weekly": {"mon": "08:00-12:00"}}

CALENDARS = [
    get("calendars", may=DESK),
    get("calendar", sees=DESK, path=HERE),
    get("calendar_new", may=CHANGE),
    post("calendar_new", may=CHANGE, data={"name": "Night", "kind": "service_hours"}),
    get("calendar_change", sees=DESK, may=CHANGE, path=HERE),
    post("calendar_change", sees=DESK, may=CHANGE, path=HERE, data={"name": "Mine"}),
    post("calendar_retirement", sees=DESK, may=CHANGE, path=HERE),
    post("calendar_reinstatement", sees=DESK, may=CHANGE, path=HERE),
    get("/calendars"),
    post("/calendars", may=CHANGE, data={"name": "Night", "hours": HOURS}),
    get("/calendars/{key}", sees=DESK, path=HERE),
    post("/calendars/{key}", method="PATCH", sees=DESK, may=CHANGE, path=HERE,
         data={"name": "Mine"}),
]  # fmt: skip
