"""Small-team mode: where few people work, one may approve alone what two should, and says why.

A visible choice, never a silent one: who chose it, when and why stands in a journalled
row, each use of it in another, and the head of IT is shown every month's uses.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Final

from django.db.models import Q
from django.utils.translation import gettext as _

from brigade.kernel import instants
from brigade.kernel.parties import rules
from brigade.kernel.parties.access import STAFF_ROLES, is_staff, may_administer, needed
from brigade.kernel.parties.acting import acting
from brigade.kernel.parties.models import Person, RoleGrant
from brigade.kernel.recipes.models import SelfApproval, SmallTeam
from brigade.kernel.refused import Invalid, Refused

RELAXABLE: Final = ("S1", "S3", "S7", "S8")
FEWER_THAN: Final = 8
LONGEST_REASON: Final = 2000


def staff_count() -> int:
    """Return how many people work here: active, with a role of the provider's own people."""
    now = instants.now()
    grants = RoleGrant.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=now),
        role__in=STAFF_ROLES,
        state=RoleGrant.State.GRANTED,
        valid_from__lte=now,
        person__is_active=True,
        person__is_system=False,
    )
    return grants.values("person").distinct().count()


def small_team() -> SmallTeam | None:
    """Return the choice as it stands, or None where nobody ever made one."""
    return SmallTeam.objects.select_related("head", "chosen_by").filter(pk=1).first()


def relaxed(rule: str) -> bool:
    """Return whether a rule of separation (S1, S3, S7, S8) may be met by one person here.

    It may as long as the mode is chosen for it and fewer than eight people work here;
    who makes use of it calls `approve_alone`, which asks for the reason and lists it.
    """
    chosen = SmallTeam.objects.filter(pk=1).values_list("rules", flat=True).first()
    return bool(chosen) and rule in (chosen or ()) and staff_count() < FEWER_THAN


def choose_small_team(
    chosen: Collection[str], *, by: Person, reason: str, head: Person | None = None
) -> SmallTeam:
    """Relax these rules of separation here, or none of them: the mode is off then.

    Only an administrator chooses, only where fewer than eight people work, with a reason,
    and with the name of whoever reads every month what was approved alone.
    """
    needed(may_administer(by))
    if unknown := sorted(set(chosen) - set(RELAXABLE)):
        raise Invalid(
            "no_such_rule",
            _("%(rule)s cannot be relaxed. Choose among %(rules)s.")
            % {"rule": unknown[0], "rules": ", ".join(RELAXABLE)},
            "rules",
        )
    why = _said(reason)
    if chosen:
        _needed_to_relax(head)
    with acting(by):
        row, _made = SmallTeam.objects.update_or_create(
            pk=1,
            defaults={
                "rules": [rule for rule in RELAXABLE if rule in chosen],
                "reason": why,
                "head": head,
                "chosen_by": by,
                "chosen_at": instants.now(),
            },
        )
    return row


def approve_alone(
    rule: str, *, by: Person, reason: str, subject: str, subject_id: int, title: str
) -> SelfApproval:
    """Note that one person approved alone what the rule gives to two, and why.

    `subject` and `subject_id` are a typed reference to what was approved, `title` its words.
    Refused where the rule is not relaxed here, Invalid without a reason.
    """
    if not relaxed(rule):
        raise Refused(
            "separation",
            _(
                "Another person has to approve this (%(rule)s). Where fewer than eight people"
                " work, an administrator may choose the small-team mode."
            )
            % {"rule": rule},
        )
    why = _said(reason)
    with acting(by):
        return SelfApproval.objects.create(
            rule=rule, subject=subject, subject_id=subject_id, title=title[:300], reason=why,
            person=by, at=instants.now(),
        )  # fmt: skip


def approved_alone(*, since: datetime, until: datetime | None = None) -> list[SelfApproval]:
    """Return the uses of relaxed rules from `since` on and before `until`, newest first."""
    found = SelfApproval.objects.select_related("person").filter(at__gte=since)
    if until is not None:
        found = found.filter(at__lt=until)
    return list(found.order_by("-at", "-pk"))


def _needed_to_relax(head: Person | None) -> None:
    count = staff_count()
    if count >= FEWER_THAN:
        sentence = _(
            "%(count)d people work here. The small-team mode is for fewer than %(most)d:"
            " let a second person approve."
        )
        raise Refused("not_small", sentence % {"count": count, "most": FEWER_THAN}, "rules")
    if head is None or not head.is_active or not is_staff(head):
        raise Invalid(
            "no_head",
            _("Name somebody who works here and reads every month what was approved alone."),
            "head",
        )


def _said(reason: str) -> str:
    text = rules.paragraph(reason, "reason", longest=LONGEST_REASON)
    if not text:
        raise Invalid("no_reason", _("Say why. It is kept, and listed every month."), "reason")
    return text
