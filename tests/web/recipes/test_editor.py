"""The recipe's editor: forms and text make one draft; its owner approves, another publishes."""

from __future__ import annotations

from typing import Any

import pytest

from brigade.kernel.approvals.queries import waiting_for
from brigade.kernel.calendars.first import standard_calendars
from brigade.kernel.parties.actions import operator
from brigade.kernel.recipes.actions import adopt
from brigade.kernel.recipes.queries import draft_of, recipe_for
from tests.cast import Cast

pytestmark = pytest.mark.django_db
PAGE = "/recipes/incident/draft"
STATE = {
    "do": "state", "name": "Verify fix", "category": "active", "from": "active",
    "step_in": "Fix ready", "to": "resolved", "step_out": "Confirmed", "by": ["agent"],
    "why": "callers confirm",
}  # fmt: skip
FIELD = {
    "do": "field", "name": "What was checked", "type": "text", "when": "in",
    "required_state": "verify_fix", "why": "so that the next shift knows",
}  # fmt: skip


@pytest.fixture
def petra(signed_in: Any, desk: Cast) -> Any:
    standard_calendars(by=operator("Brigade"))
    adopt("incident", by=desk.ada, owner=desk.petra, rationale="Restore.")
    client = signed_in(desk.petra)
    assert client.post(PAGE, {"do": "open", "reason": "Callers confirm."}).status_code == 302
    return client


def html(client: Any, query: str = "") -> str:
    return str(client.get(f"{PAGE}{query}").content.decode())


def test_a_state_and_a_field_are_drawn_told_and_published(
    petra: Any, desk: Cast, signed_in: Any
) -> None:
    assert petra.post(PAGE, STATE)["Location"] == f"{PAGE}?part=flow&state=verify_fix"
    petra.post(PAGE, FIELD)
    page = html(petra, "?state=verify_fix")
    assert 'class="node active add cur"' in page and "edge adde" in page
    assert "What was checked" in page and "2 differences" not in page and "4 differences" in page
    assert "so that the next shift knows" in html(petra, "?part=differences")
    assert "What was checked" in html(petra, "?part=fields")
    assert "add: facets.core.states.verify_fix" in html(petra, "?part=text")
    assert "all pass" in page and "All checks pass." in html(petra, "?part=checks")
    assert "Who does what" in html(petra, "?part=roles")

    petra.post(PAGE, {"do": "submit"})
    assert petra.post(PAGE, {"do": "approve", "statement": ""}).status_code == 422
    (asked,) = waiting_for(desk.petra)
    read = petra.get("/api/v1/recipes/incident/draft").json()
    assert (read["state"], read["approval"]) == ("submitted", asked.approval_id)
    decides = petra.get(f"/approvals/{asked.approval_id}").content.decode()
    assert "State “Verify fix”" in decides and "so that the next shift knows" in decides
    assert "Text, must be filled in “Verify fix”" in decides
    assert "In progress → Verify fix, by agent" in decides and "category: active" not in decides
    petra.post(PAGE, {"do": "approve", "statement": "We tried it."})
    assert petra.post(PAGE, {"do": "publish"}).status_code == 403
    assert "verify_fix" not in recipe_for("incident").states
    ada = signed_in(desk.ada)
    assert "We tried it." in html(ada)
    assert ada.post(PAGE, {"do": "publish"})["Location"] == "/recipes/incident/running"
    assert recipe_for("incident").required_fields("verify_fix") >= {"what_was_checked"}
    assert ada.get(PAGE).status_code == 302


@pytest.mark.parametrize("form", ["state", "transition", "field", "rename", "duration", "drop"])
def test_every_form_shows_and_asks_why(petra: Any, form: str) -> None:
    assert 'id="why"' in html(petra, f"?form={form}")
    no = petra.post(PAGE, {"do": form})
    assert no.status_code == 422 and "Say why" in no.content.decode()


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"do": "transition", "name": "Skip", "from": ["new"], "to": "resolved"}, "Skip"),
        ({"do": "rename", "element": "states.waiting", "name": "On hold"}, "On hold"),
        (
            {"do": "duration", "element": "facets.core.timers.autoclose.after", "span": "3d"},
            "<del>5d</del> <ins>3d</ins>",
        ),
        ({"do": "drop", "element": "transitions.reopen"}, "<del>Reopen</del>"),
    ],
)
def test_each_form_changes_the_draft(petra: Any, sent: dict[str, Any], said: str) -> None:
    assert petra.post(PAGE, {"by": ["agent"], "why": "ours", **sent}).status_code == 302
    assert said in html(petra, "?state=resolved")
    path = draft_of("incident").overlay[0]  # type: ignore[union-attr]
    gone = next(path[kind] for kind in ("set", "add", "unset", "rename_label") if kind in path)
    petra.post(PAGE, {"do": "undo", "path": gone})
    assert draft_of("incident").overlay == []  # type: ignore[union-attr]


TEXT = """base: incident@2.0.0
overlay:
  - add: facets.core.states.verify
    to: {category: active}
    why: callers confirm
"""


def test_the_text_is_checked_while_it_is_written_and_kept_as_it_is(petra: Any) -> None:
    told = petra.post(PAGE, {"do": "check", "text": TEXT}).content.decode()
    assert "E01" in told and "line 3" in told and "<html" not in told
    broken = petra.post(PAGE, {"do": "check", "text": TEXT + "    colour: red\n"}).content.decode()
    assert "line 3" in broken
    assert draft_of("incident").overlay == []  # type: ignore[union-attr]
    no = petra.post(PAGE, {"do": "text", "text": "overlay: 3"})
    assert no.status_code == 422 and "overlay: 3" in no.content.decode()
    assert petra.post(PAGE, {"do": "text", "text": TEXT}).status_code == 302
    page = html(petra)
    assert "E01" in page and "1 error stands in the way" in page
    assert petra.post(PAGE, {"do": "submit"}).status_code == 409


def test_others_read_it_and_change_nothing(petra: Any, desk: Cast, signed_in: Any) -> None:
    sam = signed_in(desk.sam)
    page = html(sam)
    assert "Callers confirm." in page and 'value="submit"' not in page and "form=state" not in page
    assert sam.post(PAGE, STATE).status_code == 403
    assert signed_in(desk.eve).get(PAGE).status_code == 404
    stale = petra.post(PAGE, {**STATE, "seen": "7"})
    assert stale.status_code == 409 and "Read it again" in stale.content.decode()
    assert petra.post(PAGE, {"do": "withdraw"})["Location"] == "/recipes/incident"
