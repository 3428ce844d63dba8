"""A draft in words: what it changes, path by path, and where it stands."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from brigade.kernel.recipes.differences import MISSING, at, steps_of
from brigade.kernel.recipes.differences import differences as library_differences
from brigade.kernel.recipes.elements import in_language, plain_words
from brigade.kernel.recipes.lexis import names
from brigade.kernel.recipes.overlay import read_all
from brigade.kernel.recipes.parse import read
from brigade.kernel.recipes.queries import read_draft
from brigade.web.recipes import words

if TYPE_CHECKING:
    from django.utils.functional import Promise

    from brigade.kernel.recipes.elements import LabelText
    from brigade.kernel.recipes.merge import Effective
    from brigade.kernel.recipes.models import RecipeDraft
    from brigade.kernel.recipes.overlay import Operation
    from brigade.kernel.recipes.parse import Document

KINDS: dict[str, str | Promise] = {
    "states": lazy("State"),
    "transitions": lazy("Step"),
    "fields": lazy("Field"),
    "timers": lazy("Timer"),
    "clocks": lazy("Clock"),
    "escalations": lazy("Escalations"),
    "approvals": lazy("Approval"),
    "checklists": lazy("Checks"),
    "priority": lazy("Priority"),
    "raci": lazy("Who does what"),
    "notify": lazy("Who is told"),
    "survey": lazy("Survey"),
    "policies": lazy("Principles"),
    "kpis": lazy("Figures"),
    "links": lazy("Links"),
}
STATES: dict[str, str | Promise] = {
    "draft": lazy("Draft"),
    "submitted": lazy("Submitted"),
    "approved": lazy("Approved"),
    "published": lazy("Published"),
    "withdrawn": lazy("Withdrawn"),
}
SHOWN = 240
"""Characters of a value in a table; the whole stands in the text."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One operation as a line: what it is about, three values, and why.

    `before` and `after` are None where there is nothing.
    """

    path: str
    kind: str
    label: str
    before: str | None
    after: str | None
    effective: str
    why: str
    author: str


def differences(
    library: Document, chosen: Effective, overlay: tuple[Operation, ...]
) -> list[Difference]:
    """Return each operation with what the library has, what is ours, and what holds."""
    return [_difference(library, chosen, each) for each in overlay]


def changes_of(draft: RecipeDraft) -> list[tuple[str, str]]:
    """Return what a draft changes in what runs, each as what it is about and what becomes of it."""
    drafted = read_draft(draft)
    library, chosen = drafted.library, drafted.chosen
    before, now = read_all(draft.base.overlay), read_all(draft.overlay)
    new = differences(library, chosen, tuple(each for each in now if each not in before))
    paths = {each.path for each in now}
    gone = [each.path for each in before if each.path not in paths]
    told = [(each.label, f"{_becomes(each.before, each.after)} ({each.why})") for each in new]
    told += [(path_in_words(path, chosen, library), _("The library's own again")) for path in gone]
    if draft.source != draft.base.source:
        told.append((_("Library"), library.recipe.version))
        told += _of_library(read(draft.base.source), library, chosen)
    return told


def _of_library(old: Document, new: Document, chosen: Effective) -> Iterator[tuple[str, str]]:
    """Yield what another library changes: whoever approves it answers for that as well."""
    for each in library_differences(old.data, new.data):
        if each.path != "version":
            inside = each.path.startswith("facets.") and each.path.count(".") > 1
            before, after = (None if v is MISSING else shown(v) for v in (each.old, each.new))
            about = path_in_words(each.path, chosen, new) if inside else each.path
            yield about, _becomes(before, after)


def _becomes(before: str | None, after: str | None) -> str:
    now = _("Removed") if after is None else after
    return now if before is None else f"{before} → {now}"


def _difference(library: Document, chosen: Effective, each: Operation) -> Difference:
    before = at(library.data, steps_of(each.path))
    renamed = each.kind == "rename_label"
    if renamed and isinstance(before, Mapping):
        before = before.get("label") or plain_words(each.path.rpartition(".")[2])
    after = MISSING if each.kind == "unset" else each.to
    return Difference(
        path=each.path,
        kind="add" if before is MISSING else "unset" if after is MISSING else "set",
        label=path_in_words(each.path, chosen, library),
        before=None if before is MISSING else _element(each.path, before, chosen),
        after=None if after is MISSING else _element(each.path, after, chosen),
        effective=_effective(chosen, f"{each.path}.label" if renamed else each.path),
        why=each.why,
        author=each.author,
    )


def _effective(chosen: Effective, path: str) -> str:
    _facets, facet, *inner = path.split(".")
    if facet not in chosen.facets:
        return _("Not at this level")
    value = at(chosen.data, inner) if inner else MISSING
    return _("Nothing") if value is MISSING else _element(path, value, chosen)


def path_in_words(path: str, chosen: Effective, library: Document) -> str:
    """Return what a path leads to: "State “Verify fix”", "Timer “autoclose”: after"."""
    _facets, facet, section, *rest = path.split(".")
    kind = str(KINDS.get(section, plain_words(section)))
    if not rest:
        return kind
    key, *inner = rest
    data = chosen.document.data if chosen else library.data
    element = at(data, steps_of(f"facets.{facet}.{section}.{key}"))
    if element is MISSING:
        element = at(library.data, steps_of(f"facets.{facet}.{section}.{key}"))
    label = element.get("label") if isinstance(element, Mapping) else None
    return called(kind, label or plain_words(key), inner)


def called(kind: str, label: LabelText, inner: Sequence[str]) -> str:
    """Return an element by its kind and label, with what in it a path leads to."""
    name = in_language(label, get_language())
    said = _("%(kind)s “%(name)s”") % {"kind": kind, "name": name}
    return f"{said}: {' '.join(plain_words(each).lower() for each in inner)}" if inner else said


def _element(path: str, value: Any, chosen: Effective) -> str:
    """Return a whole state, step or field in words; whatever says more than they do, as a line."""
    _facets, _facet, section, *inner = path.split(".")
    if len(inner) == 1 and isinstance(value, Mapping) and set(value) <= _TOLD.get(section, set()):
        return _IN_WORDS[section](value, chosen) or shown(value)
    return shown(value)


def _state(value: Mapping[str, Any], _chosen: Effective) -> str:
    category = words.CATEGORIES.get(value.get("category", ""))
    return _("counts as “%(category)s”") % {"category": category} if category else ""


def _step(value: Mapping[str, Any], chosen: Effective) -> str:
    if not value.get("from") or not value.get("to"):
        return ""
    come, to = _named(value["from"], chosen), _named(value["to"], chosen)
    return _("%(from)s → %(to)s, by %(who)s") % {
        "from": come, "to": to, "who": words.roles(names(value.get("by"))),
    }  # fmt: skip


def _field(value: Mapping[str, Any], chosen: Effective) -> str:
    kind, rule = str(words.TYPES.get(value.get("type", ""), "")), value.get("required")
    if kind and value.get("of"):
        labels = value.get("labels") or {}
        kind += f" ({words.all_of(shown(labels.get(each, each)) for each in value['of'])})"
    if not kind or rule is None:
        return kind
    if not isinstance(rule, Mapping) or len(rule) != 1:
        return ""
    ((when, states),) = rule.items()
    told = {"kind": kind, "states": _named(states, chosen)}
    if when == "in":
        return _("%(kind)s, must be filled in “%(states)s”") % told
    return _("%(kind)s, must be filled from “%(states)s” on") % told


def _named(states: Any, chosen: Effective) -> str:
    """Return the names of states for the reader."""
    found = ((key, at(chosen.data, steps_of(f"states.{key}.label"))) for key in names(states))
    return words.all_of(
        in_language(plain_words(key) if label is MISSING else label, get_language())
        for key, label in found
    )


_TOLD: dict[str, set[str]] = {
    "states": {"category", "label", "terminal"},
    "transitions": {"from", "to", "by", "label"},
    "fields": {"type", "label", "of", "labels", "required"},
}
"""What the words of an element tell: one that says more is shown as it is written."""
_IN_WORDS = {"states": _state, "transitions": _step, "fields": _field}


def shown(value: Any) -> str:
    """Return a value as one line of text."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, Mapping) and set(value) <= {"en", "de"} and value:
        return in_language(dict(value), get_language())
    if isinstance(value, str | int | float):
        text = str(value)
    else:
        text = json.dumps(value, ensure_ascii=False, default=str).replace('"', "")
    return text if len(text) <= SHOWN else text[: SHOWN - 1].rstrip() + "…"
