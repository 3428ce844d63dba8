"""One write on one record: read it, decide in Python, write it with one statement.

Every verb is a function that decides on a `Step`. `commit` reads the record,
lets the verb decide and writes; where somebody else wrote in between it reads
again and lets the verb decide again on what is true now.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from brigade.kernel import instants
from brigade.kernel.outbox.notify import SILENT_ORIGINS, Concerned, rows_for
from brigade.kernel.parties.lookups import leaders_of
from brigade.kernel.recipes.compiled import CompiledRecipe
from brigade.kernel.recipes.queries import recipe_version
from brigade.kernel.records.access import Standing
from brigade.kernel.records.canonical import check_text, check_value
from brigade.kernel.records.facts import Facts, facts_of, with_columns
from brigade.kernel.records.models import JournalEntry, Record, Task
from brigade.kernel.records.rows import EntryRow, Written
from brigade.kernel.records.writes import entry_row
from brigade.kernel.refused import Refused, Stale
from brigade.kernel.services.queries import service_facts
from brigade.kernel.work.approving import Given, carry_out, wants
from brigade.kernel.work.clockwork import with_clocks
from brigade.kernel.work.holders import OF_THE_RECORD, holders
from brigade.kernel.work.meaning import typed_values
from brigade.kernel.work.names import PLAIN, REFERENCES
from brigade.kernel.work.stamps import columns_of

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person

ATTEMPTS = 6


@dataclass(frozen=True, slots=True)
class Way:
    """Who does it, by which way it came in, and when. `os_user` is set on the command line."""

    by: Person
    origin: str
    at: datetime
    os_user: str = ""

    @classmethod
    def of(cls, by: Person, origin: str, at: datetime | None, os_user: str = "") -> Way:
        """Take `at` for an import or a simulation only; everywhere else it is now."""
        if at is not None and origin not in ("import", "simulation"):
            raise ValueError("only an import or a simulation may set the instant")
        return cls(by, origin, at or instants.now(), os_user)


@dataclass
class Step:
    """A record being decided on: its values as they were and as they shall be.

    `told` holds (topic, roles, payload) of what effects tell people, `tasks`
    (title, person) of the tasks they open, `asked` the approvals they ask, `timer` the timer
    that fires in this step, `raised` the bits of the escalations raised in it, by the number
    of the clock.
    """

    facts: Facts
    recipe: CompiledRecipe
    way: Way
    standing: Standing
    before: dict[str, Any]
    after: dict[str, Any]
    events: list[str] = field(default_factory=list)
    told: list[tuple[str, tuple[str, ...], dict[str, str]]] = field(default_factory=list)
    tasks: list[tuple[str, int | None]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    timer: str = ""
    raised: dict[int, int] = field(default_factory=dict)
    _known_service: tuple[int | None, dict[str, Any] | None] | None = None

    @classmethod
    def on(cls, record: Record | Facts, way: Way, standing: Standing | None = None) -> Step:
        """Begin a step on a record as just read."""
        facts = record if isinstance(record, Facts) else Facts(record)
        values = values_of(facts.record)
        return cls(
            facts=facts,
            recipe=recipe_version(facts.record.recipe_version_id),
            way=way,
            standing=standing or Standing.of(way.by, way.at),
            before=values,
            after=dict(values),
        )

    @property
    def record(self) -> Record:
        """The record as it was read."""
        return self.facts.record

    def refuse_closed(self) -> None:
        """Raise Refused where the record is closed or cancelled: it stays as it is."""
        if self.record.state_category in ("closed", "cancelled"):
            raise Refused("closed", _("A closed record stays as it is. Reopen it first."))

    def get(self, name: str) -> Any:
        """Return a field's value as it shall be; references are ids."""
        return self.after.get(name)

    def put(self, name: str, value: Any) -> None:
        """Set a field; text is checked for what no journal can carry."""
        if isinstance(value, str):
            check_text(value, name)
        self.after[name] = value

    def context(self) -> dict[str, Any]:
        """Return what the recipe's expressions may ask."""
        context = {
            **typed_values(self.recipe, self.after),
            "actor": self.way.by.pk,
            "now": self.way.at,
            "history": _History(self.record.pk),
            "approvals": Given(self.record.pk),
        }
        if "service" in self.recipe.inputs:
            context["service"] = self._service_facts()
        return context

    def _service_facts(self) -> dict[str, Any] | None:
        service = self.after.get("service")
        if self._known_service is None or self._known_service[0] != service:
            self._known_service = service, service_facts(service)
        return self._known_service[1]

    def changes(self) -> dict[str, list[Any]]:
        """Return `{field: [before, after]}` of what the step changes."""
        names = [*self.before, *(name for name in self.after if name not in self.before)]
        return {
            name: [check_value(self.before.get(name)), check_value(self.after.get(name))]
            for name in names
            if self.before.get(name) != self.after.get(name)
        }

    def reprioritise(self) -> None:
        """Ask the recipe for the priority again, unless somebody's or the source's own stands.

        One that stands is never changed silently: `off_matrix` marks that the matrix
        says another.
        """
        given, chosen = self.recipe.priority_of(self.context()), self.after.get("priority_set")
        if chosen is not None:
            self.after["priority"] = chosen
        if chosen is None and not (self.after.get("priority_fact") or self.after.get("off_matrix")):
            self.after["priority"] = self.after.get("priority") if given is None else given
        elif self.recipe.priority.matrix:
            other = given is not None and given != self.after.get("priority")
            self.after["off_matrix"] = True if other else None

    def is_due(self, timer: str) -> bool:
        """Tell whether a timer is due on the record, and take note that it fires now."""
        self.timer = timer
        return self.record.timer == timer and self.record.timer_due <= self.way.at

    def tell(self, topic: str, roles: tuple[str, ...], payload: dict[str, str]) -> None:
        """Have the people behind roles told, beside what the recipe's `notify` says."""
        self.told.append((topic, roles, payload))

    def outbox(self) -> list[dict[str, Any]]:
        """Return the messages that the step's events and effects cause, for the statement."""
        rows: dict[tuple[str, int | None], dict[str, Any]] = {}
        if not (self.events or self.told) or self.way.origin in SILENT_ORIGINS:
            return []
        concerned = self.concerned()
        happened: list[tuple[str, Mapping[str, tuple[str, ...]], dict[str, str] | None]] = [
            (event, self.recipe.notify, None) for event in self.events
        ]
        happened += [(topic, {topic: roles}, more) for topic, roles, more in self.told]
        for event, notify, payload in happened:
            for row in rows_for(
                event,
                notify=notify,
                concerned=concerned,
                by_id=self.way.by.pk,
                origin=self.way.origin,
                payload=payload,
            ):
                rows.setdefault((row.channel, row.recipient_id), row.as_json())
        return list(rows.values())

    def concerned(self) -> Concerned:
        """Return the people whom the recipe may tell, by role."""
        roles = {role for event in self.events for role in self.recipe.notify.get(event, ())}
        roles |= {role for _topic, named, _more in self.told for role in named}
        team, leads = self.after.get("team"), self.facts.team_leads
        if team is not None and team != self.before.get("team") and "team_lead" in roles:
            leads = tuple(leaders_of(team, self.way.at))
        return Concerned(
            requester=self.after.get("requester"),
            assignee=self.after.get("assignee"),
            team_leads=leads,
            watchers=self.facts.watchers,
            others={role: holders(role, self) for role in roles - OF_THE_RECORD},
        )

    def columns(self) -> dict[str, Any]:
        """Return the record's columns as they shall be written."""
        return columns_of(self)


class _History(Mapping[str, datetime]):
    """When a record last entered each state, read only if an expression asks."""

    def __init__(self, record_id: int | None) -> None:
        self._record_id = record_id
        self._entered: dict[str, datetime] | None = None

    def _read(self) -> dict[str, datetime]:
        if self._entered is None:
            moves = JournalEntry.objects.filter(
                record_id=self._record_id or 0, changes__has_key="state"
            ).order_by("number")
            self._entered = {
                changes["state"][1]: at
                for at, changes in moves.values_list("at", "changes")
                if changes
            }
        return self._entered

    def __getitem__(self, state: str) -> datetime:
        return self._read()[state]

    def __iter__(self) -> Any:
        return iter(self._read())

    def __len__(self) -> int:
        return len(self._read())


def values_of(record: Record) -> dict[str, Any]:
    """Return the fields of a record as verbs see them; a reference is an id."""
    values = {name: getattr(record, name) for name in PLAIN}
    values |= {name: getattr(record, f"{name}_id") for name in REFERENCES}
    return values | dict(record.data)


def _write(step: Step, entry: EntryRow, columns: Mapping[str, Any]) -> Written | None:
    """Write a step, with the tasks that its effects open and what people are asked to decide."""
    record = step.record
    with transaction.atomic() if step.tasks or wants(step) else nullcontext():
        written = entry_row(record.pk, record.version, bytes(record.head), columns, entry)
        if written is not None and step.tasks:
            Task.objects.bulk_create(
                Task(record=record, title=title[:200], person_id=person, made_at=step.way.at)
                for title, person in step.tasks
            )
        if written is not None:
            carry_out(step, record.pk)
    return written


Decide = Callable[[Step], EntryRow | None]


def commit(record_id: int, way: Way, decide: Decide, standing: Standing | None = None) -> Record:
    """Let `decide` make a step on the record and write it; return the record as it is then.

    `decide` returns None where there is nothing to write. Raises Stale when
    others keep writing the same record faster than this can.
    """
    for _attempt in range(ATTEMPTS):
        step = Step.on(facts_of(record_id, way.at), way, standing)
        record = step.record
        entry = decide(step)
        if entry is None:
            return record
        entry, columns = with_clocks(step, entry)
        written = _write(step, entry, columns)
        if written is not None and wants(step):
            return facts_of(record_id, way.at).record
        if written is not None:
            grown = {
                "version": written.entry_number,
                "entries": written.entry_number,
                "head": written.head,
            }
            return with_columns(record, columns | grown)
    raise Stale("busy", _("Others are changing this record just now. Try again."))
