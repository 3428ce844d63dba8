"""Whatever a recipe file holds: a list of findings, soon, and nothing else."""

from __future__ import annotations

import contextlib
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from brigade.kernel.recipes import cel
from brigade.kernel.recipes.errors import LintError
from brigade.kernel.recipes.lint import lint_text
from brigade.kernel.recipes.parse_yaml import SIZE
from tests.kernel.recipes.recipes_for_tests import THREE_LEVELS, TINY

SOON = 3.0
"""Seconds of the processor, not of the clock: others may be at work on the same machine."""
TEXT = THREE_LEVELS.read_text()
SNIPPETS = [
    "{", "[", "&a ", "*a", "!!python/name:os ", "- ", ": ", "\t", "\x00", "on: ", "9" * 40,
    "'", '"', "|", ">",
]  # fmt: skip
bounded = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def findings(source: str | bytes) -> list[LintError]:
    began = time.process_time()
    found = lint_text(source)
    assert time.process_time() - began < SOON
    assert all(isinstance(error, LintError) for error in found)
    return found


@bounded
@given(st.text(max_size=400))
def test_random_text(text: str) -> None:
    assert findings(text)


@bounded
@given(st.binary(max_size=400))
def test_random_bytes(data: bytes) -> None:
    assert findings(data)


@bounded
@given(
    st.integers(0, len(TEXT)),
    st.integers(0, 60),
    st.one_of(st.text(max_size=20), st.sampled_from(SNIPPETS)),
)  # fmt: skip
def test_a_recipe_with_a_hole_in_it(place: int, hole: int, patch: str) -> None:
    findings(TEXT[:place] + patch + TEXT[place + hole :])


@bounded
@given(st.integers(0, len(TINY)), st.integers(0, len(TINY)), st.integers(1, 80))
def test_a_recipe_with_a_piece_moved(here: int, there: int, length: int) -> None:
    piece, rest = TINY[here : here + length], TINY[:here] + TINY[here + length :]
    findings(rest[:there] + piece + rest[there:])


MANY = ", ".join(f"s{n}: {{category: new}}" for n in range(500))
BOMB = "a: &a [x, x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [*{chr(97 + n)}, *{chr(97 + n)}]\n" for n in range(20)
)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[" * 50_000,
        "{a: " * 20_000,
        "- " * 40_000,
        "\n".join(" " * n + "a:" for n in range(400)),
        "a: " + "x" * (SIZE + 1),
        "a: [" + "1, " * 30_000,
        BOMB,
        "a: &x {b: *x}",
        "a: 1\na: 2",
        "? {a: b}\n: c",
        "? [a]\n: c",
        "true: 1",
        "a: !!python/object/apply:os.system [ls]",
        "%YAML 9.9\n---\na: 1",
        "a: 1\n---\nb: 2",
        "\ufeffrecipe: x",
        "a: \"\\ud800\"",
        "a: '\x07'",
        "9" * 5_000 + ": 1",
        "<<: {a: 1}",
        "recipe: [incident]\nfacets: {core: 7}",
        "facets: {core: {level: 1, states: {" + MANY + "}}}",
    ],
)  # fmt: skip
def test_what_people_have_tried_before(text: str) -> None:
    assert findings(text)


def test_a_duplicate_key_is_named_with_its_line() -> None:
    text = TINY.replace("    fields:", "      new: {category: active}\n    fields:")
    (found,) = findings(text)
    assert (found.path, found.line) == ("facets.core.states.new", 16)


def test_an_unknown_key_is_named_with_its_line() -> None:
    (found,) = findings(TINY.replace("{category: active}", "{category: active, colour: red}"))
    assert (found.path, found.line) == ("facets.core.states.doing.colour", 14)


@bounded
@given(st.text(alphabet="abx01+-*/%<>=!&|?:.,()[]{}'\" \\\n", max_size=60))
def test_random_expressions_have_a_value_or_an_error(source: str) -> None:
    with contextlib.suppress(cel.ExpressionError):
        cel.expression(source).value({"a": 1, "b": None, "x": "x"})


@pytest.mark.parametrize(
    "source",
    ["(" * 300, "!" * 399 + "a", "-" * 399 + "1", "a" + ".b" * 190, "a?b:" * 99 + "c",
     "[1].map(x, [1].map(y, y))", "[[1].map(y, y)].map(x, x)", "1" + "+1" * 190, "'" * 399],
)  # fmt: skip
def test_expressions_that_dig_deep(source: str) -> None:
    with contextlib.suppress(cel.ExpressionError):
        cel.expression(source).value({"a": 1})
