"""Who decides on what: bands of amounts, whether they meet, and which one holds.

Amounts are minor units of a currency. A band is half open: what it begins with is
in, what it ends with is the beginning of the next.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Literal

from brigade.kernel.refused import Invalid, Refused
from brigade.kernel.sentences import _

MAJORITIES = ("simple", "two_thirds", "unanimous", "single")
"""`single`: one voice is enough, the first that is given."""
DEFAULTS = ("escalate", "approve", "reject", "lapse")
"""What silence means in the end: it stays with whom it was escalated to, or one of three ends."""
MEETING, ELECTRONIC = "meeting", "electronic"
VOTINGS = (MEETING, ELECTRONIC)
LONGEST_WD = 250


@dataclass(frozen=True, slots=True)
class Band:
    """The amounts that one right is about; `end` None: without an upper end."""

    key: int
    topic: str
    currency: str
    start: int
    end: int | None


@dataclass(frozen=True, slots=True)
class Fault:
    """Amounts of a topic on which nobody decides (gap), or two bodies do (overlap).

    `end` None: from there on. `keys` are the rights on either side.
    """

    kind: Literal["gap", "overlap"]
    topic: str
    currency: str
    start: int
    end: int | None
    keys: tuple[int, ...]


def faults(bands: Iterable[Band]) -> list[Fault]:
    """Return every gap and overlap, by topic and amount.

    A topic has to be decided on from nothing up to any amount, so what lies
    below its first band and above its last is a gap as well.
    """
    found: list[Fault] = []
    ordered = sorted(bands, key=lambda b: (b.topic, b.currency, b.start, b.key))
    for _name, group in groupby(ordered, key=lambda b: (b.topic, b.currency)):
        found += _faults_of(list(group))
    return found


def _faults_of(bands: list[Band]) -> list[Fault]:
    first = bands[0]
    found = [_fault("gap", 0, first.start, first)] if first.start > 0 else []
    reach, top = first.end, first
    for before, band in pairwise(bands):
        top = before if _reaches(before.end, reach) else top
        reach = before.end if _reaches(before.end, reach) else reach
        if reach is not None and reach < band.start:
            found.append(_fault("gap", reach, band.start, top, band))
        elif reach is None or band.start < reach:
            found.append(_fault("overlap", band.start, _lower(reach, band.end), top, band))
    if not any(band.end is None for band in bands):
        last = max(bands, key=lambda band: band.end or 0)
        found.append(_fault("gap", last.end or 0, None, last))
    return found


def _reaches(end: int | None, reach: int | None) -> bool:
    """Tell whether a band ends at or beyond what was reached before."""
    return end is None or (reach is not None and end >= reach)


def _lower(a: int | None, b: int | None) -> int | None:
    ends = [end for end in (a, b) if end is not None]
    return min(ends) if ends else None


def _fault(kind: Literal["gap", "overlap"], start: int, end: int | None, *bands: Band) -> Fault:
    one = bands[0]
    return Fault(kind, one.topic, one.currency, start, end, tuple(band.key for band in bands))


def right_for(bands: Iterable[Band], topic: str, amount: int, currency: str) -> int:
    """Return the key of the one right that holds; Refused where there is none or several.

    A right without a currency is about a topic without money, whatever the amount.
    """
    meant = [
        band
        for band in bands
        if band.topic == topic
        and (not band.currency or band.currency == currency)
        and band.start <= amount
        and (band.end is None or amount < band.end)
    ]
    if not meant:
        raise Refused(
            "nobody_decides",
            _(
                "Nobody may decide on this: no decision right covers the topic and the amount. "
                "Close the gap under decision rights first."
            ),
            "amount",
        )
    if len(meant) > 1:
        raise Refused(
            "several_decide",
            _(
                "Two decision rights claim this amount. Take the overlap away under "
                "decision rights first."
            ),
            "amount",
        )
    return meant[0].key


def check_wording(
    *, seats: int, quorum: int, majority: str, default: str, voting: str, deadline: int, silent: int
) -> None:
    """Refuse a right that nobody could exercise, or whose words mean nothing."""
    if not 1 <= quorum <= seats <= 99:
        raise Invalid(
            "bad_quorum", _("At least one seat has to vote, and no more than sit."), "quorum"
        )
    if majority not in MAJORITIES:
        raise Invalid("bad_majority", _("There is no majority of that kind."), "majority")
    if majority == "single" and quorum != 1:
        raise Invalid("bad_quorum", _("Where one voice decides, the quorum is one."), "quorum")
    if default not in DEFAULTS:
        raise Invalid(
            "bad_default", _("Say what silence means: escalate, approve, reject or lapse."),
            "default_if_silent",
        )  # fmt: skip
    if voting not in VOTINGS:
        raise Invalid("bad_voting", _("A body votes in a meeting or electronically."), "voting")
    if not 1 <= deadline <= LONGEST_WD:
        raise Invalid("bad_deadline", _("Give a deadline of 1 to 250 working days."), "deadline_wd")
    if not 0 <= silent <= LONGEST_WD:
        raise Invalid("bad_silence", _("Give 0 to 250 working days."), "silent_wd")
