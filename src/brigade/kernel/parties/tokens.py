"""Who a token stands for, asked at every call of a program.

One prepared statement says whether the token and its person are alive and
which `rights_version` the person has; everything else (the row, its grants,
its teams) is kept per process under that version. So a token or a person that
ends is refused by the very next call in every process, with nothing to
broadcast, and a call costs one look-up by a unique index. The kept half lives
15 seconds at most, so that a fact outside the version (a preference) cannot
grow old.
"""

from __future__ import annotations

import copy
import hashlib
import hmac
import time
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from brigade.kernel import instants
from brigade.kernel.parties import writes
from brigade.kernel.parties.held import Held, held_by, note_rights
from brigade.kernel.parties.models import Person

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

PREFIX: Final = "brg_"
KEPT_SECONDS: Final = 15
LONGEST: Final = 200


def digest_of(raw: str) -> bytes:
    """Return what is stored of a token: 32 bytes of SHA-256.

    The secret has 256 random bits, so it needs neither salt nor a slow hash.
    """
    return hashlib.sha256(raw.encode("utf-8", "surrogatepass")).digest()


@dataclass(frozen=True, slots=True)
class Bearer:
    """A program at the door: the person it acts as, and the scopes it may use."""

    person: Person
    scopes: AbstractSet[str]
    token_id: int


def person_by_token(raw: str, at: datetime | None = None) -> Bearer | None:
    """Return who a raw token stands for at `at` (default now), or None.

    None means unknown, expired, revoked or a disabled person, and does not say
    which. The person is a copy of its own with the rights noted on it.
    """
    if not raw.startswith(PREFIX) or len(raw) > LONGEST:
        return None
    instant = at or instants.now()
    digest = digest_of(raw)
    found = writes.live_token(digest, instant)
    if found is None or not hmac.compare_digest(found.digest, digest):
        return None
    kept = _kept(found.person_id, found.rights_version, int(time.monotonic() / KEPT_SECONDS))
    if kept is None:
        return None
    if found.last_used_at is None or found.last_used_at < instant - writes.TOUCH_AT_MOST_EVERY:
        writes.touch_token(found.token_id, instant)
    person, held = kept
    return Bearer(note_rights(_twin(person), held), frozenset(found.scopes), found.token_id)


def _twin(person: Person) -> Person:
    """Return a person of its own for this request, as `copy.copy` does in ten times the time."""
    twin = Person.__new__(Person)
    twin.__dict__.update(person.__dict__)
    twin._state = copy.copy(person._state)
    twin._state.fields_cache = dict(person._state.fields_cache)
    return twin


@lru_cache(maxsize=4096)
def _kept(person_id: int, rights_version: int, _while: int) -> tuple[Person, Held] | None:
    """Load a person and what they hold; the arguments are the time it stays true."""
    person = Person.objects.filter(pk=person_id, is_active=True).first()
    return None if person is None else (person, held_by(person))
