"""Leaving out references to what a facet that is not adopted would have brought."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from brigade.kernel.recipes.language import Recipe

Keep = Callable[[str], bool]


def prune(data: dict[str, Any], recipe: Recipe) -> None:
    """Take absent references out of merged facets, in place.

    Absent means: named by some facet of the whole recipe, but by none adopted. A
    name that no facet knows stays, for lint to find.
    """
    states, clocks, timers, approvals = (
        _present(data, recipe, part) for part in ("states", "clocks", "timers", "approvals")
    )
    absent: dict[str, Keep] = {
        "start_clock": clocks,
        "stop_clock": clocks,
        "start_timer": timers,
        "request_approval": approvals,
    }
    for part in ("timers", "approvals"):
        _rest_in(data.get(part), states)
    for asked in (data.get("approvals") or {}).values():
        _narrow(asked, "after", approvals)
    _transitions(data, states, absent)
    moves = _present(data, recipe, "transitions")
    _timers(data, moves, absent)
    _clocks(data, states, moves)
    _fields(data, states)
    _lists(data, states, moves, clocks, absent)


def _present(data: dict[str, Any], recipe: Recipe, part: str) -> Keep:
    here = set(data.get(part) or {})
    anywhere = {key for facet in recipe.facets.values() for key in getattr(facet, part)}
    return lambda name: name in here or name not in anywhere


def _few(value: Any, keep: Keep) -> Any:
    """Return the names to keep: a list, a single name, or None where nothing is left."""
    if isinstance(value, list):
        return [name for name in value if keep(name)] or None
    return value if isinstance(value, str) and keep(value) else None


def _narrow(holder: dict[str, Any], key: str, keep: Keep) -> bool:
    """Narrow the names under a key; say whether the holder still means something."""
    if key not in holder:
        return True
    holder[key] = _few(holder[key], keep)
    if holder[key] is None:
        del holder[key]
        return False
    return True


def _effects(effects: list[dict[str, Any]], absent: dict[str, Keep]) -> list[dict[str, Any]]:
    return [
        effect
        for effect in effects
        if all(absent[key](name) for key, name in effect.items() if key in absent)
    ]


def _drop(part: dict[str, Any], keys: Iterable[str]) -> None:
    for key in list(keys):
        del part[key]


def _rest_in(part: dict[str, Any] | None, states: Keep) -> None:
    held = part or {}
    _drop(held, [key for key, item in held.items() if not _narrow(item, "in", states)])


def _transitions(data: dict[str, Any], states: Keep, absent: dict[str, Keep]) -> None:
    moves: dict[str, Any] = data.get("transitions") or {}
    gone = [
        key
        for key, move in moves.items()
        if not _narrow(move, "from", states) or not (move.get("to") == "self" or _to(move, states))
    ]
    _drop(moves, gone)
    for move in moves.values():
        if "do" in move:
            move["do"] = _effects(move["do"], absent)


def _to(move: dict[str, Any], states: Keep) -> bool:
    return "to" not in move or states(move["to"])


def _timers(data: dict[str, Any], moves: Keep, absent: dict[str, Keep]) -> None:
    timers: dict[str, Any] = data.get("timers") or {}
    for timer in timers.values():
        if "do" in timer:
            timer["do"] = _effects(timer["do"], absent)
    _drop(timers, [k for k, t in timers.items() if "fire" in t and not moves(t["fire"])])
    _drop(timers, [k for k, t in timers.items() if "fire" not in t and not t.get("do")])


def _clocks(data: dict[str, Any], states: Keep, moves: Keep) -> None:
    for clock in (data.get("clocks") or {}).values():
        for key in ("start", "stop", "resume"):
            trigger = clock.get(key)
            if not isinstance(trigger, dict):
                continue
            _narrow(trigger, "enter", states)
            for listed in ("on", "first", "any"):
                _narrow(trigger, listed, moves)
            if not trigger:
                del clock[key]
        if isinstance(clock.get("pause"), dict) and not _narrow(clock["pause"], "in", states):
            del clock["pause"]


def _fields(data: dict[str, Any], states: Keep) -> None:
    for field in (data.get("fields") or {}).values():
        for key in ("required", "editable"):
            rule = field.get(key)
            if isinstance(rule, dict) and not (
                _narrow(rule, "in", states) and _narrow(rule, "from", states)
            ):
                del field[key]


def _lists(
    data: dict[str, Any], states: Keep, moves: Keep, clocks: Keep, absent: dict[str, Keep]
) -> None:
    for link in data.get("links") or []:
        _narrow(link, "cascade", moves)
    if "escalations" in data:
        kept = [rule for rule in data["escalations"] if clocks(rule["clock"])]
        data["escalations"] = [
            rule | {"do": done} for rule in kept if (done := _effects(rule["do"], absent))
        ]
    for part in ("checklists", "notify"):
        held: dict[str, Any] = data.get(part) or {}
        _drop(held, [key for key in held if not (states(key) and moves(key))])
    survey = data.get("survey")
    if isinstance(survey, dict):
        _narrow(survey["send"], "enter", states)
        if not survey["send"]:
            del data["survey"]
