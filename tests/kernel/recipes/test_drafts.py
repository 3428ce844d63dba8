"""From a first word to a version that runs: who writes, who approves, who publishes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from brigade.kernel.parties.models import Person
from brigade.kernel.recipes import library
from brigade.kernel.recipes.actions import adopt
from brigade.kernel.recipes.drafting import drafted, with_changes
from brigade.kernel.recipes.drafts import change_draft, open_draft, withdraw_draft, write_draft
from brigade.kernel.recipes.models import RecipeDraft
from brigade.kernel.recipes.overlay import Operation, read_all
from brigade.kernel.recipes.publishing import (
    publish_draft,
    submit_draft,
    take_back_draft,
)
from brigade.kernel.recipes.queries import adoption_of, draft_of, recipe_for
from brigade.kernel.refused import Invalid, NotPermitted, Refused, Stale
from brigade.kernel.work.recipe_approvals import approve_draft
from tests.cast import Cast

STATE = "facets.core.states.verify"
FIELD = "facets.core.fields.store_no"
STORE = {"type": "text", "required": {"from": "active"}}


def one(kind: str, path: str, to: Any = None, why: str = "retail") -> Operation:
    return Operation(kind, path, to, why, "")


# -- without rows -------------------------------------------------------------------------


def test_what_is_inside_something_added_joins_it() -> None:
    added = [one("add", STATE, {"category": "active"})]
    named = with_changes(added, [one("rename_label", STATE, "Verify fix")])
    assert [each.to for each in named] == [{"category": "active", "label": "Verify fix"}]
    waits = with_changes(named, [one("set", f"{STATE}.category", "waiting")])
    assert waits[0].to == {"category": "waiting", "label": "Verify fix"} and len(waits) == 1
    assert with_changes(waits, [one("unset", STATE)]) == ()
    assert with_changes(waits, [], without=[STATE]) == ()


def test_what_is_dropped_takes_the_changes_inside_along() -> None:
    timer = "facets.core.timers.autoclose"
    overlay = with_changes([one("set", f"{timer}.after", "3d")], [one("unset", timer)])
    assert overlay == (one("unset", timer),)


def test_a_draft_says_everything_that_is_wrong_with_it() -> None:
    source = library.installed()["incident"].source
    lonely = drafted(source, [one("add", STATE, {"category": "active"})], 1)
    assert {each.code for each in lonely.errors} == {"E01"}
    assert not drafted(source, [one("add", FIELD, STORE)], 1).errors


# -- with rows ----------------------------------------------------------------------------


@dataclass
class Found:
    records: int
    blocked: int


@pytest.fixture
def petra(cast: Cast) -> Person:
    adopt("incident", by=cast.ada, owner=cast.petra, rationale="Restore.")
    return cast.petra


def begun(by: Person, *more: Operation) -> RecipeDraft:
    draft = open_draft("incident", by=by, reason="Shops")
    return change_draft(draft.pk, by=by, put=more or [one("add", FIELD, STORE)])


def approved(by: Person, *more: Operation) -> int:
    draft = begun(by, *more)
    submit_draft(draft.pk, by=by)
    approve_draft(draft.pk, by=by, statement="Shops name their number.")
    return int(draft.pk)


@pytest.mark.django_db
def test_a_draft_becomes_what_runs(cast: Cast, petra: Person) -> None:
    draft = approved(petra)
    assert "store_no" not in recipe_for("incident").fields
    with pytest.raises(NotPermitted):
        publish_draft(draft, by=petra)

    done = publish_draft(draft, by=cast.ada, replay=Found(100, 5))

    recipe = recipe_for("incident")
    assert "store_no" in recipe.required_fields("active")
    assert "store_no" not in recipe.required_fields("new")
    assert done.version and done.version.version == recipe.version == "2.0.0+1"
    assert done.version.overlay[0]["author"] == petra.name
    assert done.replay == {"records": 100, "blocked": 5}
    assert draft_of("incident") is None
    adoption = adoption_of("incident")
    assert adoption and adoption.owner == petra and adoption.version == done.version
    assert open_draft("incident", by=petra).overlay == done.version.overlay


@pytest.mark.django_db
def test_errors_stand_in_the_way_and_are_kept(cast: Cast, petra: Person) -> None:
    draft = begun(petra, one("add", STATE, {"category": "active"}))
    assert {each["code"] for each in draft.findings} == {"E01"}
    with pytest.raises(Refused, match="E01"):
        submit_draft(draft.pk, by=petra)
    with pytest.raises(Invalid, match="nothing leads to"):
        change_draft(draft.pk, by=petra, put=[one("set", "facets.core.timers.no.after", "3d")])
    empty = change_draft(draft.pk, by=petra, without=[STATE])
    assert (empty.overlay, empty.findings, empty.revision) == ([], [], 3)
    with pytest.raises(Refused, match="changes nothing"):
        submit_draft(draft.pk, by=petra)


@pytest.mark.django_db
def test_author_owner_and_publisher_are_kept_apart(cast: Cast, petra: Person) -> None:
    draft = begun(petra)
    with pytest.raises(NotPermitted):
        change_draft(draft.pk, by=cast.sam, without=[FIELD])
    change_draft(
        draft.pk, by=cast.ada, put=[one("set", "facets.core.timers.autoclose.after", "3d")]
    )
    submit_draft(draft.pk, by=petra)
    with pytest.raises(Refused, match="submitted"):
        change_draft(draft.pk, by=petra, without=[FIELD])
    with pytest.raises(NotPermitted):
        approve_draft(draft.pk, by=cast.ada, statement="I may not")
    with pytest.raises(Invalid, match="Say why"):
        approve_draft(draft.pk, by=petra, statement=" ")
    with pytest.raises(Refused, match="has to approve"):
        publish_draft(draft.pk, by=cast.amos)
    approve_draft(draft.pk, by=petra, statement="Fine.")
    with pytest.raises(Refused, match="S8"):
        publish_draft(draft.pk, by=cast.ada)
    with pytest.raises(Refused, match=r"40 of 100 records.*5 %"):
        publish_draft(draft.pk, by=cast.amos, replay=Found(100, 40))
    assert publish_draft(
        draft.pk, by=cast.amos, replay=Found(100, 40), waiver="They are old."
    ).waiver


@pytest.mark.django_db
def test_nobody_writes_over_what_another_wrote(cast: Cast, petra: Person) -> None:
    draft = begun(petra)
    with pytest.raises(Refused, match="open already"):
        open_draft("incident", by=cast.ada)
    with pytest.raises(Stale, match="Petra"):
        change_draft(draft.pk, by=cast.ada, without=[FIELD], seen=1)
    timer = one("set", "facets.core.timers.autoclose.after", "3d")
    written = write_draft(draft.pk, by=cast.ada, overlay=[*read_all(draft.overlay), timer])
    assert [each["author"] for each in written.overlay] == [petra.name, cast.ada.name]
    assert set(written.authors) == {petra.pk, cast.ada.pk}


@pytest.mark.django_db
def test_taken_back_withdrawn_and_overtaken(cast: Cast, petra: Person) -> None:
    draft = approved(petra)
    back = take_back_draft(draft, by=petra)
    assert (back.state, back.approved_by, back.statement) == ("draft", None, "")
    submit_draft(draft, by=petra)
    approve_draft(draft, by=petra, statement="Again.")
    adopt("incident", by=cast.ada, level=2, owner=petra, waiver="Shared desk.")
    with pytest.raises(Refused, match="Another version runs"):
        publish_draft(draft, by=cast.ada)
    assert withdraw_draft(draft, by=petra).state == "withdrawn"
    with pytest.raises(Refused, match="over"):
        change_draft(draft, by=petra)
