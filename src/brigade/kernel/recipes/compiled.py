"""A compiled recipe: what a record's life may be, ready to be asked.

Plain values in, plain values or a refusal out. A context maps names to values:
the record's columns, its data, the inputs of the recipe; a name that is not there
counts as null. Under `history` it may hold when each state was last entered (for
`since_state`), under `approvals` the names of approvals given (for `approved`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from brigade.kernel.recipes.cel import Expression
from brigade.kernel.recipes.elements import (
    RANK,
    SELF,
    Escalation,
    Field,
    LabelText,
    Presence,
    PriorityRule,
    State,
    Timer,
    Transition,
    in_language,
)
from brigade.kernel.recipes.language import LinkRule, Raci
from brigade.kernel.recipes.reactions import Approval, Check, Clock, Survey
from brigade.kernel.recipes.trees import STEP, ways_to
from brigade.kernel.refused import Invalid, NotPermitted, Refused
from brigade.kernel.sentences import _

Context = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class CompiledRecipe:
    """The effective recipe of one version at one level of adoption."""

    key: str
    version: str
    level: int
    facets: tuple[str, ...]
    kind: str
    prefix: str
    initial: str
    title: str
    purpose: str
    owner: str | None
    checksum: str
    inputs: tuple[str, ...]
    states: Mapping[str, State]
    fields: Mapping[str, Field]
    transitions: Mapping[str, Transition]
    timers: Mapping[str, Timer]
    clocks: Mapping[str, Clock]
    escalations: tuple[Escalation, ...]
    approvals: Mapping[str, Approval]
    checklists: Mapping[str, tuple[Check, ...]]
    links: tuple[LinkRule, ...]
    survey: Survey | None
    raci: Mapping[str, Raci]
    notify: Mapping[str, tuple[str, ...]]
    priority: PriorityRule
    policies: tuple[str, ...]
    kpis: tuple[str, ...]

    # -- the map ----------------------------------------------------------------------

    def category(self, state: str) -> str:
        """Return the category of a state; raises KeyError for one not on the map."""
        return self.states[state].category

    def escalations_of(self, clock: str) -> list[Escalation]:
        """Return the escalations of one clock, in the order of the recipe."""
        return [one for one in self.escalations if one.clock == clock]

    def transitions_from(self, state: str) -> list[Transition]:
        """Return what the map allows from a state, in the order of the recipe."""
        return [move for move in self.transitions.values() if state in move.from_]

    def target(self, state: str, transition: str) -> str:
        """Return the state a transition leads to from here; `self` stays."""
        to = self.transitions[transition].to
        return state if to == SELF else to

    # -- words ------------------------------------------------------------------------

    def label(self, key: str, language: str | None = None) -> str:
        """Return the name of a state, transition or field (in this order) for a reader.

        A label of the library is translated into the language in use; one that an
        organisation wrote per language is taken for `language`, else in English.
        """
        for part in (self.states, self.transitions, self.fields):
            if key in part:
                return in_language(part[key].label, language)
        return key

    def choice_label(self, field: str, choice: Any, language: str | None = None) -> str:
        """Return the name of one choice of an enum, or of the whole way to a branch of a tree."""
        known = self.fields[field]
        if known.type == "tree" and choice in known.labels:
            way = (in_language(known.labels[path], language) for path in ways_to(choice))
            return STEP.join(way)
        return in_language(known.choice(choice), language)

    def priority_label(self, priority: int | None, language: str | None = None) -> str:
        """Return the recipe's word for a priority (1 is the highest), or an empty text."""
        labels: tuple[LabelText, ...] = self.priority.labels
        if priority is None or not 1 <= priority <= len(labels):
            return ""
        return in_language(labels[priority - 1], language)

    # -- values -----------------------------------------------------------------------

    def required_fields(self, state: str, context: Context | None = None) -> set[str]:
        """Return the fields that must be filled in a state.

        `in` counts in its states alone; `from` from its state's category on, a
        cancelled record exempt; a conditional field counts where its condition
        holds over the context. What is not meant for such a record is not required;
        without a context it could be.
        """
        return {
            key
            for key, field in self.fields.items()
            if self._requires(field.required, state, context or {})
            and (context is None or field.applies(context))
        }

    def _requires(self, rule: Presence | Expression | None, state: str, context: Context) -> bool:
        if rule is None:
            return False
        if isinstance(rule, Expression):
            return self.category(state) != "cancelled" and rule.holds(context)
        return rule.covers(state, self.states)

    def missing_fields(self, state: str, context: Context) -> list[str]:
        """Return the required fields of a state that the context leaves empty, in order."""
        required = self.required_fields(state, context)
        return [key for key in self.fields if key in required and is_empty(context.get(key))]

    def default_values(self, context: Context) -> dict[str, Any]:
        """Return the defaults of the fields that the context leaves empty.

        A default may use the ones before it.
        """
        known, found = dict(context), {}
        for key, field in self.fields.items():
            if known.get(key) is not None or not field.applies(known):
                continue
            value = field.default_expr.value(known) if field.default_expr else field.default
            if value is not None:
                known[key] = found[key] = value
        return found

    def asked_at_opening(
        self, context: Context | None = None, *, public: bool = False
    ) -> list[Field]:
        """Return the organisation's own fields that a form for a new record asks for.

        These are the ones that people fill in, `public` those a requester is asked. With a
        context only what is meant for a record of these values counts.
        """
        return [
            field
            for field in self.fields.values()
            if field.own
            and (field.public or not public)
            and field.is_editable(self.initial, self.states)
            and (context is None or field.applies(context))
        ]

    def internal_own(self) -> frozenset[str]:
        """Return the organisation's own fields that only who reads a record internally may know."""
        return frozenset(
            key for key, field in self.fields.items() if field.own and not field.public
        )

    def check_meant(self, names: Iterable[str], context: Context) -> None:
        """Raise Invalid for the first of these fields that is not meant for such a record.

        A value that stands may stay; what is empty is no value.
        """
        for key in names:
            field = self.fields.get(key)
            if field is not None and not is_empty(context.get(key)) and not field.applies(context):
                raise Invalid(
                    "not_meant",
                    _("“%(field)s” is not asked of such a record. Leave it empty.")
                    % {"field": self.label(key)},
                    key,
                )

    def computed_values(self, context: Context) -> dict[str, Any]:
        """Return every computed field; None where what it is made of is missing."""
        known, found = dict(context), {}
        for key, field in self.fields.items():
            if field.computed:
                known[key] = found[key] = field.computed.value(known)
        return found

    def priority_of(self, context: Context) -> int | None:
        """Return the priority the recipe gives, 1 the highest; None where it cannot tell."""
        return self.priority.of({**context, **self.default_values(context)})

    # -- moves ------------------------------------------------------------------------

    def guard_allows(self, transition: Transition | str, context: Context) -> bool:
        """Say whether the guard of a transition lets it pass; without a guard it does."""
        move = self.transitions[transition] if isinstance(transition, str) else transition
        return move.guard is None or move.guard.holds(context)

    def allowed_moves(self, state: str, roles: Iterable[str], context: Context) -> list[Transition]:
        """Return the transitions that somebody with these roles may fire now."""
        held = set(roles)
        return [
            move
            for move in self.transitions_from(state)
            if held & set(move.by) and self.guard_allows(move, context)
        ]

    def check_open(self, context: Context) -> None:
        """Raise Invalid for the first field that a new record still needs."""
        self._check_filled(self.initial, context)

    def check_move(
        self, state: str, transition: str, roles: Iterable[str], context: Context
    ) -> Transition:
        """Return the transition if it may be fired; otherwise raise what stands in its way.

        Refused: `unknown_transition`, `not_from_here`, `guard`; NotPermitted:
        `not_permitted`; Invalid: `missing_field` with its field. The context already
        holds the values that come with the move.
        """
        move = self.transitions.get(transition)
        if move is None:
            raise Refused(
                "unknown_transition",
                _("%(title)s has no step called “%(step)s”.")
                % {"title": _(self.title), "step": transition},
            )
        named = {"step": self.label(transition), "state": self.label(state)}
        if state not in move.from_:
            raise Refused(
                "not_from_here", _("“%(step)s” is not possible from “%(state)s”.") % named
            )
        if not set(roles) & set(move.by):
            raise NotPermitted(
                "not_permitted",
                _("You do not have a role that may take the step “%(step)s”.") % named,
            )
        if not self.guard_allows(move, context):
            allowed_not = _("“%(step)s” is not allowed now.") % named
            raise Refused("guard", in_language(move.refusal) if move.refusal else allowed_not)
        if move.to != SELF:
            self._check_filled(move.to, context)
        return move

    def _check_filled(self, state: str, context: Context) -> None:
        for key in self.missing_fields(state, context):
            raise Invalid(
                "missing_field",
                _("“%(field)s” must be filled in for the state “%(state)s”.")
                % {"field": self.label(key), "state": self.label(state)},
                key,
            )


def is_empty(value: Any) -> bool:
    """Say whether a value counts as not filled in; 0 and false are filled in."""
    if isinstance(value, str):
        return not value.strip()
    return value is None or value == [] or value == {}


__all__ = ["RANK", "CompiledRecipe", "Context", "is_empty"]
