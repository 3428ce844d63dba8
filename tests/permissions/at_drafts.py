"""Pages and routes of a recipe's draft; none is open here, so that only beginning one is there."""

from __future__ import annotations

from tests.permissions.routes import ADMIN, ADOPTERS, EVERYBODY, NOBODY, STAFF, at, get, post

INCIDENT = at(key="incident")
DRAFT = "/recipes/{key}/draft"

DRAFTS = [
    get("recipe_draft", sees=STAFF, path=INCIDENT),
    post("recipe_draft", sees=STAFF, may=ADOPTERS, path=INCIDENT, data={"do": "open"}),
    get(DRAFT, sees=NOBODY, path=INCIDENT),
    post(DRAFT, may=ADOPTERS, path=INCIDENT),
    post(DRAFT, method="PATCH", sees=NOBODY, path=INCIDENT),
    post(DRAFT, method="PUT", sees=NOBODY, path=INCIDENT, data={"overlay": []}),
    post(DRAFT, method="DELETE", sees=NOBODY, path=INCIDENT),
    post(f"{DRAFT}/submit", sees=NOBODY, path=INCIDENT),
    post(f"{DRAFT}/take-back", sees=NOBODY, path=INCIDENT),
    post(f"{DRAFT}/approve", sees=NOBODY, path=INCIDENT, data={"statement": "Fine."}),
    post(f"{DRAFT}/publish", sees=EVERYBODY - ADMIN, may=NOBODY, path=INCIDENT),
]
