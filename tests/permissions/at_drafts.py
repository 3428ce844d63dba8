"""Pages and routes of a recipe's draft; one is open here, written by the process owner."""

from __future__ import annotations

from tests.permissions.routes import ADMIN, ADOPTERS, STAFF, at, get, post

INCIDENT = at(key="incident")
DRAFT = "/recipes/{key}/draft"

DRAFTS = [
    get("recipe_draft", sees=STAFF, path=INCIDENT),
    post("recipe_draft", sees=STAFF, may=ADOPTERS, path=INCIDENT, data={"do": "open"}),
    get(DRAFT, sees=STAFF, path=INCIDENT),
    post(DRAFT, may=ADOPTERS, path=INCIDENT),
    post(DRAFT, method="PATCH", may=ADOPTERS, path=INCIDENT),
    post(DRAFT, method="PUT", may=ADOPTERS, path=INCIDENT, data={"overlay": []}),
    post(DRAFT, method="DELETE", may=ADOPTERS, path=INCIDENT),
    post(f"{DRAFT}/submit", may=ADOPTERS, path=INCIDENT),
    post(f"{DRAFT}/take-back", may=ADOPTERS, path=INCIDENT),
    post(f"{DRAFT}/approve", may=ADMIN, path=INCIDENT, data={"statement": "Fine."}),
    post(f"{DRAFT}/publish", may=ADMIN, path=INCIDENT),
]
