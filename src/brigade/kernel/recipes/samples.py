"""Values to try an expression with: each name as its type has it, and as nothing at all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from itertools import islice, product
from typing import Any

MOST = 96
"""Contexts tried for one expression."""
_NOON = datetime(2026, 3, 27, 12, tzinfo=UTC)
_SERVICE = {
    "id": 1, "code": "erp", "name": "ERP", "criticality": 4, "state": "live",
    "cis": [11, 12], "providers": [21],
}  # fmt: skip

_BY_TYPE: dict[str, tuple[Any, ...]] = {
    "text": ("", "some words"),
    "note": ("", "some words"),
    "bool": (True, False),
    "int": (0, 1, 12),
    "number": (0.0, 1.5),
    "tree": ("hardware", "hardware.printer"),
    "date": (_NOON,),
    "datetime": (_NOON, _NOON - timedelta(days=9)),
    "party": (7, 8),
    "team": (5,),
    "organisation": (21, 22),
    "ref": (3,),
    "ci": (11,),
    "service": (_SERVICE, {**_SERVICE, "criticality": 1, "cis": [], "providers": []}),
    "outage": ({"minutes": 50.0, "degradation": 0.5, "users_affected": 12},),
}


def typed_contexts(
    used: Iterable[str],
    types: Mapping[str, str],
    choices: Mapping[str, tuple[Any, ...]],
    states: Iterable[str],
) -> Iterator[dict[str, Any]]:
    """Yield contexts in which every name used has a value of its type."""
    used = sorted(used)
    values = [choices.get(name) or _BY_TYPE[types[name]] for name in used]
    entered = {state: _NOON - timedelta(hours=1) for state in states}
    for picked in islice(product(*values), MOST):
        yield {"now": _NOON, "history": entered, **dict(zip(used, picked, strict=True))}


def empty_context() -> dict[str, Any]:
    """Return the context in which every name is null and nothing ever happened."""
    return {}
