"""`brigade recipe diff | upgrade | export | import`, over the rows of the test."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from brigade.config.cli import recipe_upgrade
from brigade.kernel.parties.acting import acting
from brigade.kernel.parties.actions import operator as operator_account
from brigade.kernel.recipes.actions import adopt_provisionally, publish_version
from brigade.kernel.recipes.models import Adoption, RecipeDraft
from brigade.kernel.refused import Invalid, Refused
from tests.kernel.recipes.library_versions import AUTOCLOSE, OVERLAY, library_text

pytestmark = pytest.mark.django_db


@pytest.fixture
def newer(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Incident 3.0.0 with five tailored paths runs here; the file of 3.1.0 lies beside."""
    by = operator_account("Console")
    adopt_provisionally(by=by)
    text = library_text("3.0.0")
    version = publish_version("incident", by=by, level=2, overlay=OVERLAY, text=text)
    with acting(by):
        Adoption.objects.update(version=version, level=2)

    @contextmanager
    def here() -> Iterator[SimpleNamespace]:
        yield SimpleNamespace(operator=by)

    monkeypatch.setattr(recipe_upgrade, "installation", here)
    file = tmp_path / "incident-3.1.0.yaml"
    file.write_text(library_text("3.1.0"))
    return file


def test_the_difference_names_both_sides(newer: Path, capfdbinary: Any) -> None:
    recipe_upgrade.diff("incident", to=newer, json=True)
    told = json.loads(capfdbinary.readouterr().out)
    kinds = [card["kind"] for card in told["cards"]]
    assert (len(told["overlay"]), told["newer"]) == (5, "3.1.0")
    assert (kinds.count("taken"), kinds.count("conflict"), kinds.count("kept")) == (6, 1, 4)

    recipe_upgrade.diff("incident", to=newer)
    words = capfdbinary.readouterr().out.decode()
    assert f"? {AUTOCLOSE}: both changed it; was 5d, is 4d, ours 3d" in words
    assert "Customers answer fast; Pia Kern" in words


def test_an_upgrade_is_tried_answered_and_becomes_a_draft(newer: Path, capfdbinary: Any) -> None:
    recipe_upgrade.upgrade("incident", to=newer, dry_run=True, json=True)
    tried = json.loads(capfdbinary.readouterr().out)
    assert (tried["unanswered"], tried["overlay"]) == ([AUTOCLOSE], [])
    with pytest.raises(Refused, match="retain, merge or revert"):
        recipe_upgrade.upgrade("incident", to=newer)
    answers = newer.with_name("answers.yaml")
    for wrong, said in (
        (f"{AUTOCLOSE}: keep\n", "line 1: E00 Answer with retain"),
        (f"{AUTOCLOSE}: &a [*a]\n", "line 1: E00 anchors and aliases are refused"),
        ("facets.core.kpis: retain\n", "Nothing is asked about"),
        (f"{AUTOCLOSE}: {{merge: soon}}\n", "does not fit the recipe"),
    ):
        answers.write_text(wrong)
        with pytest.raises(Invalid, match=said):
            recipe_upgrade.upgrade("incident", to=newer, answers=answers)
    answers.write_text(f"{AUTOCLOSE}: retain\n")
    recipe_upgrade.upgrade("incident", to=newer, answers=answers, dry_run=True, json=True)
    tried = json.loads(capfdbinary.readouterr().out)
    assert (tried["unanswered"], len(tried["overlay"])) == ([], 5)
    assert not RecipeDraft.objects.exists()

    recipe_upgrade.upgrade("incident", to=newer, answers=answers, json=True)
    done = json.loads(capfdbinary.readouterr().out)
    assert (done["from"], done["to"], done["state"]) == ("3.0.0", "3.1.0", "draft")
    assert RecipeDraft.objects.get(pk=done["draft"]).overlay == done["overlay"]


def test_a_practice_goes_out_and_comes_in(newer: Path, capfdbinary: Any) -> None:
    file = newer.with_name("ours.yaml")
    recipe_upgrade.export("incident", file)
    recipe_upgrade.export("incident")
    assert file.read_text() in capfdbinary.readouterr().out.decode()
    with pytest.raises(Invalid, match="cannot be written"):
        recipe_upgrade.export("incident", newer / "inside-a-file.yaml")
    for folder in (newer.parent, Path()):
        with pytest.raises(Invalid, match="is a folder"):
            recipe_upgrade.export("incident", folder)
    assert sorted(each.name for each in newer.parent.iterdir()) == [newer.name, file.name]

    file.write_text(file.read_text().replace("to: 3d", "to: 2d"))
    recipe_upgrade.import_(file)
    assert "is open: submit, approve and publish it" in capfdbinary.readouterr().out.decode()
    assert RecipeDraft.objects.get().overlay[0]["to"] == "2d"
