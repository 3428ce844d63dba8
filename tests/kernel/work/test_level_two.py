"""Level 2 of incidents: category, matrix, a priority set by hand, work time, who held it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from brigade.kernel.calendars.first import standard_calendars
from brigade.kernel.parties.actions import operator
from brigade.kernel.recipes.actions import adopt
from brigade.kernel.recipes.drafts import open_draft
from brigade.kernel.recipes.models import RecipeVersion
from brigade.kernel.recipes.overlay import Operation
from brigade.kernel.recipes.publishing import submit_draft
from brigade.kernel.recipes.queries import recipe_version
from brigade.kernel.recipes.tailoring import choose_matrix, edit_matrix
from brigade.kernel.records.lists import ListFilter, list_page
from brigade.kernel.records.models import JournalEntry, Record
from brigade.kernel.refused import Invalid, NotPermitted, Refused
from brigade.kernel.work.assigning import assign
from brigade.kernel.work.changing import set_fields
from brigade.kernel.work.handovers import handovers
from brigade.kernel.work.moving import move
from brigade.kernel.work.opening import open_record
from brigade.kernel.work.prioritising import set_priority
from brigade.kernel.work.saying import say
from brigade.kernel.work.work_time import log_work, worked, worked_by
from tests.cast import Cast, meridian
from tests.kept import once
from tests.kernel.work.published import let_run

pytestmark = pytest.mark.django_db
SOLVED = {"resolution": "Repaired.", "close_code": "fixed", "category": "hardware.printer"}


@pytest.fixture
def cast(db: None) -> Cast:
    return once("level two", level_two)


def level_two() -> Cast:
    """Meridian with incident management at level 2 and the standard calendars."""
    cast = meridian()
    standard_calendars(by=operator("Brigade"))
    root = operator("Brigade")
    adopt("incident", by=root, level=2, owner=cast.ada, rationale="A desk.", waiver="New here.")
    return cast


@pytest.fixture
def opened(cast: Cast) -> Callable[..., Record]:
    def open_one(**fields: Any) -> Record:
        given = {"title": "Broken", "requester": cast.eve, "service": cast.erp, **fields}
        return open_record("incident", by=cast.lena, fields=given)

    return open_one


def test_impact_and_urgency_give_the_priority_at_every_change(
    cast: Cast, opened: Callable[..., Record]
) -> None:
    vital = opened(affected_users=12, urgent=True)
    assert (vital.impact, vital.urgency, vital.priority) == (1, 1, 1)
    record = opened()
    assert (record.impact, record.urgency, record.priority) == (2, 2, 3)
    assert set_fields(record, {"urgency": 1}, by=cast.lena).priority == 2
    assert set_fields(record, {"impact": 1}, by=cast.lena).priority == 1


def test_a_priority_is_set_by_hand_with_a_reason_and_given_back(
    cast: Cast, opened: Callable[..., Record]
) -> None:
    record = opened()
    with pytest.raises(Invalid, match="Say why"):
        set_priority(record, 1, by=cast.lena)
    with pytest.raises(Invalid, match="from 1 to 5"):
        set_priority(record, 6, by=cast.lena, reason="The board waits.")
    with pytest.raises(NotPermitted):
        set_priority(record, 1, by=cast.sam, reason="The board waits.")
    record = set_priority(record, 1, by=cast.lena, reason="The board waits.")
    assert (record.priority, record.data["priority_reason"]) == (1, "The board waits.")
    entry = JournalEntry.objects.filter(record=record).order_by("number").last()
    assert entry is not None and entry.body == "The board waits."
    record = set_fields(record, {"urgency": 3}, by=cast.lena)
    assert (record.priority, record.data["off_matrix"]) == (1, True)
    found = list_page(cast.lena, ListFilter(off_matrix=True)).rows
    assert [row["number"] for row in found] == [record.number]
    record = set_priority(record, None, by=cast.lena)
    assert record.priority == 4
    assert not {"priority_set", "priority_reason", "off_matrix"} & set(record.data)


def test_what_a_source_gave_against_the_matrix_stays_until_somebody_decides(
    cast: Cast, opened: Callable[..., Record]
) -> None:
    record = opened()
    Record.objects.filter(pk=record.pk).update(priority=1, data={**record.data, "off_matrix": True})
    record = set_fields(record, {"affected_users": 3}, by=cast.lena)
    assert record.priority == 1
    assert set_priority(record, None, by=cast.lena).priority == 3


def test_a_category_is_a_place_in_the_tree_or_what_an_import_brought(
    cast: Cast, opened: Callable[..., Record]
) -> None:
    record = set_fields(opened(), {"category": "hardware.printer"}, by=cast.lena)
    recipe = recipe_version(record.recipe_version_id)
    assert recipe.choice_label("category", record.category) == "Hardware › Printer or scanner"
    with pytest.raises(Invalid) as no:
        set_fields(record, {"category": "hardware.toaster"}, by=cast.lena)
    assert no.value.field == "category"
    Record.objects.filter(pk=record.pk).update(category="Category 55")
    record = set_fields(record, {"category": "Category 55", "urgency": 1}, by=cast.lena)
    assert recipe.choice_label("category", record.category) == "Category 55"


def test_resolving_asks_how_it_ended_and_duplicates_follow(
    cast: Cast, opened: Callable[..., Record]
) -> None:
    record = opened()
    with pytest.raises(Invalid) as no:
        move(record, "resolve", by=cast.lena, fields={"resolution": "Repaired."})
    assert no.value.field == "category"
    resolved = move(record, "resolve", by=cast.lena, fields=SOLVED)
    assert (resolved.category, resolved.data["close_code"]) == ("hardware.printer", "fixed")


def test_a_service_is_known_before_work_starts(cast: Cast, opened: Callable[..., Record]) -> None:
    with pytest.raises(Invalid) as no:
        move(opened(service=None, team=cast.service_desk), "start", by=cast.lena)
    assert no.value.field == "service"


def test_work_time_adds_up_and_is_corrected_by_another_entry(
    cast: Cast, opened: Callable[..., Record]
) -> None:
    record = log_work(opened(), 30, by=cast.lena, note="On the phone.")
    record = say(record, "Found it.", by=cast.sam, visibility="internal", minutes=15)
    record = log_work(record, -10, by=cast.lena)
    assert worked(record) == 35
    assert worked_by(record) == {cast.lena.pk: 20, cast.sam.pk: 15}
    for minutes in (0, -36, 1441):
        with pytest.raises(Invalid) as no:
            log_work(record, minutes, by=cast.lena)
        assert no.value.field == "minutes"
    with pytest.raises(NotPermitted):
        say(record, "Mine.", by=cast.eve, visibility="public", minutes=5)


def test_who_held_it_is_read_from_the_journal(cast: Cast) -> None:
    record = open_record(
        "incident",
        by=cast.lena,
        fields={"title": "Broken", "requester": cast.eve, "service": cast.erp},
    )
    assign(record, by=cast.lena, team=cast.network_operations)
    assign(record, by=cast.lena, assignee=cast.tom)
    held = handovers(record)
    names = [(each.team, each.assignee) for each in held]
    assert names == [
        (record.team.name if record.team else "", ""),
        (cast.network_operations.name, ""),
        (cast.network_operations.name, cast.tom.name),
    ]
    assert [one.until for one in held] == [held[1].since, held[2].since, None]


def published(cast: Cast) -> RecipeVersion:
    return let_run("incident", owner=cast.petra, admin=cast.ada)


def test_another_matrix_is_for_new_records_and_running_ones_keep_theirs(
    cast: Cast, opened: Callable[..., Record]
) -> None:
    adopt("incident", by=cast.ada, level=2, owner=cast.petra)
    before = opened()
    draft = edit_matrix(
        "incident", [[1, 1, 1], [2, 2, 2], [3, 3, 3]], by=cast.petra, why="Urgency is for later."
    )
    assert [each["author"] for each in draft.overlay] == [cast.petra.name]
    assert opened().priority == 3
    version = published(cast)
    assert (version.version, version.base) == ("2.0.0+1", "incident@2.0.0")
    assert opened().priority == 2
    assert set_fields(before, {"urgency": 3}, by=cast.lena).priority == 4
    choose_matrix("incident", "five_steps", by=cast.petra, why="As we had it.")
    published(cast)
    five = opened(affected_users=12, urgent=True)
    assert (five.impact, five.urgency, five.priority) == (2, 2, 2)
    choose_matrix("incident", "standard", by=cast.petra, why="Three is enough.")
    back = published(cast)
    assert (back.version, back.overlay) == ("2.0.0", [])


def test_the_matrix_of_a_draft_is_one_of_its_changes(cast: Cast) -> None:
    adopt("incident", by=cast.ada, level=2, owner=cast.petra)
    timer = Operation("set", "facets.core.timers.autoclose.after", "3d", "Fast.", "")
    begun = open_draft("incident", by=cast.petra, overlay=[timer])
    first = choose_matrix("incident", "five_steps", by=cast.petra, why="As we had it.")
    edited = edit_matrix("incident", [[5] * 5] * 5, by=cast.petra, why="Calm.")
    assert begun.pk == first.pk == edited.pk
    matrix = [each for each in edited.overlay if each.get("set", "").endswith("priority.matrix")]
    assert len(matrix) == 1 and matrix[0]["to"]["5"] == [5] * 5
    assert edited.overlay[0]["set"] == timer.path
    submit_draft(edited.pk, by=cast.petra)
    with pytest.raises(Refused, match="submitted"):
        choose_matrix("incident", "standard", by=cast.petra, why="No.")
    with pytest.raises(NotPermitted):
        choose_matrix("incident", "standard", by=cast.lena, why="No.")


def test_a_matrix_is_refused_with_the_reason(cast: Cast) -> None:
    with pytest.raises(Invalid, match="every cell"):
        edit_matrix("incident", [[1, 2]], by=cast.ada, why="Less.")
    with pytest.raises(Invalid, match="from 1 to 5"):
        edit_matrix("incident", [[1, 2, 9]] * 3, by=cast.ada, why="More.")
    with pytest.raises(Invalid, match="Say why"):
        choose_matrix("incident", "five_steps", by=cast.ada, why=" ")
    with pytest.raises(NotPermitted):
        choose_matrix("incident", "five_steps", by=cast.lena, why="Mine.")
    adopt("incident", by=cast.ada, level=1, owner=cast.ada, rationale="Less.")
    with pytest.raises(Refused, match="Raise the level"):
        choose_matrix("incident", "five_steps", by=cast.ada, why="Ours.")
