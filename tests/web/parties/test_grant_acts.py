"""Roles: asked for by one, approved by another, taken back with a reason."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from brigade.kernel.parties import actions
from brigade.kernel.parties.models import RoleGrant
from brigade.kernel.parties.queries import holds

pytestmark = pytest.mark.django_db


def send(client: Client, by: Any, path: str, **fields: Any) -> Any:
    client.force_login(by)
    return client.post(path, fields)


def grant_of(person: Any, role: str) -> RoleGrant:
    return RoleGrant.objects.get(person=person, role=role)


def test_a_second_administrator_approves(client: Client, cast: Any) -> None:
    path = f"/people/{cast.nora.pk}/grants/new"
    assert send(client, cast.ada, path, role="finance", where="all").status_code == 302
    grant = grant_of(cast.nora, "finance")
    assert grant.state == "requested" and not holds(cast.nora, "finance")
    client.force_login(cast.ada)
    assert f"/grants/{grant.pk}/approvals" not in client.get("/grants").content.decode()
    assert send(client, cast.ada, f"/grants/{grant.pk}/approvals").status_code == 409
    client.force_login(cast.amos)
    assert f"/grants/{grant.pk}/approvals" in client.get("/grants").content.decode()
    assert send(client, cast.amos, f"/grants/{grant.pk}/approvals").status_code == 302
    assert holds(cast.nora, "finance")


def test_an_auditor_approves_and_does_not_give(client: Client, cast: Any) -> None:
    asked = actions.grant_role(cast.nora, "finance", by=cast.ada)
    assert send(client, cast.audrey, f"/people/{cast.nora.pk}/grants/new").status_code == 403
    assert send(client, cast.audrey, f"/grants/{asked.pk}/revocation").status_code == 403
    assert send(client, cast.audrey, f"/grants/{asked.pk}/approvals").status_code == 302


def test_a_limit_is_chosen_or_typed(client: Client, cast: Any) -> None:
    path = f"/people/{cast.nora.pk}/grants/new"
    limited = {"role": "team_lead", "where": "limited"}
    send(client, cast.ada, path, **limited, scope=f"team:{cast.service_desk.pk}")
    assert grant_of(cast.nora, "team_lead").scope_id == cast.service_desk.pk
    typed = {"role": "vendor_manager", "where": "limited", "scope_text": "beta networks"}
    assert send(client, cast.ada, path, **typed).status_code == 422, "organisation or vendor?"
    send(client, cast.ada, path, role="service_owner", where="limited", scope_text="payroll")
    assert grant_of(cast.nora, "service_owner").scope_id == cast.services["payroll"].pk


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"role": "", "where": "all"}, "role"),
        ({"role": "agent"}, "where"),
        ({"role": "agent", "where": "limited"}, "scope"),
        ({"role": "agent", "where": "limited", "scope_text": "nowhere"}, "scope"),
        ({"role": "agent", "where": "limited", "scope": "team:999999"}, "scope"),
        ({"role": "provider_agent", "where": "all"}, "scope"),
        ({"role": "agent", "where": "all", "valid_to": "2001-01-01"}, "valid_to"),
    ],
)
def test_mistakes_stand_at_their_field(
    client: Client, cast: Any, fields: dict[str, str], field: str
) -> None:
    answer = send(client, cast.ada, f"/people/{cast.nora.pk}/grants/new", **fields)
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.content.decode()


def test_alone_an_administrator_has_to_say_why(client: Client, cast: Any) -> None:
    actions.disable_person(cast.amos, by=cast.ada)
    path = f"/people/{cast.nora.pk}/grants/new"
    client.force_login(cast.ada)
    assert "holds at once" in client.get(path).content.decode()
    answer = send(client, cast.ada, path, role="finance", where="all")
    assert answer.status_code == 422 and 'href="#reason"' in answer.content.decode()
    send(client, cast.ada, path, role="finance", where="all", reason="We are two.")
    assert grant_of(cast.nora, "finance").self_approved
    assert "We are two." in client.get("/grants?show=alone").content.decode()


def test_a_lead_is_offered_only_what_a_lead_may_ask_for(client: Client, cast: Any) -> None:
    path = f"/people/{cast.nora.pk}/grants/new"
    client.force_login(cast.lena)
    form = client.get(path).content.decode()
    assert 'value="agent"' in form and 'value="admin"' not in form and 'name="where"' not in form
    assert "Service desk" in client.get("/grants/scopes?q=").content.decode()
    assert "Network operations" not in client.get("/grants/scopes?q=").content.decode()
    assert send(client, cast.lena, path, role="admin", where="all").status_code == 422
    desk = f"team:{cast.service_desk.pk}"
    assert send(client, cast.lena, path, role="agent", scope=desk).status_code == 302
    other = f"team:{cast.network_operations.pk}"
    assert send(client, cast.lena, path, role="agent", scope=other).status_code == 403


def test_who_may_give_nothing_has_no_form(client: Client, cast: Any) -> None:
    for person in (cast.sam, cast.petra):
        assert send(client, person, f"/people/{cast.nora.pk}/grants/new").status_code == 403
    client.force_login(cast.sam)
    assert client.get("/grants/scopes?q=desk").content.decode().count("data-value") == 0


def test_taking_a_role_needs_a_reason_giving_it_back_does_not(client: Client, cast: Any) -> None:
    grant = grant_of(cast.tom, "agent")
    path = f"/grants/{grant.pk}/revocation"
    assert send(client, cast.ada, path).status_code == 422
    assert send(client, cast.sam, path).status_code == 404
    assert send(client, cast.ada, path, reason="Left the team.").status_code == 302
    assert not holds(cast.tom, "agent")
    own = grant_of(cast.sam, "agent")
    assert send(client, cast.sam, f"/grants/{own.pk}/revocation").status_code == 302
    assert not holds(cast.sam, "agent")


def test_the_last_administrator_stays(client: Client, cast: Any) -> None:
    actions.disable_person(cast.amos, by=cast.ada)
    grant = grant_of(cast.ada, "admin")
    assert send(client, cast.ada, f"/grants/{grant.pk}/revocation").status_code == 409
    assert holds(cast.ada, "admin")
