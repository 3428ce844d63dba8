"""A map says what is wrong with it, and where."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brigade.integrations.logs.map_file import MapInvalid, load_map, read_map
from brigade.integrations.logs.mapping import shipped_maps

GOOD = """\
map: desk
title: Our old desk
source: old_desk
dates: [iso]
rows: {case: id, at: when}
state: {column: state, values: {open: new, done: resolved}}
record: {title: "{id}"}
"""


def test_a_map_that_a_user_could_write_is_read() -> None:
    desk = read_map(GOOD)
    assert desk.state is not None
    assert desk.state.values["open"].state == "new"
    assert desk.zone == "UTC"


@pytest.mark.parametrize("name", sorted(shipped_maps()))
def test_shipped_maps_are_read_and_reckon_in_utc(name: str) -> None:
    shipped = load_map(name)
    assert shipped.map == name
    assert shipped.zone == "UTC"


@pytest.mark.parametrize(
    ("wrong", "line", "key"),
    [
        (GOOD.replace("source: old_desk", "source: Old Desk"), 3, "source"),
        (GOOD.replace("at: when", "whn: when"), 5, "rows.whn"),
        (GOOD.replace("{open: new", "{open: [new]"), 6, "state.values.open"),
        (GOOD + "zone: Mars/Olympus\n", 8, "zone"),
        (GOOD + "dates: [tomorrow]\n", 8, "dates"),
        (
            GOOD.replace('"{id}"}', '"{id}", priority: {column: p, values: {x: high}}}'),
            7,
            "priority",
        ),
    ],
)
def test_a_mistake_is_reported_with_its_line_and_key(wrong: str, line: int, key: str) -> None:
    with pytest.raises(MapInvalid) as caught:
        read_map(wrong)
    assert any(f"Line {line}" in problem and key in problem for problem in caught.value.problems)


def test_a_missing_state_is_asked_for() -> None:
    with pytest.raises(MapInvalid, match="which column holds the state"):
        read_map("\n".join(line for line in GOOD.splitlines() if not line.startswith("state")))


def test_broken_yaml_is_reported_with_its_line() -> None:
    with pytest.raises(MapInvalid, match="Line 2"):
        read_map("map: x\ntitle: a: b\n")


def test_an_unknown_name_lists_the_shipped_maps() -> None:
    with pytest.raises(MapInvalid, match="servicenow_incidents"):
        load_map("nowhere")


@given(st.one_of(st.binary(max_size=300), st.text(max_size=300).map(str.encode)))
def test_whatever_the_bytes_a_map_is_read_or_refused(content: bytes) -> None:
    try:
        read_map(content)
    except MapInvalid as no:
        assert no.problems
