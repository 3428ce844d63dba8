"""Expressions of a recipe: CEL, compiled once, evaluated over plain values.

A missing value is passed as null. A condition (`guard`, `when`, `required`), a
suggestion and a default must cope with null and always answer. A figure
(`computed`, the priority's `expr`) may be built from what is not there yet: then
it is missing itself, as in SQL.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

import cel

from brigade.kernel import instants
from brigade.kernel.recipes.lexis import CEL_LENGTH
from brigade.kernel.sentences import _

NESTING = 12
"""How deep brackets may nest in an expression."""
NEVER_ENTERED = timedelta(days=36_500)
"""Time since a state the record was never in: longer than any guard allows."""
RESERVED = ("history", "approvals")
"""Names of the context that only functions read."""
BUILTIN = frozenset(
    {
        "size", "duration", "timestamp", "int", "uint", "double", "string", "min", "max",
        "contains", "startsWith", "endsWith", "matches",
        "getFullYear", "getMonth", "getDate", "getDayOfMonth", "getDayOfWeek", "getDayOfYear",
        "getHours", "getMinutes", "getSeconds", "getMilliseconds",
    }
)  # fmt: skip
MACROS = ("all", "exists", "exists_one", "map", "filter")

_STRING = re.compile(r"""r?('''.*?'''|\"\"\".*?\"\"\"|'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")""", re.S)
_MACRO = re.compile(r"\.\s*(?:" + "|".join(MACROS) + r")\s*\(\s*(\w*)")
_NAMED = re.compile(r"^[A-Za-z]\w*(\.\w+)*$")


class ExpressionError(Exception):
    """An expression that cannot be compiled, or has no answer over these values.

    `lacks_values` says that an operand of the wrong type, such as null, is why.
    """

    def __init__(self, message: str, *, lacks_values: bool = False) -> None:
        super().__init__(message)
        self.lacks_values = lacks_values


@dataclass(frozen=True, slots=True)
class Expression:
    """A compiled expression and the names it uses."""

    source: str
    names: frozenset[str]
    functions: frozenset[str]
    _program: cel.Program = field(repr=False, compare=False)

    def evaluate(self, context: Mapping[str, Any]) -> Any:
        """Return the answer over plain values; raises ExpressionError where there is none."""
        values = {name: context.get(name) for name in self.names}
        try:
            return self._program.execute(cel.Context(values, functions_over(context)))
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as fault:  # the engine's own panics are no Exception
            lacks = isinstance(fault, TypeError | RuntimeError | KeyError | AttributeError)
            raise ExpressionError(_brief(fault), lacks_values=lacks) from None

    def holds(self, context: Mapping[str, Any]) -> bool:
        """Say whether a condition holds; one that has no answer does not."""
        try:
            return self.evaluate(context) is True
        except ExpressionError:
            return False

    def value(self, context: Mapping[str, Any]) -> Any:
        """Return a figure, or None where what it is made of is missing."""
        try:
            return self.evaluate(context)
        except ExpressionError:
            return None


@lru_cache(maxsize=2_000)
def expression(source: str) -> Expression:
    """Compile an expression; raises ExpressionError with one sentence about why not."""
    bare = _STRING.sub("''", source)
    _check_size(source, bare)
    bound = _bound_names(bare)
    try:
        program = cel.compile(source)
        names, functions = program.variables(), program.functions()
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as fault:  # the parser's own panics are no Exception
        raise ExpressionError(_brief(fault)) from None
    return Expression(
        source,
        frozenset(names) - bound,
        frozenset(name for name in functions if _NAMED.match(name)),
        program,
    )


def _check_size(source: str, bare: str) -> None:
    if len(source) > CEL_LENGTH:
        raise ExpressionError(
            _("The formula is longer than %(most)d characters.") % {"most": CEL_LENGTH}
        )
    depth = deepest = 0
    for sign in bare:
        depth += (sign in "([{") - (sign in ")]}")
        deepest = max(deepest, depth)
    if deepest > NESTING:
        raise ExpressionError(_("Brackets nest deeper than %(most)d.") % {"most": NESTING})


def _bound_names(bare: str) -> frozenset[str]:
    """Return the names macros bind; a macro inside a macro is refused."""
    bound = set()
    for macro in _MACRO.finditer(bare):
        bound.add(macro.group(1))
        inside = bare[macro.end() : _closing(bare, macro.end())]
        if _MACRO.search(inside):
            raise ExpressionError(_("A macro stands inside a macro."))
    return frozenset(bound)


def _closing(text: str, start: int) -> int:
    depth = 1
    for position in range(start, len(text)):
        depth += (text[position] in "([{") - (text[position] in ")]}")
        if not depth:
            return position
    return len(text)


def _brief(fault: BaseException) -> str:
    first = str(fault).partition("\n")[0]
    return first.partition(". CEL does not")[0][:300] or type(fault).__name__


def functions_over(context: Mapping[str, Any]) -> dict[str, Callable[..., Any]]:
    """Return the functions a recipe may call, each over nothing but the context."""

    def since_state(state: Any) -> timedelta:
        entered = (context.get("history") or {}).get(state)
        if not isinstance(entered, datetime):
            return NEVER_ENTERED
        now = context.get("now")
        return (now if isinstance(now, datetime) else instants.now()) - entered

    def approved(name: Any) -> bool:
        return name in (context.get("approvals") or ())

    def provider_in_service_chain(provider: Any) -> bool:
        service = context.get("service")
        chain = service.get("providers") if isinstance(service, Mapping) else None
        return provider is not None and provider in (chain or [])

    return {
        "since_state": since_state,
        "approved": approved,
        "provider_in_service_chain": provider_in_service_chain,
        **_FIXED,
    }


def impact_from(criticality: Any, users: Any) -> int:
    """Return impact 1 (wide) to 3 (small) of a service's criticality and the users affected."""
    weight, many = criticality or 0, (users or 0) >= 10
    if weight >= 4 and many:
        return 1
    return 3 if weight <= 2 and not many else 2


def cis_of(service: Any) -> list[Any]:
    """Return the configuration items of a service."""
    return list(service.get("cis") or []) if isinstance(service, Mapping) else []


_FIXED: dict[str, Callable[..., Any]] = {"impact_from": impact_from, "cis_of": cis_of}
OURS = frozenset({"since_state", "approved", "provider_in_service_chain", *_FIXED})
