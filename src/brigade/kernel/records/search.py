"""Finding records by number, by the beginning of words, by words: only what one may read.

Newest first, in two steps, so that neither a rare nor a common word is slow.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from brigade.kernel.records import queries
from brigade.kernel.records.access import Standing, records_open_to_desk, records_visible_to
from brigade.kernel.records.models import Record

if TYPE_CHECKING:
    from brigade.kernel.parties.models import Person

CAP = 5000
"""A word found more often than this is common, and is looked for newest first."""
WINDOW = 100_000
"""How many of the newest records a common word is looked for in first."""
WORDS = 12

_NUMBER = re.compile(r"^[A-Za-z]{1,5}-?\d{0,12}$")
_WORD = re.compile(r"[^\W_]+", re.UNICODE)


def search(person: Person, text: str, *, limit: int = 50) -> list[Record]:
    """Return records the person may read that hold all the words of `text`, newest first.

    The last word may be a beginning. Where the person may read everything of a
    record, internal notes count too; elsewhere only public words do. What a number
    or its beginning finds comes before what words find.
    """
    standing = Standing.of(person)
    ids = search_ids(person, text, limit=limit, standing=standing)
    rows = records_visible_to(person, standing).filter(pk__in=ids)
    by_id = {
        record.pk: record
        for record in rows.select_related("requester", "assignee", "service", "team")
    }
    return [by_id[record_id] for record_id in ids if record_id in by_id]


def search_ids(
    person: Person, text: str, *, limit: int = 50, standing: Standing | None = None
) -> list[int]:
    """Return the ids of what `search` finds, for who reads the rows in a way of their own."""
    standing = standing or Standing.of(person)
    wanted = text.strip()[:200]
    found: dict[int, None] = {}
    if _NUMBER.match(wanted):
        found |= dict.fromkeys(_by_number(person, standing, wanted, limit))
    query = tsquery(wanted)
    if query and len(found) < limit:
        found |= dict.fromkeys(_by_words(person, standing, query, limit))
    return list(found)[:limit]


def tsquery(text: str) -> str:
    """Return a text search query: every word must be there, the last may go on."""
    words = [word.lower() for word in _WORD.findall(text)][:WORDS]
    if not words:
        return ""
    return " & ".join([*(f"'{word}'" for word in words[:-1]), f"'{words[-1]}':*"])


def _by_number(person: Person, standing: Standing, text: str, limit: int) -> list[int]:
    letters, digits = re.match(r"([A-Za-z]+)-?(\d*)", text).groups()  # type: ignore[union-attr]
    prefix = f"{letters.upper()}-{digits}" if digits else letters.upper()
    visible = records_visible_to(person, standing)
    found = visible.filter(number__startswith=prefix).order_by("-id")
    return list(found.values_list("id", flat=True)[:limit])


def _by_words(person: Person, standing: Standing, query: str, limit: int) -> list[int]:
    """Return the newest of what matches for each audience, inside the scope that goes with it."""
    desk = records_open_to_desk(person, standing)
    public = records_visible_to(person, standing)
    ids: dict[int, None] = {}
    for audience, scope in (("desk", desk), ("requester", public)):
        if audience == "desk" and not standing.reads_internally():
            continue
        for record_id in queries.matching(query, audience, scope, limit, cap=CAP, window=WINDOW):
            ids[record_id] = None
    return sorted(ids, reverse=True)[:limit]


def similar(
    person: Person, text: str, *, besides: int | None = None, limit: int = 5
) -> list[Record]:
    """Return records the person may read that share words with `text`, closest first.

    Only their newest candidates are ranked, so that a common word stays cheap.
    """
    words = [word.lower() for word in _WORD.findall(text) if len(word) > 3][:WORDS]
    if not words:
        return []
    query = " | ".join(f"'{word}'" for word in dict.fromkeys(words))
    standing = Standing.of(person)
    public = records_visible_to(person, standing)
    scopes = [("requester", public)]
    if standing.reads_internally():
        scopes.insert(0, ("desk", records_open_to_desk(person, standing)))
    ranked: dict[int, float] = {}
    for audience, scope in scopes:
        for record_id, rank in queries.ranked(query, audience, scope, limit + 1, cap=CAP):
            ranked[record_id] = max(rank, ranked.get(record_id, 0.0))
    ranked.pop(besides or 0, None)
    best = sorted(ranked, key=lambda record_id: (-ranked[record_id], -record_id))[:limit]
    rows = {record.pk: record for record in public.filter(pk__in=best).select_related("assignee")}
    return [rows[record_id] for record_id in best if record_id in rows]
