"""Day one, five people.

Ana administers a fresh installation for five people. She takes the starter set Solo;
it is not signed before somebody answers for changes. The Statement of Adoption shows
the six that are chosen and the thirty that are not, each with its reason; the menu
shows those that are installed. Level 3 of incidents is refused, because K01 was never
computed. Then Ben has a first incident closed in three steps.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from brigade.kernel.instants import now
from brigade.kernel.parties import actions
from brigade.kernel.parties.models import Person
from brigade.kernel.recipes.actions import adopt_provisionally
from brigade.kernel.recipes.manifests import manifests
from brigade.kernel.records.audit import verify
from brigade.kernel.records.models import JournalEntry, Record
from tests.stories.keyboard import Typist

pytestmark = pytest.mark.django_db
SOLO = {"catalogue", "interaction", "incident", "request", "change", "knowledge"}
ANSWERS = {"headcount": 5, "customers": 1, "vendor_spend": 0, "services": 5, "changes": 4}
NEVER = "K01"


@dataclass
class Five:
    """Ana administers, Ben and three more answer; Eve is whom they serve."""

    ana: Person
    ben: Person
    eve: Person


@pytest.fixture
def five() -> Five:
    root = actions.operator("Brigade")
    adopt_provisionally(by=root)
    ana = actions.create_first_admin(email="ana@small.example", name="Ana Only")
    house = actions.add_organisation(name="Small", code="small", kind="customer", by=root)
    team = actions.add_team(name="Help", by=root)
    people = [
        actions.add_person(name=name, email=f"{name[:3].lower()}@small.example",
                           organisation=house, by=root)
        for name in ("Ben Answers", "Cleo Helps", "Dan Helps", "Fay Helps", "Eve Works")
    ]  # fmt: skip
    for helper in people[:4]:
        actions.add_relation("member_of", helper, team=team, by=root)
        actions.grant_role(helper, "agent", by=ana, reason="There is nobody else.")
    actions.change_installation(by=ana, default_team=team, name="Small")
    ben, eve = (Person.objects.get(pk=one.pk) for one in (people[0], people[-1]))
    return Five(Person.objects.get(pk=ana.pk), ben, eve)


class Pages:
    """Ana at the pages: forms are sent as the pages have them."""

    def __init__(self, five: Five) -> None:
        self.five = five
        self.ana = signed_in(five.ana)

    def proposed(self) -> dict[str, str]:
        address = "&".join(f"{name}={value}" for name, value in ANSWERS.items())
        return fields(self.ana.get(f"/adoption/questions?{address}&regulated=no&on_call=no"))

    def sign(self, *, change: str) -> str:
        """Sign what is proposed; returns what the page says against it, nothing if it is signed."""
        form = self.proposed()
        assert {name[7:] for name in form if name.startswith("chosen-")} == SOLO
        owners = {f"owner-{key}_text": self.five.ana.name for key in SOLO}
        answer = self.ana.post("/adoption/questions", form | owners | {"owner-change_text": change})
        return "" if answer.status_code == 302 else words(answer)

    def statement(self) -> tuple[int, int, str]:
        page = words(self.ana.get("/adoption"))
        found = re.search(
            r"Of 36 practices in the library, (\d+) are chosen and (\d+) are not", page
        )
        assert found, page
        assert page.count("Adopted") == 1 and page.count("Planned") == 5
        table = self.ana.get("/adoption.csv").content.decode()
        return int(found[1]), int(found[2]), next(r for r in table.split("\r\n") if "supplier" in r)

    def demanded(self) -> list[str]:
        form = self.ana.get("/new/incident").content.decode()
        assert "What is wrong?" in form or "Title" in form
        return errors(signed_in(self.five.ben).post("/new/incident", {"key": "none"}))

    def raised(self) -> str:
        form = {"level": "3", "owner": self.five.ana.pk, "rationale": "We grow."}
        answer = self.ana.post("/recipes/incident/adoption", form)
        assert answer.status_code == 409
        return words(answer)


class Program:
    """The same by a program that acts for Ana."""

    def __init__(self, five: Five) -> None:
        self.five = five
        self.ana, self.ben = token_of(five.ana), token_of(five.ben)

    def proposed(self) -> list[dict[str, Any]]:
        address = "&".join(f"{name}={value}" for name, value in ANSWERS.items())
        path = f"/adoption/proposal?{address}&regulated=false&on_call=false"
        items: list[dict[str, Any]] = send(self.ana, path)["items"]
        return items

    def sign(self, *, change: str) -> str:
        choices = [
            one | {"owner": self.five.ana.pk if one["level"] else None} for one in self.proposed()
        ]
        for one in choices:
            if one["key"] == "change" and not change:
                one["owner"] = None
        answers = ANSWERS | {"regulated": False, "on_call": False}
        answer = send(self.ana, "/adoption", {"answers": answers, "choices": choices}, "PUT", 0)
        return str(answer.get("detail", ""))

    def statement(self) -> tuple[int, int, str]:
        told = send(self.ana, "/adoption?by=iso20000_1")
        assert {one["key"] for one in told["items"] if one["chosen"]} == SOLO
        assert [one["name"] for one in told["headings"]][:2] == ["4-6", "5"]
        reason = next(one["reason"] for one in told["items"] if one["key"] == "supplier")
        return told["chosen"], told["not_chosen"], reason

    def demanded(self) -> list[str]:
        recipe = send(self.ben, "/recipes/incident")
        return [one["name"] for one in recipe["fields"] if "new" in one["required_in"]]

    def raised(self) -> str:
        body = {"level": 3, "owner": self.five.ana.pk, "rationale": "We grow."}
        told = send(self.ana, "/recipes/incident/adoption", body, "PUT", 409)
        assert not send(self.ana, "/recipes/incident/readiness/3")["ready"]
        return str(told["detail"])


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def token_of(person: Person) -> dict[str, str]:
    issued = actions.issue_token(person, by=person, name="story", scopes=("read", "write"),
                                 expires_at=now() + timedelta(days=1))  # fmt: skip
    return {"Authorization": f"Bearer {issued.raw}"}


def send(
    headers: dict[str, str], path: str, body: Any = None, method: str = "GET", status: int = 200
) -> Any:
    answer = Client().generic(method, f"/api/v1{path}", json.dumps(body).encode() if body else b"",
                              "application/json", headers=headers)  # fmt: skip
    assert not status or answer.status_code == status, answer.content
    return json.loads(answer.content)


def words(answer: Any) -> str:
    text = re.sub(r"<[^>]+>", " ", answer.content.decode().partition("<main")[2])
    return re.sub(r"\s+", " ", text)


def errors(answer: Any) -> list[str]:
    assert answer.status_code == 422
    return re.findall(r'<li><a href="#([^"]+)">', answer.content.decode())


def fields(answer: Any) -> dict[str, str]:
    """Return what the form of a page holds, as a browser would send it unchanged."""
    form = answer.content.decode().partition('<form class="stack-l"')[2].partition("</form>")[0]
    found = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', form))
    found |= dict.fromkeys(re.findall(r'<input type="checkbox" name="([^"]+)" checked', form), "on")
    found |= dict(re.findall(r'<textarea name="([^"]+)"[^>]*>([^<]*)<', form))
    for name, options in re.findall(r'<select name="([^"]+)"[^>]*>(.*?)</select>', form):
        chosen = re.search(r'value="(\d)" selected', options) or re.search(r'value="(\d)"', options)
        found[name] = chosen[1] if chosen else ""
    return found


@pytest.mark.parametrize("way", [Pages, Program])
def test_six_are_chosen_and_thirty_are_not(five: Five, way: Any) -> None:
    player = way(five)
    no = player.sign(change="")
    assert "accountable for Change enablement (E05)" in no
    assert player.sign(change=five.ana.name) == ""
    chosen, others, supplier = player.statement()
    assert (chosen, others) == (6, 30)
    assert "No vendor above 5,000 a year." in supplier
    assert sorted(player.demanded()) == ["requester", "title"]
    told = player.raised()
    assert "not ready for level 3 (W05)" in told and NEVER in told
    assert "There is no such level in the library yet" in told
    menu = signed_in(five.ana).get("/adoption").content.decode()
    shown = menu.partition('class="nav')[2].partition("<main")[0]
    assert 'href="/figures/incidents"' in shown
    assert not any(f">{manifests()[key].title}<" in shown for key in manifests().keys() - SOLO)
    signed = JournalEntry.objects.filter(subject_type="adoption", actor=five.ana)
    assert signed.count() == 36 and verify().holds


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_first_record_closes_in_three_steps(visitor: Any, five: Five) -> None:
    """Ben logs what Eve says on the phone, starts, resolves; Eve confirms. By keyboard alone."""
    ben, eve = Typist(visitor(five.ben)), Typist(visitor(five.eve))
    ben.open("/new/incident")
    ben.tab_to("Who needs help?")
    ben.write("Eve")
    ben.tab_to("What is wrong?")
    ben.write("No mail")
    ben.tab_to("Log incident")
    ben.enter("No mail")
    record = Record.objects.get()
    ben.press("s")
    ben.sees("is now: In progress")
    ben.tab_to("Resolve")
    ben.enter("Resolution")
    ben.tab_to("Resolution")
    ben.write("Restarted.")
    ben.tab_to("Resolve")
    ben.enter("is now: Resolved")
    eve.open(f"/requests/{record.number}")
    eve.tab_to("Confirm it is fixed")
    eve.enter("It is closed now.")
    moves = JournalEntry.objects.filter(record=record, kind="moved").values_list("transition")
    assert [step for (step,) in moves.order_by("number")] == ["start", "resolve", "confirm"]
    assert (ben.pages, eve.pages) == (5, 2)
    assert ben.keys <= 110 and eve.keys <= 12, (ben.keys, eve.keys)
    assert ben.visitor.problems == eve.visitor.problems == []
