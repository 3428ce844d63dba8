"""Pages and routes of figures: read by those who work on what is counted, closed by its owner."""

from __future__ import annotations

from tests.permissions.routes import FIGURES, at, get, post

HERE = at(key="K06")
CLOSES = frozenset({"process_owner"})
MONTH = {"period": "2026-03"}

FIGURE_PAGES = [
    get("incident_figures", may=FIGURES), get("incident_figures_csv", may=FIGURES),
    get("measure", may=FIGURES, path=HERE), get("measure_rows", may=FIGURES, path=HERE),
    get("measure_csv", may=FIGURES, path=HERE), get("measure_xlsx", may=FIGURES, path=HERE),
    post("measure_freeze", may=CLOSES, path=HERE, data=MONTH),
    post("measure_restatement", may=CLOSES, path=HERE, data=MONTH | {"reason": "Late"}),
    get("/measures", may=FIGURES),
    get("/measures/{key}", may=FIGURES, path=HERE),
    get("/measures/{key}/rows", may=FIGURES, path=HERE),
    get("/measures/{key}/table", may=FIGURES, path=HERE),
    get("/measures/{key}/values/{period}", may=FIGURES, path=at(key="K06", period="2026-03")),
    post("/measures/periods/{period}/freeze", may=CLOSES, path=at(period="2026-03"),
         data={"practice": "incident"}),
    post("/measures/{measure}/values/{period}/restatement", may=CLOSES,
         path=at(measure="K06", period="2026-03"), data={"reason": "Late"}),
]  # fmt: skip
