"""What a compiled recipe answers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from brigade.kernel.recipes import library
from brigade.kernel.recipes.compile import compile_recipe
from brigade.kernel.recipes.compiled import CompiledRecipe
from brigade.kernel.refused import Invalid, NotPermitted, Refused
from tests.kernel.recipes.recipes_for_tests import three_levels

NOW = datetime(2026, 3, 27, 16, 40, tzinfo=UTC)
OPENED = {"title": "Printer on fire", "requester": 7}


@pytest.fixture
def incident() -> CompiledRecipe:
    return compile_recipe(library.installed()["incident"], 1)


@pytest.fixture
def major() -> CompiledRecipe:
    return compile_recipe(three_levels(), 3)


def test_opening_asks_for_exactly_two_fields(incident: CompiledRecipe) -> None:
    assert incident.required_fields("new") == {"title", "requester"}
    with pytest.raises(Invalid) as no:
        incident.check_open({"title": " ", "requester": 7})
    assert no.value.field == "title"


def test_cancelled_is_exempt_from_what_counts_from_a_state_on(incident: CompiledRecipe) -> None:
    assert incident.required_fields("cancelled") == {"cancel_reason"}
    assert "resolution" in incident.required_fields("closed")


def test_urgent_or_not_decides_the_priority(incident: CompiledRecipe) -> None:
    assert incident.priority_of({"urgent": True}) == 2
    assert incident.priority_of({}) == 4
    assert incident.priority_label(2) == "High"
    assert incident.priority_label(None) == ""


def test_a_matrix_once_adopted_wins(major: CompiledRecipe) -> None:
    assert major.priority_of({"urgent": True, "impact": 1, "urgency": 1}) == 1
    assert major.priority_of({"impact": 3, "urgency": 2}) == 4


def test_impact_follows_from_criticality_and_users(major: CompiledRecipe) -> None:
    erp = {"criticality": 4}
    assert major.default_values({"service": erp, "affected_users": 10})["impact"] == 1
    assert major.default_values({"service": erp, "affected_users": 9})["impact"] == 2
    assert major.default_values({})["impact"] == 3


@pytest.mark.parametrize(("hours", "allowed"), [(0, True), (120, True), (120.001, False)])
def test_reopening_ends_after_120_hours(
    incident: CompiledRecipe, hours: float, allowed: bool
) -> None:
    context = {"history": {"resolved": NOW - timedelta(hours=hours)}, "now": NOW}
    assert incident.guard_allows("reopen", context) is allowed


def test_why_reopening_is_refused_is_said_in_words(incident: CompiledRecipe) -> None:
    with pytest.raises(Refused) as no:
        incident.check_move("resolved", "reopen", {"agent"}, {**OPENED, "now": NOW})
    assert no.value.code == "guard"
    assert "within five days" in no.value.message


def test_each_obstacle_has_its_code(incident: CompiledRecipe) -> None:
    for state, step, roles, code, kind in (
        ("new", "fly", {"agent"}, "unknown_transition", Refused),
        ("closed", "start", {"agent"}, "not_from_here", Refused),
        ("new", "start", {"requester"}, "not_permitted", NotPermitted),
        ("active", "wait", {"agent"}, "missing_field", Invalid),
    ):
        with pytest.raises(kind) as no:
            incident.check_move(state, step, roles, OPENED)
        assert no.value.code == code
    assert no.value.field == "waiting_reason"


def test_what_waits_for_a_provider_does_not_pause_for_the_requester(
    major: CompiledRecipe,
) -> None:
    pause = major.clocks["restore"].pause
    assert pause is not None
    assert pause.when == "waiting_reason == 'requester'"
    assert major.clocks["restore"].stop is not None
    assert major.clocks["restore"].stop.enter == ["resolved", "review"]


def test_lost_time_is_missing_until_the_outage_is_known(major: CompiledRecipe) -> None:
    assert major.computed_values({})["lost_user_minutes"] is None
    outage = {"minutes": 210.0, "degradation": 1.0}
    known = {"affected_users": 600, "outage": outage}
    assert major.computed_values(known)["lost_user_minutes"] == 126_000


def test_autoclose_is_after_five_days(incident: CompiledRecipe) -> None:
    timer = incident.timers["autoclose"]
    assert timer.after is not None
    assert (timer.in_, timer.after.elapsed(), timer.fire) == (
        ("resolved",),
        timedelta(days=5),
        "confirm",
    )
    assert incident.timers["wake"].at == "resume_at"


def test_a_label_per_language_is_read_in_the_language() -> None:
    from brigade.kernel.recipes.parse import read
    from tests.kernel.recipes.recipes_for_tests import TINY

    text = TINY.replace("{category: active}", "{category: active, label: {en: Doing, de: Läuft}}")
    recipe = compile_recipe(read(text), 1)
    assert recipe.label("doing", "de") == "Läuft"
    assert recipe.label("doing", "fr") == "Doing"
    assert recipe.label("doing") == "Doing"
    assert recipe.label("cost") == "Cost"
