"""Coordinates that say what the figures say."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from brigade.web.shell import charts


def test_bars_start_at_zero_and_stack() -> None:
    drawn = charts.bars(["a", "b"], [[10, 20], [10, 0]])
    floor = charts.HEIGHT - charts.BOTTOM
    first, second, third = drawn.parts
    assert first.y + first.height == floor
    assert second.y + second.height == first.y
    assert third.height == 2 * first.height


def test_a_gap_breaks_the_line() -> None:
    assert charts.lines(["a", "b", "c"], [[1, None, 2]]).lines[0].count("M") == 2


def test_nothing_to_show_is_still_a_chart() -> None:
    assert charts.bars([], [[]]).parts == []
    assert charts.bars(["a"], [[0]]).parts == []
    assert charts.spark([]) == ""


@given(st.floats(min_value=0, max_value=1e12, allow_nan=False))
def test_the_axis_always_holds_the_value(value: float) -> None:
    assert charts.nice_top(value) >= value


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=60))
def test_no_bar_leaves_the_chart(values: list[int]) -> None:
    drawn = charts.bars([str(n) for n in range(len(values))], [[float(value) for value in values]])
    assert all(part.y >= charts.TOP - 0.1 for part in drawn.parts)
    assert all(part.x + part.width <= charts.WIDTH for part in drawn.parts)
    assert len(drawn.labels) <= 13
