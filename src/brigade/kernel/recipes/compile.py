"""From the models of an effective recipe to the compiled one."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable
from typing import Any

from brigade.kernel.recipes import elements, language, lexis, reactions
from brigade.kernel.recipes.cel import Expression, ExpressionError, expression
from brigade.kernel.recipes.compiled import CompiledRecipe
from brigade.kernel.recipes.errors import LintError, RecipeError
from brigade.kernel.recipes.expressions import expressions_of
from brigade.kernel.recipes.lexis import names
from brigade.kernel.recipes.lint import lint_effective
from brigade.kernel.recipes.merge import Effective, effective
from brigade.kernel.recipes.parse import Document
from brigade.kernel.recipes.spans import Mark, Span
from brigade.kernel.recipes.trees import branches

PRIORITY_LABELS = ("Critical", "High", "Medium", "Low", "Planning")


def compile_recipe(
    document: Document, level: int, *, on: Iterable[str] = (), off: Iterable[str] = ()
) -> CompiledRecipe:
    """Return the recipe compiled at a level; raises RecipeError where it is not sound."""
    chosen = effective(document, level, on=on, off=off)
    if errors := lint_effective(chosen):
        raise RecipeError(errors)
    return compile_effective(chosen)


def content_checksum(chosen: Effective) -> str:
    """Return the sha256 of what is run: the text, the level and the facets chosen."""
    content = [chosen.document.checksum, chosen.level, list(chosen.facets)]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()


def stored_form(chosen: Effective) -> dict[str, Any]:
    """Return the effective recipe as JSON: its head, the facets chosen, their sum."""
    recipe = chosen.document.recipe
    head = recipe.model_dump(mode="json", by_alias=True, exclude={"facets"}, exclude_none=True)
    body = chosen.body.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return {**head, "level": chosen.level, "facets": list(chosen.facets), "body": body}


def compile_effective(chosen: Effective) -> CompiledRecipe:
    """Compile an effective recipe that lint found sound."""
    recipe, body = chosen.document.recipe, chosen.body
    return CompiledRecipe(
        key=recipe.recipe,
        version=recipe.version,
        level=chosen.level,
        facets=chosen.facets,
        kind=recipe.record.kind,
        prefix=recipe.record.prefix,
        initial=recipe.record.initial,
        title=recipe.title,
        purpose=recipe.purpose,
        owner=recipe.owner,
        checksum=content_checksum(chosen),
        inputs=_asked(chosen),
        states={key: _state(key, state) for key, state in body.states.items()},
        fields={key: _field(key, field, chosen) for key, field in body.fields.items()},
        transitions={k: _transition(k, move, chosen) for k, move in body.transitions.items()},
        timers={key: _timer(key, timer) for key, timer in body.timers.items()},
        clocks=body.clocks,
        escalations=_escalations(body.escalations),
        approvals=body.approvals,
        checklists={key: tuple(checks) for key, checks in body.checklists.items()},
        links=tuple(body.links),
        survey=body.survey,
        raci=body.raci,
        notify={event: names(roles) for event, roles in body.notify.items()},
        priority=_priority(body.priority, chosen),
        policies=tuple(body.policies),
        kpis=tuple(body.kpis),
    )


def _expression(text: str | None, path: str, chosen: Effective) -> Expression | None:
    if text is None:
        return None
    try:
        return expression(text)
    except ExpressionError as fault:
        raise RecipeError([_unsound(fault, path, chosen)]) from None


def _unsound(fault: ExpressionError, path: str, chosen: Effective) -> LintError:
    return chosen.error("E04", str(fault), path)


def _asked(chosen: Effective) -> tuple[str, ...]:
    """Return the inputs that expressions of these facets use: what is not asked is not read."""
    used: set[str] = set()
    for written in expressions_of(chosen.body):
        used |= expression(written.source).names
    return tuple(name for name in chosen.document.recipe.inputs if name in used)


def _state(key: str, state: language.State) -> elements.State:
    label = state.label or elements.plain_words(key)
    return elements.State(key, label, state.category, state.terminal)


def _effects(effects: Iterable[reactions.Effect]) -> tuple[elements.Effect, ...]:
    return tuple(elements.Effect(effect.kind, _plain(effect.value)) for effect in effects)


def _plain(value: Any) -> Any:
    return value.model_dump(by_alias=True) if isinstance(value, lexis.Model) else value


def _transition(key: str, move: language.Transition, chosen: Effective) -> elements.Transition:
    return elements.Transition(
        key=key,
        label=move.label or elements.plain_words(key),
        from_=names(move.from_),
        to=move.to,
        by=names(move.by),
        guard=_expression(move.guard, f"transitions.{key}.guard", chosen),
        do=_effects(move.do),
        refusal=move.refusal or "",
    )


def _presence(rule: language.Presence) -> elements.Presence:
    return elements.Presence(names(rule.in_), rule.from_)


def _field(key: str, field: language.Field, chosen: Effective) -> elements.Field:
    path = f"fields.{key}"
    required: elements.Presence | Expression | None
    if isinstance(field.required, language.Presence):
        required = _presence(field.required)
    else:
        required = _expression(field.required, f"{path}.required", chosen)
    editable = field.editable
    return elements.Field(
        key=key,
        label=field.label or elements.plain_words(key),
        help=field.help or "",
        type=field.type,
        of=field.choices(),
        labels=_labels(field),
        default=field.default,
        default_expr=_expression(field.default_expr, f"{path}.default_expr", chosen),
        computed=_expression(field.computed, f"{path}.computed", chosen),
        suggest=_expression(field.suggest, f"{path}.suggest", chosen),
        required=required,
        editable=editable if isinstance(editable, bool) else _presence(editable),
        when=_expression(field.when, f"{path}.when", chosen),
        public=field.visibility == "public",
        own=key in chosen.document.own,
    )


def _labels(field: language.Field) -> dict[str | int, elements.LabelText]:
    if not isinstance(field.of, dict):
        return dict(field.labels)
    return {
        path: branch.label or elements.plain_words(path.rpartition(".")[2])
        for path, branch in branches(field.of)
    }


def _timer(key: str, timer: reactions.Timer) -> elements.Timer:
    return elements.Timer(
        key=key,
        in_=names(timer.in_),
        after=Span.read(timer.after) if timer.after else None,
        at=timer.at.removeprefix("=") if timer.at else None,
        every=Span.read(timer.every) if timer.every else None,
        calendar=timer.calendar,
        fire=timer.fire,
        do=_effects(timer.do),
    )


def _escalations(rules: Iterable[reactions.Escalation]) -> tuple[elements.Escalation, ...]:
    places: Counter[str] = Counter()
    found = []
    for rule in rules:
        place = places[rule.clock]
        found.append(elements.Escalation(rule.clock, place, Mark.read(rule.at), _effects(rule.do)))
        places[rule.clock] += 1
    return tuple(found)


def _priority(rule: language.Priority | None, chosen: Effective) -> elements.PriorityRule:
    rule = rule or language.Priority()
    return elements.PriorityRule(
        expr=_expression(rule.expr, "priority.expr", chosen),
        matrix={impact: tuple(row) for impact, row in (rule.matrix or {}).items()},
        labels=tuple(rule.labels or PRIORITY_LABELS),
        override_by=names(rule.override_by),
        override_reason=rule.override_reason == "required",
    )
