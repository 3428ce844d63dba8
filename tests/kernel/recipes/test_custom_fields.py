"""Fields an organisation adds: whose they are, for which records, in whose words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import translation

from brigade.kernel.recipes.compile import compile_effective
from brigade.kernel.recipes.compiled import CompiledRecipe
from brigade.kernel.recipes.expressions import lint_expressions
from brigade.kernel.recipes.merge import Effective, effective
from brigade.kernel.recipes.overlay import Operation, overlaid
from brigade.kernel.recipes.parse import read
from brigade.kernel.recipes.words import field_in_words
from brigade.kernel.refused import Invalid
from brigade.kernel.work.meaning import kept_value, typed_values
from brigade.kernel.work.values import read_value
from tests.kernel.recipes.recipes_for_tests import TINY

TILL = {
    "type": "text", "label": {"en": "Till", "de": "Kasse"}, "when": "cost != null && cost > 9",
    "required": {"from": "doing"}, "visibility": "public",
}  # fmt: skip
CAUSE = {"type": "enum", "of": ["cold", "hot"], "default": "cold", "when": "cost != null"}
SHARE = {"type": "number", "required": "share_wanted == true"}


def tailored(**fields: Any) -> Effective:
    adding = [
        Operation("add", f"facets.core.fields.{name}", field, "ours", "")
        for name, field in fields.items()
    ]
    return effective(overlaid(read(TINY), adding), 1)


@pytest.fixture(scope="module")
def recipe() -> CompiledRecipe:
    return compile_effective(tailored(till=TILL, cause=CAUSE, day={"type": "date"}))


@pytest.fixture
def german() -> Iterator[None]:
    with translation.override("de-at"):
        yield


def test_what_an_overlay_adds_is_the_organisations_own(recipe: CompiledRecipe) -> None:
    own = [key for key, field in recipe.fields.items() if field.own]
    assert own == ["till", "cause", "day"]
    assert [one.key for one in recipe.asked_at_opening({"cost": 10})] == own
    assert [one.key for one in recipe.asked_at_opening({})] == ["day"]
    assert [one.key for one in recipe.asked_at_opening(public=True)] == ["till"]


def test_a_condition_rules_what_is_required_given_by_default_and_taken(
    recipe: CompiledRecipe,
) -> None:
    assert "till" in recipe.required_fields("doing", {"cost": 10})
    assert "till" not in recipe.required_fields("doing", {"cost": 9})
    assert "till" in recipe.required_fields("doing")
    assert recipe.default_values({"cost": 1}) == {"cause": "cold"}
    assert recipe.default_values({}) == {}
    recipe.check_meant(["till"], {"till": "7", "cost": 10})
    recipe.check_meant(["till"], {"till": "", "cost": 1})
    with pytest.raises(Invalid, match="not asked of such a record") as no:
        recipe.check_meant(["cost", "till"], {"till": "7", "cost": 1})
    assert (no.value.code, no.value.field) == ("not_meant", "till")


def test_a_label_follows_the_reader_and_falls_back(recipe: CompiledRecipe, german: None) -> None:
    assert recipe.label("till") == "Kasse"
    with translation.override("fr"):
        assert recipe.label("till") == "Till"
    with translation.override(None):
        assert recipe.label("till") == "Till"


def test_a_condition_is_linted_and_read_aloud(recipe: CompiledRecipe) -> None:
    assert lint_expressions(tailored(till=TILL)) == []
    lost = lint_expressions(tailored(till=TILL | {"when": "nobody == 1"}))
    assert [(one.code, one.path) for one in lost] == [("E03", "facets.core.fields.till.when")]
    null = lint_expressions(tailored(till=TILL | {"when": "cost > 9"}))
    assert [one.code for one in null] == ["E04"]
    said = field_in_words(recipe, recipe.fields["till"])
    assert "Is asked only when cost != null && cost > 9." in said


@pytest.mark.parametrize(
    ("typed", "kept", "meant"),
    [("12", 12, 12.0), (" 0,50 ", "0.5", 0.5), (2.25, "2.25", 2.25), ("-3.0", -3, -3.0)],
)
def test_a_number_is_kept_exactly_and_reckoned_with(typed: Any, kept: Any, meant: float) -> None:
    field = compile_effective(tailored(share=SHARE | {"required": "true"})).fields["share"]
    assert read_value("share", typed, field) == kept
    assert kept_value("share", field, meant) == kept


@pytest.mark.parametrize("typed", ["a lot", "1e400", "nan", "1" * 30, "1,000.5"])
def test_no_number(typed: str, recipe: CompiledRecipe) -> None:
    field = compile_effective(tailored(share=SHARE | {"required": "true"})).fields["share"]
    with pytest.raises(Invalid, match="Give a number"):
        read_value("share", typed, field)


def test_days_are_instants_to_expressions(recipe: CompiledRecipe) -> None:
    typed = typed_values(recipe, {"day": "2026-03-27", "cost": 3})
    assert (typed["day"].isoformat(), typed["cost"]) == ("2026-03-27T00:00:00+00:00", 3)
    assert typed_values(recipe, {"day": "soon"})["day"] == "soon"
