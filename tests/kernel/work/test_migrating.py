"""Running records on their way to another version: what comes along, stays, and is kept."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from brigade.kernel.clocks.queries import segments_of
from brigade.kernel.clocks.replay import replay
from brigade.kernel.instants import at_instant
from brigade.kernel.parties.acting import acting
from brigade.kernel.recipes.actions import publish_version
from brigade.kernel.recipes.models import Adoption, RecipeVersion
from brigade.kernel.recipes.overlay import Operation
from brigade.kernel.recipes.rolling_back import roll_back
from brigade.kernel.records.audit import verify
from brigade.kernel.records.models import Record
from brigade.kernel.refused import Invalid, NotPermitted, Refused
from brigade.kernel.work.moving import move
from brigade.kernel.work.opening import open_record
from brigade.kernel.work.saying import say
from brigade.kernel.work.versions import migrating
from brigade.kernel.work.versions.fates import SAFE, Mapped, fate_of
from brigade.kernel.work.versions.migrating import migrate_running
from brigade.kernel.work.versions.planning import plan_migration
from brigade.kernel.work.versions.queries import standings_of
from tests.cast import Cast
from tests.kernel.clocks.conftest import timed
from tests.kernel.work.test_replay import LIVE, drafted

__all__ = ["timed"]
MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)


def fate(recipe: Any, mapped: Mapped = SAFE, **values: Any) -> Any:
    return fate_of({"title": "Till", "state": "resting", **values}, recipe, mapped, dict)


def test_a_record_comes_along_as_it_stands_or_says_why_not() -> None:
    assert fate(LIVE).reason == ""
    needed = drafted({"add": "fields.store.required", "to": {"in": "resting"}})
    assert (fate(needed).reason, fate(needed).fields) == ("missing_field", ("store",))
    assert fate(needed, store="main").reason == ""
    gone = drafted({"unset": "transitions.rest"}, {"unset": "transitions.resume"},
                   {"unset": "states.resting"}, {"unset": "clocks.fulfil.pause"})  # fmt: skip
    assert fate(gone).reason == "state_gone"


def test_a_map_gives_a_state_and_only_what_is_empty_and_needed() -> None:
    needed = drafted({"add": "fields.store.required", "to": {"in": "doing"}})
    mapped = Mapped({"resting": "doing"}, {"store": "main", "cost": 4})
    came = fate(needed, mapped)
    assert (came.state, came.given, came.reason) == ("doing", {"store": "main"}, "")
    assert fate(needed, mapped, store="ours").given == {}
    assert fate(needed, Mapped({"resting": "doing"}, {})).fields == ("store",)


def tailored(cast: Cast, *operations: Operation) -> RecipeVersion:
    """Let incident management run with these operations from now on."""
    adoption = Adoption.objects.select_related("version").get(key="incident")
    text = adoption.version.source if adoption.version else ""
    version = publish_version("incident", by=cast.operator, level=2, off=("knowledge_loop",),
                              text=text, overlay=operations)  # fmt: skip
    with acting(cast.operator):
        Adoption.objects.filter(key="incident").update(version=version)
    return version


def waiting(cast: Cast) -> Record:
    """An incident of priority 2 that waits for a provider since 9:40, its clock running."""
    with at_instant(MONDAY):
        record = open_record("incident", by=cast.sam, fields={
            "title": "Ledger down", "requester": cast.eve.pk, "service": cast.erp.pk,
            "impact": 2, "urgency": 1})  # fmt: skip
    with at_instant(MONDAY + timedelta(minutes=30)):
        record = move(record, "start", by=cast.sam)
    with at_instant(MONDAY + timedelta(minutes=40)):
        return move(record, "wait", by=cast.sam, fields={"waiting_reason": "provider"})


def set_(path: str, to: Any) -> Operation:
    return Operation("set", path, to, "Tried", "Petra")


PAUSE = set_("facets.clocks.clocks.restore.pause.when", "waiting_reason != 'scheduled'")
STORE = Operation("add", "facets.core.fields.store_no",
                  {"type": "text", "required": {"in": "waiting"}}, "Shops", "Petra")  # fmt: skip


def stored(record: Record) -> dict[int, Any]:
    return {row.number: segments_of(record.pk, row.number) for row in record.clocks.all()}


@pytest.mark.django_db
def test_clocks_keep_what_they_counted_and_a_replay_agrees(timed: Cast) -> None:
    record = waiting(timed)
    version = tailored(timed, PAUSE)
    with at_instant(MONDAY + timedelta(hours=2)):
        done = migrate_running("incident", by=timed.petra)
    assert (done.running, done.moving, done.pinned) == (1, 1, 0)
    record = Record.objects.get(pk=record.pk)
    entry = record.journal.get(number=record.entries)
    assert (record.recipe_version_id, entry.kind, entry.changes) == (
        version.pk, "migrated", {"recipe_version": [done.lines[0].version, version.pk]},
    )  # fmt: skip
    restore = record.clocks.get(name="restore")
    assert (restore.state, restore.reason, restore.counted) == ("paused", "provider", 7200)
    with at_instant(MONDAY + timedelta(hours=5)):
        record = move(record, "resume", by=timed.sam)
    assert (record.clocks.get(name="restore").paused, record.journal.count()) == (3 * 3600, 5)
    derived = replay(Record.objects.get(pk=record.pk))
    assert {n: list(one.segments) for n, one in enumerate(derived, 1)} == stored(record)
    assert migrate_running("incident", by=timed.petra).running == 0
    assert verify().holds


@pytest.mark.django_db
def test_a_clock_that_the_version_lacks_ends_for_nothing(timed: Cast) -> None:
    record = waiting(timed)
    tailored(timed, Operation("unset", "facets.clocks.clocks.restore", None, "No", "Petra"),
             Operation("unset", "facets.clocks.escalations", None, "No", "Petra"))  # fmt: skip
    with at_instant(MONDAY + timedelta(hours=2)):
        migrate_running("incident", by=timed.petra)
    restore = record.clocks.get(name="restore")
    assert (restore.state, restore.counted) == ("void", 7200)
    derived = replay(Record.objects.get(pk=record.pk))
    assert {n: list(one.segments) for n, one in enumerate(derived, 1)} == stored(record)


@pytest.mark.django_db
def test_a_changed_timer_counts_anew_and_another_one_goes_on(timed: Cast) -> None:
    record = waiting(timed)
    done = {"resolution": "Restarted", "category": "erp/ledger", "close_code": "fixed"}
    with at_instant(MONDAY + timedelta(hours=2)):
        record = move(record, "resolve", by=timed.sam, fields=done)
    due = record.timer_due
    tailored(timed, PAUSE)
    with at_instant(MONDAY + timedelta(days=1)):
        migrate_running("incident", by=timed.petra)
    assert Record.objects.get(pk=record.pk).timer_due == due
    tailored(timed, set_("facets.core.timers.autoclose.after", "2h"))
    with at_instant(MONDAY + timedelta(days=1)):
        migrate_running("incident", by=timed.petra)
    fresh = Record.objects.get(pk=record.pk)
    assert (fresh.timer, fresh.timer_due) == ("autoclose", MONDAY + timedelta(days=1, hours=2))
    assert fresh.next_due == fresh.timer_due


@pytest.mark.django_db
def test_what_stays_is_listed_with_its_reason_and_a_default_takes_it_along(timed: Cast) -> None:
    record = waiting(timed)
    tailored(timed, STORE)
    plan = plan_migration("incident", by=timed.petra)
    assert (plan.pinned, plan.reasons) == (1, {"missing_field": 1})
    assert (plan.lines[0].number, plan.lines[0].fields) == (record.number, ("store_no",))
    assert migrate_running("incident", by=timed.petra).moving == 0
    with pytest.raises(Invalid):
        plan_migration("incident", by=timed.petra, defaults={"nothing": "x"})
    with pytest.raises(Invalid):
        plan_migration("incident", by=timed.petra, states={"waiting": "nowhere"})
    with pytest.raises(NotPermitted):
        migrate_running("incident", by=timed.sam)
    done = migrate_running("incident", by=timed.petra, states={"waiting": "active"})
    record = Record.objects.get(pk=record.pk)
    entry = record.journal.get(number=record.entries)
    assert (done.moving, record.state, record.state_category) == (1, "active", "active")
    assert (entry.kind, entry.transition, (entry.changes or {})["state"]) == (
        "moved", "", ["waiting", "active"],
    )  # fmt: skip


@pytest.mark.django_db
def test_a_record_written_meanwhile_is_decided_on_anew(
    timed: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = waiting(timed)
    tailored(timed, PAUSE)
    writing, tries = migrating.migrate_rows, list[int]()

    def meanwhile(rows: Any, **who: Any) -> set[int]:
        tries.append(len(rows))
        if len(tries) == 1:
            say(record, "Any news?", by=timed.sam, visibility="internal")
        return writing(rows, **who)

    monkeypatch.setattr(migrating, "migrate_rows", meanwhile)
    assert migrate_running("incident", by=timed.petra).moving == 1
    assert tries == [1, 1]
    kinds = record.journal.order_by("number").values_list("kind", flat=True)
    assert list(kinds)[-2:] == ["said", "migrated"]


@pytest.mark.django_db
def test_going_back_publishes_the_earlier_content_anew_and_again_undoes_itself(
    timed: Cast,
) -> None:
    first = Adoption.objects.get(key="incident").version
    assert first is not None
    with pytest.raises(Refused, match="Nothing else"):
        roll_back("incident", by=timed.petra)
    waiting(timed)
    second = tailored(timed, PAUSE)
    back = roll_back("incident", by=timed.petra).version
    assert back is not None and back.checksum == first.checksum and back.pk != first.pk
    assert back.version == f"{first.version}+2"
    running = {one.version.pk: (one.running, one.archived) for one in standings_of("incident")}
    assert running == {first.pk: (1, False), second.pk: (0, True), back.pk: (0, False)}
    again = roll_back("incident", by=timed.petra).version
    assert again is not None and again.checksum == second.checksum
    with pytest.raises(NotPermitted):
        roll_back("incident", by=timed.sam)
