"""Writing a pass for somebody: the rule of access as it stands, and until when it can stand."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from brigade.kernel.instants import now
from brigade.kernel.live.channel import digest
from brigade.kernel.live.passes import Pass, Reach
from brigade.kernel.parties.held import held_by
from brigade.kernel.records.access import Standing, clauses, kinds

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person

LONGEST = timedelta(minutes=15)
"""A stream ends after so long and asks for a new pass, whatever happens."""


def pass_for(person: Person, session_key: str, expires: datetime) -> Pass:
    """Return the pass of somebody signed in; `expires` is when their session does."""
    at = now()
    standing = Standing.of(person, at)
    until = min(at + LONGEST, expires, *_turns(person, at))
    return Pass(
        person=person.pk,
        rights=person.rights_version,
        session=digest(session_key),
        at=int(at.timestamp()),
        until=int(until.timestamp()) + 1,
        read=_reach(standing, "read"),
        internal=_reach(standing, "internal"),
    )


def _turns(person: Person, at: datetime) -> list[datetime]:
    """Return the instants ahead at which something held begins or ends."""
    held = held_by(person)
    bounds = [bound for one in held.grants for bound in (one.valid_from, one.valid_to)]
    bounds += [bound for one in held.memberships for bound in (one.valid_from, one.valid_to)]
    return [bound for bound in bounds if bound is not None and bound > at]


def _reach(standing: Standing, verb: str) -> Reach:
    found = {kind: clauses(standing, verb, kind) for kind in kinds()}
    return {kind: each for kind, each in found.items() if each}
