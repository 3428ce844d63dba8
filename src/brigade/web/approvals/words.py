"""A rule, a seat and an outcome of an approval in the reader's words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from brigade.kernel.approvals.rules import EXCLUDED, Rule
from brigade.kernel.recipes.elements import in_language, plain_words
from brigade.kernel.recipes.role_names import role_name

if TYPE_CHECKING:
    from brigade.kernel.approvals.models import Approval
    from brigade.kernel.records.models import JournalEntry

VOTES: Mapping[str, tuple[str | Promise, str, str]] = {
    "approve": (lazy("Approves"), "circle-check", "ok"),
    "reject": (lazy("Rejects"), "circle-x", "bad"),
    "abstain": (lazy("Abstains"), "ban", "line"),
    "need_info": (lazy("Asks for more"), "circle-question-mark", "warn"),
}
"""What a vote says, its icon, and its tone."""

TONES = {"approved": "ok", "rejected": "bad", "expired": "warn", "open": "line"}


def tone(approval: Approval) -> str:
    """Return the tone in which the state of an approval is shown."""
    return TONES.get(approval.state, "line")


def rule_in_words(rule: Rule, seats: int) -> list[str]:
    """Return the sentences of a rule: how many, which majority, who must agree, who may stop it."""
    sentences = [_majority(rule, seats)]
    for role in rule.must:
        sentences.append(_("%(role)s must agree.") % {"role": _capital(role_name(role))})
    for role in rule.veto:
        sentences.append(_("If %(role)s rejects, it is rejected.") % {"role": role_name(role)})
    for role in rule.exclude:
        if role not in EXCLUDED:
            sentences.append(_("%(role)s does not vote.") % {"role": _capital(role_name(role))})
    return sentences


def _majority(rule: Rule, seats: int) -> str:
    if rule.majority == "single":
        return _("The first who approves or rejects decides for all.")
    quorum = ngettext(
        "%(min)d of %(seats)d has to vote.", "%(min)d of %(seats)d have to vote.", rule.min
    ) % {"min": rule.min, "seats": seats}
    share = {
        "simple": _(
            "More have to approve than reject; whoever abstains counts for the quorum only."
        ),
        "two_thirds": _("Two thirds of those who approve or reject have to approve."),
        "unanimous": _("Nobody may reject."),
    }[rule.majority]
    return f"{quorum} {share}"


def at_deadline(approval: Approval) -> str:
    """Return what happens where nobody decides in time, in words; empty where nothing does."""
    return {
        "expire": _("If it is not decided by then, it ends undecided."),
        "approve": _("If it is not decided by then, it counts as approved."),
        "reject": _("If it is not decided by then, it counts as rejected."),
        "escalate": _("If it is not decided by then, somebody else is asked."),
    }.get(approval.on_timeout, "")


def approval_sentence(entry: JournalEntry, actor: str) -> tuple[str, dict[str, str]]:
    """Return the line that an entry is in a record's journal, and the parts set off in it."""
    said = {name: value[1] for name, value in (entry.changes or {}).items()}
    parts = {"actor": actor, "what": in_language(plain_words(said.get("approval", "")))}
    parts["why"] = entry.body or "–"
    if "approval.answer" in said:
        return _("%(actor)s answered before the decision %(what)s: %(why)s"), parts
    if "approval.vote" in said:
        return {
            "approve": _("%(actor)s approved %(what)s: %(why)s"),
            "reject": _("%(actor)s rejected %(what)s: %(why)s"),
            "abstain": _("%(actor)s abstained on %(what)s: %(why)s"),
        }.get(said["approval.vote"], _("%(actor)s asked for more on %(what)s: %(why)s")), parts
    return {
        "open": _("%(actor)s asked for the decision %(what)s"),
        "approved": _("The decision %(what)s is: approved"),
        "rejected": _("The decision %(what)s is: rejected"),
        "expired": _("The decision %(what)s was not made in time"),
    }.get(said.get("approval.status", ""), _("The decision %(what)s was taken back")), parts


def _capital(word: str) -> str:
    return word[:1].upper() + word[1:]
