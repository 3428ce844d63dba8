"""Tokens: shown once, scoped, expiring, and dead the moment they or their person are."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from brigade.kernel.instants import at_instant, now
from brigade.kernel.parties import actions, queries
from brigade.kernel.parties.actions import IssuedToken
from brigade.kernel.parties.models import ApiToken, Person
from brigade.kernel.refused import Invalid, NotPermitted, Refused
from tests.cast import Cast, give


def issued(person: Person, days: int = 30, scopes: tuple[str, ...] = ("read",)) -> IssuedToken:
    return actions.issue_token(
        person, by=person, name="script", scopes=scopes, expires_at=now() + timedelta(days=days)
    )


def test_only_the_digest_is_kept(cast: Cast) -> None:
    token = issued(cast.sam, scopes=("write", "read"))
    assert token.token.scopes == ["read", "write"]
    row = ApiToken.objects.values_list().get(pk=token.token.pk)
    assert token.raw not in repr(row)
    assert token.raw.startswith(token.token.prefix) and len(token.token.prefix) == 10


def test_a_token_is_its_person(cast: Cast) -> None:
    bearer = queries.person_by_token(issued(cast.sam).raw)
    assert bearer is not None
    assert (bearer.person, bearer.scopes) == (cast.sam, {"read"})
    assert queries.holds(bearer.person, "agent")
    assert queries.teams_of(bearer.person) == [cast.service_desk.pk]


@pytest.mark.parametrize("raw", ["", "brg_", "brg_nothing", "Bearer x", "brg_" + "x" * 5000,
                                 "brg_\x00", "brg_\ud800", "brg_' or 1=1 --"])  # fmt: skip
def test_what_is_no_token_is_nobody(db: None, raw: str) -> None:
    assert queries.person_by_token(raw) is None


def test_it_expires(cast: Cast) -> None:
    token = issued(cast.sam, days=1)
    assert queries.person_by_token(token.raw, at=now() + timedelta(hours=23)) is not None
    assert queries.person_by_token(token.raw, at=now() + timedelta(hours=25)) is None
    with at_instant(now() + timedelta(days=2)):
        assert queries.person_by_token(token.raw) is None


@pytest.mark.parametrize("days", [-1, 0, 367, 10_000])
def test_it_must_expire_within_a_year(cast: Cast, days: int) -> None:
    with pytest.raises(Invalid) as no:
        issued(cast.sam, days=days)
    assert no.value.field == "expires_at"


@pytest.mark.parametrize("scopes", [(), ("admin",), ("read", "root")])
def test_its_scopes_are_read_and_write(cast: Cast, scopes: tuple[str, ...]) -> None:
    with pytest.raises(Invalid) as no:
        issued(cast.sam, scopes=scopes)
    assert no.value.field == "scopes"


def test_nobody_makes_a_token_in_anothers_name(cast: Cast) -> None:
    for by in (cast.ada, cast.lena, cast.eve):
        with pytest.raises(NotPermitted):
            actions.issue_token(
                cast.sam, by=by, name="x", scopes=["read"], expires_at=now() + timedelta(days=1)
            )


def test_revoking_is_felt_by_the_next_call(cast: Cast) -> None:
    token = issued(cast.sam)
    assert queries.person_by_token(token.raw) is not None
    with pytest.raises(NotPermitted):
        actions.revoke_token(token.token, by=cast.nora)
    actions.revoke_token(token.token, by=cast.ada)
    assert queries.person_by_token(token.raw) is None
    with pytest.raises(Refused):
        actions.revoke_token(token.token, by=cast.sam)


def test_a_role_taken_or_given_is_felt_by_the_next_call(cast: Cast) -> None:
    token = issued(cast.eve)
    first = queries.person_by_token(token.raw)
    assert first is not None and not queries.holds(first.person, "agent")
    give(cast.eve, "agent", cast.ada, cast.amos)
    second = queries.person_by_token(token.raw)
    assert second is not None and queries.holds(second.person, "agent")
    actions.add_relation("member_of", cast.eve, team=cast.service_desk, by=cast.ada)
    third = queries.person_by_token(token.raw)
    assert third is not None and queries.teams_of(third.person) == [cast.service_desk.pk]


def test_a_changed_person_is_felt_by_the_next_call(cast: Cast) -> None:
    token = issued(cast.eve)
    assert queries.person_by_token(token.raw)
    actions.change_person(cast.eve, by=cast.ada, name="Eve Newname")
    bearer = queries.person_by_token(token.raw)
    assert bearer is not None and bearer.person.name == "Eve Newname"


def test_a_known_token_costs_one_statement(cast: Cast) -> None:
    token = issued(cast.sam)
    queries.person_by_token(token.raw)
    with CaptureQueriesContext(connection) as orm:
        bearer = queries.person_by_token(token.raw)
        assert bearer is not None and queries.grants_of(bearer.person)
    assert len(orm) == 0, "the one statement is prepared and runs beside Django's cursor"


def test_its_use_is_noted_to_the_minute(cast: Cast) -> None:
    token = issued(cast.sam)
    with at_instant(now() + timedelta(minutes=5)):
        queries.person_by_token(token.raw)
        first = ApiToken.objects.get(pk=token.token.pk).last_used_at
        assert first == now()
    with at_instant(first + timedelta(seconds=30)):
        queries.person_by_token(token.raw)
        assert ApiToken.objects.get(pk=token.token.pk).last_used_at == first


def test_bearers_do_not_share_an_object(cast: Cast) -> None:
    token = issued(cast.sam)
    one, two = queries.person_by_token(token.raw), queries.person_by_token(token.raw)
    assert one is not None and two is not None
    one.person.name = "Changed in one request"
    assert two.person.name == "Sam Desk"
