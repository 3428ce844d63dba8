"""The elements of a compiled recipe: states, transitions, fields, timers, priority."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from brigade.kernel.recipes.cel import Expression
from brigade.kernel.recipes.spans import Mark, Span
from brigade.kernel.sentences import _
from brigade.kernel.sentences import language as reader_language

SELF = "self"
"""Where a transition leads that acts without moving."""
RANK = {"new": 0, "active": 1, "waiting": 1, "resolved": 2, "closed": 3}
"""How far a category is; cancelled stands outside."""

LabelText = str | Mapping[str, str]
"""A text of the library, which is its own gettext id, or one text per language."""


def in_language(label: LabelText, language: str | None = None) -> str:
    """Return a label in a language, else in the reader's.

    A map that lacks it falls back to the language without its region, to English, then
    to its first text.
    """
    if isinstance(label, str):
        return _(label)
    wanted = language or reader_language()
    spoken = (wanted, wanted.partition("-")[0], "en")
    return next((label[one] for one in spoken if label.get(one)), None) or next(
        iter(label.values())
    )


@dataclass(frozen=True, slots=True)
class State:
    """A state of the map and the category by which figures know it."""

    key: str
    label: LabelText
    category: str
    terminal: bool


@dataclass(frozen=True, slots=True)
class Effect:
    """One thing that happens beside a move: its kind and what it works on."""

    kind: str
    value: Any


@dataclass(frozen=True, slots=True)
class Transition:
    """A way from some states to one, who may take it, and what happens beside.

    `refusal` tells a reader in words why the guard does not let them pass.
    """

    key: str
    label: LabelText
    from_: tuple[str, ...]
    to: str
    by: tuple[str, ...]
    guard: Expression | None
    do: tuple[Effect, ...]
    refusal: LabelText


@dataclass(frozen=True, slots=True)
class Presence:
    """The states in which something holds, or the one from whose category on it does."""

    in_: tuple[str, ...]
    from_: str | None

    def covers(self, state: str, states: Mapping[str, State]) -> bool:
        """Say whether it holds in a state of the map."""
        if self.from_ is None:
            return state in self.in_
        category = states[state].category
        return category in RANK and RANK[category] >= RANK.get(states[self.from_].category, 9)


@dataclass(frozen=True, slots=True)
class Field:
    """A fact of the record and its rules.

    `when` says for which records it is meant at all, `public` whether the requester may
    read it, `own` whether the organisation added it to the recipe of the library.
    """

    key: str
    label: LabelText
    help: LabelText
    type: str
    of: tuple[str | int, ...]
    labels: Mapping[str | int, LabelText]
    default: Any
    default_expr: Expression | None
    computed: Expression | None
    suggest: Expression | None
    required: Presence | Expression | None
    editable: bool | Presence
    when: Expression | None = None
    public: bool = False
    own: bool = False

    def applies(self, context: Mapping[str, Any]) -> bool:
        """Say whether the field is meant for a record of these values."""
        return self.when is None or self.when.holds(context)

    def choice(self, value: Any) -> LabelText:
        """Return the label of one choice, derived from its key where none is given.

        What an import brought and no choice names is returned as it stands.
        """
        if self.type == "tree":
            return self.labels.get(value) or str(value)
        return self.labels.get(value) or plain_words(str(value))

    def is_editable(self, state: str, states: Mapping[str, State]) -> bool:
        """Say whether a person may fill it in while the record is in the state."""
        if self.computed is not None or self.editable is False:
            return False
        return self.editable is True or self.editable.covers(state, states)


@dataclass(frozen=True, slots=True)
class Timer:
    """What happens by itself while a record rests in certain states.

    `at` names a field with an instant. `fire` is a transition, fired as the system.
    """

    key: str
    in_: tuple[str, ...]
    after: Span | None
    at: str | None
    every: Span | None
    calendar: str | None
    fire: str | None
    do: tuple[Effect, ...]


@dataclass(frozen=True, slots=True)
class Escalation:
    """What happens when a clock comes to a mark on its way.

    `place` counts the escalations of one clock from 0, in the order of the recipe.
    """

    clock: str
    place: int
    at: Mark
    do: tuple[Effect, ...]


@dataclass(frozen=True, slots=True)
class PriorityRule:
    """How a priority follows from the record; the matrix, where there is one, wins."""

    expr: Expression | None
    matrix: Mapping[int, tuple[int, ...]]
    labels: tuple[LabelText, ...]
    override_by: tuple[str, ...]
    override_reason: bool

    def of(self, context: Mapping[str, Any]) -> int | None:
        """Return the priority, 1 the highest; None where the values do not tell."""
        if self.matrix:
            row = self.matrix.get(context.get("impact") or 0, ())
            urgency = context.get("urgency")
            within = isinstance(urgency, int) and 1 <= urgency <= len(row)
            return row[urgency - 1] if within and isinstance(urgency, int) else None
        value = self.expr.value(context) if self.expr else None
        return value if isinstance(value, int) and not isinstance(value, bool) else None


def plain_words(key: str) -> str:
    """Return a key as words: `waiting_reason` reads "Waiting reason"."""
    return key.replace("_", " ").replace("-", " ").capitalize()
