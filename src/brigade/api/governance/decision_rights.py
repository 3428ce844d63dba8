"""Decision rights: who decides what, and where nobody or two do."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Path, Router, Schema
from pydantic import Field, StringConstraints

from brigade.api.frame.answers import Key, ok, once
from brigade.api.frame.door import caller
from brigade.api.frame.problems import READ, WRITE, answers
from brigade.api.frame.shapes import PLAIN, Asked, Named
from brigade.api.work.present import named
from brigade.governance.decision_rights import actions
from brigade.governance.decision_rights.access import may_read_rights, may_word_rights
from brigade.governance.decision_rights.queries import faults_now, rights_now, wordings_of
from brigade.kernel.calendars.queries import calendar_for
from brigade.kernel.parties.access import needed
from brigade.kernel.parties.queries import people_visible_to, teams_visible_to
from brigade.kernel.recipes.queries import version_for
from brigade.kernel.records.idempotency import Answer
from brigade.kernel.refused import Invalid

if TYPE_CHECKING:
    from brigade.governance.decision_rights.models import DecisionRight
    from brigade.kernel.parties.models import Person

router = Router(tags=["decisions"])
Series = Annotated[int, Path(ge=1, le=2**63 - 1, description="The same for every wording of one.")]
Text = Annotated[str, StringConstraints(pattern=PLAIN, max_length=80)]
Money = Annotated[int, Field(ge=0, le=10**15, description="Minor units of the currency.")]
Few = Annotated[int, Field(ge=0, le=1000)]
Number = Annotated[int, Field(ge=1, le=2**63 - 1)]


class RightBody(Asked):
    """How a right is worded; on a change, what is left out stays."""

    topic: Text | None = None
    currency: Text | None = None
    amount_from: Money | None = None
    amount_to: Money | None = Field(None, description="Not in it any more; null: no upper end.")
    body: Number | None = Field(None, description="Id of the team that decides, or null.")
    role: Text | None = None
    seats: Few | None = None
    quorum: Few | None = None
    majority: Text | None = None
    must: Annotated[list[Text], Field(max_length=13)] | None = None
    deadline_wd: Few | None = None
    calendar: Text | None = Field(None, description="Its key, such as office-hours.")
    escalate_to: Number | None = Field(None, description="Id of a person, or null.")
    default_if_silent: Text | None = None
    silent_wd: Few | None = None
    voting: Text | None = None


class RightOut(Schema):
    """A wording of a decision right."""

    series: int
    topic: str
    currency: str
    amount_from: int
    amount_to: int | None
    body: Named | None
    role: str
    seats: int
    quorum: int
    majority: str
    must: list[str]
    deadline_wd: int
    calendar: str
    escalate_to: Named | None
    default_if_silent: str
    silent_wd: int
    voting: str
    valid_from: datetime
    valid_to: datetime | None


class FaultOut(Schema):
    """Amounts on which nobody decides, or two do; `end` null: from there on."""

    kind: str
    topic: str
    currency: str
    start: int
    end: int | None
    rights: list[int]


class Rights(Schema):
    """Who decides now, and what is wrong with it."""

    items: list[RightOut]
    faults: list[FaultOut]


class RightWhole(RightOut):
    """A right with every wording it had, newest first."""

    wordings: list[RightOut]


PLAIN_COLUMNS = (
    "series", "topic", "currency", "amount_from", "amount_to", "role", "seats", "quorum",
    "majority", "must", "deadline_wd", "default_if_silent", "silent_wd", "voting", "valid_from",
    "valid_to",
)  # fmt: skip


def row(one: DecisionRight) -> dict[str, Any]:
    """Return a right as plain values."""
    return {name: getattr(one, name) for name in PLAIN_COLUMNS} | {
        "body": named(one.body),
        "escalate_to": named(one.escalate_to),
        "calendar": one.calendar.key,
    }


def _whole(me: Person, series: int) -> dict[str, Any]:
    wordings = wordings_of(me, series)
    return row(wordings[0]) | {"wordings": [row(one) for one in wordings]}


def _wish(me: Person, asked: RightBody) -> actions.Wish:
    sent = asked.dict(exclude_unset=True)
    for name, rows in (("body", teams_visible_to(me)), ("escalate_to", people_visible_to(me))):
        if sent.get(name) is not None:
            sent[name] = rows.filter(pk=sent[name]).first()
            if sent[name] is None:
                raise Invalid("unknown", _("There is no such thing to choose here."), name)
    if sent.get("calendar") is not None:
        sent["calendar"] = calendar_for(me, sent["calendar"])
    nullable = {"amount_to", "body", "escalate_to"}
    kept = {name: value for name, value in sent.items() if value is not None or name in nullable}
    return actions.Wish(**kept)  # type: ignore[typeddict-item]


@router.get("/decision-rights", response=answers({200: Rights}, *READ), summary="Who decides")
def list_rights(request: HttpRequest) -> HttpResponse:
    """Return the rights in force with their gaps and overlaps, for those who work here."""
    version_for("decision")
    needed(may_read_rights(caller(request)))
    told = [
        {"kind": one.kind, "topic": one.topic, "currency": one.currency, "start": one.start,
         "end": one.end, "rights": list(one.keys)}
        for one in faults_now()
    ]  # fmt: skip
    return ok({"items": [row(one) for one in rights_now()], "faults": told})


@router.get(
    "/decision-rights/{series}",
    response=answers({200: RightWhole}, *READ),
    summary="Read a decision right",
)
def read_right(request: HttpRequest, series: Series) -> HttpResponse:
    """Return a right and every wording it had."""
    version_for("decision")
    return ok(_whole(caller(request), series))


@router.post(
    "/decision-rights", response=answers({201: RightWhole}, *WRITE), summary="Add a decision right"
)
def add_right(request: HttpRequest, asked: RightBody, key: Key = None) -> HttpResponse:
    """Say who decides on a topic between two amounts from now on."""

    def work() -> Answer:
        version_for("decision")
        me = caller(request)
        needed(may_word_rights(me))
        made = actions.add_right(by=me, **_wish(me, asked))
        return Answer(201, _whole(me, made.series))

    return once(request, work)


@router.patch(
    "/decision-rights/{series}",
    response=answers({200: RightWhole}, *WRITE),
    summary="Change a decision right",
)
def change_right(request: HttpRequest, series: Series, asked: RightBody) -> HttpResponse:
    """Word a right anew from now on; what runs keeps the wording it was raised under."""
    version_for("decision")
    me = caller(request)
    actions.change_right(wordings_of(me, series)[0], by=me, **_wish(me, asked))
    return ok(_whole(me, series))


@router.post(
    "/decision-rights/{series}/end",
    response=answers({200: RightWhole}, *WRITE),
    summary="End a decision right",
)
def end_right(request: HttpRequest, series: Series, key: Key = None) -> HttpResponse:
    """Let nobody decide by it any more."""

    def work() -> Answer:
        version_for("decision")
        me = caller(request)
        actions.end_right(wordings_of(me, series)[0], by=me)
        return Answer(200, _whole(me, series))

    return once(request, work)
