"""Adoption: the Statement, what answers propose, deciding and signing."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Path, Query, Router, Schema
from pydantic import Field, StrictBool

from brigade.api.frame.answers import ok
from brigade.api.frame.door import caller
from brigade.api.frame.problems import LISTED, WRITE, answers
from brigade.api.frame.shapes import Asked, Line, Named, Text
from brigade.api.work.present import named
from brigade.kernel.parties.access import is_staff, needed
from brigade.kernel.parties.queries import person_of
from brigade.kernel.recipes.access import may_adopt
from brigade.kernel.recipes.actions import Outlook, adopt
from brigade.kernel.recipes.deciding import Choice, consider, decline, plan, sign
from brigade.kernel.recipes.library import highest_levels
from brigade.kernel.recipes.proposals import Answers, propose
from brigade.kernel.recipes.raising import lacking
from brigade.kernel.recipes.readiness import readiness
from brigade.kernel.recipes.statement import Stand, circumstances, read_by, statement

if TYPE_CHECKING:
    from brigade.kernel.recipes.models import Adoption

router = Router(tags=["adoption"])
State = Literal["adopted", "planned", "considered", "declined"]
Framework = Literal["itil_v3", "itil_4", "itil_5", "iso20000_1"]
RecipeKey = Annotated[str, Path(max_length=40, description="Such as incident.")]
PersonId = Annotated[int, Field(ge=1, le=2**63 - 1, description="A person's id.")]
Level = Annotated[int, Field(ge=1, le=3)]
Count = Annotated[int, Field(ge=0, le=1_000_000)]
Money = Annotated[int, Field(ge=0, le=10**15, description="Minor units, a year.")]
Names = Annotated[list[Text], Field(max_length=50)]


class AdoptBody(Asked):
    """What is decided about a practice: whether, how far, who answers for it, and why."""

    state: State = "adopted"
    level: Level = 1
    owner: PersonId | None = None
    rationale: Text = ""
    target_level: Level | None = None
    review_on: date | None = None
    facets_on: Names = Field([], description="Facets taken beyond the level.")
    facets_off: Names = Field([], description="Facets of the level left out.")
    waiver: Text = Field("", description="Why this level without its evidence.")
    decision: Line = Field("", description="The decision that carries it, where they run here.")


class PartOut(Schema):
    """A part (facet) of a practice, which is taken or left out as one."""

    key: str
    label: str
    level: int
    taken: bool = Field(description="Whether it runs here.")


class DecidedOut(Schema):
    """How it stands with a practice."""

    key: str
    title: str
    state: str = Field(description="adopted, planned, considered, declined or undecided.")
    chosen: bool
    installed: bool
    level: int | None
    target_level: int | None
    owner: Named | None
    reason: str
    waiver: str
    decision: str
    review_on: date | None
    decided_by: Named | None
    decided_at: datetime | None
    maps: dict[str, list[str]]
    parts: list[PartOut] = Field(description="None where its recipe is still to come.")


class HeadingOut(Schema):
    """A book, practice, activity or clause, and the keys of the practices under it."""

    name: str
    keys: list[str]


class AnswersBody(Asked):
    """The seven answers."""

    headcount: Count
    customers: Count
    vendor_spend: Money
    regulated: StrictBool
    services: Count
    changes: Count
    on_call: StrictBool


class AnswersQuery(Schema):
    """The seven answers, in an address."""

    headcount: Count
    customers: Count
    vendor_spend: Money
    regulated: bool
    services: Count
    changes: Count
    on_call: bool


class SignedOut(Schema):
    """The answers as signed, by whom and when."""

    answers: dict[str, int | bool]
    by: Named
    at: datetime


class StatementOut(Schema):
    """The Statement of Adoption."""

    chosen: int
    not_chosen: int
    signed: SignedOut | None
    items: list[DecidedOut]
    headings: list[HeadingOut] = Field(description="By a framework, where one was asked for.")


class ProposalOut(Schema):
    """What is proposed for a practice; level 0: not at all."""

    key: str
    level: int
    reason: str


class Proposals(Schema):
    """A proposal for every practice of the library."""

    items: list[ProposalOut]


class ChoiceBody(Asked):
    """What is signed about one practice; level 0: not chosen."""

    key: Annotated[str, Field(max_length=40)]
    level: Annotated[int, Field(ge=0, le=3)]
    owner: PersonId | None = None
    reason: Text = ""


class SignBody(Asked):
    """The answers, and a choice for every practice of the library."""

    answers: AnswersBody
    choices: Annotated[list[ChoiceBody], Field(max_length=100)]


class EvidenceOut(Schema):
    """A piece of evidence for a level."""

    said: str
    status: str = Field(description="met, not_met or not_known.")
    num: int | None
    den: int | None
    sentence: str


class ReadinessOut(Schema):
    """The evidence for raising a practice to a level."""

    ready: bool
    items: list[EvidenceOut]


@router.get(
    "/adoption", response=answers({200: StatementOut}, *LISTED), summary="Read the statement"
)
def read_statement(request: HttpRequest, by: Framework | None = None) -> HttpResponse:
    """Every practice, chosen or not, with its reason; `by` adds the headings of a framework."""
    needed(is_staff(caller(request)))
    stands, signed = statement(), circumstances()
    return ok(
        {
            "chosen": sum(one.chosen for one in stands),
            "not_chosen": sum(not one.chosen for one in stands),
            "signed": {
                "answers": {name: getattr(signed, name) for name in Answers.__slots__},
                "by": named(signed.signed_by),
                "at": signed.signed_at,
            }
            if signed
            else None,
            "items": [_decided(one) for one in stands],
            "headings": [
                {"name": one.name, "keys": [each.key for each in one.stands]}
                for one in (read_by(stands, by) if by else ())
            ],
        }
    )


@router.get(
    "/adoption/proposal", response=answers({200: Proposals}, *LISTED), summary="Propose practices"
)
def read_proposal(request: HttpRequest, asked: Query[AnswersQuery]) -> HttpResponse:
    """What seven answers propose, with the reason for each practice and against each other."""
    needed(is_staff(caller(request)))
    found = propose(Answers(**asked.dict()), highest=highest_levels())
    return ok({"items": [asdict(one) for one in found]})


@router.put(
    "/adoption", response=answers({200: StatementOut}, *WRITE), summary="Sign the statement"
)
def sign_statement(request: HttpRequest, asked: SignBody) -> HttpResponse:
    """Decide about every practice at once, with the answers it follows from; all or nothing."""
    me = caller(request)
    choices = [
        Choice(one.key, one.level, person_of(one.owner), one.reason) for one in asked.choices
    ]
    sign(Answers(**asked.answers.dict()), choices, by=me)
    return read_statement(request)


@router.put(
    "/recipes/{key}/adoption",
    response=answers({200: DecidedOut}, *WRITE),
    summary="Decide about a practice",
)
def decide(request: HttpRequest, key: RecipeKey, asked: AdoptBody) -> HttpResponse:
    """Run it at a level, plan it, consider it or do without; running records keep their version."""
    made = _made(request, key, asked)
    return ok(_decided(next(one for one in statement() if one.key == made.key)))


def _made(request: HttpRequest, key: str, asked: AdoptBody) -> Adoption:
    me, owner, why = caller(request), person_of(asked.owner), asked.rationale
    outlook: Outlook = {"target_level": asked.target_level, "review_on": asked.review_on}
    match asked.state:
        case "planned":
            return plan(key, by=me, owner=owner, level=asked.level, rationale=why, **outlook)
        case "considered":
            return consider(key, by=me, owner=owner, rationale=why, **outlook)
        case "declined":
            return decline(key, by=me, rationale=why, **outlook)
    return adopt(
        key,
        by=me,
        level=asked.level,
        owner=owner,
        rationale=why,
        on=asked.facets_on,
        off=asked.facets_off,
        waiver=asked.waiver,
        decision=asked.decision,
        **outlook,
    )


@router.get(
    "/recipes/{key}/readiness/{level}",
    response=answers({200: ReadinessOut}, *LISTED),
    summary="Read the evidence for a level",
)
def read_readiness(
    request: HttpRequest, key: RecipeKey, level: Annotated[int, Path(ge=1, le=3)]
) -> HttpResponse:
    """The evidence a recipe asks for before a level is raised, counted where there are rows."""
    needed(may_adopt(caller(request)))
    key = key.replace("\0", "")
    pieces = [one.as_dict() for one in readiness(key, level)]
    shown = [{name: one[name] for name in EvidenceOut.model_fields} for one in pieces]
    return ok({"ready": not lacking(key, level), "items": shown})


def _decided(one: Stand) -> dict[str, Any]:
    row = one.adoption
    facts = {"key": one.key, "title": _(one.manifest.title), "state": one.state,
             "chosen": one.chosen, "installed": one.installed, "reason": one.reason,
             "maps": one.manifest.maps.model_dump(),
             "parts": [asdict(part) for part in one.parts]}  # fmt: skip
    return facts | {
        "level": row.level if row and one.chosen else None,
        "target_level": row.target_level if row else None,
        "owner": named(row.owner) if row else None,
        **{name: getattr(row, name) if row else "" for name in ("waiver", "decision")},
        "review_on": row.review_on if row else None,
        "decided_by": named(row.decided_by) if row else None,
        "decided_at": row.decided_at if row else None,
    }
