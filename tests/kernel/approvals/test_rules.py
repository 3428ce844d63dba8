"""The arithmetic of decisions, against every way in which the votes could still come."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from brigade.kernel.approvals.rules import (
    ABSTAIN,
    APPROVE,
    APPROVED,
    EXPIRED,
    MAJORITIES,
    NEED_INFO,
    OPEN,
    PLANNED,
    REJECT,
    REJECTED,
    SINGLE,
    VOTES,
    Rule,
    Seat,
    at_deadline,
    carried,
    in_order,
    kept_out,
    outcome,
    quorum_met,
    refuse_unreachable,
    whole,
)
from brigade.kernel.refused import Invalid, Refused

ROLES = ("owner", "security")
SILENT = None


@some.composite
def boards(draw: some.DrawFn) -> tuple[Rule, list[Seat], dict[int, str]]:
    count = draw(some.integers(1, 5))
    seats = [
        Seat(key, frozenset(draw(some.sets(some.sampled_from(ROLES))))) for key in range(count)
    ]
    majority = draw(some.sampled_from(MAJORITIES))
    rule = Rule(
        min=1 if majority == SINGLE else draw(some.integers(1, 6)),
        majority=majority,
        must=()
        if majority == SINGLE
        else tuple(draw(some.sets(some.sampled_from(ROLES), max_size=2))),
        veto=tuple(draw(some.sets(some.sampled_from(ROLES), max_size=2))),
    )
    voting = draw(some.sets(some.integers(0, count - 1)))
    votes = {key: draw(some.sampled_from(VOTES)) for key in voting}
    return rule, seats, first_voice_only(votes) if majority == SINGLE else votes


def first_voice_only(votes: dict[int, str]) -> dict[int, str]:
    """Where the first voice decides, nobody votes after it."""
    voices = [key for key, vote in votes.items() if vote in (APPROVE, REJECT)]
    return {key: vote for key, vote in votes.items() if key not in voices[1:]}


def at_the_end(rule: Rule, seats: list[Seat], votes: dict[int, str]) -> bool:
    """The rule in its own words, once nobody votes any more."""
    cast = {k: v for k, v in votes.items() if v in (APPROVE, REJECT, ABSTAIN)}
    yes, no = (sum(v == each for v in cast.values()) for each in (APPROVE, REJECT))
    enough = {
        "simple": yes > no,
        "two_thirds": yes > 0 and yes / (yes + no) >= 2 / 3 - 1e-9 if yes + no else False,
        "unanimous": yes > 0 and no == 0,
        "single": yes == 1 and no == 0,
    }[rule.majority]
    roles_for = {r for s in seats if cast.get(s.key) == APPROVE for r in s.roles}
    roles_against = {r for s in seats if cast.get(s.key) == REJECT for r in s.roles}
    return (
        len(cast) >= rule.min
        and enough
        and set(rule.must) <= roles_for
        and not set(rule.veto) & roles_against
    )


@settings(max_examples=150, deadline=None)
@given(boards())
def test_decided_exactly_when_every_completion_agrees(
    board: tuple[Rule, list[Seat], dict[int, str]],
) -> None:
    rule, seats, votes = board
    left = [seat.key for seat in seats if votes.get(seat.key, NEED_INFO) == NEED_INFO]
    fixed = {key: vote for key, vote in votes.items() if vote != NEED_INFO}
    voices = sum(vote in (APPROVE, REJECT) for vote in fixed.values())
    ends = {
        at_the_end(rule, seats, fixed | {k: v for k, v in zip(left, future, strict=True) if v})
        for future in product((APPROVE, REJECT, ABSTAIN, SILENT), repeat=len(left))
        if rule.majority != SINGLE or voices + sum(v in (APPROVE, REJECT) for v in future) <= 1
    }
    wanted = "open" if len(ends) == 2 else "approved" if ends == {True} else "rejected"
    assert outcome(rule, seats, votes) == wanted


@settings(max_examples=60, deadline=None)
@given(boards())
def test_the_deadline_asks_the_votes_as_they_stand(
    board: tuple[Rule, list[Seat], dict[int, str]],
) -> None:
    rule, seats, votes = board
    assert carried(rule, seats, votes) == at_the_end(rule, seats, votes)


@settings(max_examples=80, deadline=None)
@given(boards(), some.sampled_from(["", "expire", "approve", "reject"]))
def test_at_the_deadline_silence_speaks_only_where_a_needed_word_is_missing(
    board: tuple[Rule, list[Seat], dict[int, str]], on_timeout: str
) -> None:
    rule, seats, votes = board
    cast = {seat.key for seat in seats if votes.get(seat.key, NEED_INFO) != NEED_INFO}
    heard = all(any(r in s.roles and s.key in cast for s in seats) for r in rule.must)
    missing = len(cast) < rule.min or not heard
    wanted = {"approve": APPROVED, "reject": REJECTED}.get(on_timeout, EXPIRED)
    if at_the_end(rule, seats, votes):
        wanted = APPROVED
    elif not missing:
        wanted = REJECTED
    assert at_deadline(rule, seats, votes, on_timeout) == wanted


PEOPLE = range(4)


@settings(max_examples=120, deadline=None)
@given(
    some.sets(some.sampled_from(["requester", "implementer", "security"])),
    some.dictionaries(
        some.sampled_from(["requester", "implementer"]), some.sets(some.sampled_from(PEOPLE))
    ),
    some.dictionaries(some.sampled_from(PEOPLE), some.sets(some.sampled_from(PEOPLE))),
    some.booleans(),
)
def test_who_is_kept_out(
    exclude: set[str], parts: dict[str, set[int]], deputies: dict[int, set[int]], relaxed: bool
) -> None:
    """Person by person: whose matter it is, and who stands in for one of them."""
    for person in PEOPLE:
        mine = [part for part, people in parts.items() if person in people]
        theirs = [
            principal for principal, people in deputies.items()
            if person in people
            and any(part in exclude and principal in ids for part, ids in parts.items())
        ]  # fmt: skip
        out = bool(set(mine) & exclude or theirs) and not (relaxed and mine)
        assert (person in kept_out(exclude, parts, deputies, relaxed=relaxed)) == out


@settings(max_examples=120, deadline=None)
@given(some.data())
def test_a_procedure_is_certain_exactly_when_every_completion_agrees(data: some.DataObject) -> None:
    """Steps one after the other, approvals of one side by side: whatever may still be said."""
    sizes = data.draw(some.lists(some.integers(1, 2), min_size=1, max_size=3))
    asked = [(step, place) for step, size in enumerate(sizes) for place in range(size)]
    states = {one: PLANNED for one in asked}
    states |= {one: OPEN for one in asked if one[0] == 0}
    while True:
        steps = [[states[step, place] for place in range(size)] for step, size in enumerate(sizes)]
        verdict, opens = whole(steps)
        free = [one for one in asked if states[one] in (OPEN, PLANNED)]
        ends = {
            all((states | dict(zip(free, future, strict=True)))[one] == APPROVED for one in asked)
            for future in product((APPROVED, REJECTED, EXPIRED), repeat=len(free))
        }
        assert verdict == ("open" if len(ends) == 2 else APPROVED if ends == {True} else REJECTED)
        if opens is not None:
            assert all(states[one] == APPROVED for one in asked if one[0] < opens)
            states |= {one: OPEN for one in asked if one[0] == opens}
        running = [one for one in asked if states[one] == OPEN]
        if verdict != "open" or not running:
            assert verdict != "open", "nobody is asked, and nothing is decided"
            return
        said = data.draw(some.sampled_from([APPROVED, APPROVED, REJECTED, EXPIRED]))
        states[data.draw(some.sampled_from(running))] = said


@settings(max_examples=80, deadline=None)
@given(some.lists(some.sets(some.integers(0, 5)), max_size=6))
def test_what_is_asked_after_what_makes_procedures(waits: list[set[int]]) -> None:
    """Each waits for some of those before it: all are asked once, none before what it waits for."""
    after = {
        f"a{one}": [f"a{other}" for other in others if other < one]
        for one, others in enumerate(waits)
    }
    found = in_order(after)
    placed = [name for steps in found for step in steps for name in step]
    assert sorted(placed) == sorted(after)
    for steps in found:
        where = {name: number for number, step in enumerate(steps) for name in step}
        for name in where:
            assert all(where[other] < where[name] for other in after[name])
        if len(where) > 1:
            assert all(
                after[name] or any(name in after[other] for other in where) for name in where
            ), "what depends on nothing here is a question of its own"
    assert in_order({"a": ["b"], "b": ["a"]}) == [[["a", "b"]]]


SEATS = [Seat(1, frozenset({"service_owner"})), Seat(2), Seat(3)]
REVIEW = Rule(min=2, of=3, must=("service_owner",))


@pytest.mark.parametrize(
    ("votes", "wanted"),
    [
        ({}, "open"),
        ({1: APPROVE}, "open"),
        ({2: APPROVE, 3: APPROVE}, "open"),  # the owner's own word is still missing
        ({1: APPROVE, 2: APPROVE}, "approved"),  # the third can no longer turn it
        ({1: APPROVE, 2: ABSTAIN}, "open"),  # the third could still tie it
        ({1: APPROVE, 2: REJECT}, "open"),
        ({1: REJECT}, "rejected"),
        ({1: ABSTAIN}, "rejected"),  # a must that abstains does not approve
        ({1: APPROVE, 2: APPROVE, 3: NEED_INFO}, "approved"),
        ({2: REJECT, 3: REJECT}, "rejected"),
        ({1: NEED_INFO}, "open"),
    ],
)
def test_a_review_board(votes: dict[int, str], wanted: str) -> None:
    assert outcome(REVIEW, SEATS, votes) == wanted


def test_a_veto_ends_it_whatever_the_majority() -> None:
    rule = Rule(min=1, veto=("service_owner",))
    assert outcome(rule, SEATS, {2: APPROVE, 3: APPROVE}) == "open"
    assert outcome(rule, SEATS, {1: REJECT, 2: APPROVE, 3: APPROVE}) == "rejected"


def test_quorum_counts_who_abstains_and_not_who_asks() -> None:
    assert quorum_met(Rule(min=2), {1: ABSTAIN, 2: APPROVE})
    assert not quorum_met(Rule(min=2), {1: NEED_INFO, 2: APPROVE})


def test_what_can_never_be_approved_is_not_asked() -> None:
    with pytest.raises(Refused) as few:
        refuse_unreachable(Rule(min=2), SEATS[:1])
    assert few.value.code == "approval_unreachable"
    with pytest.raises(Refused) as missing:
        refuse_unreachable(REVIEW, SEATS[1:])
    assert "service_owner" in missing.value.message
    refuse_unreachable(REVIEW, SEATS)


def test_rules_are_read_as_they_are_written() -> None:
    written = {"min": 3, "of": 5, "must": ["role:service_owner"], "exclude": ["requester"]}
    rule = Rule.from_json(written)
    assert rule.must == ("service_owner",) and rule.exclude == ("requester",)
    assert Rule.from_json(rule.as_json()) == rule
    assert Rule.from_json({"exclude": ["role:security_manager"]}).exclude == ("security_manager",)
    assert Rule.from_json({"min": 1}).exclude == ("requester", "implementer")
    with pytest.raises(Invalid):
        Rule(min=4, of=3)
    with pytest.raises(Invalid):
        Rule(majority="most")


@pytest.mark.parametrize(
    ("steps", "wanted"),
    [
        ([[OPEN], [PLANNED]], ("open", None)),
        ([[APPROVED], [PLANNED, PLANNED]], ("open", 1)),
        ([[APPROVED], [APPROVED, OPEN]], ("open", None)),
        ([[APPROVED], [APPROVED, REJECTED]], ("rejected", None)),
        ([[APPROVED], [APPROVED, APPROVED]], ("approved", None)),
    ],
)
def test_steps_follow_each_other_and_stand_side_by_side(
    steps: list[list[str]], wanted: tuple[str, int | None]
) -> None:
    assert whole(steps) == wanted
