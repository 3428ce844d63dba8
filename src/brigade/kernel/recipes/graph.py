"""The map of states as a graph: what leads where, what cannot be left, what turns in circles."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from brigade.kernel.recipes.elements import SELF
from brigade.kernel.recipes.language import Body
from brigade.kernel.recipes.lexis import names

Edges = Mapping[str, Collection[str]]


def moves_between(body: Body) -> dict[str, set[str]]:
    """Return for every state the states one move away, by moves that somebody can make.

    What only the system may fire counts where a timer or an approval can fire it.
    """
    edges: dict[str, set[str]] = {state: set() for state in body.states}
    for key, move in body.transitions.items():
        for state in names(move.from_):
            if state in edges and move.to in edges and can_fire(body, key, state):
                edges[state].add(move.to)
    return edges


def can_fire(body: Body, key: str, state: str) -> bool:
    """Say whether somebody, a timer or an approval can fire a transition from a state."""
    if set(names(body.transitions[key].by)) - {"system"}:
        return True
    timed = any(timer.fire == key and state in names(timer.in_) for timer in body.timers.values())
    return timed or any(state in names(asked.in_) for asked in body.approvals.values())


def reachable(edges: Edges, starts: Iterable[str]) -> set[str]:
    """Return every state that can be reached from the starts, themselves included."""
    found, open_ = set(), [start for start in starts if start in edges]
    while open_:
        state = open_.pop()
        if state not in found:
            found.add(state)
            open_.extend(edges[state])
    return found


def reversed_edges(edges: Edges) -> dict[str, set[str]]:
    """Return the same map walked backwards."""
    turned: dict[str, set[str]] = {state: set() for state in edges}
    for state, nexts in edges.items():
        for after in nexts:
            turned[after].add(state)
    return turned


def dead_ends(body: Body) -> list[str]:
    """Return the states from which no terminal state can be reached, in order."""
    terminal = [key for key, state in body.states.items() if state.terminal]
    leads_out = reachable(reversed_edges(moves_between(body)), terminal)
    return [state for state in body.states if state not in leads_out]


def unreachable(body: Body, initial: str) -> list[str]:
    """Return the states no record can ever come to, in order."""
    found = reachable(moves_between(body), [initial])
    return [state for state in body.states if state not in found]


def automatic_loops(body: Body) -> list[str]:
    """Return the timers that move records in a circle without anybody doing anything."""
    edges: dict[str, set[str]] = {state: set() for state in body.states}
    fired: list[tuple[str, str, str]] = []
    for key, timer in body.timers.items():
        move = body.transitions.get(timer.fire or "")
        for state in names(timer.in_) if move else ():
            to = state if move and move.to == SELF else (move.to if move else state)
            if state in edges and to in edges and not (timer.every and to == state):
                edges[state].add(to)
                fired.append((key, state, to))
    return [key for key, state, to in fired if state in reachable(edges, [to])]
