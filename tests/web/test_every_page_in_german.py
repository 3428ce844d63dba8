"""Every page in another language: what was taken in English before a reader came stays English."""

from __future__ import annotations

import os
import re
from html.parser import HTMLParser

import pytest

from brigade.kernel.parties.models import Person
from tests.house import catalogue
from tests.web.every_page import every_page, furnished

NAMES = {
    "English",  # a language, under its own name
    "Incident management",  # what ITIL calls it
    "Finance", "Service desk", "Network", "Always open",  # data
    "The first administrator, made on the command line.",  # data
}  # fmt: skip

READ_ALOUD = ("aria-label", "title", "placeholder", "alt")
SIGNS = re.compile(r"^[\W\d]+|[\W\d]+$")


class Texts(HTMLParser):
    """Collects what a page shows or says."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.code = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.code += tag in ("script", "style", "code")
        self.found += [value for name, value in attrs if name in READ_ALOUD and value]

    def handle_endtag(self, tag: str) -> None:
        self.code -= tag in ("script", "style", "code")

    def handle_data(self, data: str) -> None:
        if not self.code and data.strip():
            self.found.append(" ".join(data.split()))


def english() -> set[str]:
    """Every message that German says differently, but for those that may be a key in a table."""
    path = next(one for one in catalogue.catalogues() if one.parent.parent.name == "de")
    both = [(one.id, one.string) for one in catalogue.read(path) if isinstance(one.id, str)]
    words = {message for message, german in both if message and message != german}
    keys = {message for message in words if message.islower() and " " not in message}
    return words - keys - {german for _message, german in both} - NAMES


@pytest.mark.django_db
def test_no_page_speaks_english_to_a_german_reader(db: None) -> None:
    world = furnished()
    Person.objects.update(language="de")
    words = english()
    wrong, read = [], []
    for look in every_page(world):
        if look.name == "gallery":
            continue
        page = Texts()
        answer = world.actors[look.reader].client.get(look.path, headers={"Accept-Language": "de"})
        page.feed(answer.content.decode())
        wrong += [
            f"{look.name}: {text}"
            for text in page.found
            if text in words or SIGNS.sub("", text) in words
        ]
        read += page.found
    if place := os.environ.get("BRIGADE_TEST_WORDS"):
        with open(place, "w", encoding="utf-8") as file:
            file.write("\n".join(dict.fromkeys(read)))
    assert not wrong, "\n".join(dict.fromkeys(wrong))
