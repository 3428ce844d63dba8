"""What the rows say of the evidence for a level, over real rows; and what lint learns of them."""

from __future__ import annotations

import json
from contextlib import nullcontext
from datetime import timedelta

import pytest
from typer.testing import CliRunner

from brigade.config.cli import recipe_check
from brigade.config.cli.recipe import app
from brigade.kernel import instants
from brigade.kernel.parties.acting import acting
from brigade.kernel.recipes.evidence import Asked, asked
from brigade.kernel.recipes.queries import version_for
from brigade.kernel.recipes.readiness import readiness
from brigade.kernel.recipes.world import Question, check, published, world_of
from brigade.kernel.records.models import Record
from brigade.kernel.services.models import Service
from brigade.kernel.work import readiness as rows
from brigade.kernel.work import recipe_facts
from brigade.kernel.work.moving import move
from brigade.kernel.work.opening import open_record
from tests.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def solved(desk: Cast) -> Record:
    """An incident that was resolved here, at an installation that runs level 1."""
    record = open_record(
        "incident", by=desk.eve, fields={"title": "Ledger does not open"}, channel="portal"
    )
    return move(record, "resolve", by=desk.sam, fields={"resolution": "Restarted."})


def test_level_three_is_read_although_its_facets_are_not_installed(solved: Record) -> None:
    found = readiness("incident", 3)

    assert [(one.check, one.status, one.num, one.den) for one in found] == [
        ("figure_computed", "not_met", 0, 3),
        ("field_set", "not_met", 0, 1),
        ("clock_paused", "not_known", None, None),
    ]
    assert found[0].sentence.startswith("K01 was never computed")
    assert "0 of 1" in found[1].sentence
    assert "stopped" in found[2].sentence


def test_level_two_counts_what_was_resolved_here_teams_and_services(
    desk: Cast, solved: Record
) -> None:
    by_check = {one.check: one for one in readiness("incident", 2)}

    assert (by_check["resolved_here"].num, by_check["resolved_here"].den) == (1, 1)
    assert (by_check["teams_led"].num, by_check["teams_led"].den) == (1, 2)
    assert by_check["services_owned"].den == Service.objects.filter(state="live").count() > 0
    with acting(desk.operator):
        Service.objects.update(owner=desk.olga)
    owned = {one.check: one for one in readiness("incident", 2)}["services_owned"]
    assert (owned.met, owned.num) == (True, owned.den)


def test_what_was_resolved_elsewhere_does_not_count_as_resolved_here(solved: Record) -> None:
    question = asked("last 8 weeks: >= 90% of incidents resolved through the tool")
    at = instants.now()
    brought = {"kind": "incident", "state": "resolved", "state_category": "resolved"}
    Record.objects.create(
        **brought, number="INC-1", title="Brought along", recipe_version=solved.recipe_version,
        opened_at=at, resolved_at=at, updated_at=at, head=b"", source="old desk", source_id="1",
    )  # fmt: skip
    answer = rows.resolved_here("incident", question)
    assert (answer.num, answer.den) == (1, 2)
    assert not question.is_met(answer.num, answer.den)
    with instants.at_instant(at + timedelta(weeks=9)):
        assert rows.resolved_here("incident", question).den == 0


def test_a_field_of_the_recipe_counts_like_a_column(solved: Record) -> None:
    for name, number in (("resolution", 1), ("resume_at", 0), ("title", 1), ("requester", 1)):
        answer = rows.field_set("incident", Asked("", "field_set", name))
        assert (answer.num, answer.den) == (number, 1), name


def test_facts_of_a_fresh_installation_give_one_error_and_no_warning(
    desk: Cast, solved: Record
) -> None:
    """It runs provisionally: nobody answers for it yet, and that is all that is wrong."""
    chosen = published(version_for("incident"))
    found = check(chosen)

    assert [(one.code, one.path, one.line) for one in found] == [("E05", "owner", 7)]
    assert check(chosen, owner=desk.petra.pk) == []
    world = world_of(chosen)
    assert world.people("agent") >= {desk.sam.pk, desk.nora.pk}
    assert world.open_in == {}
    assert world.filled["title"] == (0, 0)


def test_a_state_that_records_only_passed_through_was_entered(solved: Record) -> None:
    asked_about = Question("incident", ("new", "active", "resolved"), ())

    assert recipe_facts.entered(asked_about) == {"new", "resolved"}


def test_a_state_is_called_unused_once_it_had_its_time(solved: Record) -> None:
    chosen = published(version_for("incident"))
    with instants.at_instant(instants.now() + timedelta(days=181)):
        unused = {one.path for one in check(chosen) if one.code == "W01"}
    assert "facets.core.states.waiting" in unused
    with instants.at_instant(instants.now() + timedelta(days=179)):
        assert not [one for one in check(chosen) if one.code == "W01"]


def test_the_command_says_findings_and_evidence(
    desk: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recipe_check, "installation", nullcontext)
    run = CliRunner()

    told = json.loads(run.invoke(app, ["check", "incident", "--level", "3", "--json"]).stdout)
    assert [one["code"] for one in told["errors"]] == ["E05"]
    assert told["errors"][0]["remedy"]
    assert [one["status"] for one in told["evidence"]] == ["not_met", "not_known", "not_known"]
    words = run.invoke(app, ["check", "incident"])
    assert words.exit_code == 1
    assert "E05 Nobody is bound to the accountable role" in words.stdout
