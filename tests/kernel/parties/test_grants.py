"""Roles: two administrators for every grant, and nobody above their own rights."""

from __future__ import annotations

from datetime import timedelta

import pytest

from brigade.kernel.instants import at_instant, now
from brigade.kernel.parties import access, actions, queries
from brigade.kernel.parties.models import Person, RoleGrant
from brigade.kernel.parties.roles import ROLES
from brigade.kernel.refused import Invalid, NotPermitted, Refused
from tests.cast import Cast, give


def test_a_request_gives_nothing_until_a_second_administrator_approves(cast: Cast) -> None:
    asked = actions.grant_role(cast.sid, "agent", by=cast.ada)
    assert (asked.state, asked.self_approved) == ("requested", False)
    assert not queries.holds(cast.sid, "agent")
    with pytest.raises(Refused) as no:
        actions.approve_grant(asked, by=cast.ada)
    assert no.value.code == "own_request"
    granted = actions.approve_grant(asked, by=cast.amos)
    assert (granted.state, granted.approved_by) == ("granted", cast.amos)
    assert queries.holds(cast.sid, "agent")
    with pytest.raises(Refused) as again:
        actions.approve_grant(asked, by=cast.amos)
    assert again.value.code == "not_requested"


def test_an_auditor_may_be_the_second_person(cast: Cast) -> None:
    asked = actions.grant_role(cast.sid, "agent", by=cast.ada)
    assert actions.approve_grant(asked, by=cast.audrey).state == "granted"


@pytest.mark.parametrize("who", ["eve", "sam", "lena", "olga", "petra", "vera", "bert", "carl"])
def test_nobody_else_approves_or_grants(cast: Cast, who: str) -> None:
    asked = actions.grant_role(cast.sid, "agent", by=cast.ada)
    with pytest.raises(NotPermitted):
        actions.approve_grant(asked, by=getattr(cast, who))
    with pytest.raises(NotPermitted):
        actions.grant_role(cast.sid, "admin", by=getattr(cast, who))


def test_an_operator_account_is_no_second_person(cast: Cast) -> None:
    asked = actions.grant_role(cast.sid, "agent", by=cast.ada)
    with pytest.raises(NotPermitted):
        actions.approve_grant(asked, by=cast.operator)


def test_nobody_grants_to_themselves_once_there_are_two(cast: Cast) -> None:
    with pytest.raises(Refused) as no:
        actions.grant_role(cast.ada, "agent", by=cast.ada, reason="I do everything here.")
    assert no.value.code == "own_grant"


def test_who_gains_does_not_approve(cast: Cast) -> None:
    give(cast.petra, "admin", cast.ada, cast.amos)
    asked = actions.grant_role(cast.amos, "agent", by=cast.ada)
    with pytest.raises(Refused) as no:
        actions.approve_grant(asked, by=cast.amos)
    assert no.value.code == "own_grant"
    assert actions.approve_grant(asked, by=cast.petra).state == "granted"


def test_a_deputy_does_not_approve_what_the_principal_asked(cast: Cast) -> None:
    """S12."""
    relation = actions.add_relation("deputises", cast.amos, other=cast.ada, by=cast.ada)
    asked = actions.grant_role(cast.sid, "agent", by=cast.ada)
    with pytest.raises(Refused) as no:
        actions.approve_grant(asked, by=cast.amos)
    assert no.value.code == "deputy"
    actions.end_relation(relation, by=cast.ada)
    assert actions.approve_grant(asked, by=cast.amos).state == "granted"


def test_alone_an_administrator_gives_a_reason_and_is_listed(db: None) -> None:
    ada = actions.create_first_admin(email="ada@x.example", name="Ada")
    eve = actions.add_person(name="Eve", email="eve@x.example", by=ada)
    with pytest.raises(Invalid) as no:
        actions.grant_role(eve, "agent", by=ada)
    assert no.value.field == "reason"
    mine = actions.grant_role(ada, "agent", by=ada, reason="One person runs this.")
    assert (mine.state, mine.self_approved) == ("granted", True)
    listed = queries.self_approved_grants(ada)
    assert [grant.role for grant in listed] == ["agent", "admin"]
    second = actions.grant_role(eve, "admin", by=ada, reason="The second one.")
    assert second.self_approved
    asked = actions.grant_role(eve, "agent", by=ada, reason="Helps out.")
    assert asked.state == "granted", "eve is the only other administrator and gains by it"
    third = actions.add_person(name="Third", email="third@x.example", by=ada)
    assert actions.grant_role(third, "agent", by=ada, reason="x").state == "requested"


def test_the_list_of_self_approved_grants_is_not_for_everybody(cast: Cast) -> None:
    assert {g.person for g in queries.self_approved_grants(cast.audrey)} == {cast.ada, cast.amos}
    with pytest.raises(NotPermitted):
        queries.self_approved_grants(cast.sam)


def test_there_is_one_first_administrator(cast: Cast) -> None:
    with pytest.raises(Refused) as no:
        actions.create_first_admin(email="mallory@x.example", name="Mallory")
    assert no.value.code == "administrator_exists"


def test_a_lead_asks_for_agents_of_the_own_team_only(cast: Cast) -> None:
    asked = actions.grant_role(
        cast.sid, "agent", by=cast.lena, scope_type="team", scope_id=cast.service_desk.pk
    )
    assert asked.state == "requested"
    assert asked in queries.grants_to_approve(cast.ada)
    for scope_type, scope_id in (("team", cast.network_operations.pk), ("all", None)):
        with pytest.raises(NotPermitted):
            actions.grant_role(
                cast.sid, "agent", by=cast.lena, scope_type=scope_type, scope_id=scope_id
            )
    assert actions.approve_grant(asked, by=cast.ada).granted_by == cast.lena


def test_a_scoped_administrator_reaches_only_the_own_organisation(cast: Cast) -> None:
    give(cast.carl, "admin", cast.ada, cast.amos, scope_type="organisation",
         scope_id=cast.finance.pk)  # fmt: skip
    carl = Person.objects.get(pk=cast.carl.pk)
    assert access.may_edit_person(carl, cast.eve)
    assert not access.may_edit_person(carl, cast.sid)
    give(cast.eve, "agent", cast.ada, cast.amos)
    assert not access.may_edit_person(carl, cast.eve), "eve now holds more than carl covers"
    with pytest.raises(NotPermitted):
        actions.change_person(cast.eve, by=carl, email="carl-takes-over@x.example")
    with pytest.raises(NotPermitted):
        actions.grant_role(cast.carl, "admin", by=carl)


def test_a_scoped_administrator_does_not_move_people_out_or_in(cast: Cast) -> None:
    give(cast.carl, "admin", cast.ada, cast.amos, scope_type="organisation",
         scope_id=cast.finance.pk)  # fmt: skip
    with pytest.raises(NotPermitted):
        actions.change_person(cast.eve, by=cast.carl, organisation=cast.sales)
    with pytest.raises(NotPermitted):
        actions.change_person(cast.sid, by=cast.carl, organisation=cast.finance)
    with pytest.raises(NotPermitted):
        actions.add_person(name="N", organisation=cast.sales, by=cast.carl)
    assert actions.add_person(name="N", organisation=cast.finance, by=cast.carl).pk


def test_the_last_administrator_stays(cast: Cast) -> None:
    ada = RoleGrant.objects.get(person=cast.ada, role="admin")
    amos = RoleGrant.objects.get(person=cast.amos, role="admin")
    actions.revoke_grant(amos, by=cast.ada)
    with pytest.raises(Refused) as no:
        actions.revoke_grant(ada, by=cast.ada)
    assert no.value.code == "last_administrator"
    with pytest.raises(Refused):
        actions.disable_person(cast.ada, by=cast.operator)


def test_a_role_ends_when_it_is_revoked_and_history_is_kept(cast: Cast) -> None:
    before = now()
    grant = RoleGrant.objects.get(person=cast.sam, role="agent")
    actions.revoke_grant(grant, by=cast.ada, reason="Left the desk.")
    assert not queries.holds(cast.sam, "agent")
    assert queries.holds(cast.sam, "agent", at=before)


def test_anybody_hands_a_role_back(cast: Cast) -> None:
    grant = RoleGrant.objects.get(person=cast.sam, role="agent")
    with pytest.raises(NotPermitted):
        actions.revoke_grant(grant, by=cast.nora)
    assert actions.revoke_grant(grant, by=cast.sam).state == "revoked"


def test_a_grant_holds_for_its_period_only(cast: Cast) -> None:
    start, end = now() + timedelta(days=1), now() + timedelta(days=2)
    asked = actions.grant_role(cast.sid, "agent", by=cast.ada, valid_from=start, valid_to=end)
    actions.approve_grant(asked, by=cast.amos)
    assert not queries.holds(cast.sid, "agent")
    with at_instant(start):
        assert queries.holds(cast.sid, "agent")
    with at_instant(end):
        assert not queries.holds(cast.sid, "agent")


def test_no_grant_reaches_back(cast: Cast) -> None:
    past = now() - timedelta(days=30)
    asked = actions.grant_role(cast.sid, "agent", by=cast.ada, valid_from=past)
    assert asked.valid_from > past + timedelta(days=29)


def test_the_same_role_is_not_held_twice(cast: Cast) -> None:
    with pytest.raises(Refused) as no:
        actions.grant_role(cast.sam, "agent", by=cast.ada)
    assert no.value.code == "granted_already"


@pytest.mark.parametrize(
    ("role", "scope_type", "scope", "field"),
    [
        ("emperor", "all", None, "role"),
        ("requester", "all", None, "role"),
        ("agent", "galaxy", 1, "scope_type"),
        ("provider_agent", "all", None, "scope_type"),
        ("agent", "team", None, "scope_id"),
        ("agent", "all", 1, "scope_id"),
        ("agent", "team", 987_654_321, "scope_id"),
        ("service_owner", "service", 987_654_321, "scope_id"),
    ],
)
def test_a_scope_must_make_sense(
    cast: Cast, role: str, scope_type: str, scope: int | None, field: str
) -> None:
    with pytest.raises(Invalid) as no:
        actions.grant_role(cast.sid, role, by=cast.ada, scope_type=scope_type, scope_id=scope)
    assert no.value.field == field


def test_an_operator_account_and_a_disabled_person_hold_nothing(cast: Cast) -> None:
    with pytest.raises(Invalid):
        actions.grant_role(cast.operator, "agent", by=cast.ada)
    gone = actions.disable_person(cast.sid, by=cast.ada)
    with pytest.raises(Invalid):
        actions.grant_role(gone, "agent", by=cast.ada)


def test_every_role_can_be_granted_in_each_scope_it_names(cast: Cast) -> None:
    ids = {
        "all": None,
        "organisation": cast.finance.pk,
        "customer": cast.finance.pk,
        "service": cast.erp.pk,
        "vendor": cast.beta.pk,
        "team": cast.service_desk.pk,
    }
    for role in ROLES.values():
        for scope_type in role.scopes if role.key != "requester" else ():
            asked = actions.grant_role(
                cast.sid, role.key, by=cast.ada, scope_type=scope_type, scope_id=ids[scope_type]
            )
            assert asked.state == "requested"
