"""The verbs of this room in one place: ask, vote, answer, withdraw, and what passes by itself."""

from __future__ import annotations

from brigade.kernel.approvals.asking import Question, ask, ask_in_steps
from brigade.kernel.approvals.ending import expire, expire_due, remind_due, withdraw, withdraw_all
from brigade.kernel.approvals.handlers import on_decided, resolve_roles
from brigade.kernel.approvals.rules import Rule
from brigade.kernel.approvals.seating import Sitting
from brigade.kernel.approvals.subjects import Subject
from brigade.kernel.approvals.voting import answer, vote

__all__ = [
    "Question",
    "Rule",
    "Sitting",
    "Subject",
    "answer",
    "ask",
    "ask_in_steps",
    "expire",
    "expire_due",
    "on_decided",
    "remind_due",
    "resolve_roles",
    "vote",
    "withdraw",
    "withdraw_all",
]
