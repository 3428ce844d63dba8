"""A recipe read aloud: its states, transitions, fields and timers in plain sentences."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from brigade.kernel.recipes.cel import Expression
from brigade.kernel.recipes.compiled import CompiledRecipe
from brigade.kernel.recipes.elements import (
    SELF,
    Effect,
    Escalation,
    Field,
    Presence,
    Timer,
    Transition,
    in_language,
    plain_words,
)
from brigade.kernel.recipes.role_names import role_name
from brigade.kernel.recipes.spans import Mark, Span
from brigade.kernel.sentences import _, ngettext


@dataclass(frozen=True, slots=True)
class Way:
    """A transition in words, as one row of a table: step, to, who, asks for, only if, then."""

    key: str
    step: str
    to: str
    who: str
    asks_for: str
    only_if: str
    then: str


@dataclass(frozen=True, slots=True)
class StateInWords:
    """A state in words: what must be filled, what one can do, what happens by itself."""

    key: str
    name: str
    category: str
    summary: str
    must_be_filled: str
    ways: tuple[Way, ...]
    by_itself: tuple[str, ...]


def states_in_words(recipe: CompiledRecipe) -> list[StateInWords]:
    """Return every state of the recipe in words, in the recipe's order."""
    return [state_in_words(recipe, key) for key in recipe.states]


def state_in_words(recipe: CompiledRecipe, key: str) -> StateInWords:
    """Return one state in words; raises KeyError for one not on the map."""
    state = recipe.states[key]
    ways = tuple(way_in_words(recipe, move, key) for move in recipe.transitions_from(key))
    required = recipe.required_fields(key)
    return StateInWords(
        key=key,
        name=recipe.label(key),
        category=state.category,
        summary=_summary(recipe, key, ways),
        must_be_filled=_listed(recipe.label(name) for name in recipe.fields if name in required),
        ways=ways,
        by_itself=tuple(
            timer_in_words(recipe, timer) for timer in recipe.timers.values() if key in timer.in_
        ),
    )


def _summary(recipe: CompiledRecipe, key: str, ways: tuple[Way, ...]) -> str:
    name = recipe.label(key)
    if not ways:
        return _("“%(state)s” is an end: nothing leads out of it.") % {"state": name}
    steps = _listed(_("%(step)s (%(who)s)") % {"step": way.step, "who": way.who} for way in ways)
    return _("From “%(state)s” one can: %(steps)s.") % {"state": name, "steps": steps}


def way_in_words(recipe: CompiledRecipe, move: Transition, state: str) -> Way:
    """Return a transition out of a state in words."""
    to = recipe.target(state, move.key)
    asked = sorted(
        recipe.required_fields(to) - recipe.required_fields(state), key=list(recipe.fields).index
    )
    return Way(
        key=move.key,
        step=in_language(move.label),
        to=_("stays as it is") if move.to == SELF else recipe.label(to),
        who=_listed(_name(recipe, role) for role in move.by),
        asks_for=_listed(recipe.label(key) for key in asked),
        only_if=move.guard.source if move.guard else "",
        then=_listed(effect_in_words(recipe, effect) for effect in move.do),
    )


def timer_in_words(recipe: CompiledRecipe, timer: Timer) -> str:
    """Return what a timer does, and when, as a sentence."""
    does = (
        recipe.label(timer.fire)
        if timer.fire
        else _listed(effect_in_words(recipe, effect) for effect in timer.do)
    )
    if timer.after:
        return _("After %(span)s: %(does)s.") % {"span": span_in_words(timer.after), "does": does}
    if timer.every:
        return _("Every %(span)s: %(does)s.") % {"span": span_in_words(timer.every), "does": does}
    field = recipe.label(timer.at or "")
    return _("When “%(field)s” is reached: %(does)s.") % {"field": field, "does": does}


def escalation_in_words(recipe: CompiledRecipe, escalation: Escalation) -> str:
    """Return when a clock escalates and what happens then, as a sentence."""
    does = _listed(effect_in_words(recipe, effect) for effect in escalation.do)
    return _("%(when)s: %(does)s.") % {"when": mark_in_words(escalation.at), "does": does}


BREACHED = "breached"
"""The flag of the library's recipes for a promise that was not kept."""


def flag_name(flag: str) -> str:
    """Return a flag that a recipe puts on a record, in words."""
    return _("Promise missed") if flag == BREACHED else plain_words(flag)


def mark_in_words(mark: Mark) -> str:
    """Return a mark on the way of a clock in words: "At 80 % of the time"."""
    if mark.offset is None:
        return _("At %(share)d %% of the time") % {"share": mark.share or 0}
    span = {"span": span_in_words(mark.offset)}
    before = _("%(span)s of open time before it is due") % span
    return before if mark.sign < 0 else _("%(span)s of open time after it was due") % span


def field_in_words(recipe: CompiledRecipe, field: Field) -> list[str]:
    """Return the rules of a field as sentences."""
    rules = [_required_in_words(recipe, field.required)]
    if field.when:
        rules.append(_("Is asked only when %(formula)s.") % {"formula": field.when.source})
    if field.own and field.public:
        rules.append(_("Whoever asked for it reads it, and is asked for it."))
    if field.of:
        choices = _listed(_choices(recipe, field))
        rules.append(_("Choices: %(choices)s.") % {"choices": choices})
    if field.default is not None:
        rules.append(_("Is %(value)s until somebody says otherwise.") % {"value": field.default})
    for formula, sentence in (
        (field.default_expr, _("Begins as %(formula)s.")),
        (field.computed, _("Is worked out: %(formula)s.")),
        (field.suggest, _("Suggestions: %(formula)s.")),
    ):
        if formula:
            rules.append(sentence % {"formula": formula.source})
    return rules


def _choices(recipe: CompiledRecipe, field: Field) -> list[str]:
    """Return the choices in words; of a tree only its first branches, each with what is in it."""
    if field.type != "tree":
        return [recipe.choice_label(field.key, choice) for choice in field.of]
    paths = [str(path) for path in field.of]
    named: list[str] = []
    for first in (path for path in paths if "." not in path):
        within = [path for path in paths if path.startswith(f"{first}.") and path.count(".") == 1]
        label = in_language(field.choice(first))
        inside = _listed(in_language(field.choice(path)) for path in within)
        named.append(f"{label} ({inside})" if inside else label)
    return named


def _required_in_words(recipe: CompiledRecipe, rule: Presence | Expression | None) -> str:
    if rule is None:
        return _("May stay empty.")
    if isinstance(rule, Expression):
        return _("Must be filled when %(formula)s.") % {"formula": rule.source}
    if rule.from_ is not None:
        return _("Must be filled from “%(state)s” on.") % {"state": recipe.label(rule.from_)}
    states = _listed(recipe.label(state) for state in rule.in_)
    return _("Must be filled in: %(states)s.") % {"states": states}


def effect_in_words(recipe: CompiledRecipe, effect: Effect) -> str:
    """Return an effect as a few words; a kind without its own words is named by its key."""
    value = effect.value
    match effect.kind:
        case "set":
            return _listed(
                _("%(field)s becomes %(value)s")
                % {"field": _name(recipe, key), "value": _value(recipe, new)}
                for key, new in value.items()
            )
        case "increment":
            return _("%(field)s counts up") % {"field": recipe.label(value)}
        case "notify":
            roles = [value] if isinstance(value, str) else value
            who = _listed(_name(recipe, role) for role in roles)
            return _("tell %(who)s") % {"who": who}
        case "task" if isinstance(value, str):
            return _("open the task “%(task)s”") % {"task": plain_words(value)}
        case "flag":
            return _("flag it “%(flag)s”") % {"flag": flag_name(value)}
        case _:
            return plain_words(effect.kind)


def _value(recipe: CompiledRecipe, value: object) -> str:
    if value == "=actor":
        return _("whoever does it")
    if isinstance(value, str) and value.startswith("="):
        return recipe.label(value[1:])
    return str(value)


def _name(recipe: CompiledRecipe, role: str) -> str:
    return role_name(role, recipe.label(role) if role in recipe.fields else None)


def span_in_words(span: Span) -> str:
    """Return a span in words: "5 days"."""
    match span.unit:
        case "m":
            words = ngettext("%(number)d minute", "%(number)d minutes", span.amount)
        case "h":
            words = ngettext("%(number)d hour", "%(number)d hours", span.amount)
        case _:
            words = ngettext("%(number)d day", "%(number)d days", span.amount)
    return words % {"number": span.amount}


def _listed(words: Iterable[str]) -> str:
    return ", ".join(word for word in words if word)
