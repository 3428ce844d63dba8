"""What somebody asks for in a form, as operations on paths: the same a text would say.

Each function takes the recipe of a draft as it stands and plain values, and returns
operations; whether they fit, and what lint says of them, is told when the draft takes them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from brigade.kernel.recipes.lexis import names
from brigade.kernel.recipes.merge import Effective
from brigade.kernel.recipes.overlay import Operation
from brigade.kernel.recipes.spans import PATTERN
from brigade.kernel.refused import Invalid
from brigade.kernel.sentences import _

NAMED = ("states", "transitions", "fields")
"""What has a label of its own."""
DROPPED = (*NAMED, "timers", "clocks", "approvals", "checklists")
LABEL = 120


def places(chosen: Effective, inner: str) -> list[str]:
    """Return the paths at which the adopted facets speak of an element, the last word first."""
    section, key = inner.split(".", 1)
    facets = chosen.document.data["facets"]
    return [
        f"facets.{facet}.{inner}"
        for facet in reversed(chosen.facets)
        if key in {str(each) for each in facets[facet].get(section) or {}}
    ]


def new_state(
    chosen: Effective,
    name: str,
    category: str,
    *,
    ways_in: Mapping[str, str],
    ways_out: Mapping[str, str],
    by: Sequence[str],
    why: str,
    language: str = "en",
) -> list[Operation]:
    """Add a state with the steps into and out of it.

    `ways_in` maps the state one comes from to the name of the step, `ways_out` the state
    one goes on to; `by` are the roles that take them.
    """
    key = _new_key(chosen, "states", name)
    state: dict[str, Any] = {"category": category, "label": _label(name, language)}
    if category in ("closed", "cancelled"):
        state["terminal"] = True
    added = [Operation("add", f"{_home(chosen)}.states.{key}", state, why, "")]
    taken: set[str] = set()
    for ways, coming in ((ways_in, True), (ways_out, False)):
        for other, step in ways.items():
            move = _move([other] if coming else [key], key if coming else other, step, by, language)
            path = f"{_home(chosen)}.transitions.{_new_key(chosen, 'transitions', step, taken)}"
            added.append(Operation("add", path, move, why, ""))
    return added


def new_transition(
    chosen: Effective,
    name: str,
    *,
    from_: Sequence[str],
    to: str,
    by: Sequence[str],
    why: str,
    language: str = "en",
) -> list[Operation]:
    """Add a step from one state or several to another, for these roles."""
    if not from_ or not by:
        missing = "from" if not from_ else "by"
        raise Invalid("required", _("Choose at least one."), missing)
    path = f"{_home(chosen)}.transitions.{_new_key(chosen, 'transitions', name)}"
    return [Operation("add", path, _move(from_, to, name, by, language), why, "")]


def new_field(
    chosen: Effective,
    name: str,
    kind: str,
    *,
    choices: Sequence[str] = (),
    required: tuple[str, str] | None = None,
    why: str,
    language: str = "en",
) -> list[Operation]:
    """Add a field of a type; `required` is ("in" or "from", a state), or nothing."""
    key = _new_key(chosen, "fields", name)
    field: dict[str, Any] = {"type": kind, "label": _label(name, language)}
    if kind == "enum":
        kept = [text for each in choices if (text := " ".join(each.split()))]
        if not kept:
            raise Invalid("required", _("Write one choice on each line."), "choices")
        keys: set[str] = set()
        field["of"] = [_slug(each, keys) for each in kept]
        labels = zip(field["of"], kept, strict=True)
        field["labels"] = {key: _label(text, language) for key, text in labels}
    if required is not None:
        field["required"] = {required[0]: required[1]}
    return [Operation("add", f"{_home(chosen)}.fields.{key}", field, why, "")]


def renamed(
    chosen: Effective, element: str, name: str, *, why: str, language: str = "en"
) -> list[Operation]:
    """Give a state, a step or a field another name; its key stays, and so does all that uses it."""
    path = _known(chosen, element, NAMED)
    return [Operation("rename_label", path, _label(name, language), why, "")]


def durations(chosen: Effective) -> dict[str, str]:
    """Return every length of time the recipe gives, by its path."""
    found: dict[str, str] = {}
    for section, keys in (("timers", ("after", "every")), ("approvals", ("deadline",))):
        for element, rule in (chosen.data.get(section) or {}).items():
            for key in keys:
                if isinstance(rule, Mapping) and rule.get(key):
                    for path in places(chosen, f"{section}.{element}")[:1]:
                        found[f"{path}.{key}"] = rule[key]
    return found


def another_duration(chosen: Effective, path: str, span: str, *, why: str) -> list[Operation]:
    """Give a timer or a deadline another length: 30m, 4h, 5d."""
    if path not in durations(chosen):
        raise Invalid("no_such_element", _("Choose one of the list."), "element")
    length = span.strip().lower().replace(" ", "")
    if not re.fullmatch(PATTERN, length):
        raise Invalid("bad_span", _("Write a number and a unit: 30m, 4h or 5d."), "span")
    return [Operation("set", path, length, why, "")]


def dropped(chosen: Effective, element: str, *, why: str) -> list[Operation]:
    """Take an element away; with a state go the steps that lead there alone, and its timers."""
    section, key = element.split(".", 1) if "." in element else ("", "")
    _known(chosen, element, DROPPED)
    gone = [Operation("unset", path, None, why, "") for path in places(chosen, element)]
    if section == "states":
        gone += _without_state(chosen, key, why)
    if section == "transitions":
        gone += _without_fired(chosen, {key}, why)
    return gone


def _without_state(chosen: Effective, key: str, why: str) -> Iterator[Operation]:
    lost: set[str] = set()
    for name, move in chosen.body.transitions.items():
        left = [state for state in names(move.from_) if state != key]
        if move.to == key or not left:
            lost.add(name)
            for path in places(chosen, f"transitions.{name}"):
                yield Operation("unset", path, None, why, "")
        elif key in names(move.from_):
            path = places(chosen, f"transitions.{name}")[0]
            yield Operation("set", f"{path}.from", left, why, "")
    yield from _without_fired(chosen, lost, why)
    for name, timer in chosen.body.timers.items():
        if key in names(timer.in_) and timer.fire not in lost:
            left = [state for state in names(timer.in_) if state != key]
            path = places(chosen, f"timers.{name}")[0]
            kept = Operation("set", f"{path}.in", left, why, "")
            yield kept if left else Operation("unset", path, None, why, "")


def _without_fired(chosen: Effective, moves: set[str], why: str) -> Iterator[Operation]:
    for name, timer in chosen.body.timers.items():
        for path in places(chosen, f"timers.{name}") if timer.fire in moves else ():
            yield Operation("unset", path, None, why, "")


def _move(
    from_: Iterable[str], to: str, name: str, by: Sequence[str], language: str
) -> dict[str, Any]:
    return {"from": list(from_), "to": to, "by": list(by), "label": _label(name, language)}


def _home(chosen: Effective) -> str:
    """Return the facet to which an organisation adds: the first, which every level has."""
    return f"facets.{chosen.facets[0]}"


def _known(chosen: Effective, element: str, sections: Sequence[str]) -> str:
    section = element.split(".", 1)[0]
    found = places(chosen, element) if section in sections and "." in element else []
    if not found:
        raise Invalid("no_such_element", _("Choose one of the list."), "element")
    return found[0]


def _label(text: str, language: str) -> str | dict[str, str]:
    said = " ".join(text.split())
    if not said:
        raise Invalid("required", _("Give it a name."), "name")
    if len(said) > LABEL:
        raise Invalid(
            "too_long", _("At most %(count)d characters, please.") % {"count": LABEL}, "name"
        )
    return said if language == "en" else {language: said}


def _new_key(chosen: Effective, section: str, name: str, taken: set[str] | None = None) -> str:
    """Return a key for something new: its name in plain letters, unlike every other of its kind."""
    used = set() if taken is None else taken
    for facet in chosen.document.data["facets"].values():
        used |= {str(key) for key in facet.get(section) or {}}
    return _slug(name, used)


def _slug(name: str, used: set[str]) -> str:
    plain = unicodedata.normalize("NFKD", name.replace("ß", "ss")).encode("ascii", "ignore")
    words = re.sub(r"[^a-z0-9]+", "_", plain.decode().lower()).strip("_")[:32]
    stem = words if words[:1].isalpha() else f"x_{words}".rstrip("_")
    key, number = stem, 1
    while key in used:
        number += 1
        key = f"{stem}_{number}"
    used.add(key)
    return key
