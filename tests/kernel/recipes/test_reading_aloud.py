"""What people see of a recipe: the drawing, the sentences, the texts to translate, the outline."""

from __future__ import annotations

import io
import json
import re
from xml.etree import ElementTree

import jsonschema_rs
import pytest
from typer.testing import CliRunner

from brigade.config.cli.recipe import app
from brigade.kernel.recipes import library
from brigade.kernel.recipes.compile import compile_recipe
from brigade.kernel.recipes.compiled import CompiledRecipe
from brigade.kernel.recipes.diagram import svg
from brigade.kernel.recipes.drawing import HEIGHT, WIDTH, layout
from brigade.kernel.recipes.extract import extract_yaml
from brigade.kernel.recipes.language import json_schema
from brigade.kernel.recipes.manifests import FRAMEWORKS, manifests
from brigade.kernel.recipes.words import state_in_words, states_in_words
from tests.kernel.recipes.recipes_for_tests import THREE_LEVELS, every_recipe, three_levels

RECIPES = every_recipe()
NAMES = [f"{recipe.key}-{recipe.version}-level-{recipe.level}" for recipe in RECIPES]
each_recipe = pytest.mark.parametrize("recipe", RECIPES, ids=NAMES)
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def incident() -> CompiledRecipe:
    return compile_recipe(library.installed()["incident"], 1)


@each_recipe
def test_the_map_links_every_state_and_styles_nothing_itself(recipe: CompiledRecipe) -> None:
    drawing = svg(recipe, selected=recipe.initial)
    root = ElementTree.fromstring(drawing.replace("<svg ", f'<svg xmlns="{SVG[1:-1]}" ', 1))

    links = [node.attrib["href"] for node in root.iter(f"{SVG}a")]
    assert links == [f"#state-{key}" for key in recipe.states]
    assert root.attrib["role"] == "group"
    assert root.attrib["aria-label"]
    assert not re.search(r"\s(style|on\w+)=", drawing)


@each_recipe
def test_no_two_states_stand_on_each_other(recipe: CompiledRecipe) -> None:
    boxes = list(layout(recipe).values())
    for number, box in enumerate(boxes):
        for other in boxes[number + 1 :]:
            assert abs(box.x - other.x) >= WIDTH or abs(box.y - other.y) >= HEIGHT


def test_labels_are_escaped() -> None:
    from brigade.kernel.recipes.parse import read
    from tests.kernel.recipes.recipes_for_tests import TINY

    text = TINY.replace("{category: active}", "{category: active, label: '<b>&'}")
    assert "&lt;b&gt;&amp;" in svg(compile_recipe(read(text), 1))


def test_a_state_is_read_aloud(incident: CompiledRecipe) -> None:
    new = state_in_words(incident, "new")
    assert new.summary.startswith("From “New” one can: Start work (agent), Resolve")
    resolved = state_in_words(incident, "resolved")
    assert resolved.by_itself == ("After 5 days: Confirm it is fixed.",)
    assert resolved.ways[0].only_if
    assert state_in_words(incident, "closed").ways == ()


@each_recipe
def test_every_recipe_can_be_read_aloud(recipe: CompiledRecipe) -> None:
    assert [state.key for state in states_in_words(recipe)] == list(recipe.states)


def test_babel_finds_what_readers_see() -> None:
    path = next(one for one in library.paths() if one.parent.name == "incidents")
    found = {
        message: line
        for line, _f, message, _c in extract_yaml(io.BytesIO(path.read_bytes()), (), (), {})
    }
    lines = path.read_text().splitlines()
    for text in ("In progress", "Wait on someone", "A provider", "Critical", "Incident management",
                 "Restore first; cause analysis belongs to problem"):  # fmt: skip
        assert text in lines[found[text] - 1]
    assert "agent" not in found


def test_babel_finds_the_outline_of_the_library() -> None:
    from brigade.kernel.recipes.manifests import FILE

    found = {m for _l, _f, m, _c in extract_yaml(io.BytesIO(FILE.read_bytes()), (), (), {})}
    assert {manifest.title for manifest in manifests().values()} <= found
    assert "Unit cost, chargeback, what if" in found


def test_the_library_outlines_36_practices() -> None:
    outline = manifests()
    assert len(outline) == 36
    assert len({manifest.title for manifest in outline.values()}) == 36
    for key, manifest in outline.items():
        assert all(getattr(manifest.maps, framework) for framework in FRAMEWORKS), key
        assert manifest.kpis
        needed = {need.partition(">=")[0] for each in manifest.needs.values() for need in each}
        assert needed <= outline.keys()


def test_what_is_installed_has_its_outline() -> None:
    assert library.installed().keys() <= manifests().keys()


def test_the_published_schema_takes_the_recipes_and_refuses_others() -> None:
    schema = jsonschema_rs.validator_for(json_schema())
    for document in (*library.installed().values(), three_levels()):
        as_json = json.loads(json.dumps(document.data))
        assert list(schema.iter_errors(as_json)) == []
        as_json["facets"]["core"]["colour"] = "red"
        assert list(schema.iter_errors(as_json))


def test_the_command_lints_shows_and_explains() -> None:
    run = CliRunner()
    assert json.loads(run.invoke(app, ["lint", str(THREE_LEVELS), "--json"]).output)["errors"] == []

    shown = json.loads(run.invoke(app, ["show", "incident", "--effective", "--json"]).output)
    assert (shown["version"], shown["level"], len(shown["body"]["states"])) == ("2.0.0", 1, 6)

    told = json.loads(run.invoke(app, ["explain", "incident", "reopen", "--json"]).output)
    assert told["from"] == ["Resolved"]


def test_the_command_fails_for_a_broken_file(tmp_path) -> None:  # type: ignore[no-untyped-def]
    broken = tmp_path / "recipe.yaml"
    broken.write_text("recipe: [")
    result = CliRunner().invoke(app, ["lint", str(broken), "--json"])
    assert result.exit_code == 1
    assert json.loads(result.output)["errors"][0]["code"] == "E00"
