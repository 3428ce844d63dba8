"""Every folder has its place: in a contract, in the glossary, with its own papers."""

from __future__ import annotations

import re
import tomllib
from typing import Any

import pytest

from tests.house.tree import BRIGADE, ROOT, SHELVES, practices, report, short

# The half of the recipe language that talks to the database. The rest is plain Python.
ROWS = {
    "__init__", "access", "actions", "apps", "deciding", "drafts", "models", "own_fields",
    "publishing", "queries", "raising", "rolling_back", "small_team", "statement", "tailoring",
    "upgrading", "world", "writes",
}  # fmt: skip


@pytest.fixture(scope="module")
def contracts() -> list[dict[str, Any]]:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    found: list[dict[str, Any]] = tomllib.loads(text)["tool"]["importlinter"]["contracts"]
    return found


def test_every_shelf_has_its_contract(contracts: list[dict[str, Any]]) -> None:
    placed = {name for contract in contracts for name in contract.get("containers", [])}
    wanted = {"brigade", "brigade.kernel"} | {
        f"brigade.{shelf}" for shelf in SHELVES if (BRIGADE / shelf).is_dir()
    }
    assert wanted <= placed, report("no layers contract for:", sorted(wanted - placed))
    layers = [contract for contract in contracts if contract["type"] == "layers"]
    assert all(contract["exhaustive"] for contract in layers)


def test_the_recipe_language_stays_plain_python(contracts: list[dict[str, Any]]) -> None:
    (pure,) = (item for item in contracts if item.get("forbidden_modules") == ["django"])
    there = {path.stem for path in (BRIGADE / "kernel/recipes").glob("*.py")} - ROWS
    wanted = {f"brigade.kernel.recipes.{name}" for name in there}
    missing = wanted - set(pure["source_modules"])
    assert not missing, report("may import Django, as no contract says otherwise:", sorted(missing))


def test_every_practice_has_its_papers() -> None:
    """A practice without a recipe holds settings: the glossary shows a dash for its recipe key."""
    glossary = (ROOT / "docs/glossary.md").read_text(encoding="utf-8")
    settings = set(re.findall(r"^\| `([a-z_/]+)` \| – \|", glossary, re.M))
    found = [
        f"{short(folder)}/{name}"
        for folder in practices()
        for name in ("README.md", "recipe.yaml")
        if not (folder / name).is_file()
        and not (name == "recipe.yaml" and f"{folder.parent.name}/{folder.name}" in settings)
    ]
    assert not found, report("missing:", found)


def test_the_papers_of_a_practice_fit_on_one_screen() -> None:
    papers = [folder / "README.md" for folder in practices()]
    found = [
        f"{short(path)}: {count} lines"
        for path in papers
        if path.is_file() and (count := len(path.read_text(encoding="utf-8").splitlines())) > 60
    ]
    assert not found, report("more than 60 lines:", found)


def test_every_practice_stands_in_the_glossary() -> None:
    glossary = (ROOT / "docs/glossary.md").read_text(encoding="utf-8")
    rows = set(re.findall(r"^\| `([a-z_]+/[a-z_]+)` \|", glossary, re.M))
    wanted = {f"{folder.parent.name}/{folder.name}" for folder in practices()}
    assert wanted == rows, report("glossary and folders differ:", sorted(wanted ^ rows))


def test_the_label_of_a_practice_is_its_folder() -> None:
    found = [
        short(folder)
        for folder in practices()
        if f'label = "{folder.name}"' not in (folder / "apps.py").read_text(encoding="utf-8")
    ]
    assert not found, report("the label must be the folder's name, so that it may move:", found)
