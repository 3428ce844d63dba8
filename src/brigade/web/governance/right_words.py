"""Decision rights in words: the rule, the amounts, the choices of the form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from brigade.governance.decision_rights.rules import Fault
from brigade.kernel.parties.roles import ROLES
from brigade.kernel.recipes.elements import plain_words
from brigade.web.shell.money import money

if TYPE_CHECKING:
    from brigade.governance.decision_rights.models import DecisionRight


def topic_words(topic: str) -> str:
    """Return a topic as a reader says it."""
    known = {
        "investment": _("Investment"),
        "strategy": _("Strategy"),
        "sourcing": _("Sourcing"),
        "risk_acceptance": _("Risk acceptance"),
        "recipe": _("Recipe"),
    }
    return known.get(topic) or plain_words(topic)


def band_words(start: int, end: int | None, currency: str) -> str:
    """Return the amounts of a band in words."""
    if not currency:
        return _("without an amount")
    if end is None:
        return _("from %(start)s") % {"start": money(start, currency)}
    said = {"start": money(start, currency), "end": money(end, currency)}
    return _("from %(start)s to below %(end)s") % said if start else _("below %(end)s") % said


def body_words(right: DecisionRight) -> str:
    """Return who decides: the team, or the role."""
    return right.body.name if right.body else _(ROLES[right.role].word)


def rule_words(right: DecisionRight) -> str:
    """Return the rule of a right as one sentence."""
    if right.majority == "single":
        said = _("One voice of them is enough.")
    else:
        said = {
            "simple": _("At least %(quorum)d of %(seats)d vote; more agree than object."),
            "two_thirds": _("At least %(quorum)d of %(seats)d vote; two thirds of them agree."),
            "unanimous": _("At least %(quorum)d of %(seats)d vote; nobody objects."),
        }[right.majority] % {"quorum": right.quorum, "seats": right.seats}
    if right.must:
        roles = ", ".join(_(ROLES[role].word) for role in right.must if role in ROLES)
        said += " " + _("Has to agree: %(roles)s.") % {"roles": roles}
    return said


def deadline_words(right: DecisionRight) -> str:
    """Return by when, and what happens then, as one sentence."""
    said = ngettext(
        "Within %(num)d working day.", "Within %(num)d working days.", right.deadline_wd
    ) % {"num": right.deadline_wd}
    if right.escalate_to:
        said += " " + _("Then %(name)s decides.") % {"name": right.escalate_to.name}
    if right.default_if_silent != "escalate":
        said += " " + defaults()[right.default_if_silent]
    return said


def voting_words(right: DecisionRight) -> str:
    """Return how the body votes."""
    return votings()[right.voting]


def fault_words(fault: Fault) -> str:
    """Return a gap or an overlap as one sentence."""
    said = {
        "topic": topic_words(fault.topic),
        "band": band_words(fault.start, fault.end, fault.currency),
    }
    if fault.kind == "gap":
        return _("%(topic)s, %(band)s: nobody decides.") % said
    return _("%(topic)s, %(band)s: two rights claim it.") % said


def majorities() -> dict[str, str]:
    """Return the majorities there are."""
    return {
        "simple": _("More agree than object"),
        "two_thirds": _("Two thirds agree"),
        "unanimous": _("Nobody objects"),
        "single": _("One voice is enough"),
    }


def defaults() -> dict[str, str]:
    """Return what silence means in the end."""
    return {
        "escalate": _("It stays with whom it is escalated to."),
        "approve": _("Silence approves in the end."),
        "reject": _("Silence rejects in the end."),
        "lapse": _("Silence lets it lapse in the end."),
    }


def votings() -> dict[str, str]:
    """Return how a body can vote."""
    return {
        "meeting": _("In a meeting, which opens the vote"),
        "electronic": _("Electronically, as soon as the paper is ready"),
    }


def options(words: dict[str, str]) -> list[tuple[Any, str]]:
    """Return words as the options of a select."""
    return list(words.items())


def role_options() -> list[tuple[Any, str]]:
    """Return the roles for a select; the first is none."""
    return [("", _("None")), *((key, _(role.word)) for key, role in ROLES.items())]
