"""A newer recipe of the library, taken path by path; a practice as one file that fits in git."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Path, Router, Schema
from pydantic import Field, StringConstraints

from brigade.api.frame.answers import Key, ok, once
from brigade.api.frame.door import caller
from brigade.api.frame.problems import READ, WRITE, answers
from brigade.api.frame.shapes import PLAIN, Asked, Body
from brigade.api.recipe_drafts import RecipeDraftOut, draft_shown
from brigade.kernel.parties.access import is_staff, needed
from brigade.kernel.recipes.access import may_draft
from brigade.kernel.recipes.differences import MISSING
from brigade.kernel.recipes.queries import running
from brigade.kernel.recipes.settling import Answer as CardAnswer
from brigade.kernel.recipes.settling import settled
from brigade.kernel.recipes.upgrading import (
    export_recipe,
    import_recipe,
    upgrade_on_offer,
    upgrade_recipe,
)
from brigade.kernel.records.idempotency import Answer
from brigade.kernel.refused import Hidden, Refused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from brigade.kernel.recipes.models import RecipeDraft
    from brigade.kernel.recipes.upgrading import Offer

router = Router(tags=["recipes"])
RecipeKey = Annotated[str, Path(max_length=40, description="Such as incident.")]
CardPath = Annotated[str, StringConstraints(max_length=400, pattern=PLAIN)]


class UpgradeCardOut(Schema):
    """One thing to know about an upgrade, or to answer; what a side does not have is left out."""

    kind: Literal["conflict", "orphan", "taken", "kept", "same"] = Field(
        description="conflict and orphan are asked; the others are settled."
    )
    path: str
    old: Any = Field(None, description="What the library had.")
    new: Any = Field(None, description="What the library has.")
    ours: Any = Field(None, description="What holds here.")
    proposal: Any = Field(None, description="Both lists in one, where both changed it.")
    why: str
    author: str
    changes: list[dict[str, Any]] = Field(description="The paths of the library it is about.")
    operations: list[dict[str, Any]] = Field(description="The operations here it is about.")


class RecipeUpgradeOut(Schema):
    """What taking a newer recipe means here."""

    old: str = Field(description="The version of the library that runs here.")
    new: str | None = Field(description="The newer one; null where there is none.")
    cards: list[UpgradeCardOut]
    unanswered: list[str] = Field(description="The paths of the cards that still ask.")


class UpgradePlanOut(RecipeUpgradeOut):
    """The same, with what would come of it once nothing asks any longer."""

    overlay: list[dict[str, Any]]


class CardAnswerBody(Asked):
    """What becomes of one card that is asked."""

    choice: Literal["retain", "merge", "revert"]
    to: Any = Field(None, description="The value of a merge; left out, the proposal.")
    path: CardPath = Field("", description="Where an orphan goes that is merged.")
    why: CardPath = Field("", description="The reason of a merge; left out, the old one stays.")


class RecipeUpgradeBody(Asked):
    """An answer for the path of each card that is asked."""

    answers: Annotated[dict[CardPath, CardAnswerBody], Field(max_length=500)] = {}
    text: Body | None = Field(None, description="A recipe; left out, the library's own.")


class PracticeFileBody(Asked):
    """A practice as one file."""

    text: Body


class PracticeFileOut(Schema):
    """A practice as one file: base, level, facets and overlay, always in the same order."""

    key: str
    text: str


UPGRADE, FILE = "/recipes/{key}/upgrade", "/recipes/{key}/file"


@router.get(UPGRADE, response=answers({200: RecipeUpgradeOut}, *READ), summary="Read an upgrade")
def read_upgrade(request: HttpRequest, key: RecipeKey) -> HttpResponse:
    """What the library changed, what is tailored here, and where both changed the same path."""
    _staff(request)
    try:
        return ok(_offered(upgrade_on_offer(key), {}))
    except Refused as no:
        if no.code != "nothing_newer":
            raise
        version = running(key).version
        here = version.version.partition("+")[0] if version else ""
        return ok({"old": here, "new": None, "cards": [], "unanswered": []})


@router.post(
    f"{UPGRADE}/plan",
    response=answers({200: UpgradePlanOut}, *WRITE),
    summary="See what an upgrade would do",
)
def plan_upgrade(
    request: HttpRequest, key: RecipeKey, asked: RecipeUpgradeBody, again: Key = None
) -> HttpResponse:
    """What is still asked with these answers; once nothing is, the overlay. Writes nothing."""

    def work() -> Answer:
        needed(may_draft(caller(request), running(key)))
        offer, told = upgrade_on_offer(key, text=asked.text), _told(asked)
        body = _offered(offer, told)
        overlay = () if body["unanswered"] else settled(offer.merge, told)
        return Answer(200, body | {"overlay": [each.as_dict() for each in overlay]})

    return once(request, work)


@router.post(UPGRADE, response=answers({200: RecipeDraftOut}, *WRITE), summary="Take an upgrade")
def take_upgrade(
    request: HttpRequest, key: RecipeKey, asked: RecipeUpgradeBody, again: Key = None
) -> HttpResponse:
    """Begin the draft in which the newer recipe is taken, once every card has its answer."""
    me = caller(request)
    return once(
        request,
        lambda: _begun(upgrade_recipe(key, by=me, answers=_told(asked), text=asked.text)),
    )


@router.get(FILE, response=answers({200: PracticeFileOut}, *READ), summary="Export a practice")
def read_file(request: HttpRequest, key: RecipeKey) -> HttpResponse:
    """The library's version, level and facets, and what is tailored, as one YAML text."""
    _staff(request)
    return ok({"key": key, "text": export_recipe(key)})


@router.post(FILE, response=answers({200: RecipeDraftOut}, *WRITE), summary="Import a practice")
def take_file(
    request: HttpRequest, key: RecipeKey, asked: PracticeFileBody, again: Key = None
) -> HttpResponse:
    """Begin a draft that says what such a file says; what runs stays until it is published."""
    me = caller(request)
    return once(request, lambda: _begun(import_recipe(asked.text, by=me, key=key)))


def _staff(request: HttpRequest) -> None:
    if not is_staff(caller(request)):
        raise Hidden("no_such_recipe", _("There is no such recipe, or it is not open to you."))


def _told(asked: RecipeUpgradeBody) -> dict[str, CardAnswer]:
    return {path: _answer(each) for path, each in asked.answers.items()}


def _answer(asked: CardAnswerBody) -> CardAnswer:
    to = asked.to if "to" in asked.model_fields_set else MISSING
    return CardAnswer(asked.choice, to, asked.path, asked.why.strip())


def _offered(offer: Offer, told: Mapping[str, CardAnswer]) -> dict[str, Any]:
    return {
        "old": offer.old.recipe.version,
        "new": offer.new.recipe.version,
        "cards": [card.as_dict() for card in offer.merge.cards],
        "unanswered": [card.path for card in offer.merge.asked if card.path not in told],
    }


def _begun(draft: RecipeDraft) -> Answer:
    return Answer(200, draft_shown(draft))
