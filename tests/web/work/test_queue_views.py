"""Saved views and chosen columns."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from brigade.kernel.records.models import SavedView
from brigade.kernel.work.moving import take
from tests.cast import Cast
from tests.web.work.full_queue import report
from tests.web.work.test_queue import numbers, shown, tab

pytestmark = pytest.mark.django_db

SignIn = Callable[[Any], Client]


def keep(client: Client, **given: Any) -> Any:
    return client.post("/queue/views", {"query": "view=open&category=open&priority=2", **given})


def test_a_kept_view_is_a_tab_with_its_filters(desk: Cast, signed_in: SignIn) -> None:
    urgent = report(desk, "Urgent", urgent=True)
    report(desk, "Plain")
    client = signed_in(desk.sam)
    answer = keep(client, name="Pressing")
    view = SavedView.objects.get()
    assert answer["Location"] == f"/queue?view={view.pk}"
    assert "view=" not in view.query
    html = shown(client, f"view={view.pk}")
    assert numbers(html) == [urgent.number]
    assert tab(html, "Pressing") == "1"
    assert "The view “Pressing” is kept." in html


def test_a_view_without_a_name_is_asked_for_again(desk: Cast, signed_in: SignIn) -> None:
    answer = keep(signed_in(desk.sam), name="  ")
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "<title>Error:" in html
    assert "Give the view a short name." in html
    assert 'value="view=open&amp;category=open&amp;priority=2"' in html


def test_a_view_may_be_shared_with_ones_own_team_only(desk: Cast, signed_in: SignIn) -> None:
    sam = signed_in(desk.sam)
    keep(sam, name="Ours", team=desk.service_desk.pk)
    assert "Ours" in shown(signed_in(desk.nora))
    assert "Ours" not in shown(signed_in(desk.tom))
    assert keep(sam, name="Theirs", team=desk.network_operations.pk).status_code == 403


def test_a_shared_view_opens_nothing(desk: Cast, signed_in: SignIn) -> None:
    """Its filters say "me": whoever looks sees their own work, not that of who made it."""
    record = report(desk, "Sam's")
    take(record, by=desk.sam)
    sam = signed_in(desk.sam)
    given = {"query": "category=open&assignee=me", "name": "Own", "team": desk.service_desk.pk}
    keep(sam, **given)
    view = SavedView.objects.get()
    assert numbers(shown(sam, f"view={view.pk}")) == [record.number]
    assert numbers(shown(signed_in(desk.nora), f"view={view.pk}")) == []


def test_only_its_owner_throws_a_view_away(desk: Cast, signed_in: SignIn) -> None:
    keep(signed_in(desk.sam), name="Ours", team=desk.service_desk.pk)
    view = SavedView.objects.get()
    assert signed_in(desk.nora).post(f"/queue/views/{view.pk}/drop").status_code == 403
    assert signed_in(desk.tom).post(f"/queue/views/{view.pk}/drop").status_code == 404
    assert signed_in(desk.sam).post(f"/queue/views/{view.pk}/drop").status_code == 302
    assert not SavedView.objects.exists()


def test_columns_are_chosen_for_a_person_and_a_view(desk: Cast, signed_in: SignIn) -> None:
    report(desk, "Case")
    client = signed_in(desk.sam)
    chosen = {"view": "open", "query": "view=open", "column": ["id", "team", "no-such"]}
    assert client.post("/queue/columns", chosen)["Location"] == "/queue?view=open"
    html = shown(client, "view=open")
    assert ">Team</th>" in html
    assert ">Requester</th>" not in html
    assert "Subject</th>" in html
    assert ">Requester</th>" in shown(signed_in(desk.nora), "view=open")
    client.post("/queue/columns", {"view": "open", "query": "view=open", "usual": "1"})
    assert ">Requester</th>" in shown(client, "view=open")


def test_views_are_not_there_for_who_has_no_desk(desk: Cast, signed_in: SignIn) -> None:
    client = signed_in(desk.eve)
    assert client.get("/queue/views").status_code == 404
    assert keep(client, name="Mine").status_code == 404
    assert client.post("/queue/columns", {"view": "open"}).status_code == 404
