"""Style sheets, modules and icons that are named are there, and the other way round."""

from __future__ import annotations

import json
import re
from pathlib import Path
from runpy import run_path

from django.contrib.staticfiles import finders

from brigade.web.shell import assets

ROOT = Path(__file__).parents[3]
WEB = ROOT / "src/brigade/web"
CSS = WEB / "static/brigade/css"
FRONT = ROOT / "frontend"
ICON = re.compile(r"""icon\("([a-z0-9-]+)"|icon_name="([a-z0-9-]+)"|\bic-([a-z0-9-]+)""")


def test_every_style_sheet_is_in_the_order() -> None:
    listed = (CSS / "index.txt").read_text().split()
    assert set(listed) == {path.name for path in CSS.glob("*.css")} - {"app.css"}
    assert len(listed) == len(set(listed))


def test_every_rule_belongs_to_a_layer() -> None:
    loose = []
    for path in CSS.glob("*.css"):
        text = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.S).strip()
        if path.name not in ("app.css", "fonts.css") and not text.startswith("@layer "):
            loose.append(path.name)
    assert not loose


def test_important_is_said_only_in_utilities_and_print() -> None:
    found = [
        path.name
        for path in CSS.glob("*.css")
        if "!important" in path.read_text() and path.name != "app.css"
    ]
    assert set(found) <= {"utilities.css", "phone-table.css", "print.css"}


def test_every_module_is_there() -> None:
    ours = {f"brigade/js/{path.name}" for path in (WEB / "static/brigade/js").glob("*.js")}
    named = {path for path in assets.MODULES.values() if path.startswith("brigade/")}
    assert named == ours
    listed = json.loads((FRONT / "package.json").read_text())["vendor"].values()
    vendored = {path for path in assets.MODULES.values() if path.startswith("vendor/")}
    assert vendored <= {f"vendor/{name}" for name in listed}
    assert all(finders.find(path) for path in named)


def test_icon_names_follow_the_sheet() -> None:
    drawing = run_path(str(FRONT / "sprite.py"))
    assert (CSS / "icon-names.css").read_text() == drawing["styles"](FRONT)


def test_every_icon_used_is_on_the_sheet() -> None:
    known = set(run_path(str(FRONT / "sprite.py"))["names"](FRONT))
    used = set()
    for folder in (WEB / "templates", WEB / "templates_allauth"):
        for path in (*folder.rglob("*.jinja"), *folder.rglob("*.html")):
            used |= {name for found in ICON.findall(path.read_text()) for name in found if name}
    assert used <= known | {"prio-", "state-", "step-"}, used - known
