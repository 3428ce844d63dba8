"""Deciding about practices: the Statement, levels on evidence, facets, and who signed."""

from __future__ import annotations

from datetime import date

import pytest

from brigade.kernel.parties.actions import operator
from brigade.kernel.parties.models import Person
from brigade.kernel.recipes import readiness
from brigade.kernel.recipes.actions import adopt, adopt_provisionally
from brigade.kernel.recipes.deciding import Choice, consider, decline, plan, sign
from brigade.kernel.recipes.drafts import open_draft
from brigade.kernel.recipes.evidence import Answer
from brigade.kernel.recipes.manifests import manifests
from brigade.kernel.recipes.proposals import STARTER_SETS, propose
from brigade.kernel.recipes.queries import adoption_of, read_draft, recipe_for
from brigade.kernel.recipes.statement import adopted_keys, circumstances, house, read_by, statement
from brigade.kernel.records.models import JournalEntry
from brigade.kernel.refused import Hidden, Invalid, NotPermitted, Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def root() -> Person:
    return operator("Console")


@pytest.fixture
def ana(root: Person) -> Person:
    from brigade.kernel.parties.actions import add_person

    return add_person(name="Ana", email="ana@example.org", by=root)


def solo(owner: Person | None, **others: Person | None) -> list[Choice]:
    return [
        Choice(one.key, one.level, others.get(one.key, owner) if one.level else None, one.reason)
        for one in propose(STARTER_SETS["solo"], highest={"incident": 2})
    ]


def test_signing_settles_every_practice_at_once_and_says_who(root: Person, ana: Person) -> None:
    adopt_provisionally(by=root)
    with pytest.raises(Invalid) as no:
        sign(STARTER_SETS["solo"], solo(ana, change=None), by=root)
    assert no.value.field == "owner-change" and "Change enablement (E05)" in no.value.message
    assert circumstances() is None

    sign(STARTER_SETS["solo"], solo(ana), by=root)

    stands = statement()
    assert sum(one.chosen for one in stands) == 6
    assert sum(not one.chosen for one in stands) == 30
    why = {one.key: one.reason for one in stands}
    assert why["supplier"] == "No vendor above 5,000 a year."
    assert {one.key for one in stands if one.state == "planned"} == {
        one.key for one in stands if one.chosen
    } - {"incident"}
    assert adopted_keys() == {"incident"} == house()[1]
    signed = circumstances()
    assert signed is not None and (signed.headcount, signed.signed_by) == (5, root)
    written = JournalEntry.objects.filter(subject_type__in=("adoption", "circumstances"))
    assert set(written.values_list("actor_id", flat=True)) == {root.pk}


def test_the_statement_reads_by_book_practice_activity_and_clause(root: Person) -> None:
    stands = statement()
    assert [one.name for one in read_by(stands, "itil_v3")] == [
        "SS", "SD", "ST", "SO", "CSI", "function", "governance",
    ]  # fmt: skip
    for way in ("itil_v3", "itil_4", "itil_5", "iso20000_1"):
        found = {stand.key for one in read_by(stands, way) for stand in one.stands}
        assert found == manifests().keys()
    clauses = [one.name for one in read_by(stands, "iso20000_1")]
    assert (
        clauses.index("8.6") < clauses.index("8.6.1") < clauses.index("9.1") < clauses.index("10")
    )
    assert [one.name for one in read_by(stands, "itil_5")][:2] == ["discover", "design"]


def test_a_level_is_raised_on_evidence_or_on_a_statement(
    root: Person, ana: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    adopt_provisionally(by=root)
    monkeypatch.setattr(readiness, "_checks", {})
    with pytest.raises(Refused) as no:
        adopt("incident", by=root, level=2, owner=ana)
    assert (no.value.code, "W05" in no.value.message) == ("level_not_ready", True)
    raised = adopt("incident", by=root, level=2, owner=ana, waiver="We moved here with our data.")
    assert (raised.level, raised.waiver) == (2, "We moved here with our data.")
    lowered = adopt("incident", by=root, level=1, owner=ana)
    assert (lowered.level, lowered.waiver) == (1, "")
    for check in ("resolved_here", "teams_led", "services_owned"):
        readiness.register(check, lambda kind, asked: Answer(9, 9, "9 of 9."))
    assert adopt("incident", by=root, level=2, owner=ana).waiver == ""


def test_signing_more_than_there_is_evidence_for_aims_at_it(
    root: Person, ana: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readiness, "_checks", {})
    choices = [
        Choice("incident", 2, ana, "Eight of us.") if one.key == "incident" else one
        for one in solo(ana)
    ]
    sign(STARTER_SETS["solo"], choices, by=root)
    adoption = adoption_of("incident")
    assert adoption is not None and (adoption.level, adoption.target_level) == (1, 2)


def test_facets_come_and_go_where_their_needs_hold(root: Person, ana: Person) -> None:
    with pytest.raises(Invalid) as no:
        adopt("incident", by=root, owner=ana, on=["classify"])
    assert no.value.field == "rationale"
    with pytest.raises(Refused) as unmet:
        adopt("incident", by=root, owner=ana, on=["prioritise"], rationale="Matrix first.")
    assert "E09" in unmet.value.message
    adopt("incident", by=root, owner=ana, on=["classify"], rationale="Categories first.")
    assert "category" in recipe_for("incident").fields
    assert "classify" in read_draft(open_draft("incident", by=root)).chosen.facets
    adopt("incident", by=root, owner=ana, on=[])
    assert "category" not in recipe_for("incident").fields


def test_what_is_declined_is_gone_and_stands_with_its_reason(root: Person, ana: Person) -> None:
    adopt_provisionally(by=root)
    with pytest.raises(Refused) as no:
        plan("incident", by=root, owner=ana)
    assert no.value.code == "runs_already"
    with pytest.raises(Invalid):
        decline("incident", by=root, rationale=" ")
    decline("incident", by=root, rationale="Our provider does it.")
    with pytest.raises(Hidden):
        recipe_for("incident")
    (stand,) = (one for one in statement() if one.key == "incident")
    assert (stand.chosen, stand.reason) == (False, "Our provider does it.")


def test_planning_and_considering_keep_where_it_shall_go(root: Person, ana: Person) -> None:
    due = date(2027, 1, 15)
    planned = plan("problem", by=root, owner=ana, rationale="Next.", target_level=2, review_on=due)
    assert (planned.state, planned.target_level, planned.review_on) == ("planned", 2, due)
    assert consider("problem", by=root, rationale="Not sure.").state == "considered"
    with pytest.raises(Invalid):
        plan("evaluation", by=root, owner=ana, level=1)
    with pytest.raises(Hidden):
        plan("giraffe", by=root, owner=ana)
    with pytest.raises(NotPermitted):
        decline("problem", by=ana, rationale="No.")
