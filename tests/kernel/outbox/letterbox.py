"""People, a kind of record with its own rules, and records to send mail about."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from brigade.kernel.instants import NEVER
from brigade.kernel.outbox.rows import OutboxRow
from brigade.kernel.parties.acting import acting
from brigade.kernel.parties.actions.first import operator
from brigade.kernel.parties.models import Installation, Person, Relation, RoleGrant, Team
from brigade.kernel.recipes.models import RecipeVersion
from brigade.kernel.records import access
from brigade.kernel.records.models import JournalEntry, Record
from brigade.kernel.records.rows import COLUMNS, EntryRow
from brigade.kernel.records.writes import entry_row, open_row

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
KIND = "errand"

access.register(
    KIND,
    {
        "requester": {"read": "own", "create": "own"},
        "agent": {verb: "all" for verb in ("create", "read", "internal", "update", "transition")},
        "team_lead": {"read": "team", "internal": "team", "update": "team"},
    },
)


def person(name: str, *roles: str, **facts: Any) -> Person:
    """Make a person with an address and roles everywhere."""
    address = f"{name.split()[0].lower()}@example.org"
    with acting(operator("Brigade")):
        made = Person.objects.create(name=name, **{"email": address} | facts)
        for role in roles:
            RoleGrant.objects.create(
                person=made, role=role, state="granted", granted_by=made, reason="test",
                self_approved=True, valid_from=datetime(2020, 1, 1, tzinfo=UTC),
            )  # fmt: skip
    return made


def team(name: str, *, lead: Person | None = None) -> Team:
    """Make a team, led by somebody."""
    with acting(operator("Brigade")):
        made = Team.objects.create(name=name)
        if lead is not None:
            since = datetime(2020, 1, 1, tzinfo=UTC)
            Relation.objects.create(kind="leads", person=lead, team=made, valid_from=since)
    return made


def installation(**facts: Any) -> None:
    """Name the installation and the address its mail comes from."""
    row = {"name": "Meridian help", "mail_from": "help@meridian.example"} | facts
    with acting(operator("Brigade")):
        Installation.objects.update_or_create(pk=1, defaults=row)


def change_person(who: Person, **facts: Any) -> None:
    """Write facts of a person, as an administrator would have."""
    with acting(operator("Brigade")):
        for name, value in facts.items():
            setattr(who, name, value)
        who.save()


def open_errand(
    title: str, *, by: Person, rows: Sequence[OutboxRow] = (), at: datetime = NOON, **facts: Any
) -> Record:
    """Open a record through the hot statement, with what it queues."""
    version, _made = RecipeVersion.objects.get_or_create(
        key=KIND, version="1.0.0", level=1, checksum="0" * 64,
        defaults={"source": "", "effective": {}, "published_at": NOON},
    )  # fmt: skip
    values: dict[str, Any] = dict.fromkeys(COLUMNS) | {
        "title": title, "description": "", "state": "new", "state_category": "new",
        "category": "", "priority_fact": "", "ci_kind": "", "channel": "portal", "data": {},
        "confidential": False, "updated_at": at, "timer": "", "timer_due": NEVER,
        "next_due": NEVER, "requester_id": by.pk, "recipe_version_id": version.pk,
        "kind": KIND, "opened_by_id": by.pk, "opened_at": at, "source": "", "source_id": "",
    }  # fmt: skip
    entry = EntryRow(
        at=at, actor_id=by.pk, kind="opened", visibility="public", origin="page",
        outbox=[row.as_json() for row in rows],
    )  # fmt: skip
    written = open_row("ERR", KIND, values | facts, entry)
    return Record.objects.get(pk=written.record_id)


def say(
    record: Record, body: str, *, by: Person, rows: Sequence[OutboxRow] = (),
    visibility: str = "public", at: datetime = NOON, **changed: Any,
) -> JournalEntry:  # fmt: skip
    """Add an entry through the hot statement, with what it queues."""
    record.refresh_from_db()
    values = {name: getattr(record, name) for name in COLUMNS} | changed
    entry = EntryRow(
        at=at, actor_id=by.pk, kind="said", visibility=visibility, origin="page", body=body,
        outbox=[row.as_json() for row in rows],
    )  # fmt: skip
    written = entry_row(record.pk, record.version, bytes(record.head), values, entry)
    assert written is not None
    return JournalEntry.objects.get(record=record, number=written.entry_number)
