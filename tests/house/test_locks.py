"""What is installed is pinned by hash, and no lock says from where."""

from __future__ import annotations

import json
import re
import tomllib

from tests.house.tree import ROOT, project_files, report

LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
PINNED = re.compile(r"^([a-z0-9-]+)(?:\[[a-z0-9,-]+\])?==(\S+)(.*(?:\n    --hash=.*)*)", re.M)


def plain(name: str) -> str:
    return re.split(r"[\[<>=~!; ]", name, maxsplit=1)[0].lower().replace("_", "-").replace(".", "-")


def test_every_package_is_pinned_by_hash() -> None:
    found = [name for name, _, rest in PINNED.findall(LOCK) if "--hash=sha256:" not in rest]
    assert not found, report("no hash:", found)


def test_the_lock_covers_what_the_project_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    asked = project["project"]["dependencies"] + project["dependency-groups"]["dev"]
    missing = {plain(name) for name in asked} - {name for name, _, _ in PINNED.findall(LOCK)}
    assert not missing, report("not in requirements.lock; compile it again:", sorted(missing))


def test_the_locks_name_no_address() -> None:
    assert "://" not in LOCK
    packages = json.loads((ROOT / "frontend/package-lock.json").read_text())["packages"]
    found = [name for name, package in packages.items() if "resolved" in package]
    assert not found, report("a resolved address in package-lock.json:", found)
    unpinned = [name for name, package in packages.items() if name and "integrity" not in package]
    assert not unpinned, report("no hash in package-lock.json:", unpinned)


def test_what_a_machine_makes_is_not_committed() -> None:
    made = {"uv.lock", "app.css", "axe.min.js"}
    found = [path.name for path in project_files() if path.name in made or path.suffix == ".mo"]
    found += [str(path) for path in project_files() if "static/vendor/" in path.as_posix()]
    assert not found, report("made at build time:", found)
