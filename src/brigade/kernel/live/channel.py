"""The channel between the database and the live process, and what is said on it.

Plain Python without Django: the live process imports it and stays small. Only
ids travel. A payload is a JSON object with one key:

- `changed`: `[record, entry, public]`: the numbers of a record's newest entry and newest public
  one that were committed, 0 for none
- `present`: records where somebody came, went or began to write
- `told`: people who have a new notice
- `people`: people whose rights or way in changed; their streams end
- `sessions`: digests of sessions that ended; their streams end
- `again`: something may have been missed; everybody looks again
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

CHANNEL = "brigade_live"
APPLICATION = "brigade live"
"""Begins the name under which the live process is seen in pg_stat_activity."""
MOST = 200
"""Ids in one payload: it stays below the 8,000 bytes that PostgreSQL takes."""
AGAIN = '{"again":true}'


def payloads(key: str, values: Iterable[Any]) -> Iterator[str]:
    """Yield what to notify so that all `values` are told, in as few payloads as may be."""
    every: Sequence[Any] = list(values)
    for begin in range(0, len(every), MOST):
        yield json.dumps({key: every[begin : begin + MOST]}, separators=(",", ":"))


def read(payload: str) -> dict[str, Any]:
    """Return what a payload says; nothing where it is none of ours."""
    try:
        said = json.loads(payload)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def digest(session_key: str) -> str:
    """Return what stands for a session: its key is a secret."""
    return hashlib.sha256(session_key.encode()).hexdigest()
