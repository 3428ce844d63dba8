"""Pages and routes by which a draft is tried, a newer recipe taken, and records moved to it."""

from __future__ import annotations

from tests.permissions.routes import ADOPTERS, STAFF, at, get, post

INCIDENT = at(key="incident")
NOTHING_CHANGED = {"overlay": []}

VERSIONS = [
    get("recipe_simulation", sees=STAFF, may=ADOPTERS, path=INCIDENT, query="days=90"),
    get("recipe_versions", sees=STAFF, path=INCIDENT),
    post("recipe_versions", sees=STAFF, may=ADOPTERS, path=INCIDENT, data={"do": "plan"}),
    post("/recipes/{key}/simulation", may=ADOPTERS, path=INCIDENT, data=NOTHING_CHANGED),
    post("/recipes/{key}/step", may=ADOPTERS, path=INCIDENT, data=NOTHING_CHANGED),
    get("/recipes/{key}/versions", sees=STAFF, path=INCIDENT),
    post("/recipes/{key}/migration/plan", may=ADOPTERS, path=INCIDENT),
    post("/recipes/{key}/migration", may=ADOPTERS, path=INCIDENT),
    post("/recipes/{key}/rollback", may=ADOPTERS, path=INCIDENT),
    get("recipe_upgrade", sees=STAFF, path=INCIDENT),
    post("recipe_upgrade", sees=STAFF, may=ADOPTERS, path=INCIDENT),
    get("/recipes/{key}/upgrade", sees=STAFF, path=INCIDENT),
    post("/recipes/{key}/upgrade", may=ADOPTERS, path=INCIDENT),
    post("/recipes/{key}/upgrade/plan", may=ADOPTERS, path=INCIDENT),
    get("/recipes/{key}/file", sees=STAFF, path=INCIDENT),
    post("/recipes/{key}/file", may=ADOPTERS, path=INCIDENT, data={"text": "base: ["}),
]
