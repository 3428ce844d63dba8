"""A card of an upgrade in words: what it is about, what each side has there, how it is answered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import yaml
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from brigade.kernel.recipes.differences import MISSING, alike, as_json, at, children, steps_of
from brigade.kernel.recipes.elements import plain_words
from brigade.kernel.recipes.errors import RecipeError
from brigade.kernel.recipes.parse_yaml import plain
from brigade.kernel.refused import Invalid
from brigade.web.recipes.draft_words import KINDS, called, shown

if TYPE_CHECKING:
    from brigade.kernel.recipes.upgrade import Card
    from brigade.kernel.recipes.upgrading import Offer

FACET, SECTION, ELEMENT = 2, 3, 4
"""Steps of the path of a facet, of a section in it, of an element there."""
SHOWN = 300
"""Characters of a list on a card; the whole stands in the text of the draft."""


def in_words(offer: Offer, card: Card) -> dict[str, Any]:
    """Return a card for the page; a value that is missing is None."""
    old, new = card.old, card.new
    return {
        "kind": card.kind,
        "path": card.path,
        "label": label_of(offer, card.path),
        "old": _said(old, new),
        "new": _said(new, old),
        "ours": _said(card.ours, old if card.kind in ("kept", "same") else MISSING),
        "why": card.why,
        "author": card.author,
    }


def question(offer: Offer, card: Card) -> dict[str, Any]:
    """Return a card that is asked: as it is in words, with the ways to answer it."""
    steps = steps_of(card.path)
    form = _form(card)
    proposed = card.proposal if card.proposal is not MISSING else card.new
    return in_words(offer, card) | {
        "may_retain": card.new is not MISSING or at(offer.new.data, steps[:FACET]) is not MISSING,
        "form": form,
        "to": "" if form in ("text", "path") else written(proposed, form),
        "places": [(path, label_of(offer, path)) for path in places(offer.new.data, card.path)],
    }


def _form(card: Card) -> str:
    """Say how a merged value is written: a text, one thing a line, or as a recipe has it."""
    if card.kind == "orphan":
        return "path"
    if isinstance(card.new, str):
        return "text"
    return "lines" if _texts(card.new) and _texts(card.ours) else "yaml"


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


def written(value: Any, form: str) -> str:
    """Return a value as somebody writes it into the form of a merge."""
    if value is MISSING:
        return ""
    if form == "lines":
        return "\n".join(value)
    return yaml.safe_dump(as_json(value), allow_unicode=True, sort_keys=False).removesuffix("...\n")


def value_of(card: Card, given: str) -> Any:
    """Return what somebody wrote into the form of a merge; MISSING where they wrote nothing."""
    form, text = _form(card), given.replace("\r\n", "\n").strip()
    if not text or form == "text":
        return text or MISSING
    if form == "lines":
        return [line.strip() for line in text.splitlines() if line.strip()]
    try:
        return plain("to:\n" + "\n".join(f"  {line}" for line in text.splitlines()))[0]["to"]
    except RecipeError as fault:
        said = _("“%(text)s” cannot be read: %(errors)s")
        told = said % {
            "text": text[:80],
            "errors": "; ".join(each.message for each in fault.errors),
        }
        raise Invalid("bad_value", told, card.path) from None


def places(new: Mapping[Any, Any], path: str) -> Iterator[str]:
    """Yield where in the new library something like a path could go that is gone there."""
    steps = steps_of(path)
    for facet, content in children(new.get("facets")).items():
        if len(steps) < SECTION or not isinstance(content, Mapping):
            continue
        elements = children(content).get(steps[2], MISSING)
        names = children(elements) if len(steps) >= ELEMENT else {"": elements}
        for name in names:
            to = (*steps[:1], facet, steps[2], *((name, *steps[ELEMENT:]) if name else ()))
            if to != steps and at(new, to[:-1]) is not MISSING:
                yield ".".join(to)


def label_of(offer: Offer, path: str) -> str:
    """Return what a path leads to: "State “Verify fix”", "Timer “Autoclose”: after"."""
    steps = steps_of(path)
    if steps[0] != "facets" or len(steps) < SECTION:
        return plain_words(steps[-1])
    kind = str(KINDS.get(steps[2], plain_words(steps[2])))
    if len(steps) < ELEMENT:
        return kind
    sides = (offer.new.data, offer.merge.ours, offer.old.data)
    labels = [at(side, (*steps[:ELEMENT], "label")) for side in sides]
    label = next((each for each in labels if isinstance(each, str | Mapping) and each), None)
    return called(kind, label or plain_words(steps[3]), steps[ELEMENT:])


def _said(value: Any, other: Any) -> str | None:
    """Return a value as one line; of a list what the other side has not, where it has some."""
    if value is MISSING:
        return None
    if not isinstance(value, list):
        return shown(value)
    before = other if isinstance(other, list) else []
    own = [each for each in value if not any(alike(each, one) for one in before)]
    both = len(value) - len(own)
    if not own or not both:
        return _short("; ".join(map(shown, value)))
    more = ngettext("%(num)d that both have", "%(num)d that both have", both) % {"num": both}
    return _short("; ".join([*map(shown, own), more]))


def _short(text: str) -> str:
    return text if len(text) <= SHOWN else text[: SHOWN - 1].rstrip() + "…"
