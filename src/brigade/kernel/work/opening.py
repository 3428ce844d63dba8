"""Opening a record: the first verb of every piece of work."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import nullcontext
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from brigade.kernel.recipes.queries import recipe_version, version_for
from brigade.kernel.records.access import Standing, allows
from brigade.kernel.records.by_number import with_names
from brigade.kernel.records.facts import Facts, as_record, facts_of, unwritten
from brigade.kernel.records.places import columns_in
from brigade.kernel.records.writes import open_row
from brigade.kernel.refused import Invalid, NotPermitted
from brigade.kernel.work.approving import carry_out, wants
from brigade.kernel.work.clockwork import with_clocks
from brigade.kernel.work.entries import entry_of
from brigade.kernel.work.meaning import kept_value, refuse_unmeant
from brigade.kernel.work.names import PLAIN, REFERENCES
from brigade.kernel.work.offered import fit_offering
from brigade.kernel.work.queries import OpeningFacts, opening_facts
from brigade.kernel.work.reach import refuse_unseen
from brigade.kernel.work.step import Step, Way
from brigade.kernel.work.values import read_value

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person
    from brigade.kernel.records.models import Record
    from brigade.kernel.records.places import Scope

GIVEN_BY_REQUESTER = frozenset({"title", "description", "urgent", "affected_users", "service"})
"""What somebody without a desk role may fill in when they report something."""

OPENS_FOR_OTHERS = frozenset({"agent", "team_lead"})
"""Who is asked for whom it is; everybody else who names nobody asks for themselves."""


def open_record(
    kind: str,
    *,
    by: Person,
    fields: Mapping[str, Any],
    channel: str = "desk",
    origin: str = "page",
    at: datetime | None = None,
    os_user: str = "",
    source: tuple[str, str] = ("", ""),
    scope: Scope | None = None,
) -> Record:
    """Open a record of `kind` from typed or plain values and tell whom the recipe names.

    A requester opens for themselves only. A record without a team goes to the
    service's team, else to the default team of the installation. `source` names
    where a simulated record comes from and its id there, `scope` what it belongs to by the
    wish of its practice (`records.places`). Raises Invalid with the field, NotPermitted, or
    Hidden for a kind that nobody runs.
    """
    way = Way.of(by, origin, at, os_user)
    asked = _id(fields.get("requester", by)), _id(fields.get("service"))
    known = opening_facts(kind, *asked)
    step = _blank_step(kind, channel, way, known)
    _fill(step, fields, _checked(known, *asked))
    fit_offering(step, fields)
    _direct(step, known, scope)
    _may_open(step)
    for name, value in step.recipe.default_values(step.context()).items():
        step.put(name, kept_value(name, step.recipe.fields[name], value))
    refuse_unmeant(step, fields)
    step.recipe.check_open(step.context())
    step.reprioritise()
    record = _write(step, source)
    with_names(record, _names(known, by, *asked))
    return record


def _checked(
    known: OpeningFacts, requester: int | None, service: int | None
) -> dict[str, int | None]:
    """Return the fields whose ids the facts have proved to be somebody or something to name."""
    return {
        "requester": requester if known.requester_works else None,
        "service": service if known.service_in_use else None,
    }


def _names(
    known: OpeningFacts, by: Person, requester: int | None, service: int | None
) -> dict[tuple[str, int], tuple[Any, ...]]:
    """Return what the facts know the names of, so that nobody has to read the record again."""
    found: dict[tuple[str, int | None], tuple[Any, ...]] = {
        ("requester", requester): (known.requester,),
        ("customer", known.customer_id): (known.customer,),
        ("service", service): (known.service_code, known.service),
        ("team", known.service_team_id): (known.service_team,),
        ("team", known.default_team_id): (known.default_team,),
        ("opened_by", by.pk): (by.name,),
    }
    return {(name, key): words for (name, key), words in found.items() if key is not None}


def _id(raw: Any) -> int | None:
    """Return the id that a field will turn out to name, checked when the field is read."""
    number = str(getattr(raw, "pk", raw) or "")
    return int(number) if number.isdecimal() and len(number) < 19 else None


def _blank_step(kind: str, channel: str, way: Way, known: OpeningFacts) -> Step:
    version = known.version_id or version_for(kind)
    recipe = recipe_version(version)
    return Step(
        facts=Facts(unwritten(kind=kind, recipe_version_id=version, opened_at=way.at)),
        recipe=recipe,
        way=way,
        standing=Standing.of(way.by, way.at),
        before={},
        after=_blank(recipe.initial, channel),
    )


def _write(step: Step, source: tuple[str, str]) -> Record:
    step.before = {name: "" if value == "" else None for name, value in step.after.items()}
    body = step.before["description"] = step.get("description")
    step.events = ["opened"]
    entry = entry_of(step, "opened", "public", body=body)
    fixed = {
        "kind": step.record.kind,
        "opened_by_id": step.way.by.pk,
        "opened_at": step.way.at,
        "source": source[0],
        "source_id": source[1],
    }
    entry, columns = with_clocks(step, entry)
    columns |= fixed
    with transaction.atomic() if wants(step) else nullcontext():
        written = open_row(step.recipe.prefix, step.record.kind, columns, entry)
        carry_out(step, written.record_id)
    if wants(step):
        return facts_of(written.record_id, step.way.at).record
    return as_record(
        columns
        | {
            "id": written.record_id,
            "number": written.number,
            "version": 1,
            "entries": 1,
            "head": written.head,
        }
    )


def _blank(initial: str, channel: str) -> dict[str, Any]:
    values: dict[str, Any] = dict.fromkeys([*PLAIN, *REFERENCES])
    for name in ("title", "description", "category", "priority_fact", "ci_kind"):
        values[name] = ""
    return values | {"confidential": False, "channel": channel, "state": initial}


def _fill(step: Step, fields: Mapping[str, Any], checked: Mapping[str, int | None]) -> None:
    by = step.way.by
    desk = _is_desk(step)
    asked = {one.key for one in step.recipe.asked_at_opening(public=True)}
    for name, raw in fields.items():
        known = step.recipe.fields.get(name)
        if not desk and name not in GIVEN_BY_REQUESTER | asked and name != "requester":
            raise Invalid(
                "unknown_field", _("There is no field called “%(field)s”.") % {"field": name}, name
            )
        if name in ("state", "priority", "priority_fact", "channel"):
            raise Invalid(
                "not_settable", _("“%(field)s” follows from the rest.") % {"field": name}, name
            )
        value = checked.get(name)
        if value is None:
            value = read_value(name, raw, known, by.timezone)
        own = known is not None and known.own
        if (own or name in ("service", "offering")) and step.way.origin in ("page", "api"):
            refuse_unseen(name, value, known if own else None, by)
        if value is not None:
            step.put(name, value)
    if step.get("requester") is None and not step.standing.roles() & OPENS_FOR_OTHERS:
        step.put("requester", by.pk)


def _is_desk(step: Step) -> bool:
    roles = step.standing.roles() - {"requester", "customer_manager"}
    return bool(roles & {"agent", "team_lead", "process_owner", "provider_agent"})


def _direct(step: Step, known: OpeningFacts, scope: Scope | None) -> None:
    """Give the record its scope, and its customer and its team where nobody named them."""
    for name, value in columns_in(scope).items():
        step.put(name, value)
    if step.get("requester") and step.get("customer") is None:
        step.put("customer", known.customer_id)
    if step.get("team") is None:
        step.put("team", known.service_team_id or known.default_team_id)


def _may_open(step: Step) -> None:
    record = unwritten(
        kind=step.record.kind,
        **{f"{name}_id": step.get(name) for name in REFERENCES},
        confidential=bool(step.get("confidential")),
    )
    if not allows(step.standing, "create", record):
        raise NotPermitted(
            "not_permitted",
            _("You may not open this for somebody else. Open it for yourself, or ask the desk."),
            "requester",
        )
