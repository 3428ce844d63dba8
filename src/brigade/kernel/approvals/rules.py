"""When a decision is certain: plain arithmetic over seats and votes.

A decided seat counts as it voted. One that has not voted, or asked for more
information, may still approve, reject, abstain, or stay silent until the end.
A decision is certain as soon as every one of those futures ends the same way:
never earlier, never later.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from brigade.kernel.refused import Invalid, Refused
from brigade.kernel.sentences import _, ngettext

APPROVE, REJECT, ABSTAIN, NEED_INFO = "approve", "reject", "abstain", "need_info"
VOTES = (APPROVE, REJECT, ABSTAIN, NEED_INFO)
SIMPLE, TWO_THIRDS, UNANIMOUS, SINGLE = "simple", "two_thirds", "unanimous", "single"
MAJORITIES = (SIMPLE, TWO_THIRDS, UNANIMOUS, SINGLE)
PLANNED, OPEN, APPROVED, REJECTED = "planned", "open", "approved", "rejected"
EXPIRED, WITHDRAWN = "expired", "withdrawn"
EXCLUDED = ("requester", "implementer")
"""Who never decides on their own matter, unless a rule says otherwise."""
STATES = (PLANNED, OPEN, APPROVED, REJECTED, EXPIRED, WITHDRAWN)

Verdict = Literal["open", "approved", "rejected"]


@dataclass(frozen=True, slots=True)
class Rule:
    """How seats become a decision.

    `min` seats must have voted. `of` is how many were meant to sit, for the
    reader. For each role of `must` a seat that holds it approves; a seat of a
    `veto` role that rejects ends it. `exclude` names who never sits: by a part in the
    subject, its requester or implementer, or by a role. With majority `single` the
    first seat that approves or rejects decides for all.
    """

    min: int = 1
    of: int | None = None
    majority: str = "simple"
    must: tuple[str, ...] = ()
    veto: tuple[str, ...] = ()
    exclude: tuple[str, ...] = EXCLUDED

    def __post_init__(self) -> None:
        if self.min < 1 or (self.of is not None and self.of < self.min):
            raise Invalid(
                "bad_rule", _("At least one seat must vote, and no more than sit."), "min"
            )
        if self.majority not in MAJORITIES:
            raise Invalid("bad_rule", _("There is no majority of that kind."), "majority")
        if self.majority == SINGLE and (self.min > 1 or self.must):
            raise Invalid(
                "bad_rule",
                _("Where one person decides for all, no quorum is set, and no role must agree."),
                "majority",
            )

    def as_json(self) -> dict[str, Any]:
        """Return the rule as it is stored and shown to programs."""
        return {
            "min": self.min,
            "of": self.of,
            "majority": self.majority,
            "must": [f"role:{role}" for role in self.must],
            "veto": [f"role:{role}" for role in self.veto],
            "exclude": list(self.exclude),
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Rule:
        """Read a rule; a role may be written `role:service_owner` or bare."""
        return cls(
            min=int(stored.get("min", 1)),
            of=stored.get("of"),
            majority=stored.get("majority", "simple"),
            must=_roles(stored.get("must")),
            veto=_roles(stored.get("veto")),
            exclude=_roles(stored.get("exclude", EXCLUDED)),
        )


def _roles(written: Iterable[str] | None) -> tuple[str, ...]:
    return tuple(role.removeprefix("role:") for role in written or ())


@dataclass(frozen=True, slots=True)
class Seat:
    """One voice: whose it is, and for which roles it speaks."""

    key: int
    roles: frozenset[str] = frozenset()


def outcome(rule: Rule, seats: Sequence[Seat], votes: Mapping[int, str]) -> Verdict:
    """Return whether the decision is certain, and which way.

    `votes` holds the live vote of each seat that voted. What can still happen
    is bounded by three futures: all others approve (nothing helps more), all
    stay silent (nothing hurts quorum and `must` more), all reject (nothing
    hurts majority and veto more).
    """
    if rule.majority == SINGLE and (APPROVE in votes.values() or REJECT in votes.values()):
        return "approved" if carried(rule, seats, votes) else "rejected"
    left = [seat.key for seat in seats if votes.get(seat.key, NEED_INFO) == NEED_INFO]
    if not carried(rule, seats, {**votes, **dict.fromkeys(left, APPROVE)}):
        return "rejected"
    silent = {key: vote for key, vote in votes.items() if vote != NEED_INFO}
    if carried(rule, seats, silent) and carried(
        rule, seats, {**silent, **dict.fromkeys(left, REJECT)}
    ):
        return "approved"
    return "open"


def carried(rule: Rule, seats: Sequence[Seat], votes: Mapping[int, str]) -> bool:
    """Say whether these votes carry it if no other comes, as at its deadline."""
    cast = [
        (seat, votes[seat.key]) for seat in seats if votes.get(seat.key, NEED_INFO) != NEED_INFO
    ]
    approvers = [seat for seat, vote in cast if vote == APPROVE]
    against = [seat for seat, vote in cast if vote == REJECT]
    return (
        len(cast) >= rule.min
        and _has_majority(rule.majority, len(approvers), len(against))
        and all(any(role in seat.roles for seat in approvers) for role in rule.must)
        and not any(role in seat.roles for seat in against for role in rule.veto)
    )


def _has_majority(majority: str, approves: int, rejects: int) -> bool:
    match majority:
        case "unanimous" | "single":
            return approves > 0 and rejects == 0
        case "two_thirds":
            return approves > 0 and 3 * approves >= 2 * (approves + rejects)
        case _:
            return approves > rejects


def quorum_met(rule: Rule, votes: Mapping[int, str]) -> bool:
    """Say whether enough seats have voted; abstaining counts, asking does not."""
    return sum(vote != NEED_INFO for vote in votes.values()) >= rule.min


def at_deadline(
    rule: Rule, seats: Sequence[Seat], votes: Mapping[int, str], on_timeout: str
) -> str:
    """Return how it ends at its deadline: as the votes stand if they suffice, else as was said.

    Votes suffice where they carry it, or where the quorum is met and everybody who must
    agree has spoken: then it was not carried, which is an answer too.
    """
    if carried(rule, seats, votes):
        return APPROVED
    spoken = {
        role for seat in seats if votes.get(seat.key, NEED_INFO) != NEED_INFO for role in seat.roles
    }
    if quorum_met(rule, votes) and set(rule.must) <= spoken:
        return REJECTED
    return {"approve": APPROVED, "reject": REJECTED}.get(on_timeout, EXPIRED)


def kept_out(
    exclude: Iterable[str],
    parts: Mapping[str, Iterable[int]],
    deputies: Mapping[int, Iterable[int]],
    *,
    relaxed: bool,
) -> set[int]:
    """Return who has too much of a part in the matter to decide: they, and their deputies (S12).

    `parts` says who has one, `deputies` who stands in for whom. Where S1 is `relaxed`, those
    who asked or carry it out may decide themselves, in nobody else's name.
    """
    own = {person for part in exclude for person in parts.get(part, ())}
    standing_in = {each for person in own for each in deputies.get(person, ())}
    free = {person for part in EXCLUDED for person in parts.get(part, ())} if relaxed else set()
    return (own | standing_in) - free


def refuse_unreachable(rule: Rule, seats: Sequence[Seat]) -> None:
    """Refuse to ask a question that these seats could never answer with yes (E06)."""
    if len(seats) < rule.min:
        raise Refused(
            "approval_unreachable",
            ngettext(
                "%(min)d vote is needed, and nobody may give it who is not concerned themselves. "
                "Give somebody else a role that decides here.",
                "%(min)d votes are needed, and fewer people may give one (%(seats)d). "
                "Give somebody else a role that decides here, or lower the quorum.",
                rule.min,
            )
            % {"min": rule.min, "seats": len(seats)},
            "rule",
        )
    for role in rule.must:
        if not any(role in seat.roles for seat in seats):
            raise Refused(
                "approval_unreachable",
                _(
                    "Approval of the role “%(role)s” is needed, and nobody holds it who may "
                    "decide on this. Give it to somebody."
                )
                % {"role": role},
                "rule",
            )


def in_order(after: Mapping[str, Iterable[str]]) -> list[list[list[str]]]:
    """Return approvals as procedures of steps, by which of the others each is asked `after`.

    Those that depend on each other make one procedure; what stands alone is one of its own.
    What waits for itself, which lint forbids, is asked last.
    """
    waits = {name: set(others) & after.keys() for name, others in after.items()}
    found: list[list[list[str]]] = []
    placed: set[str] = set()
    for name in after:
        if name not in placed:
            together = _bound_to(name, waits)
            placed |= together
            found.append(_steps({each: waits[each] for each in after if each in together}))
    return found


def _bound_to(name: str, waits: Mapping[str, set[str]]) -> set[str]:
    together, ahead = {name}, [name]
    while ahead:
        here = ahead.pop()
        beside = waits[here] | {each for each, others in waits.items() if here in others}
        ahead += beside - together
        together |= beside
    return together


def _steps(waits: Mapping[str, set[str]]) -> list[list[str]]:
    left, steps = dict(waits), list[list[str]]()
    while left:
        ready = [name for name, others in left.items() if not others & left.keys()] or [*left]
        steps.append(ready)
        left = {name: others for name, others in left.items() if name not in ready}
    return steps


def whole(steps: Sequence[Sequence[str]]) -> tuple[Verdict, int | None]:
    """Return how a procedure stands, and which of its steps (0 the first) is next to open.

    Approvals of one step are asked side by side and must all be given; the next
    step opens after that. One that is not given ends the procedure.
    """
    for position, states in enumerate(steps):
        if any(state in (REJECTED, EXPIRED, WITHDRAWN) for state in states):
            return "rejected", None
        if all(state == PLANNED for state in states):
            return "open", position
        if any(state != APPROVED for state in states):
            return "open", None
    return "approved", None
