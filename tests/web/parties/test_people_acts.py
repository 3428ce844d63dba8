"""What is done to people on their pages, and what is refused."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from brigade.kernel import instants
from brigade.kernel.outbox.models import Message
from brigade.kernel.parties import actions
from brigade.kernel.parties.models import ApiToken, Person, Relation
from brigade.kernel.parties.queries import grants_of

pytestmark = pytest.mark.django_db

NEW = {
    "name": "Ines Neu", "email": "Ines@finance.example", "title": "Clerk", "phone": "1234",
    "language": "de", "timezone": "", "timezone_text": "Europe/Berlin", "organisation": "",
}  # fmt: skip


def send(client: Client, by: Any, path: str, **fields: Any) -> Any:
    client.force_login(by)
    return client.post(path, fields)


def test_somebody_is_added(client: Client, cast: Any) -> None:
    answer = send(client, cast.ada, "/people/new", **NEW | {"organisation": cast.finance.pk})
    ines = Person.objects.get(email="ines@finance.example")
    assert answer["Location"] == f"/people/{ines.pk}"
    assert (ines.language, ines.timezone, ines.organisation) == (
        "de", "Europe/Berlin", cast.finance,
    )  # fmt: skip


def test_a_mistake_shows_the_form_again_with_what_was_typed(client: Client, cast: Any) -> None:
    answer = send(client, cast.ada, "/people/new", **NEW | {"email": "eve@finance.example"})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "<title>Error:" in text and 'href="#email"' in text and "Ines Neu" in text
    assert send(client, cast.ada, "/people/new", **NEW | {"timezone_text": "Moon"}).status_code == (
        422
    )


def test_only_who_may_adds_or_changes(client: Client, cast: Any) -> None:
    for person in (cast.sam, cast.lena, cast.audrey, cast.eve, cast.bert):
        assert send(client, person, "/people/new", **NEW).status_code == 403
    for verb in ("disabling", "enabling", "invitations", "sessions/end", "erasure"):
        path = f"/people/{cast.tom.pk}/{verb}"
        assert send(client, cast.sam, path).status_code == 403, verb
        assert send(client, cast.eve, path).status_code == 404, verb
    assert Person.objects.get(pk=cast.tom.pk).is_active


def test_an_administrator_of_one_organisation_adds_only_there(client: Client, cast: Any) -> None:
    grant = actions.grant_role(cast.carl, "admin", by=cast.ada, scope_type="organisation",
                               scope_id=cast.finance.pk)  # fmt: skip
    actions.approve_grant(grant, by=cast.amos)
    assert send(client, cast.carl, "/people/new", **NEW).status_code == 403
    inside = NEW | {"organisation": cast.finance.pk}
    assert send(client, cast.carl, "/people/new", **inside).status_code == 302
    client.force_login(cast.carl)
    form = client.get("/people/new").content.decode()
    assert ">Finance</option>" in form and ">Sales</option>" not in form
    answer = client.get(f"/people/{cast.eve.pk}/change")
    assert answer.status_code == 200


def test_a_person_is_changed(client: Client, cast: Any) -> None:
    answer = send(client, cast.ada, f"/people/{cast.tom.pk}/change",
                  **NEW | {"name": "Tom N. Etwork", "email": "tom@meridian.example"})  # fmt: skip
    assert answer.status_code == 302
    assert Person.objects.get(pk=cast.tom.pk).name == "Tom N. Etwork"


def test_disabling_says_what_ends_and_ends_it(client: Client, cast: Any) -> None:
    later = instants.now() + timedelta(days=9)
    actions.issue_token(cast.tom, by=cast.tom, name="bridge", scopes=["read"], expires_at=later)
    client.force_login(cast.ada)
    text = client.get(f"/people/{cast.tom.pk}").content.decode()
    assert "Disabling ends at once" in text and "1 role" in text and "1 token" in text
    send(client, cast.ada, f"/people/{cast.tom.pk}/disabling")
    tom = Person.objects.get(pk=cast.tom.pk)
    assert not tom.is_active and not grants_of(tom)
    assert not ApiToken.objects.filter(person=tom, revoked_at=None).exists()
    assert "Enable Tom Network" in client.get(f"/people/{tom.pk}").content.decode()
    send(client, cast.ada, f"/people/{tom.pk}/enabling")
    assert Person.objects.get(pk=tom.pk).is_active


def test_nobody_disables_themselves(client: Client, cast: Any) -> None:
    assert send(client, cast.ada, f"/people/{cast.ada.pk}/disabling").status_code == 409
    client.force_login(cast.ada)
    assert "Disable Ada" not in client.get(f"/people/{cast.ada.pk}").content.decode()


def test_a_disabled_person_is_found_when_asked_for(client: Client, cast: Any) -> None:
    actions.disable_person(cast.tom, by=cast.ada)
    client.force_login(cast.ada)
    assert "Tom Network" not in client.get("/people?q=tom").content.decode()
    assert "Tom Network" in client.get("/people?q=tom&all=1").content.decode()


def test_an_invitation_goes_out(client: Client, cast: Any) -> None:
    send(client, cast.ada, f"/people/{cast.tom.pk}/invitations")
    assert Message.objects.filter(topic="invitation", recipient=cast.tom).exists()
    nobody = actions.add_person(name="No Mail", by=cast.ada)
    assert send(client, cast.ada, f"/people/{nobody.pk}/invitations").status_code == 409


def test_sessions_end(client: Client, cast: Any) -> None:
    toms = Client()
    toms.force_login(cast.tom)
    assert toms.get("/account").status_code == 200
    send(client, cast.ada, f"/people/{cast.tom.pk}/sessions/end")
    assert toms.get("/account").status_code == 302


def test_erasing_names_who_it_is_and_is_asked_first(client: Client, cast: Any) -> None:
    client.force_login(cast.ada)
    path = f"/people/{cast.tom.pk}/erasure"
    assert "Erase who Tom Network was" in client.get(path).content.decode()
    assert Person.objects.get(pk=cast.tom.pk).name == "Tom Network"
    assert send(client, cast.ada, path).status_code == 302
    tom = Person.objects.get(pk=cast.tom.pk)
    assert "Tom" not in tom.name and tom.email is None
    assert client.get(f"/people/{tom.pk}").status_code == 200
    assert client.get(f"/people/{tom.pk}/change").status_code == 200
    assert send(client, cast.ada, f"/people/{tom.pk}/change", **NEW).status_code == 409


def test_a_token_is_ended_by_an_administrator(client: Client, cast: Any) -> None:
    later = instants.now() + timedelta(days=9)
    token = actions.issue_token(cast.tom, by=cast.tom, name="x", scopes=["read"], expires_at=later)
    path = f"/people/{cast.tom.pk}/tokens/{token.token.pk}/end"
    assert send(client, cast.sam, path).status_code == 404
    wrong = f"/people/{cast.sam.pk}/tokens/{token.token.pk}/end"
    assert send(client, cast.ada, wrong).status_code == 404
    assert send(client, cast.ada, path).status_code == 302
    assert ApiToken.objects.get(pk=token.token.pk).revoked_at


def test_relations_are_added_and_ended(client: Client, cast: Any) -> None:
    here = f"/people/{cast.nora.pk}/relations"
    send(client, cast.ada, f"{here}/team", target=cast.network_operations.pk,
         valid_to=(instants.now() + timedelta(days=30)).date().isoformat())  # fmt: skip
    member = Relation.objects.get(person=cast.nora, team=cast.network_operations)
    assert member.kind == "member_of" and member.valid_to is not None
    send(client, cast.ada, f"{here}/manager", target="", target_text="Lena Lead")
    assert Relation.objects.filter(kind="manages", person=cast.lena, other=cast.nora).exists()
    send(client, cast.nora, f"{here}/deputy", target=cast.sam.pk)
    deputy = Relation.objects.get(kind="deputises", person=cast.sam, other=cast.nora)
    send(client, cast.nora, f"{here}/{deputy.pk}/end")
    assert Relation.objects.get(pk=deputy.pk).valid_to is not None
    assert send(client, cast.nora, f"{here}/{member.pk}/end").status_code == 403
    assert send(client, cast.nora, f"{here}/team", target=1).status_code == 403
    assert send(client, cast.ada, f"{here}/team", target="").status_code == 422
    assert send(client, cast.ada, f"{here}/lead", target=999999).status_code == 422
    odd = send(client, cast.ada, f"{here}/team", target=cast.service_desk.pk, valid_from="soon")
    assert odd.status_code == 422 and 'href="#valid_from"' in odd.content.decode()


def test_a_team_gets_people(client: Client, cast: Any) -> None:
    path = f"/teams/{cast.network_operations.pk}/members"
    send(client, cast.ada, path, person=cast.nora.pk, kind="leads")
    lead = Relation.objects.get(person=cast.nora, kind="leads")
    client.force_login(cast.sam)
    assert "Led by" in client.get(f"/teams/{cast.network_operations.pk}").content.decode()
    assert send(client, cast.ada, path, person=cast.nora.pk, kind="leads").status_code == 409
    assert send(client, cast.ada, path, person="", person_text="Nobody").status_code == 422
    assert send(client, cast.sam, path, person=cast.eve.pk).status_code == 403
    end = f"/teams/{cast.network_operations.pk}/members/{lead.pk}/end"
    assert send(client, cast.ada, end).status_code == 302
    wrong = f"/teams/{cast.service_desk.pk}/members/{lead.pk}/end"
    assert send(client, cast.ada, wrong).status_code == 404


def test_groups_are_added_and_changed(client: Client, cast: Any) -> None:
    assert send(client, cast.ada, "/teams/new", name="Night shift").status_code == 302
    assert send(client, cast.ada, "/teams/new", name="night SHIFT").status_code == 422
    desk = f"/teams/{cast.service_desk.pk}/change"
    assert send(client, cast.ada, desk, name="Desk", is_active="on").status_code == 302
    new = {"name": "Depot", "code": "depot", "kind": "customer", "parent": cast.warehouse.pk}
    assert send(client, cast.ada, "/organisations/new", **new).status_code == 302
    assert send(client, cast.ada, "/organisations/new", **new).status_code == 422
    assert send(client, cast.ada, "/organisations/new", **new | {"kind": "x"}).status_code == 422
    assert send(client, cast.sam, "/organisations/new", **new).status_code == 403
    change = f"/organisations/{cast.sales.pk}/change"
    itself = {"name": "Sales", "code": "sales", "kind": "customer", "parent": cast.sales.pk}
    assert send(client, cast.ada, change, **itself).status_code == 422
    assert send(client, cast.ada, change, **itself | {"parent": ""}).status_code == 302
    cast.sales.refresh_from_db()
    assert not cast.sales.is_active
