"""Which practices an organisation should adopt, and how far: seven answers, and a reason for each.

Pure, over the manifests. Each level of a practice names circumstances, any of which
speaks for it; the reason is the one that does. A practice of which none does is not
proposed, and the reason says which would.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from brigade.kernel.recipes.manifests import Manifest, manifests
from brigade.kernel.sentences import _

MINOR: Final = 100
"""Minor units of money in a whole one."""


@dataclass(frozen=True, slots=True)
class Answers:
    """The answers to the seven questions.

    `headcount` are the people who do IT's work, `customers` the organisations or
    departments they serve, `vendor_spend` the most that one vendor gets in a year
    (minor units), `changes` are counted a month.
    """

    headcount: int
    customers: int
    vendor_spend: int
    regulated: bool
    services: int
    changes: int
    on_call: bool


STARTER_SETS: Final[Mapping[str, Answers]] = {
    "solo": Answers(5, 1, 0, False, 5, 4, False),
    "50": Answers(50, 5, 60_000 * MINOR, False, 15, 15, False),
    "500": Answers(500, 25, 2_000_000 * MINOR, True, 80, 150, True),
}
"""Starter sets are typical answers: what they propose follows by the same rules."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is proposed for one practice: a level, 0 for none, and the reason in a sentence."""

    key: str
    level: int
    reason: str


def _grouped(number: int) -> str:
    return f"{number:,}"


def propose(
    answers: Answers,
    *,
    highest: Mapping[str, int] | None = None,
    number: Callable[[int], str] = _grouped,
) -> list[Proposal]:
    """Return a proposal for every practice of the library, in the order of its shelves.

    `highest` is the highest level there is a recipe for, where one is installed;
    `number` writes a number in the reader's language.
    """
    most = highest or {}
    found = {
        key: _proposal(key, manifest, answers, most.get(key, 3), number)
        for key, manifest in manifests().items()
    }
    return list(_settled(found).values())


def _proposal(
    key: str, manifest: Manifest, answers: Answers, most: int, number: Callable[[int], str]
) -> Proposal:
    for level in sorted(manifest.proposed, reverse=True):
        for circumstance in manifest.proposed[level] if level <= most else ():
            if _holds(circumstance, answers):
                return Proposal(key, level, _because(circumstance, answers, number))
    lowest = manifest.proposed[min(manifest.proposed)]
    absent = "; ".join(_absent(circumstance, number) for circumstance in lowest)
    return Proposal(key, 0, f"{absent[:1].upper()}{absent[1:]}.")


def _settled(found: dict[str, Proposal]) -> dict[str, Proposal]:
    """Lower what needs a practice that is not proposed far enough, until all needs are met."""
    for key, proposal in found.items():
        needs = manifests()[key].needs
        for level in sorted(needs):
            missing = [need for need in needs[level] if not _met(need, found)]
            if level > proposal.level or not missing:
                continue
            lower = [one for one in manifests()[key].levels if one < level]
            name, _sign, wanted = missing[0].partition(">=")
            sentence = _("First needs %(practice)s at level %(level)s.")
            said = sentence % {"practice": _(manifests()[name].title), "level": wanted}
            level_left = max(lower, default=0)
            reason = f"{proposal.reason} {said}" if level_left else said
            return _settled({**found, key: replace(proposal, level=level_left, reason=reason)})
    return found


def _met(need: str, found: Mapping[str, Proposal]) -> bool:
    name, _sign, level = need.partition(">=")
    return found[name].level >= int(level)


def _parts(circumstance: str) -> tuple[str, int]:
    name, _sign, least = circumstance.replace(">=", ">").partition(">")
    return name, int(least or 0)


def _holds(circumstance: str, answers: Answers) -> bool:
    name, least = _parts(circumstance)
    match name:
        case "always":
            return True
        case "vendor_spend":
            return answers.vendor_spend > least * MINOR
        case "regulated" | "on_call":
            return bool(getattr(answers, name))
        case _:
            return int(getattr(answers, name)) >= least


def _because(circumstance: str, answers: Answers, number: Callable[[int], str]) -> str:
    name, least = _parts(circumstance)
    sentence = {
        "always": _("Whoever serves others needs this."),
        "headcount": _("%(have)s people share the work."),
        "customers": _("%(have)s customers want to know where they stand."),
        "vendor_spend": _("A vendor gets more than %(least)s a year."),
        "regulated": _("You are regulated."),
        "services": _("%(have)s services are more than one can keep in mind."),
        "changes": _("There are %(have)s changes a month."),
        "on_call": _("Somebody is on call."),
    }[name]
    have = int(getattr(answers, name, 0))
    return sentence % {"have": number(have), "least": number(least)}


def _absent(circumstance: str, number: Callable[[int], str]) -> str:
    name, least = _parts(circumstance)
    sentence = {
        "headcount": _("fewer than %(least)s people"),
        "customers": _("fewer than %(least)s customers"),
        "vendor_spend": _("no vendor above %(least)s a year"),
        "regulated": _("not regulated"),
        "services": _("fewer than %(least)s services"),
        "changes": _("fewer than %(least)s changes a month"),
        "on_call": _("nobody on call"),
    }[name]
    return sentence % {"least": number(least)}
