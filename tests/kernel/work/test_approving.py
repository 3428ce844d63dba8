"""Approvals that a recipe wants: asked on the way, read by guards, followed by the system."""

from __future__ import annotations

from pathlib import Path

import pytest

from brigade.kernel import instants
from brigade.kernel.approvals import actions, queries
from brigade.kernel.parties.acting import acting
from brigade.kernel.parties.actions import change_installation, operator
from brigade.kernel.recipes.compile import compile_recipe, stored_form
from brigade.kernel.recipes.merge import effective
from brigade.kernel.recipes.models import Adoption, RecipeVersion
from brigade.kernel.recipes.parse import read
from brigade.kernel.records import audit
from brigade.kernel.records.models import Record
from brigade.kernel.refused import Refused
from brigade.kernel.work.moving import move
from brigade.kernel.work.opening import open_record
from tests.cast import Cast

DECIDING = Path(__file__).parent / "deciding.yaml"


@pytest.fixture
def work(cast: Cast) -> Record:
    root, document = operator("Brigade"), read(DECIDING.read_bytes())
    compiled = compile_recipe(document, 1)
    version = RecipeVersion.objects.create(
        key="incident", version=compiled.version, level=1, checksum=compiled.checksum,
        source=document.source, effective=stored_form(effective(document, 1)),
        published_at=instants.now(), published_by=root,
    )  # fmt: skip
    with acting(root):
        Adoption.objects.create(
            key="incident", version=version, level=1, state="adopted",
            adopted_at=instants.now(), owner=cast.petra,
        )  # fmt: skip
    change_installation(by=cast.ada, default_team=cast.service_desk)
    fields = {"title": "Move the ledger", "requester": cast.eve, "service": cast.erp.pk}
    return open_record("incident", by=cast.sam, fields=fields)


def test_a_state_asks_and_the_answer_moves_the_record(cast: Cast, work: Record) -> None:
    moved = move(work, "submit", by=cast.sam)
    assert (moved.state, moved.version) == ("review", 3)
    (asked,) = queries.approvals_of("record", work.pk)
    assert asked.title == "Go ahead: Move the ledger"
    assert {seat.person: seat.roles for seat in queries.seats_of(asked)} == {
        cast.olga: ["service_owner"], cast.petra: ["process_owner"],
    }  # fmt: skip
    actions.vote(asked, "approve", by=cast.petra)
    assert Record.objects.get(pk=work.pk).state == "review"
    actions.vote(asked, "approve", by=cast.olga)
    record = Record.objects.get(pk=work.pk)
    assert record.state == "active"
    last = record.journal.order_by("number").last()
    assert (last.kind, last.transition, last.actor.name) == ("moved", "go", "Brigade")
    assert not audit.verify().faults


def test_a_no_takes_the_other_way(cast: Cast, work: Record) -> None:
    move(work, "submit", by=cast.sam)
    (asked,) = queries.approvals_of("record", work.pk)
    actions.vote(asked, "reject", by=cast.olga, reason="Not in December.")
    assert Record.objects.get(pk=work.pk).state == "cancelled"


def test_leaving_the_state_takes_the_question_back_and_coming_again_asks_anew(
    cast: Cast, work: Record
) -> None:
    move(work, "submit", by=cast.sam)
    move(work, "back", by=cast.sam)
    (first,) = queries.approvals_of("record", work.pk)
    assert first.state == "withdrawn"
    move(work, "submit", by=cast.sam)
    assert [one.state for one in queries.approvals_of("record", work.pk)] == ["open", "withdrawn"]


def test_a_step_asks_and_a_guard_waits_for_it(cast: Cast, work: Record) -> None:
    move(work, "submit", by=cast.sam)
    (asked,) = queries.approvals_of("record", work.pk)
    for person in (cast.olga, cast.petra):
        actions.vote(asked, "approve", by=person)
    move(work, "second_look", by=cast.sam)
    with pytest.raises(Refused) as no:
        move(work, "close", by=cast.sam)
    assert no.value.code == "guard"
    look = queries.live_approval("record", work.pk, "look")
    assert look is not None
    actions.vote(look, "approve", by=cast.chris)
    assert move(work, "close", by=cast.sam).state == "closed"


@pytest.mark.parametrize("yes", [True, False])
def test_one_is_asked_after_others_and_a_no_ends_all(cast: Cast, work: Record, yes: bool) -> None:
    """Lead and process owner side by side, the service owner once both have approved."""
    move(work, "ring", by=cast.sam)
    asked = {one.name: one for one in queries.approvals_of("record", work.pk)}
    assert {name: one.state for name, one in asked.items()} == {
        "lead": "open", "process": "open", "last": "planned",
    }  # fmt: skip
    assert asked["lead"].rule["majority"] == "single"
    actions.vote(asked["lead"], "approve", by=cast.lena)
    actions.vote(asked["process"], "approve" if yes else "reject", by=cast.petra, reason="So.")
    asked["last"].refresh_from_db()
    if yes:
        assert asked["last"].state == "open" and Record.objects.get().state == "rounds"
        actions.vote(asked["last"], "approve", by=cast.olga)
    assert Record.objects.get().state == ("active" if yes else "cancelled")


def test_what_nobody_could_decide_is_not_asked(cast: Cast, work: Record) -> None:
    move(work, "submit", by=cast.sam)
    move(work, "back", by=cast.sam)
    Record.objects.filter(pk=work.pk).update(requester=cast.olga)
    with pytest.raises(Refused) as none:
        move(work, "submit", by=cast.sam)
    assert none.value.code == "approval_unreachable"
    assert Record.objects.get(pk=work.pk).state == "new"
