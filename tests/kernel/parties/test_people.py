"""People, teams, organisations, relations: adding and changing them, and who sees whom."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from brigade.kernel.instants import now
from brigade.kernel.parties import actions, queries
from brigade.kernel.parties.acting import acting
from brigade.kernel.parties.models import Organisation, Person, Relation
from brigade.kernel.records.models import JournalEntry
from brigade.kernel.refused import Invalid, NotPermitted, Refused
from tests.cast import Cast, give


def names(people: object) -> set[str]:
    return {str(person).split()[0].lower() for person in people}  # type: ignore[attr-defined]


def test_an_address_is_one_address_however_it_is_typed(cast: Cast) -> None:
    with pytest.raises(Invalid) as no:
        actions.add_person(name="Other", email="  EVE@Finance.EXAMPLE ", by=cast.ada)
    assert (no.value.code, no.value.field) == ("email_taken", "email")
    assert Person.objects.get_by_natural_key("Eve@FINANCE.example") == cast.eve


@pytest.mark.parametrize(
    "address", ["x", "x@", "@x.example", "a b@x.example", "a@b@c.example", "a@x", "<a@x.example>",
                "a@x.example\nBcc: b@x.example", "a@x..example"]
)  # fmt: skip
def test_what_is_no_address_is_refused(cast: Cast, address: str) -> None:
    with pytest.raises(Invalid) as no:
        actions.add_person(name="N", email=address, by=cast.ada)
    assert no.value.field == "email"


def test_people_known_by_name_only(cast: Cast) -> None:
    one = actions.add_person(name="Jo", by=cast.ada)
    two = actions.add_person(name="Jo", by=cast.ada)
    assert one.email is None and two.email is None
    assert not one.has_usable_password()


@pytest.mark.parametrize("name", ["", "   ", "x" * 201, "a\x00b", "\ud800"])
def test_a_name_that_cannot_be(cast: Cast, name: str) -> None:
    with pytest.raises(Invalid) as no:
        actions.add_person(name=name, by=cast.ada)
    assert no.value.field == "name"


@pytest.mark.parametrize(
    "row",
    [
        {"name": "", "email": "a@x.example"},
        {"name": "A", "language": "xx"},
        {"name": "A", "theme": "pink"},
        {"name": "A", "density": "airy"},
        {"name": "A", "is_active": False},
        {"name": "A", "pseudonymised_at": now()},
    ],
)
def test_the_database_itself_holds_the_rules(cast: Cast, row: dict[str, object]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic(), acting(cast.ada):
        Person.objects.create(**row)


def test_every_change_is_in_the_journal_in_somebodys_name(cast: Cast) -> None:
    actions.change_person(cast.eve, by=cast.ada, title="Controller", os_user="root")
    entry = JournalEntry.objects.filter(subject_type="person", subject_id=cast.eve.pk).latest("id")
    assert (entry.actor_id, entry.os_user, entry.origin) == (cast.ada.pk, "root", "cli")
    assert entry.changes == {"title": ["", "Controller"]}


@pytest.mark.parametrize("who", ["eve", "sam", "lena", "audrey", "olga", "carl", "bert", "petra"])
def test_only_administrators_change_people_and_groups(cast: Cast, who: str) -> None:
    by = getattr(cast, who)
    with pytest.raises(NotPermitted):
        actions.add_person(name="N", by=by)
    with pytest.raises(NotPermitted):
        actions.change_person(cast.sid, by=by, name="N")
    with pytest.raises(NotPermitted):
        actions.add_team(name="N", by=by)
    with pytest.raises(NotPermitted):
        actions.change_organisation(cast.sales, by=by, name="N")
    with pytest.raises(NotPermitted):
        actions.change_installation(by=by, name="N")
    with pytest.raises(NotPermitted):
        actions.add_relation("leads", by, team=cast.service_desk, by=by)


def test_who_sees_whom(cast: Cast) -> None:
    everybody = names(Person.objects.filter(is_system=False))
    for who in ("sam", "lena", "olga", "petra", "chris", "vera", "paul", "fred", "audrey"):
        assert names(queries.people_visible_to(getattr(cast, who))) == everybody
    assert names(queries.people_visible_to(cast.eve)) == {"eve"}
    assert names(queries.people_visible_to(cast.sid)) == {"sid"}
    assert names(queries.people_visible_to(cast.bert)) == {"bert"}
    assert names(queries.people_visible_to(cast.carl)) == {"carl", "eve"}
    assert cast.operator in queries.people_visible_to(cast.ada)


def test_an_agent_of_one_customer_sees_that_customer_and_colleagues(cast: Cast) -> None:
    ann = actions.add_person(name="Ann", organisation=cast.meridian, by=cast.ada)
    give(ann, "agent", cast.ada, cast.amos, scope_type="customer", scope_id=cast.finance.pk)
    seen = names(queries.people_visible_to(ann))
    assert {"ann", "eve", "carl", "sam"} <= seen and not {"sid", "bert"} & seen


def test_who_sees_which_groups(cast: Cast) -> None:
    assert set(queries.organisations_visible_to(cast.eve)) == {cast.finance}
    assert set(queries.organisations_visible_to(cast.bert)) == {cast.beta}
    assert queries.organisations_visible_to(cast.sam).count() == 8
    assert not queries.teams_visible_to(cast.eve)
    assert queries.teams_visible_to(cast.sam).count() == 2


def test_people_are_found_by_the_beginning_of_any_name(cast: Cast) -> None:
    zoe = actions.add_person(name="Zoë Ångström", email="za@x.example", by=cast.ada)
    for text in ("zoe", "Zoë", "ANG", "ang zo", "za@x"):
        assert queries.people_page(cast.sam, text=text) == [zoe], text
    for text in ("gstrom", "%", "_", "zoe x"):
        assert queries.people_page(cast.sam, text=text) == [], text
    assert queries.people_page(cast.eve, text="zoe") == []


def test_pages_of_people_meet_without_gap_or_repeat(cast: Cast) -> None:
    for _twin in range(3):
        actions.add_person(name="Sam Desk", by=cast.ada)
    whole = queries.people_page(cast.sam, limit=1000)
    pages, after = [], None
    while page := queries.people_page(cast.sam, limit=4, after=after):
        pages += page
        after = (page[-1].sort_name, page[-1].pk)
    assert pages == whole


def test_people_of_a_team_or_organisation(cast: Cast) -> None:
    desk = queries.people_page(cast.sam, team=cast.service_desk.pk)
    assert names(desk) == {"lena", "sam", "nora"}
    assert names(queries.people_page(cast.sam, organisation=cast.finance.pk)) == {"eve", "carl"}
    gone = actions.disable_person(cast.nora, by=cast.ada)
    assert gone not in queries.people_page(cast.sam)
    assert gone in queries.people_page(cast.sam, active_only=False)


def test_teams_at_an_instant(cast: Cast) -> None:
    assert queries.teams_of(cast.lena) == queries.teams_led_by(cast.lena) == [cast.service_desk.pk]
    before = now()
    relation = Relation.objects.get(person=cast.tom)
    actions.end_relation(relation, by=cast.ada)
    assert queries.teams_of(cast.tom) == []
    assert queries.teams_of(cast.tom, at=before) == [cast.network_operations.pk]
    with pytest.raises(Refused):
        actions.end_relation(relation, by=cast.ada)


def test_a_relation_needs_its_one_target(cast: Cast) -> None:
    for kind, target in (
        ("member_of", {}),
        ("leads", {"organisation": cast.sales}),
        ("manages", {"team": cast.service_desk}),
        ("deputises", {"other": cast.sam, "team": cast.service_desk}),
        ("deputises", {"other": cast.tom}),
        ("befriends", {"other": cast.sam}),
    ):
        with pytest.raises(Invalid):
            actions.add_relation(kind, cast.tom, by=cast.ada, **target)  # type: ignore[arg-type]
    with pytest.raises(Refused) as twice:
        actions.add_relation("member_of", cast.sam, team=cast.service_desk, by=cast.ada)
    assert twice.value.code == "related_already"


def test_managers_form_a_line(cast: Cast) -> None:
    assert queries.manager_of(cast.eve) == cast.carl
    with pytest.raises(Refused) as second:
        actions.add_relation("manages", cast.fred, other=cast.eve, by=cast.ada)
    assert second.value.code == "managed_already"
    actions.add_relation("manages", cast.eve, other=cast.fred, by=cast.ada)
    with pytest.raises(Invalid) as circle:
        actions.add_relation("manages", cast.fred, other=cast.carl, by=cast.ada)
    assert circle.value.code == "circle"


def test_somebody_names_their_own_deputy(cast: Cast) -> None:
    until = now() + timedelta(days=14)
    actions.add_relation("deputises", cast.nora, other=cast.lena, by=cast.lena, valid_to=until)
    assert queries.deputies_of(cast.lena) == [cast.nora]
    assert queries.principals_of(cast.nora) == [cast.lena]
    assert queries.deputies_of(cast.lena, at=until) == []
    with pytest.raises(NotPermitted):
        actions.add_relation("deputises", cast.nora, other=cast.olga, by=cast.lena)


def test_organisations_are_a_tree(cast: Cast) -> None:
    ledger = actions.add_organisation(
        name="Ledger", code="ledger", kind="customer", parent=cast.finance, by=cast.ada
    )
    assert queries.organisations_below([cast.finance.pk]) == {cast.finance.pk, ledger.pk}
    assert queries.organisations_above(ledger.pk) == {cast.finance.pk, ledger.pk}
    with pytest.raises(Invalid) as circle:
        actions.change_organisation(cast.finance, by=cast.ada, parent=ledger)
    assert circle.value.code == "circle"
    with pytest.raises(Invalid) as taken:
        actions.change_organisation(ledger, by=cast.ada, code="FINANCE")
    assert taken.value.field == "code"
    assert Organisation.objects.get(pk=ledger.pk).code == "ledger"


def test_the_default_team_stays_open(cast: Cast) -> None:
    assert queries.installation().default_team is None
    done = actions.change_installation(
        by=cast.ada, name="Meridian", timezone="Europe/London", default_team=cast.service_desk,
        setup_done=True,
    )  # fmt: skip
    assert done.setup_done_at is not None
    with pytest.raises(Refused) as no:
        actions.change_team(cast.service_desk, by=cast.ada, is_active=False)
    assert no.value.code == "default_team"
    closed = actions.change_team(cast.network_operations, by=cast.ada, is_active=False)
    with pytest.raises(Invalid):
        actions.change_installation(by=cast.ada, default_team=closed)
    with pytest.raises(Invalid):
        actions.add_relation("member_of", cast.eve, team=closed, by=cast.ada)
