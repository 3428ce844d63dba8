"""Pages and routes of targets: read by those who work here, worded by the process owner."""

from __future__ import annotations

from tests.permissions.routes import STAFF, at, get, post
from tests.permissions.world import World

WORDS = frozenset({"process_owner"})
HERE = at(series=lambda w: w.others["target"].series)


def form(world: World, _incident: object) -> dict[str, object]:
    calendar = world.others["calendar"].pk
    return {"name": "By form", "time": "4h", "warn_percent": "75", "calendar": calendar}


TARGETS = [
    get("targets", may=STAFF),
    get("target", sees=STAFF, path=HERE),
    get("target_new", may=WORDS),
    post("target_new", may=WORDS, data=form),
    get("target_change", sees=STAFF, may=WORDS, path=HERE),
    post("target_change", sees=STAFF, may=WORDS, path=HERE, data=form),
    post("target_end", sees=STAFF, may=WORDS, path=HERE),
    get("/targets", may=STAFF),
    get("/targets/{series}", sees=STAFF, path=HERE),
    post("/targets", may=WORDS,
         data={"key": "incident.restore", "name": "New", "seconds": 60, "calendar": "desk-hours"}),
    post("/targets/{series}", method="PATCH", sees=STAFF, may=WORDS, path=HERE,
         data={"seconds": 120}),
    post("/targets/{series}/trial", sees=STAFF, may=WORDS, path=HERE, data={"seconds": 120}),
    post("/targets/{series}/end", sees=STAFF, may=WORDS, path=HERE),
]  # fmt: skip
