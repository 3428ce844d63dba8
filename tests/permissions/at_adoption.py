"""The pages and routes of adoption, and who may use them."""

from __future__ import annotations

from typing import Any

from brigade.kernel.recipes.manifests import manifests
from tests.permissions.routes import ADMIN, ADOPTERS, STAFF, at, get, post
from tests.permissions.world import Incident, World

ANSWERS = {"headcount": 5, "customers": 1, "vendor_spend": 0, "services": 5, "changes": 4}
ADDRESS = "&".join(f"{name}={value}" for name, value in ANSWERS.items())


def declining(world: World, incident: Incident) -> dict[str, Any]:
    """Do without everything: what is tried is only who may."""
    choices = [{"key": key, "level": 0, "reason": "No."} for key in manifests()]
    return {"answers": ANSWERS | {"regulated": False, "on_call": False}, "choices": choices}


def raised(world: World, incident: Incident) -> dict[str, Any]:
    return {"level": 2, "owner": world.cast.ada.pk}


ADOPTION = [
    get("adoption", sees=STAFF), get("adoption_csv", sees=STAFF),
    get("adoption_questions", sees=STAFF, may=ADOPTERS, query=f"{ADDRESS}&regulated=no&on_call=no"),
    post("adoption_questions", sees=STAFF, may=ADOPTERS, data={"headcount": "some"}),
    get("small_team", sees=STAFF),
    post("small_team", sees=STAFF, may=ADMIN, data={"rules": "S9", "reason": "Few."}),
    get("recipe_adoption", sees=STAFF, may=ADOPTERS, path=at(key="incident")),
    post("recipe_adoption", data={"level": "2"}, sees=STAFF, may=ADOPTERS, path=at(key="incident")),
    get("/adoption", may=STAFF, query="by=itil_4"),
    post("/adoption", method="PUT", may=ADOPTERS, data=declining),
    get("/adoption/proposal", may=STAFF, query=f"{ADDRESS}&regulated=false&on_call=true"),
    get("/adoption/small-team", may=STAFF),
    post("/adoption/small-team", method="PUT", may=ADMIN,
         data={"rules": ["S1"], "reason": "Few of us."}),
    get("/recipes/{key}/readiness/{level}", may=ADOPTERS, path=at(key="incident", level=2)),
    get("/recipes/{key}/findings", may=STAFF, path=at(key="incident")),
    post("/recipes/{key}/adoption", method="PUT", may=ADOPTERS, data=raised,
         path=at(key="incident")),
]  # fmt: skip
