"""Whether every expression of a recipe compiles and always has an answer of its type (E04)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from brigade.kernel.recipes import cel
from brigade.kernel.recipes.errors import LintError
from brigade.kernel.recipes.language import Body, Field
from brigade.kernel.recipes.merge import Effective
from brigade.kernel.recipes.references import names_in_expressions
from brigade.kernel.recipes.samples import empty_context, typed_contexts
from brigade.kernel.sentences import _

Fits = Callable[[Any], bool]


@dataclass(frozen=True, slots=True)
class Written:
    """An expression where it stands, what its answer must be, and whether it copes with null."""

    source: str
    path: str
    fits: Fits
    wanted: str
    copes: bool = True


def lint_expressions(chosen: Effective) -> list[LintError]:
    """Return E03 for unknown names and functions, E04 for what has no sound answer."""
    types = names_in_expressions(chosen.document.recipe, chosen.body)
    found: list[LintError] = []
    for written in expressions_of(chosen.body):
        try:
            compiled = cel.expression(written.source)
        except cel.ExpressionError as fault:
            found.append(chosen.error("E04", str(fault), written.path))
            continue
        unknown = _unknown(compiled, types)
        found += [chosen.error("E03", message, written.path) for message in unknown]
        if not unknown and (wrong := _wrong_answer(compiled, written, types, chosen.body)):
            found.append(chosen.error("E04", wrong, written.path))
    return found


def _unknown(compiled: cel.Expression, types: Mapping[str, str]) -> list[str]:
    functions = compiled.functions - cel.OURS - cel.BUILTIN
    return [
        _("The formula uses “%(name)s”, which is neither a field nor under inputs.")
        % {"name": name}
        for name in sorted(compiled.names - types.keys())
    ] + [
        _("There is no function “%(name)s” for formulas.") % {"name": name}
        for name in sorted(functions)
    ]


def _wrong_answer(
    compiled: cel.Expression, written: Written, types: Mapping[str, str], body: Body
) -> str | None:
    choices = {key: field.choices() for key, field in body.fields.items() if field.of}
    for context in typed_contexts(compiled.names, types, choices, body.states):
        try:
            answer = compiled.evaluate(context)
        except cel.ExpressionError as fault:
            tried = ", ".join(f"{name} = {context[name]!r}" for name in sorted(compiled.names))
            said = {"values": tried[:160] or "-", "fault": fault}
            return _("The formula has no answer for %(values)s: %(fault)s") % said
        if not written.fits(answer):
            said = {"wanted": written.wanted, "answer": repr(answer)[:200]}
            return _("The answer must be %(wanted)s, not %(answer)s.") % said
    return _wrong_over_nothing(compiled, written)


def _wrong_over_nothing(compiled: cel.Expression, written: Written) -> str | None:
    try:
        answer = compiled.evaluate(empty_context())
    except cel.ExpressionError as fault:
        if fault.lacks_values and not written.copes:
            return None
        named = ", ".join(sorted(compiled.names)) or "its names"
        return _(
            "The formula has no answer while %(names)s is null (compare with null first): %(fault)s"
        ) % {"names": named, "fault": fault}
    if answer is None and not (written.copes and written.fits is _is_truth):
        return None
    if written.fits(answer):
        return None
    return _("Where every value is null the answer must be %(wanted)s.") % {
        "wanted": written.wanted
    }


def _is_truth(value: Any) -> bool:
    return isinstance(value, bool)


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _truth() -> tuple[Fits, str]:
    return _is_truth, _("true or false")


def _whole() -> tuple[Fits, str]:
    return _is_whole, _("a whole number")


def _fits(field: Field) -> tuple[Fits, str]:
    match field.type:
        case "bool":
            return _truth()
        case "int":
            return _whole()
        case "number":
            return (lambda value: _is_whole(value) or isinstance(value, float)), _("a number")
        case "enum" | "tree" if field.of:
            chosen = field.choices()
            named = _("one of %(choices)s") % {"choices": list(chosen)}
            return (lambda value: value in chosen), named
        case "text" | "note" | "tree":
            return (lambda value: isinstance(value, str)), _("a text")
        case _:
            return (lambda value: True), _("a value")


def expressions_of(body: Body) -> Iterator[Written]:
    """Yield every expression of an effective recipe with its path."""
    for key, move in body.transitions.items():
        if move.guard:
            yield Written(move.guard, f"transitions.{key}.guard", *_truth())
    for key, field in body.fields.items():
        yield from _of_field(key, field)
    if body.priority and body.priority.expr:
        expr = body.priority.expr
        yield Written(expr, "priority.expr", *_whole(), copes=False)
    for key, clock in body.clocks.items():
        if clock.pause and clock.pause.when:
            yield Written(clock.pause.when, f"clocks.{key}.pause.when", *_truth())
    for key, checks in body.checklists.items():
        for position, check in enumerate(checks):
            if isinstance(check.required, str):
                path = f"checklists.{key}[{position}].required"
                yield Written(check.required, path, *_truth())


def _of_field(key: str, field: Field) -> Iterator[Written]:
    path = f"fields.{key}"
    fits, wanted = _fits(field)
    if isinstance(field.required, str):
        yield Written(field.required, f"{path}.required", *_truth())
    if field.when:
        yield Written(field.when, f"{path}.when", *_truth())
    if field.default_expr:
        yield Written(field.default_expr, f"{path}.default_expr", fits, wanted)
    if field.computed:
        yield Written(field.computed, f"{path}.computed", fits, wanted, copes=False)
    if field.suggest:
        listed: Fits = lambda value: isinstance(value, list)  # noqa: E731
        yield Written(field.suggest, f"{path}.suggest", listed, _("a list"))
