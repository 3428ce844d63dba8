"""The gallery shows every component; what is wrong with one is found here first."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tests.web.browser import faults

COMPONENTS = Path(__file__).parents[2] / "src/brigade/web/templates/components"
PAGES = Path(__file__).parents[2] / "src/brigade/web/templates/gallery"


def test_only_people_signed_in_see_it(client: Client, cast: Any) -> None:
    assert client.get("/-/gallery").status_code == 302
    client.force_login(cast.eve)
    assert client.get("/-/gallery").status_code == 200


def test_it_shows_every_component() -> None:
    listed = (COMPONENTS / "ui.jinja").read_text()
    names = {
        name for line in re.findall(r"set (.+) =", listed) for name in re.findall(r"\w+", line)
    }
    shown = "".join(path.read_text() for path in PAGES.glob("*.jinja"))
    shown += (COMPONENTS.parent / "shell/desk.jinja").read_text()
    missing = {name for name in names if f"ui.{name}(" not in shown} - {"disc"}
    assert not missing


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("who", ["sam", "eve"])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(visitor: Any, cast: Any, who: str) -> None:
    one = visitor(getattr(cast, who))
    assert faults(one.look("/-/gallery")) == []
    assert one.problems == []
