"""Small-team mode: who chooses it, when it holds, and that nothing of it is silent."""

from __future__ import annotations

from datetime import timedelta

import pytest

from brigade.kernel import instants
from brigade.kernel.parties import actions
from brigade.kernel.parties.models import Person
from brigade.kernel.recipes.small_team import (
    approve_alone,
    approved_alone,
    choose_small_team,
    relaxed,
    small_team,
)
from brigade.kernel.records.models import JournalEntry
from brigade.kernel.refused import Invalid, NotPermitted, Refused
from tests.cast import give

pytestmark = pytest.mark.django_db
WHY = "There are three of us."


@pytest.fixture
def team() -> list[Person]:
    """Two administrators and five agents: seven people."""
    root = actions.operator("Brigade")
    first = actions.create_first_admin(email="a@example.org", name="Ana")
    second = actions.add_person(name="Ben", email="b@example.org", by=root)
    actions.grant_role(second, "admin", by=first, reason="The second.")
    agents = [
        actions.add_person(name=f"P{n}", email=f"p{n}@example.org", by=root) for n in range(6)
    ]
    for agent in agents[:5]:
        give(agent, "agent", first, second)
    return [first, second, *agents]


def test_rules_are_relaxed_by_choice_and_every_use_is_listed(team: list[Person]) -> None:
    ana, ben = team[:2]
    assert not relaxed("S8")
    with pytest.raises(Refused) as no:
        approve_alone("S8", by=ana, reason="x", subject="draft", subject_id=1, title="Incident")
    assert no.value.code == "separation"
    choose_small_team(["S8", "S1"], by=ana, reason=WHY, head=ben)
    assert (relaxed("S1"), relaxed("S3"), relaxed("S8")) == (True, False, True)
    with pytest.raises(Invalid) as missing:
        approve_alone("S8", by=ana, reason=" ", subject="draft", subject_id=1, title="Incident")
    assert missing.value.field == "reason"
    approve_alone("S8", by=ana, reason="Ben is ill.", subject="draft", subject_id=1, title="Inc")
    (use,) = approved_alone(since=instants.now() - timedelta(days=31))
    assert (use.rule, use.person, use.reason, use.title) == ("S8", ana, "Ben is ill.", "Inc")
    written = JournalEntry.objects.filter(subject_type__in=("small_team", "self_approval"))
    assert [one.actor_id for one in written] == [ana.pk, ana.pk]


def test_with_the_eighth_person_the_mode_no_longer_holds(team: list[Person]) -> None:
    ana, ben = team[:2]
    choose_small_team(["S1"], by=ana, reason=WHY, head=ben)
    give(team[-1], "agent", ana, ben)
    assert not relaxed("S1")
    with pytest.raises(Refused) as no:
        choose_small_team(["S1"], by=ana, reason=WHY, head=ben)
    assert (no.value.code, "8 people" in no.value.message) == ("not_small", True)
    choose_small_team([], by=ana, reason="We are eight now.")
    row = small_team()
    assert row is not None and row.rules == []


def test_it_takes_an_administrator_a_reason_a_head_and_a_rule_that_can(team: list[Person]) -> None:
    ana, ben, agent = team[:3]
    with pytest.raises(NotPermitted):
        choose_small_team(["S1"], by=agent, reason=WHY, head=ben)
    for field, rules, reason, head in (
        ("rules", ["S9"], WHY, ben), ("reason", ["S1"], "", ben), ("head", ["S1"], WHY, None),
        ("head", ["S1"], WHY, team[-1]),
    ):  # fmt: skip
        with pytest.raises(Invalid) as no:
            choose_small_team(rules, by=ana, reason=reason, head=head)
        assert no.value.field == field
