"""Pages and routes of decisions, decision rights and improvements."""

from __future__ import annotations

from tests.permissions.routes import STAFF, at, get, post
from tests.permissions.world import World

WORDS = frozenset({"portfolio_manager", "process_owner"})
RAISES = STAFF - {"auditor", "admin"}
READS = STAFF - {"agent", "network_agent", "service_owner"}
PREPARES = frozenset({"portfolio_manager"})
RIGHT = at(series=lambda w: w.others["right"].series)
DECISION = at(number=lambda w: w.others["decision"].record.number)
BOX = {"title": "To decide", "topic": "strategy"}
SHEET = {"options": [{"title": "Do it"}], "recommended": 0}


def form(world: World, _incident: object) -> dict[str, object]:
    numbers = {"seats": "1", "quorum": "1", "deadline_wd": "5", "silent_wd": "5"}
    calendar = world.others["calendar"].pk
    return {"topic": "sourcing", "role": "portfolio_manager", "calendar": calendar, **numbers}


GOVERNANCE = [
    get("decision_rights", may=STAFF),
    get("decision_right", sees=STAFF, path=RIGHT),
    post("decision_right", sees=STAFF, may=WORDS, path=RIGHT, data=form),
    get("decision_right_new", may=WORDS), post("decision_right_new", may=WORDS, data=form),
    post("decision_right_end", sees=STAFF, may=WORDS, path=RIGHT),
    get("/decision-rights", may=STAFF),
    get("/decision-rights/{series}", sees=STAFF, path=RIGHT),
    post("/decision-rights", may=WORDS, data={
        "topic": "sourcing", "role": "finance", "seats": 1, "quorum": 1, "deadline_wd": 5,
        "calendar": "desk-hours"}),
    post("/decision-rights/{series}", method="PATCH", sees=STAFF, may=WORDS, path=RIGHT,
         data={"deadline_wd": 8}),
    post("/decision-rights/{series}/end", sees=STAFF, may=WORDS, path=RIGHT),
    get("decisions", may=STAFF), get("decision_new", may=STAFF),
    post("decision_new", may=RAISES, data=BOX),
    get("decision_paper", sees=READS, may=PREPARES, path=DECISION),
    post("decision_paper", sees=READS, may=PREPARES, path=DECISION,
         data={"title_0": "Do it", "recommended": "0"}),
    post("decision_opening", sees=READS, may=PREPARES, path=DECISION),
    post("decision_withdrawal", sees=READS, may=PREPARES, path=DECISION, data={"reason": "Gone"}),
    get("/decisions", may=STAFF), get("/decisions/{number}", sees=READS, path=DECISION),
    post("/decisions", may=RAISES, data=BOX),
    post("/decisions/{number}/paper", method="PUT", sees=READS, may=PREPARES, path=DECISION,
         data=SHEET),
    post("/decisions/{number}/opening", sees=READS, may=PREPARES, path=DECISION),
    post("/decisions/{number}/withdrawal", sees=READS, may=PREPARES, path=DECISION,
         data={"reason": "Gone"}),
    get("improvements", may=STAFF), get("improvement_new", may=STAFF),
    post("improvement_new", may=RAISES, data={"title": "Faster"}),
    get("/improvements", may=STAFF),
    post("/improvements", may=RAISES, data={"title": "Faster"}),
]  # fmt: skip
