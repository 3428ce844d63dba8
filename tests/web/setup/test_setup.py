"""The first-run setup: six questions, one administrator, once."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from brigade.kernel.outbox.models import Message
from brigade.kernel.parties.actions import add_person, change_installation, create_first_admin
from brigade.kernel.parties.actions.setup import SetupAnswers, answer_setup, finish_setup
from brigade.kernel.parties.held import holds
from brigade.kernel.parties.models import Installation, Organisation, Person, RoleGrant, Team
from brigade.kernel.parties.operators import operator
from brigade.kernel.recipes.actions import adopt_provisionally
from brigade.kernel.recipes.deciding import decline, plan
from brigade.kernel.recipes.models import Adoption
from brigade.kernel.records.models import JournalEntry
from brigade.kernel.refused import NotPermitted, Refused
from brigade.kernel.services.first import add_first_services
from brigade.kernel.services.models import Service
from brigade.kernel.services.queries import services_usable_by
from tests.cast import Cast

pytestmark = pytest.mark.django_db

HELPERS = "Priya Nair, priya@northwind.example\nTom Ash <tom@northwind.example>"
ANSWERS: dict[str, Any] = {
    "name": "Northwind Trams", "timezone": "Europe/Berlin", "when": "office",
    "days": ["mon", "tue"], "opens": "07:30", "shuts": "16:00", "team": "Service desk",
    "helping": "on", "helpers": HELPERS,
    "mail_from": "help@northwind.example", "phone": "5500",
    "service": ["Mail", "Ticket machines", ""], "accountable": "on",
}  # fmt: skip


@pytest.fixture
def first(db: None) -> Person:
    """The first administrator of an installation that nobody has set up."""
    adopt_provisionally(by=operator("Brigade"))
    return create_first_admin(email="ada@northwind.example", name="Ada Admin")


def signed_in(client: Client, person: Person) -> Client:
    client.force_login(person)
    return client


def test_it_is_where_a_first_administrator_lands(client: Client, first: Person) -> None:
    assert signed_in(client, first).get("/")["Location"] == "/setup"
    html = client.get("/setup").content.decode()
    for default in ("Northwind", "Service desk", "help@northwind.example", "Mail and calendar"):
        assert f'value="{default}"' in html
    assert "Incident management, level 1, runs already." in html
    assert 'href="/adoption/questions"' in html
    assert "Can be switched on today: Decisions, Improvement." in html
    offered = html.partition("What else there will be")[2]
    assert "Problem management" in offered and "Decisions" not in offered
    asked = client.get("/adoption/questions").content.decode()
    assert re.search(r'name="headcount"[^>]*value="1"', asked)


def test_what_the_seven_questions_decided_stays(client: Client, first: Person) -> None:
    """Signed before the setup is finished: nothing runs that was declined, nobody is replaced."""
    decline("incident", by=first, rationale="Our provider does it.")
    plan("problem", by=first, owner=first, rationale="Next year.")
    html = signed_in(client, first).get("/setup").content.decode()
    assert "No practice runs yet." in html and "Chosen, to come: Problem management." in html
    assert client.post("/setup", ANSWERS)["Location"] == "/"
    assert Adoption.objects.get(key="incident").state == "declined"


def test_not_now_is_remembered_for_the_session(client: Client, first: Person) -> None:
    signed_in(client, first).post("/setup", {"skip": "1"})
    assert client.get("/")["Location"] != "/setup"
    assert client.get("/setup").status_code == 200
    other = Client()
    assert signed_in(other, first).get("/")["Location"] == "/setup"


def test_all_answers_take_effect_at_once(client: Client, first: Person) -> None:
    assert signed_in(client, first).post("/setup", ANSWERS)["Location"] == "/"
    row = Installation.objects.get()
    assert (row.name, row.timezone, row.support_phone) == (
        "Northwind Trams",
        "Europe/Berlin",
        "5500",
    )
    assert row.hours == {"mon": [["07:30", "16:00"]], "tue": [["07:30", "16:00"]]}
    assert row.mail_from == "help@northwind.example" and row.setup_done_at is not None
    team = Team.objects.get()
    assert row.default_team == team
    people = {person.name: person for person in Person.objects.filter(is_system=False)}
    assert set(people) == {"Ada Admin", "Priya Nair", "Tom Ash"}
    for person in people.values():
        assert holds(person, "agent")
        assert person.organisation == Organisation.objects.get()
        assert person.timezone == "Europe/Berlin"
    assert RoleGrant.objects.filter(role="agent", self_approved=True).count() == 3
    invited = Message.objects.filter(topic="invitation")
    assert {message.recipient.name for message in invited if message.recipient} == {
        "Priya Nair", "Tom Ash",
    }  # fmt: skip
    assert [service.name for service in Service.objects.order_by("id")] == [
        "Mail", "Ticket machines",
    ]  # fmt: skip
    adoption = Adoption.objects.get()
    assert (adoption.owner_id, adoption.provisional) == (first.pk, False)
    entry = JournalEntry.objects.filter(subject_type="service").latest("id")
    assert entry.actor_id == first.pk
    assert client.get("/setup").status_code == 404
    assert client.get("/")["Location"] != "/setup"


def test_whoever_is_of_the_organisation_can_report_against_the_services(
    client: Client, first: Person
) -> None:
    signed_in(client, first).post("/setup", ANSWERS)
    eve = add_person(name="Eve", organisation=Organisation.objects.get(), by=first)
    assert [service.name for service in services_usable_by(eve)] == ["Mail", "Ticket machines"]


def test_everything_may_be_left_for_later(client: Client, first: Person) -> None:
    later = ["organisation", "hours", "help", "mail", "services", "recipes"]
    signed_in(client, first).post("/setup", {**ANSWERS, "later": later})
    row = Installation.objects.get()
    assert row.setup_done_at is not None
    assert (row.name, row.hours, row.default_team) == ("", None, None)
    assert not Team.objects.exists() and not Service.objects.exists()
    assert Adoption.objects.get().provisional


def test_day_and_night(client: Client, first: Person) -> None:
    signed_in(client, first).post("/setup", {**ANSWERS, "when": "always", "days": []})
    hours = Installation.objects.get().hours
    assert hours and hours["sun"] == [["00:00", "24:00"]] and len(hours) == 7


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"name": ""}, "name"),
        ({"timezone": "Mars/North"}, "timezone"),
        ({"days": []}, "days"),
        ({"opens": "17:00", "shuts": "08:00"}, "opens"),
        ({"opens": "soon"}, "opens"),
        ({"team": ""}, "team"),
        ({"helpers": "just a name"}, "helpers"),
        ({"helpers": "x@y.example"}, "helpers"),
        ({"mail_from": "nowhere"}, "mail_from"),
        ({"service": ["x" * 300]}, "service-1"),
        ({"phone": "5" * 70}, "phone"),
    ],
)
def test_what_does_not_fit_is_said_and_nothing_happens(
    client: Client, first: Person, change: dict[str, Any], place: str
) -> None:
    answer = signed_in(client, first).post("/setup", {**ANSWERS, **change})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert f'href="#{place}"' in html and f'id="{place}"' in html
    assert "<title>Error: " in html
    assert not Team.objects.exists() and not Service.objects.exists()


def test_a_refusal_in_the_middle_undoes_all_of_it(client: Client, first: Person) -> None:
    from brigade.kernel.parties.actions import disable_person

    gone = add_person(name="Tom", email="tom@northwind.example", by=first)
    disable_person(gone, by=first)
    answer = signed_in(client, first).post("/setup", ANSWERS)
    assert answer.status_code == 422
    assert "belongs to an account that is disabled" in answer.content.decode()
    assert not Team.objects.exists() and not Service.objects.exists()
    assert not Message.objects.filter(topic="invitation").exists()


@pytest.mark.parametrize("who", ["eve", "sam", "lena", "audrey", "paul", "bert", "carl"])
def test_it_is_there_for_administrators_alone(client: Client, cast: Cast, who: str) -> None:
    client.force_login(getattr(cast, who))
    assert client.get("/setup").status_code == 404
    assert client.post("/setup", ANSWERS).status_code == 404
    assert client.get("/")["Location"] != "/setup"
    with pytest.raises(NotPermitted):
        add_first_services(["Mine"], by=getattr(cast, who))
    with pytest.raises(NotPermitted):
        finish_setup(by=getattr(cast, who))


def test_services_are_an_administrators_only_until_it_is_finished(cast: Cast) -> None:
    assert [s.code for s in add_first_services(["Lost and found", "POS"], by=cast.ada)] == [
        "lost-and-found"
    ]
    change_installation(by=cast.ada, setup_done=True)
    for late in (
        lambda: add_first_services(["Another"], by=cast.ada),
        lambda: answer_setup(SetupAnswers(), by=cast.ada),
        lambda: finish_setup(by=cast.ada),
    ):
        with pytest.raises(Refused) as no:
            late()
        assert no.value.code == "setup_done"


def test_with_a_second_administrator_roles_wait_for_them(client: Client, cast: Cast) -> None:
    client.force_login(cast.ada)
    assert client.post("/setup", ANSWERS).status_code == 302
    priya = Person.objects.get(email="priya@northwind.example")
    assert RoleGrant.objects.get(person=priya).state == "requested"
    assert not RoleGrant.objects.filter(person=cast.ada, role="agent").exists()


def test_each_role_lands_where_its_work_is(client: Client, cast: Cast) -> None:
    change_installation(by=cast.ada, setup_done=True)
    wanted = {
        "eve": "/help", "carl": "/help", "sam": "/queue", "lena": "/queue", "audrey": "/queue",
        "bert": "/queue", "petra": "/queue", "olga": "/services", "ada": "/settings",
        "chris": "/inbox", "fred": "/inbox",
    }  # fmt: skip
    for who, address in wanted.items():
        client.force_login(getattr(cast, who))
        assert client.get("/")["Location"] == address, who
