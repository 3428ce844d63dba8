"""States of these pages that no other look shows, and a role given with the keyboard alone."""

from __future__ import annotations

from typing import Any

import pytest

from brigade.kernel.parties import actions
from brigade.kernel.parties.models import RoleGrant
from tests.web.browser import faults

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_axe_finds_nothing_and_nothing_scrolls_sideways(visitor: Any, busy: Any) -> None:
    actions.grant_role(busy.tom, "team_lead", by=busy.ada, reason="From December.")
    one = visitor(busy.amos)
    for address in ("/people?q=nobody", f"/people/{busy.tom.pk}", "/grants?show=alone"):
        assert faults(one.look(address)) == [], address
    assert one.problems == []


def test_a_role_is_asked_for_without_a_mouse(visitor: Any, busy: Any) -> None:
    page = visitor(busy.ada).open(f"/people/{busy.nora.pk}/grants/new")
    page.focus("#role")
    page.keyboard.type("Team lead")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.type("Service d", delay=20)
    page.wait_for_selector("#scope-list [role=option]")
    page.keyboard.press("Enter")
    page.focus("#valid_to")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/people/{busy.nora.pk}")
    grant = RoleGrant.objects.get(person=busy.nora, role="team_lead")
    assert (grant.scope_type, grant.scope_id) == ("team", busy.service_desk.pk)
