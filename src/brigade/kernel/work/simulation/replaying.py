"""One record's journal driven through another recipe: pure, and without a word of SQL.

A finding is what the draft refuses, asks or promises and the version that the
record runs did not: what was already so is no effect of the draft. After a
refused move the history goes on as it went, because people would have found
their way; only the first refusal of a record is told.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from brigade.kernel.recipes.compiled import CompiledRecipe, is_empty
from brigade.kernel.recipes.elements import SELF, Transition
from brigade.kernel.recipes.lexis import names
from brigade.kernel.work.simulation import findings
from brigade.kernel.work.simulation.findings import Asked, Block, Click, Found

RolesOf = Callable[[int | None, datetime, Mapping[str, Any]], set[str]]
"""The roles in which an actor could move a record with these values at an instant."""
ServiceOf = Callable[[Any], dict[str, Any] | None]
"""What expressions may know of a service."""


class Entry(NamedTuple):
    """A journal entry as a replay sees it; `spoken`: somebody said something with it."""

    number: int
    at: datetime
    kind: str
    transition: str
    visibility: str
    origin: str
    actor: int | None
    changes: dict[str, Any]
    spoken: bool
    erased: bool
    brought: bool


@dataclass(frozen=True, slots=True)
class Known:
    """What a replay has to know beside the journal; `since` is where the window begins."""

    since: datetime
    roles_of: RolesOf
    service_of: ServiceOf


@dataclass(frozen=True, slots=True)
class Past:
    """An entry with the record's values after it: as they were, and as the draft has them."""

    entry: Entry
    lived: Mapping[str, Any]
    drafted: Mapping[str, Any]


def walk(
    record: int, entries: Sequence[Entry], live: CompiledRecipe, draft: CompiledRecipe, known: Known
) -> tuple[Found, list[Past]]:
    """Drive a record's entries through the draft; return findings but for clocks, and the way."""
    steps = _Walk(record, live, draft, known)
    for entry in entries:
        steps.take(entry)
    return steps.found(), steps.past


@dataclass(slots=True)
class _Walk:
    """A record on its way; `ours` holds the values that only the draft gives it."""

    record: int
    live: CompiledRecipe
    draft: CompiledRecipe
    known: Known
    lived: dict[str, Any] = field(default_factory=dict)
    ours: dict[str, Any] = field(default_factory=dict)
    entered: dict[str, datetime] = field(default_factory=dict)
    past: list[Past] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    approvals: list[str] = field(default_factory=list)
    clicks: list[Click] = field(default_factory=list)
    moves: int = 0

    def found(self) -> Found:
        return Found(
            record=self.record,
            moves=self.moves,
            block=self.blocks[0] if self.blocks else None,
            blocked_moves=len(self.blocks),
            asked=tuple(self.asked),
            approvals=tuple(self.approvals),
            clicks=tuple(self.clicks),
        )

    def take(self, entry: Entry) -> None:
        before, state = self.lived, str(self.lived.get("state") or "")
        after = before | {name: change[1] for name, change in entry.changes.items()}
        for name in entry.changes:
            if not is_empty(after.get(name)):
                self.ours.pop(name, None)
        counts = entry.at >= self.known.since and not entry.brought
        if entry.kind == "opened":
            self._defaults(after)
            if counts:
                self._opening(entry, after)
        elif counts and entry.kind == "moved" and entry.transition:
            self.moves += 1
            self._move(entry, before, after, state)
        if counts and "state" in entry.changes:
            self._approvals(entry, entry.changes["state"][1])
        self._effects(entry)
        if "state" in entry.changes:
            self.entered[entry.changes["state"][1]] = entry.at
        self.lived = after
        self._priority(after)
        self.past.append(Past(entry, after, {**after, **self.ours} if self.ours else after))

    def _defaults(self, after: Mapping[str, Any]) -> None:
        """Give the record what the draft would have begun it with, and its own recipe did not."""
        context = self._context(self.draft, after, None)
        self.ours |= {
            name: value
            for name, value in self.draft.default_values(context).items()
            if is_empty(after.get(name))
        }

    def _opening(self, entry: Entry, after: Mapping[str, Any]) -> None:
        missing = self._missing(self.live.initial, self.draft.initial, entry, after)
        if missing:
            self._blocked(entry, self.draft.initial, findings.MISSING, missing[0])
            self.clicks.append(Click(self.record, entry.at, "", missing))

    def _move(
        self, entry: Entry, before: Mapping[str, Any], after: Mapping[str, Any], state: str
    ) -> None:
        """Ask the draft for the move as it was asked then: with its values, before its effects."""
        lived = self.live.transitions.get(entry.transition)
        made = _made_by(lived)
        context = {
            name: before.get(name) if name in made or name == "state" else value
            for name, value in after.items()
        }
        reason = self._refusal(entry, context, state)
        target = self.draft.transitions.get(entry.transition)
        missing: tuple[str, ...] = ()
        if target is not None and target.to != SELF:
            arrived = after.get("state", "")
            missing = self._missing(str(arrived), target.to, entry, context)
        if missing:
            self.clicks.append(Click(self.record, entry.at, entry.transition, missing))
        if reason:
            self._blocked(entry, state, reason)
        elif missing:
            self._blocked(entry, state, findings.MISSING, missing[0])

    def _refusal(self, entry: Entry, context: Mapping[str, Any], state: str) -> str:
        """Return why the draft refuses what the record's own version allowed, or an empty text."""
        lived = self.live.transitions.get(entry.transition)
        if lived is None or state not in lived.from_:
            return ""
        move = self.draft.transitions.get(entry.transition)
        if move is None:
            return findings.NOT_THERE
        if state not in move.from_:
            return findings.NOT_FROM_HERE
        if self._nobody_may(entry, context, lived, move):
            return findings.ROLE
        if move.guard is not None and move.guard != lived.guard:
            drafted = self._context(self.draft, {**context, **self.ours}, entry)
            if not self.draft.guard_allows(move, drafted) and self.live.guard_allows(
                lived, self._context(self.live, context, entry)
            ):
                return findings.GUARD
        return ""

    def _nobody_may(
        self, entry: Entry, context: Mapping[str, Any], lived: Transition, move: Transition
    ) -> bool:
        """Tell whether whoever made the move has no role left that may."""
        if set(lived.by) <= set(move.by):
            return False
        if entry.origin == "system":
            return "system" not in move.by
        held = self.known.roles_of(entry.actor, entry.at, context)
        return bool(held & set(lived.by)) and not held & set(move.by)

    def _missing(
        self, lived_in: str, drafted_in: str, entry: Entry, context: Mapping[str, Any]
    ) -> tuple[str, ...]:
        """Return what is empty and needed in the draft's state and was not needed as it was run."""
        drafted = self._context(self.draft, {**context, **self.ours}, entry)
        missing = self.draft.missing_fields(drafted_in, drafted)
        if not missing or lived_in not in self.live.states:
            return tuple(missing)
        needed = self.live.required_fields(lived_in, self._context(self.live, context, entry))
        return tuple(name for name in missing if name not in needed)

    def _approvals(self, entry: Entry, state: str) -> None:
        before = _asked_in(self.live, state, entry.transition)
        for name in _asked_in(self.draft, state, entry.transition):
            self.approvals.append(name)
            if name not in before:
                self.asked.append(Asked(self.record, entry.at, state, name))

    def _effects(self, entry: Entry) -> None:
        """Set what the draft's step sets and the step as it was run did not."""
        move = self.draft.transitions.get(entry.transition) if entry.transition else None
        lived = self.live.transitions.get(entry.transition) if move else None
        if move is None or (lived is not None and lived.do == move.do):
            return
        for effect in move.do:
            if effect.kind == "set":
                plain = {k: v for k, v in effect.value.items() if k not in entry.changes}
                self.ours |= {
                    name: entry.actor if value == "=actor" else value
                    for name, value in plain.items()
                    if not (isinstance(value, str) and value.startswith("=") and value != "=actor")
                }

    def _priority(self, after: Mapping[str, Any]) -> None:
        """Ask the draft for the priority again, unless somebody's or the source's own stands."""
        standing = any(after.get(n) for n in ("priority_set", "priority_fact", "off_matrix"))
        if standing or (not self.ours and self.draft.priority == self.live.priority):
            return
        drafted = {**after, **{k: v for k, v in self.ours.items() if k != "priority"}}
        given = self.draft.priority_of(self._context(self.draft, drafted, None))
        if given is None or given == after.get("priority"):
            self.ours.pop("priority", None)
        else:
            self.ours["priority"] = given

    def _context(
        self, recipe: CompiledRecipe, values: Mapping[str, Any], entry: Entry | None
    ) -> dict[str, Any]:
        context = dict(values)
        if "service" in recipe.inputs:
            context["service"] = self.known.service_of(values.get("service"))
        if entry is not None:
            context |= {"actor": entry.actor, "now": entry.at, "history": self.entered}
            context["approvals"] = tuple(recipe.approvals)
        return context

    def _blocked(self, entry: Entry, state: str, reason: str, name: str = "") -> None:
        transition = entry.transition if entry.kind == "moved" else ""
        self.blocks.append(Block(self.record, entry.at, state, transition, reason, name))


def _made_by(move: Transition | None) -> frozenset[str]:
    """Return the fields that a step's own effects set: nobody typed them."""
    if move is None:
        return frozenset()
    made = [effect.value for effect in move.do if effect.kind in ("set", "increment")]
    return frozenset(name for value in made for name in names_of(value))


def names_of(value: Any) -> tuple[str, ...]:
    """Return the fields that a `set` (a map) or an `increment` (a name) works on."""
    return tuple(value) if isinstance(value, Mapping) else (str(value),)


def _asked_in(recipe: CompiledRecipe, state: str, transition: str) -> list[str]:
    """Return the approvals that are asked when a record comes to a state by a transition."""
    found = [name for name, one in recipe.approvals.items() if state in names(one.in_)]
    move = recipe.transitions.get(transition)
    wanted = (effect.value for effect in (move.do if move else ()))
    kinds = (effect.kind for effect in (move.do if move else ()))
    found += [v for k, v in zip(kinds, wanted, strict=True) if k == "request_approval"]
    return list(dict.fromkeys(found))
