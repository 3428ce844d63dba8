"""Every word that a reader sees can be translated, and is, into each language there is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from django.utils import translation

from tests.house import catalogue
from tests.house.tree import files, report, short

PLACE = re.compile(r"%\(\w+\)[sd]|%%|\{\w+\}|</?[a-z][^>]*>")
# What a template may say to everybody: names, units, keys, and the class of the portal's body.
NO_WORDS = {"Brigade", "Ctrl", "Enter", "Esc", "MB", "Shift", "UTC", "portal"}
CODE = re.compile(
    r"\{#.*?#\}|\{%-?\s*trans\b.*?\bendtrans\s*-?%\}|\{%\s*comment\b.*?\bendcomment\s*%\}"
    r"|\{%.*?%\}|\{\{.*?\}\}",
    re.DOTALL,
)
HOLE = "\x01"
"""Stands where a template computes something; it may lie inside a tag."""
UNREAD = re.compile(r"<(script|style|code|kbd)\b.*?</\1>", re.DOTALL)
READ_ALOUD = re.compile(r"\s(?:title|alt|placeholder|aria-label|aria-description)=\"([^\"]*)\"")
TAG = re.compile(r"<[!/]?\x01?[a-zA-Z\x01][^<>]*>")
ATTRIBUTE = re.compile(r"[a-z-]+=\"")
WORD = re.compile(r"[^\W\d_]{2,}")
# Components whose first argument is their label.
LABELLED = re.compile(
    r"\bui\.(?:btn|tag|notice|sect|panel|table|menu|empty|pill|recipe)\(\s*\"([^\"]+)\""
)


@pytest.fixture(scope="module")
def messages() -> Catalog:
    return catalogue.collected()


def languages() -> list[Path]:
    return catalogue.catalogues()


@pytest.mark.parametrize("path", languages(), ids=lambda path: path.parent.parent.name)
def test_every_message_is_translated(path: Path, messages: Catalog) -> None:
    language = catalogue.read(path)
    missing = [str(one.id) for one in messages if one.id and not translated(language, one)]
    assert not missing, report("run bin/translate and translate these:", missing)
    gone = [str(one.id) for one in language if one.id and messages.get(one.id, one.context) is None]
    assert not gone, report("nobody says these any more; run bin/translate:", gone)


@pytest.mark.parametrize("path", languages(), ids=lambda path: path.parent.parent.name)
def test_a_translation_fills_in_what_the_message_fills_in(path: Path) -> None:
    wrong = [str(one.id) for one in catalogue.read(path) if one.id and not same_places(one)]
    assert not wrong, report("placeholders and tags differ:", wrong)


@pytest.mark.parametrize("path", languages(), ids=lambda path: path.parent.parent.name)
def test_a_catalogue_is_written_as_the_tool_writes_it(path: Path) -> None:
    assert path.read_bytes() == catalogue.written(catalogue.read(path)), "run bin/translate"


def test_no_message_is_a_piece_of_a_sentence(messages: Catalog) -> None:
    pieces = [text for one in messages for text in catalogue.texts(one.id) if text != text.strip()]
    assert not pieces, report("a sentence is one message; these are joined to something:", pieces)


def test_no_template_holds_words_of_its_own() -> None:
    paths = [*files(".jinja", "src"), *files(".html", "src")]
    found = [
        f"{short(path)}: {words}"
        for path in paths
        if "gallery" not in path.parts
        for words in bare_words(path.read_text(encoding="utf-8"))
    ]
    assert not found, report("these words stay English in every language:", found)


def test_the_rule_sees_bare_words() -> None:
    assert bare_words("<p>Hello {{ name }}</p>") == ["Hello"]
    assert bare_words('<a title="Go on" href="{{ x }}">{{ _("Go on") }}</a>') == ["Go on"]
    assert bare_words('{{ ui.btn("Save", kind="primary") }}') == ["Save"]
    assert not bare_words("{% trans n=1 %}Some {{ n }}{% endtrans %} <kbd>Ctrl</kbd> 5 MB {# No #}")


def test_what_is_served_is_what_is_written() -> None:
    with translation.override("de"):
        assert translation.gettext("Reopen") == "Wieder öffnen"
        assert translation.ngettext("%(n)d day", "%(n)d days", 2) == "%(n)d Tage"


def translated(language: Catalog, message: Message) -> bool:
    """Whether the language has every form of a message, and nobody marked it as a guess."""
    found = language.get(message.id, message.context)
    return found is not None and not found.fuzzy and all(catalogue.texts(found.string))


def same_places(message: Message) -> bool:
    """Whether each form of the translation holds what the form of the message holds."""
    wanted = [sorted(PLACE.findall(text)) for text in catalogue.texts(message.id)]
    given = [sorted(PLACE.findall(text)) for text in catalogue.texts(message.string)]
    return all(places in wanted for places in given) and given[-1] == wanted[-1]


def bare_words(template: str) -> list[str]:
    """Return what a template says without asking for a translation."""
    labels = LABELLED.findall(template)
    rest = UNREAD.sub("", CODE.sub(HOLE, template))
    shown = [*READ_ALOUD.findall(rest), *TAG.sub(HOLE, rest).split(HOLE), *labels]
    tidy = [" ".join(text.split()) for text in shown]
    return [
        text for text in tidy if not ATTRIBUTE.match(text) and set(WORD.findall(text)) - NO_WORDS
    ]
