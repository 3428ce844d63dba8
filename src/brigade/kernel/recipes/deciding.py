"""The verbs of deciding about practices: plan, consider, decline, and sign the whole of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Unpack

from django.utils.translation import gettext as _

from brigade.kernel import instants
from brigade.kernel.parties import rules
from brigade.kernel.parties.access import needed
from brigade.kernel.parties.acting import acting
from brigade.kernel.parties.models import Person
from brigade.kernel.recipes import library
from brigade.kernel.recipes.access import may_adopt
from brigade.kernel.recipes.actions import Outlook, adopt, kept_decision, needed_owner
from brigade.kernel.recipes.manifests import Manifest, manifests
from brigade.kernel.recipes.models import Adoption, Circumstances
from brigade.kernel.recipes.proposals import Answers
from brigade.kernel.recipes.raising import ready_level
from brigade.kernel.refused import Hidden, Invalid, Refused

LONGEST = 2000


@dataclass(frozen=True, slots=True)
class Choice:
    """What is signed about one practice: a level, 0 for none, who answers for it, and why."""

    key: str
    level: int
    owner: Person | None
    reason: str


def plan(
    key: str,
    *,
    by: Person,
    owner: Person | None,
    level: int = 1,
    rationale: str = "",
    **outlook: Unpack[Outlook],
) -> Adoption:
    """Choose a practice that does not run yet, or cannot: its recipe may still be to come.

    It counts as chosen in the Statement of Adoption, and so has somebody who answers for
    it (E05). Refused where the practice runs.
    """
    needed(may_adopt(by))
    _needed_level(_outline(key), level)
    needed_owner(owner, key)
    return _decided(key, Adoption.State.PLANNED, by, rationale, outlook, level=level, owner=owner)


def consider(
    key: str,
    *,
    by: Person,
    owner: Person | None = None,
    rationale: str = "",
    **outlook: Unpack[Outlook],
) -> Adoption:
    """Leave a practice open, and say what speaks for and against it; refused where it runs."""
    needed(may_adopt(by))
    _outline(key)
    return _decided(key, Adoption.State.CONSIDERED, by, rationale, outlook, owner=owner)


def decline(key: str, *, by: Person, rationale: str, **outlook: Unpack[Outlook]) -> Adoption:
    """Do without a practice, and say why: the Statement of Adoption gives this reason.

    One that runs here stops: it disappears from menus, forms, figures and the API, and no
    record of it is opened any more; those there are go on under their version.
    """
    needed(may_adopt(by))
    _outline(key)
    why = rules.paragraph(rationale, "rationale", longest=LONGEST)
    if not why:
        raise Invalid("no_reason", _("Say why you do without this practice."), "rationale")
    with acting(by):
        values = {
            "state": Adoption.State.DECLINED, "rationale": why, "owner": None,
            "provisional": False, "waiver": "", "decision": "",
        }  # fmt: skip
        return kept_decision(key, by, values, outlook)


def sign(answers: Answers, choices: Sequence[Choice], *, by: Person) -> list[Adoption]:
    """Decide about every practice at once, with the answers it follows from; all or nothing.

    A chosen practice that is installed is adopted, at the level it has evidence for now and
    aiming at the one chosen; one that is not installed is planned; all others are declined
    with their reason. Refused where somebody is missing who answers for a chosen one (E05).
    """
    needed(may_adopt(by))
    chosen = {choice.key: choice for choice in choices}
    if chosen.keys() != manifests().keys() or len(chosen) != len(choices):
        raise Invalid("incomplete", _("Say of every practice whether it is chosen."), "choices")
    for choice in chosen.values():
        if choice.level:
            needed_owner(choice.owner, choice.key, f"owner-{choice.key}")
    with acting(by):
        Circumstances.objects.update_or_create(
            pk=1, defaults={**asdict(answers), "signed_by": by, "signed_at": instants.now()}
        )
        return [_signed(chosen[key], by) for key in manifests()]


def _signed(choice: Choice, by: Person) -> Adoption:
    if not choice.level:
        return decline(choice.key, by=by, rationale=choice.reason)
    if choice.key not in library.installed():
        return plan(
            choice.key, by=by, owner=choice.owner, level=choice.level, rationale=choice.reason
        )
    ready = ready_level(choice.key, choice.level)
    return adopt(
        choice.key,
        by=by,
        level=ready,
        owner=choice.owner,
        rationale=choice.reason,
        target_level=choice.level if choice.level > ready else None,
    )


def _decided(
    key: str,
    state: Adoption.State,
    by: Person,
    rationale: str,
    outlook: Outlook,
    *,
    level: int = 1,
    owner: Person | None = None,
) -> Adoption:
    why = rules.paragraph(rationale, "rationale", longest=LONGEST)
    with acting(by):
        if Adoption.objects.filter(key=key, state=Adoption.State.ADOPTED).exists():
            raise Refused(
                "runs_already",
                _("This practice runs here. Lower its level, or decline it with a reason."),
                "state",
            )
        values = {
            "state": state, "rationale": why, "level": level, "owner": owner,
            "waiver": "", "decision": "",
        }  # fmt: skip
        return kept_decision(key, by, values, outlook)


def _outline(key: str) -> Manifest:
    manifest = manifests().get(key)
    if manifest is None:
        raise Hidden("no_such_recipe", _("There is no recipe “%(key)s” here.") % {"key": key})
    return manifest


def _needed_level(manifest: Manifest, level: int) -> None:
    if level not in manifest.levels:
        said = {"title": _(manifest.title), "level": level}
        sentence = _("%(title)s has no level %(level)d.") % said
        raise Invalid("no_such_level", sentence, "level")
