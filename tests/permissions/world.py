"""A small world with something to hide from everybody in it.

Seven incidents of two customers, one handed to a provider, two confidential.
Every one has an unmistakable public word and an unmistakable internal one; the
internal word stands in a note, in the name of a file and in a task.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.test import Client

from brigade.integrations.logs.map_file import load_map
from brigade.integrations.logs.uploading import upload_import
from brigade.kernel import instants
from brigade.kernel.calendars.actions import add_calendar
from brigade.kernel.calendars.first import standard_calendars
from brigade.kernel.calendars.hours import from_content
from brigade.kernel.calendars.models import Calendar
from brigade.kernel.clocks.actions import add_target
from brigade.kernel.parties import actions
from brigade.kernel.parties.models import Person
from brigade.kernel.recipes.actions import adopt
from brigade.kernel.records.models import File, JournalEntry, Record, Task
from brigade.kernel.work.attaching import attach
from brigade.kernel.work.linking import link
from brigade.kernel.work.opening import open_record
from brigade.kernel.work.replies import keep_reply
from brigade.kernel.work.saying import say
from brigade.kernel.work.tasks import add_task
from brigade.kernel.work.viewing import save_view
from brigade.kernel.work.watching import watch
from tests.cast import Cast, give, meridian
from tests.permissions.underway import underway

STEPS = Path(__file__).parents[1] / "integrations/logs/data/broken.csv"
BACKEND = "django.contrib.auth.backends.ModelBackend"


@dataclass(frozen=True)
class Incident:
    """An incident and what only some may read of it; `facts` is what access depends on."""

    record: Record
    public: str
    internal: str
    note: int
    public_file: File
    internal_file: File
    task: Task
    facts: dict[str, Any]

    @property
    def number(self) -> str:
        return self.record.number


@dataclass
class Actor:
    """Somebody who calls: signed in on the pages, and by token at the API."""

    name: str
    person: Person | None
    client: Client
    token: str = ""

    @property
    def signed_in(self) -> bool:
        return self.person is not None and self.person.is_active

    def __str__(self) -> str:
        return self.name


@dataclass
class World:
    """Everything a permission test walks over."""

    cast: Cast
    fay: Person
    dora: Person
    incidents: dict[str, Incident]
    others: dict[str, Any]
    actors: dict[str, Actor] = field(default_factory=dict)


INCIDENTS: dict[str, dict[str, Any]] = {
    "ledger": {"requester": "eve", "service": "erp-finance"},
    "till": {"requester": "sid", "service": "pos"},
    "switch": {"requester": "sid", "service": "network", "team": "network_operations"},
    "salary": {
        "requester": "fay", "service": "erp-finance", "team": "network_operations",
        "confidential": True,
    },
    "bonus": {"requester": "sid", "service": "payroll", "confidential": True},
    "watched": {"requester": "sid", "service": "payroll", "watcher": "eve"},
    "line": {"requester": "sid", "service": "network", "provider": "beta"},
}  # fmt: skip
"""What each is about. Without a team it goes to the team of its service: the desk, or networks."""


def build() -> World:
    """Build the world in the present database."""
    cast = meridian()
    root = actions.operator("Brigade")
    standard_calendars(by=root)
    adopt(
        "incident", by=root, level=2, owner=cast.ada, rationale="A shared desk.", waiver="New here."
    )
    for key in ("decision", "improvement"):
        adopt(key, by=root, owner=cast.paul, rationale="Decided too late too often.")
    actions.change_installation(by=cast.ada, default_team=cast.service_desk)
    fay = actions.add_person(
        name="Fay Folio", email="fay@finance.example", organisation=cast.finance, by=root
    )
    dora = actions.add_person(
        name="Dora Departed", email="dora@meridian.example", organisation=cast.meridian, by=root
    )
    give(dora, "agent", cast.ada, cast.amos)
    actions.add_relation("member_of", dora, team=cast.service_desk, by=root)
    people = {"eve": cast.eve, "sid": cast.sid, "fay": fay}
    incidents = {key: _incident(cast, people, key, told) for key, told in INCIDENTS.items()}
    world = World(cast, fay, dora, incidents, {})
    _beside(world)
    _actors(world)
    return world


def _incident(cast: Cast, people: dict[str, Person], key: str, told: dict[str, Any]) -> Incident:
    public, internal = f"pub{key}zebra", f"int{key}quagga"
    service = cast.services[told["service"]]
    worker = cast.tom if service.team_id == cast.network_operations.pk else cast.sam
    fields = {
        "title": f"Trouble zebra {public}",
        "description": f"It began today {public}.",
        "requester": people[told["requester"]],
        "service": service.pk,
        "confidential": told.get("confidential", False),
    }
    if "team" in told:
        fields["team"] = getattr(cast, told["team"])
        worker = cast.tom
    if "provider" in told:
        fields["provider"] = getattr(cast, told["provider"])
    made = open_record("incident", by=cast.lena if not told.get("confidential") else worker,
                       fields=fields)  # fmt: skip
    say(made, f"Between us, quagga: {internal}.", by=worker, visibility="internal")
    note = JournalEntry.objects.filter(record=made, visibility="internal", kind="said").get()
    hidden = attach(made, f"{internal}.txt", internal.encode(), by=worker, visibility="internal")
    shown = attach(made, f"{public}.txt", public.encode(), by=worker, visibility="public")
    task = add_task(made, f"Ask about {internal}", by=worker)
    if "watcher" in told:
        watch(made, by=worker, person=people[told["watcher"]])
    record = Record.objects.get(pk=made.pk)
    facts = {
        "requester": record.requester_id,
        "customer": record.customer_id,
        "service": record.service_id,
        "team": record.team_id,
        "assignee": record.assignee_id,
        "provider": record.provider_id,
        "confidential": record.confidential,
        "watcher": told.get("watcher", ""),
    }
    return Incident(record, public, internal, note.number, shown, hidden, task, facts)


def _beside(world: World) -> None:
    """Add what hangs beside the records: a link, replies, views, a grant that waits, a token."""
    cast, found = world.cast, world.incidents
    world.others = {
        "link": link(found["till"].record, found["watched"].record, "caused_by", by=cast.sam),
        "hidden_link": link(
            found["till"].record, found["bonus"].record, "child_of", by=cast.sam
        ),
        "reply": keep_reply("Restart", "Please restart.", by=cast.lena, team=cast.service_desk),
        "network_reply": keep_reply(
            "Cable", "Please check the cable.", by=cast.tom, team=cast.network_operations
        ),
        "view": save_view("Mine alone", "status=new", by=cast.nora),
        "grant": actions.grant_role(
            cast.nora, "process_owner", by=cast.ada, reason="Stands in for Petra."
        ),
        "token": actions.issue_token(
            cast.nora, by=cast.nora, name="nora’s own", scopes=("read",),
            expires_at=instants.now() + timedelta(days=1),
        ).token,
        "calendar": add_calendar(
            name="Desk hours", hours=from_content("UTC", {"weekly": {"mon": "08:00-12:00"}}),
            by=cast.ada,
        ),
        "target": add_target(
            "incident.restore", "incident", name="Restore", seconds=3600, by=cast.operator,
            calendar=Calendar.objects.get(key="always"),
        ),
        "run": upload_import(
            "steps.csv", io.BytesIO(STEPS.read_bytes()), load_map("italian_helpdesk"), by=cast.ada
        ),
        **underway(cast),
    }  # fmt: skip


def _actors(world: World) -> None:
    cast = world.cast
    people: dict[str, Person] = {
        **cast.by_role,
        "other_customer": cast.sid,
        "network_agent": cast.tom,
        "disabled": world.dora,
    }  # fmt: skip
    for name, person in people.items():
        world.actors[name] = _actor(name, person)
    actions.disable_person(world.dora, by=cast.ada)
    world.actors["disabled"].person = Person.objects.get(pk=world.dora.pk)
    world.actors["anonymous"] = Actor("anonymous", None, Client())


def _actor(name: str, person: Person) -> Actor:
    client = Client()
    client.force_login(person, backend=BACKEND)
    issued = actions.issue_token(
        person, by=person, name="test", scopes=("read", "write"),
        expires_at=instants.now() + timedelta(days=1),
    )  # fmt: skip
    return Actor(name, person, client, issued.raw)
