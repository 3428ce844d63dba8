"""Disabling ends everything at once; erasing keeps the id."""

from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import SESSION_KEY
from django.test import Client, RequestFactory

from brigade.kernel.instants import now
from brigade.kernel.parties import actions, queries
from brigade.kernel.parties.models import ApiToken, Person, Relation, RoleGrant
from brigade.kernel.refused import Invalid, NotPermitted, Refused
from tests.cast import Cast


def signed_in(client: Client) -> bool:
    """Ask as the session middleware and `get_user` do at the next request."""
    from django.contrib.auth import get_user

    request = RequestFactory().get("/")
    request.session = client.session  # type: ignore[assignment]
    return get_user(request).is_authenticated


def client_of(person: Person) -> Client:
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    assert client.session[SESSION_KEY] == str(person.pk)
    assert signed_in(client)
    return client


def test_disabling_ends_sessions_tokens_and_roles_and_keeps_history(cast: Cast) -> None:
    client = client_of(cast.sam)
    issued = actions.issue_token(
        cast.sam, by=cast.sam, name="script", scopes=["read"], expires_at=now() + timedelta(days=9)
    )
    assert queries.person_by_token(issued.raw) is not None
    gone = actions.disable_person(cast.sam, by=cast.ada)
    assert (gone.is_active, gone.disabled_at is not None) == (False, True)
    assert not signed_in(client)
    assert queries.person_by_token(issued.raw) is None
    assert queries.grants_of(cast.sam) == [], "even for an object read before"
    assert Relation.objects.filter(person=cast.sam, valid_to=None).exists()
    assert not client.login(email=cast.sam.email, password="x")


def test_coming_back_brings_nothing_back(cast: Cast) -> None:
    client = client_of(cast.sam)
    issued = actions.issue_token(
        cast.sam, by=cast.sam, name="script", scopes=["read"], expires_at=now() + timedelta(days=9)
    )
    actions.disable_person(cast.sam, by=cast.ada)
    back = actions.enable_person(cast.sam, by=cast.ada)
    assert back.is_active
    assert not signed_in(client)
    assert queries.person_by_token(issued.raw) is None
    assert queries.grants_of(back) == []
    assert queries.holds(back, "requester")


def test_a_requested_role_does_not_survive_either(cast: Cast) -> None:
    asked = actions.grant_role(cast.sid, "agent", by=cast.ada)
    actions.disable_person(cast.sid, by=cast.amos)
    assert RoleGrant.objects.get(pk=asked.pk).state == "revoked"


@pytest.mark.parametrize("who", ["eve", "sam", "lena", "audrey", "olga", "carl", "bert"])
def test_only_administrators_disable(cast: Cast, who: str) -> None:
    with pytest.raises(NotPermitted):
        actions.disable_person(cast.sid, by=getattr(cast, who))


def test_nobody_disables_themselves(cast: Cast) -> None:
    with pytest.raises(Refused) as no:
        actions.disable_person(cast.ada, by=cast.ada)
    assert no.value.code == "own_account"


def test_a_new_address_ends_sessions_and_forgets_the_old_way_in(cast: Cast) -> None:
    client = client_of(cast.eve)
    EmailAddress.objects.create(user=cast.eve, email=cast.eve.email, verified=True, primary=True)
    actions.change_person(cast.eve, by=cast.ada, email="Eve.New@Finance.example")
    assert Person.objects.get(pk=cast.eve.pk).email == "eve.new@finance.example"
    assert not signed_in(client)
    assert not EmailAddress.objects.filter(user=cast.eve).exists()


def test_signing_out_everywhere_leaves_tokens(cast: Cast) -> None:
    client = client_of(cast.sam)
    actions.end_sessions(cast.sam, by=cast.sam)
    assert not signed_in(client)


def test_a_password_is_the_persons_own(cast: Cast) -> None:
    with pytest.raises(NotPermitted):
        actions.set_password(cast.eve, "a-long-enough-one", by=cast.ada)
    with pytest.raises(Invalid) as weak:
        actions.set_password(cast.eve, "short", by=cast.eve)
    assert weak.value.field == "password"
    client = client_of(cast.eve)
    changed = actions.set_password(cast.eve, "correct horse battery", by=cast.eve)
    assert changed.check_password("correct horse battery")
    assert not signed_in(client)


def test_preferences_are_ones_own(cast: Cast) -> None:
    changed = actions.change_preferences(
        cast.eve, by=cast.eve, language="de", timezone="Europe/Berlin", theme="dark",
        density="compact", single_keys=False, nav_open={"work": True},
    )  # fmt: skip
    fresh = Person.objects.get(pk=cast.eve.pk)
    assert (fresh.language, fresh.timezone, fresh.theme) == ("de", "Europe/Berlin", "dark")
    assert fresh.nav_open == changed.nav_open == {"work": True}
    with pytest.raises(NotPermitted):
        actions.change_preferences(cast.eve, by=cast.ada, theme="light")
    for wrong in ({"language": "xx"}, {"timezone": "Mars/Base"}, {"theme": "pink"}):
        with pytest.raises(Invalid) as no:
            actions.change_preferences(cast.eve, by=cast.eve, **wrong)  # type: ignore[arg-type]
        assert no.value.field == next(iter(wrong))


def test_erasing_somebody_keeps_the_id(cast: Cast) -> None:
    EmailAddress.objects.create(user=cast.sid, email=cast.sid.email, verified=True, primary=True)
    gone = actions.pseudonymise_person(cast.sid, by=cast.ada)
    assert gone.pk == cast.sid.pk
    fresh = Person.objects.get(pk=cast.sid.pk)
    assert (fresh.email, fresh.phone, fresh.title, fresh.is_active) == (None, "", "", False)
    assert str(cast.sid.pk) in fresh.name and "Sid" not in fresh.name + fresh.sort_name
    assert not EmailAddress.objects.filter(user=cast.sid).exists()
    for verb in (actions.enable_person, actions.change_person, actions.disable_person):
        with pytest.raises(Refused):
            verb(fresh, by=cast.ada)


def test_the_last_administrator_is_not_erased(cast: Cast) -> None:
    actions.disable_person(cast.amos, by=cast.ada)
    with pytest.raises(Refused) as no:
        actions.pseudonymise_person(cast.ada, by=cast.operator)
    assert no.value.code == "last_administrator"
    assert ApiToken.objects.count() == 0


@pytest.mark.parametrize("action", ["action_add", "action_primary", "action_remove"])
def test_nobody_takes_an_address_by_the_sign_in_pages(cast: Cast, action: str) -> None:
    client = client_of(cast.eve)
    for answer in (
        client.get("/accounts/email/"),
        client.post("/accounts/email/", {action: "", "email": cast.sid.email}),
    ):
        assert answer.status_code == 404
    assert not EmailAddress.objects.exists()
