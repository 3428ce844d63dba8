"""The pass with which a page opens its stream: who, for how long, and what may be seen.

The web writes it with the one rule of access (`records.access.clauses`) and
signs it; the live process reads it without Django. It is no secret key: it
opens a stream only together with the session it was written for.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

VALID_SECONDS = 60
"""How long a pass may be used to open a stream."""
LARGEST = 64 * 1024

Clauses = tuple[tuple[tuple[str, frozenset[Any]], ...], ...]
Reach = Mapping[str, Clauses]
"""Kind -> clauses; see `records.access`."""


@dataclass(frozen=True, slots=True)
class Pass:
    """What a stream is opened with. `at` and `until` are epoch seconds."""

    person: int
    rights: int
    session: str
    at: int
    until: int
    read: Reach
    internal: Reach


def signing_key(secret: str) -> bytes:
    """Return the key that passes are signed with, made from the installation's own."""
    return hmac.digest(secret.encode(), b"brigade.kernel.live.passes", "sha256")


def write(made: Pass, key: bytes) -> str:
    """Return a pass as text."""
    said = {
        "p": made.person,
        "v": made.rights,
        "s": made.session,
        "a": made.at,
        "u": made.until,
        "r": _plain(made.read),
        "i": _plain(made.internal),
    }
    body = base64.urlsafe_b64encode(json.dumps(said, separators=(",", ":")).encode()).decode()
    return f"{body}.{_signature(body, key)}"


def read(text: str, key: bytes, at: float) -> Pass | None:
    """Return the pass that `text` is, None where it is not ours or no longer valid at `at`."""
    body, _dot, signature = text.partition(".")
    if len(text) > LARGEST or not text.isascii():
        return None
    if not hmac.compare_digest(signature, _signature(body, key)):
        return None
    said = json.loads(base64.urlsafe_b64decode(body))
    if not said["a"] - 5 <= at <= said["a"] + VALID_SECONDS or at >= said["u"]:
        return None
    return Pass(
        person=said["p"],
        rights=said["v"],
        session=said["s"],
        at=said["a"],
        until=said["u"],
        read=_reach(said["r"]),
        internal=_reach(said["i"]),
    )


def reaches(reach: Reach, row: Mapping[str, Any]) -> bool:
    """Tell whether a record, given as a row of its columns, is within reach."""
    return any(
        all(row[column] in values for column, values in clause)
        for clause in reach.get(row["kind"], ())
    )


def _signature(body: str, key: bytes) -> str:
    return hmac.new(key, body.encode(), hashlib.sha256).hexdigest()


def _plain(reach: Reach) -> dict[str, Any]:
    return {
        kind: [[[column, sorted(values)] for column, values in clause] for clause in clauses]
        for kind, clauses in reach.items()
    }


def _reach(said: Mapping[str, Sequence[Any]]) -> Reach:
    return {
        kind: tuple(
            tuple((column, frozenset(values)) for column, values in clause) for clause in clauses
        )
        for kind, clauses in said.items()
    }
