"""What seven answers propose: the starter sets, a reason for everything, needs that are met."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as some

from brigade.kernel.recipes.manifests import manifests
from brigade.kernel.recipes.proposals import STARTER_SETS, Answers, Proposal, propose

SOLO = {"catalogue", "interaction", "incident", "request", "change", "knowledge"}
FIFTY = SOLO | {
    "service-level", "supplier", "problem", "configuration", "finance", "demand", "decision",
}  # fmt: skip


def proposed(answers: Answers) -> dict[str, Proposal]:
    return {one.key: one for one in propose(answers)}


def levels(answers: Answers) -> dict[str, int]:
    return {key: one.level for key, one in proposed(answers).items() if one.level}


def test_solo_is_six_practices_at_level_1() -> None:
    assert levels(STARTER_SETS["solo"]) == dict.fromkeys(SOLO, 1)


def test_fifty_adds_seven_at_levels_1_and_2() -> None:
    found = levels(STARTER_SETS["50"])
    assert found.keys() == FIFTY and set(found.values()) == {1, 2}


def test_five_hundred_adds_the_rest_and_selected_ones_at_level_3() -> None:
    found = levels(STARTER_SETS["500"])
    assert found.keys() == manifests().keys()
    assert {"incident", "supplier", "change"} <= {key for key, one in found.items() if one == 3}


def test_each_has_its_reason_and_each_that_is_not_proposed_too() -> None:
    found = proposed(STARTER_SETS["solo"])
    assert found["supplier"].reason == "No vendor above 5,000 a year."
    assert found["problem"].reason == "Fewer than 8 people; fewer than 20 services."
    assert found["access"].reason == "Not regulated; fewer than 100 people."
    assert found["incident"].reason == "Whoever serves others needs this."
    rich = proposed(replace(STARTER_SETS["solo"], vendor_spend=500_001))
    assert (rich["supplier"].level, rich["supplier"].reason) == (
        1,
        "A vendor gets more than 5,000 a year.",
    )
    assert proposed(replace(STARTER_SETS["solo"], vendor_spend=500_000))["supplier"].level == 0


def test_what_needs_another_practice_waits_for_it() -> None:
    """A hundred people and no vendor worth a contract: incidents stay below several providers."""
    found = proposed(replace(STARTER_SETS["50"], headcount=100, vendor_spend=0))
    assert found["incident"].level == 2
    assert found["incident"].reason.endswith("First needs Suppliers at level 2.")


def test_no_level_is_proposed_that_there_is_no_recipe_for() -> None:
    found = {one.key: one for one in propose(STARTER_SETS["500"], highest={"incident": 2})}
    assert (found["incident"].level, found["request"].level) == (2, 3)


COUNTS = some.sampled_from([0, 1, 3, 4, 7, 8, 10, 19, 20, 40, 99, 100, 500])


@settings(max_examples=150, deadline=None)
@given(
    some.builds(
        Answers,
        headcount=COUNTS,
        customers=COUNTS,
        vendor_spend=some.sampled_from([0, 500_000, 500_001, 10_000_001, 50_000_001, 100_000_001]),
        regulated=some.booleans(),
        services=COUNTS,
        changes=COUNTS,
        on_call=some.booleans(),
    )
)
def test_whatever_the_answers_needs_are_met_and_reasons_given(answers: Answers) -> None:
    found = proposed(answers)
    assert found.keys() == manifests().keys()
    assert found.keys() >= SOLO and all(found[key].level for key in SOLO)
    for key, one in found.items():
        assert one.reason.endswith(".") and one.reason[0] == one.reason[0].upper()
        assert one.level in (0, *manifests()[key].levels)
        for level, needs in manifests()[key].needs.items():
            for need in needs if level <= one.level else ():
                name, _sign, least = need.partition(">=")
                assert found[name].level >= int(least)
