"""The library and the map of a recipe: who reads them, and that every word is there."""

from __future__ import annotations

from typing import Any

import pytest

from brigade.kernel.recipes.manifests import manifests
from tests.cast import Cast

pytestmark = pytest.mark.django_db

READERS = ["sam", "lena", "petra", "olga", "chris", "audrey", "ada"]
OTHERS = ["eve", "sid", "carl", "bert"]


@pytest.mark.parametrize("who", READERS)
def test_staff_read_recipes(signed_in: Any, desk: Cast, who: str) -> None:
    client = signed_in(getattr(desk, who))
    assert client.get("/recipes").status_code == 200
    assert client.get("/recipes/incident").status_code == 200


@pytest.mark.parametrize("who", OTHERS)
def test_to_others_they_are_not_there(signed_in: Any, desk: Cast, who: str) -> None:
    client = signed_in(getattr(desk, who))
    assert client.get("/recipes").status_code == 404
    assert client.get("/recipes/incident").status_code == 404


def test_the_list_shows_the_whole_library(signed_in: Any, desk: Cast) -> None:
    html = signed_in(desk.sam).get("/recipes").content.decode()
    for manifest in manifests().values():
        assert manifest.title in html
    assert "Of 36 practices in the library, 1 is run here." in html
    assert "Provisional" in html


def test_words_filter_the_list(signed_in: Any, desk: Cast) -> None:
    client = signed_in(desk.sam)
    html = client.get("/recipes?q=restore the agreed").content.decode()
    assert "Incident management" in html and "Capacity" not in html
    assert "No recipe matches" in client.get("/recipes?q=giraffe").content.decode()


def test_the_map_links_its_states_and_says_their_rules(signed_in: Any, desk: Cast) -> None:
    client = signed_in(desk.sam)
    html = client.get("/recipes/incident?state=resolved").content.decode()
    assert 'href="?state=waiting#map"' in html
    assert "After 5 days" in html and "Confirm it is fixed" in html
    assert "Reopen" in html and "since_state" in html


@pytest.mark.parametrize(
    ("part", "words"),
    [
        ("fields", "Must be filled in: Waiting."),
        ("rules", "After 5 days: Confirm it is fixed."),
        ("roles", "It is reopened"),
        ("versions", "2.0.0"),
        ("flow", "DSS02"),
    ],
)
def test_every_part_reads(signed_in: Any, desk: Cast, part: str, words: str) -> None:
    assert words in signed_in(desk.sam).get(f"/recipes/incident?part={part}").content.decode()


def test_what_is_not_installed_says_what_it_is_for(signed_in: Any, desk: Cast) -> None:
    client = signed_in(desk.sam)
    for key in manifests():
        assert client.get(f"/recipes/{key}").status_code == 200
    assert "Not adopted" in client.get("/recipes/capacity").content.decode()
    assert client.get("/recipes/giraffe").status_code == 404
