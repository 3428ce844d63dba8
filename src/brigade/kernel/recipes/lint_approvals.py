"""Lint of approvals: whether anybody can decide them, and nobody on a matter of their own."""

from __future__ import annotations

from collections.abc import Iterator

from brigade.kernel.recipes import graph
from brigade.kernel.recipes.elements import SELF
from brigade.kernel.recipes.errors import LintError
from brigade.kernel.recipes.facts import World, given_by_record
from brigade.kernel.recipes.language import Body, Transition
from brigade.kernel.recipes.lexis import names
from brigade.kernel.recipes.merge import Effective
from brigade.kernel.recipes.reactions import Approval
from brigade.kernel.recipes.role_names import role_name
from brigade.kernel.sentences import _, ngettext

CONCERNED = ("requester", "assignee")
"""Whose own matter the record is: who asked for it, who carries it out."""
SEATLESS = ("admin", "auditor")
"""Who holds one of these roles never sits, whatever else they hold (S9)."""
PARTS = {"assignee": "implementer"}
"""What a role of the record is called as a part in the matter."""
KEPT_OUT = ("requester", "implementer")
"""Who never sits, unless an approval says whom it keeps out instead (S1)."""


def undecidable(chosen: Effective, world: World) -> Iterator[LintError]:
    """Yield E06 for an approval that can never be given: too few seats, or nobody on them."""
    for key, asked in chosen.body.approvals.items():
        path = f"approvals.{key}"
        by_itself = [*_quorum(chosen, asked, path), *_waits(chosen, asked, path)]
        yield from by_itself
        if not by_itself and world.holders is not None:
            yield from _seats(chosen, asked, path, world)


def _quorum(chosen: Effective, asked: Approval, path: str) -> Iterator[LintError]:
    quorum, seated = asked.quorum, set(names(asked.approvers))
    if quorum and quorum.of is not None and quorum.min > quorum.of:
        message = _("%(min)d votes are asked for, and only %(of)d seats are meant to be.")
        said = {"min": quorum.min, "of": quorum.of}
        yield chosen.error("E06", message % said, f"{path}.quorum.min")
    for role in names(quorum.must) if quorum else ():
        if role not in seated:
            message = _("“%(role)s” must agree, and is not among the approvers.")
            said_role = {"role": role_name(role)}
            yield chosen.error("E06", message % said_role, f"{path}.quorum.must")
    if quorum and quorum.majority == "single" and (quorum.min > 1 or quorum.must):
        message = _("Where one person decides for all, no quorum is set, and no role must agree.")
        yield chosen.error("E06", message, f"{path}.quorum.majority")
    if seated <= {"requester", "watchers", "system"}:
        message = _("Nobody is left who could decide: those who are asked never sit.")
        yield chosen.error("E06", message, f"{path}.approvers")


def _waits(chosen: Effective, asked: Approval, path: str) -> Iterator[LintError]:
    """Yield E06 for an approval that waits for one which is not asked with it, or for itself."""
    every = chosen.body.approvals
    for name in names(asked.after):
        if name in every and not set(names(asked.in_)) <= set(names(every[name].in_)):
            message = _("It waits for “%(approval)s”, which is not asked in the same state.")
            yield chosen.error("E06", message % {"approval": name}, f"{path}.after")
    ahead, seen = [*names(asked.after)], set[str]()
    while ahead:
        name = ahead.pop()
        if name in every and name not in seen:
            seen.add(name)
            ahead += names(every[name].after)
    if any(every[name] is asked for name in seen):
        yield chosen.error("E06", _("It would wait for itself."), f"{path}.after")


def _seats(chosen: Effective, asked: Approval, path: str, world: World) -> Iterator[LintError]:
    body, roles = chosen.body, names(asked.approvers)
    seats = _number_of_seats(roles, body, world)
    if not seats:
        message = _("Nobody who may vote holds a role that decides here: %(roles)s.")
        said = {"roles": ", ".join(role_name(role) for role in roles)}
        yield chosen.error("E06", message % said, f"{path}.approvers")
        return
    needed = asked.quorum.min if asked.quorum else 1
    if needed > seats:
        message = ngettext(
            "%(min)d vote is asked for, and only %(seats)d may be given.",
            "%(min)d votes are asked for, and only %(seats)d may be given.",
            needed,
        )
        votes = {"min": needed, "seats": seats}
        yield chosen.error("E06", message % votes, f"{path}.quorum.min")
    for role in names(asked.quorum.must) if asked.quorum else ():
        if role in roles and world.is_vacant(role, body):
            said_role = {"role": role_name(role)}
            message = _("“%(role)s” must agree, and nobody holds this role.") % said_role
            yield chosen.error("E06", message, f"{path}.quorum.must")


def _number_of_seats(roles: tuple[str, ...], body: Body, world: World) -> int:
    """Return how many may vote at most: people once, however many roles; one the record names."""
    named = sum(given_by_record(role, body) for role in roles)
    holders = frozenset[int]().union(*(world.people(role) for role in roles))
    return named + len(holders.difference(*(world.people(role) for role in SEATLESS)))


def own_matters(chosen: Effective, world: World) -> Iterator[LintError]:
    """Yield E13 where somebody could decide their own matter, or who may never decide would."""
    body = chosen.body
    for key, asked in body.approvals.items():
        path = f"approvals.{key}"
        for role in SEATLESS:
            if role in names(asked.approvers):
                message = _("“%(role)s” is asked, and whoever holds that role does not vote (S9).")
                yield chosen.error("E13", message % {"role": role_name(role)}, f"{path}.approvers")
        if "S1" in world.relaxed:
            continue
        for role in set(CONCERNED) & set(names(asked.approvers)):
            message = _("“%(role)s” would decide on a matter of their own (S1).")
            yield chosen.error("E13", message % {"role": role_name(role)}, f"{path}.approvers")
        kept_out = (
            [PARTS.get(role, role) for role in names(asked.quorum.exclude)] if asked.quorum else []
        )
        for role in KEPT_OUT if kept_out else ():
            if role not in kept_out:
                message = _("The approval keeps out others, but not “%(role)s” (S1).")
                said = {"role": _("implementer") if role == "implementer" else role_name(role)}
                yield chosen.error("E13", message % said, f"{path}.quorum.exclude")
        for step in _ways_around(key, asked, body):
            message = _("By “%(step)s” whose matter it is walks past the approval “%(name)s” (S1).")
            said = {"step": step, "name": key}
            yield chosen.error("E13", message % said, f"transitions.{step}.by")


def _ways_around(key: str, asked: Approval, body: Body) -> Iterator[str]:
    """Yield the steps out of an approval that its own people may take towards an end without it."""
    rests_in = set(names(asked.in_))
    edges = {
        state: {after for after in afters if after not in rests_in}
        for state, afters in graph.moves_between(body).items()
    }
    done = {k for k, state in body.states.items() if state.terminal and state.category == "closed"}
    for step, move in body.transitions.items():
        if not set(CONCERNED) & set(names(move.by)) or _is_guarded(move):
            continue
        leaves = rests_in & set(names(move.from_)) and move.to not in (SELF, *rests_in)
        if leaves and graph.reachable(edges, [move.to]) & done:
            yield step


def _is_guarded(move: Transition) -> bool:
    return move.guard is not None and "approved(" in move.guard
