"""Open streams, and what each of them is told: never more than its person may see."""

from __future__ import annotations

import asyncio
import json
import time
from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from brigade.kernel.live.passes import Pass, reaches

MOST_WAITING = 100
"""Records that wait to be told to one slow reader; beyond that it just looks again."""
COUNTS_SECONDS = 15.0
"""The numbers of the navigation are looked at again no more often than this."""


class Stream:
    """One open page: what waits to be told, and whether it is over.

    `record` is the number of the one record that the page shows; "" on a page
    that shows none; `lists` tells that the page shows a list. `held` are the ids, sorted,
    of records that stand on the page and were within reach when they were last looked at;
    `lost` the numbers of those that are so no more.
    """

    __slots__ = (
        "again", "changed", "counted", "counts", "ended", "held", "lists", "lost", "present",
        "record", "ticket", "wake",
    )  # fmt: skip

    def __init__(self, ticket: Pass, record: str, lists: bool) -> None:
        self.ticket, self.record, self.lists = ticket, record, lists
        self.wake = asyncio.Event()
        self.changed: dict[str, int] = {}
        self.held: array[int] = array("q")
        self.lost: list[str] = []
        self.again = self.present = self.counts = False
        self.counted = time.monotonic()
        self.ended = ""

    def take(self, now: float) -> dict[str, Any]:
        """Return what is to be told now, and forget it."""
        said: dict[str, Any] = {}
        if self.changed:
            said["changed"], self.changed = self.changed, {}
        if self.lost:
            said["gone"], self.lost = self.lost, []
        if self.again:
            said["again"], self.again = True, False
        if self.present:
            said["present"], self.present = True, False
        if self.counts and now - self.counted >= COUNTS_SECONDS:
            said["counts"], self.counts, self.counted = True, False, now
        if not self.ended:
            self.wake.clear()
        return said

    def look_again(self) -> None:
        """Tell that something may have been missed."""
        self.again, self.changed = True, {}
        self.wake.set()

    def end(self, why: str) -> None:
        """End it: "gone", "renew", "full", "slow" or "stop"; the page decides what to do."""
        self.ended = self.ended or why
        self.wake.set()

    def hear(self, number: str, entry: int) -> None:
        """Note that a record has changed, up to the entry of this number."""
        if self.lists or number == self.record:
            self.changed[number] = max(entry, self.changed.get(number, 0))
            if len(self.changed) > MOST_WAITING:
                self.look_again()
            self.wake.set()
        self.count()

    def holds(self, record: int) -> bool:
        """Tell whether a record stands on the page and was within reach."""
        at = bisect_left(self.held, record)
        return at < len(self.held) and self.held[at] == record

    def hold(self, shown: Iterable[str], rows: Iterable[Mapping[str, Any]]) -> None:
        """Note which of the numbers that a page shows are within reach; the others are lost."""
        reached = {row["number"]: row["id"] for row in rows if self.sees(row)}
        self.held = array("q", sorted(reached.values()))
        self.lost = [number for number in shown if number not in reached]
        if self.lost:
            self.wake.set()

    def sees(self, row: Mapping[str, Any]) -> bool:
        """Tell whether a record, given as a row, may be read on this page."""
        ticket = self.ticket
        inside = reaches(ticket.internal, row) or reaches(ticket.read, row)
        return inside or ticket.person in row["watchers"]

    def lose(self, record: int, number: str) -> None:
        """Tell the page that a record it shows left its person's reach: the number, no more."""
        self.held.remove(record)
        self.lost.append(number)
        self.wake.set()

    def count(self, at_once: bool = False) -> None:
        """Note that a number of the navigation may have changed."""
        if at_once:
            self.counted = -COUNTS_SECONDS
            self.wake.set()
        self.counts = True


class Hub:
    """All streams of this process."""

    def __init__(self, most: int, per_person: int) -> None:
        self.most, self.per_person = most, per_person
        self.streams: set[Stream] = set()
        self.people: Counter[int] = Counter()

    def full(self, person: int) -> bool:
        """Tell whether one more stream would be too many, of all or of one person."""
        return len(self.streams) >= self.most or self.people[person] >= self.per_person

    def open(self, stream: Stream) -> None:
        """Let a stream hear from now on."""
        self.streams.add(stream)
        self.people[stream.ticket.person] += 1

    def close(self, stream: Stream) -> None:
        """Forget a stream."""
        if stream in self.streams:
            self.streams.discard(stream)
            self.people[stream.ticket.person] -= 1
            if not self.people[stream.ticket.person]:
                del self.people[stream.ticket.person]

    def end_all(self, why: str) -> None:
        """End every stream."""
        for stream in self.streams:
            stream.end(why)

    def end_of(self, people: Iterable[int] = (), sessions: Iterable[str] = ()) -> None:
        """End the streams of people whose rights changed and of sessions that are over."""
        gone, over = set(people), set(sessions)
        for stream in self.streams:
            if stream.ticket.person in gone or stream.ticket.session in over:
                stream.end("gone")

    def look_again(self) -> None:
        """Tell everybody that something may have been missed."""
        for stream in self.streams:
            stream.look_again()

    def told(self, people: Iterable[int]) -> None:
        """Tell people that they have a new notice."""
        wanted = set(people)
        for stream in self.streams:
            if stream.ticket.person in wanted:
                stream.count(at_once=True)

    def changed(self, rows: Sequence[Mapping[str, Any]], news: Mapping[int, Sequence[int]]) -> None:
        """Tell of changed records whoever may see them; `news` is record -> (entry, public)."""
        for row in rows:
            entry, public = news[row["id"]]
            for stream in self.streams:
                ticket = stream.ticket
                if reaches(ticket.internal, row):
                    stream.hear(row["number"], entry)
                elif public and (reaches(ticket.read, row) or ticket.person in row["watchers"]):
                    stream.hear(row["number"], public)
                elif stream.holds(row["id"]) and not stream.sees(row):
                    stream.lose(row["id"], row["number"])

    def present(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Tell the pages of these records that somebody came, went or writes."""
        by_number = {row["number"]: row for row in rows}
        for stream in self.streams:
            row = by_number.get(stream.record)
            if row is not None and reaches(stream.ticket.internal, row):
                stream.present = True
                stream.wake.set()


def event(said: Mapping[str, Any]) -> bytes:
    """Return a message as the stream carries it."""
    return b"data: " + json.dumps(said, separators=(",", ":")).encode() + b"\n\n"
