"""Statements of lists are kept by standing: who may see what changes them at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from django.db.models import F

from brigade.kernel.parties.acting import acting
from brigade.kernel.parties.models import Relation, RoleGrant
from brigade.kernel.records import lists
from brigade.kernel.records.access import Standing, records_visible_to
from brigade.kernel.records.lists import OPEN, Sort, counts, list_page, rows_of
from brigade.kernel.records.models import Record
from brigade.kernel.work.opening import open_record
from tests.cast import Cast


def _numbers(rows: list[dict[str, object]]) -> set[object]:
    return {row["number"] for row in rows}


def test_a_grant_that_ends_empties_the_very_next_list(desk: Cast) -> None:
    told = {"title": "Invoice cannot be opened", "service": desk.erp.pk}
    made = open_record("incident", by=desk.eve, fields=told)
    for _turn in range(2):  # the second is answered by the statement kept of the first
        assert _numbers(list_page(desk.sam, OPEN).rows) == {made.number}
        assert counts(desk.sam, {"open": OPEN}) == {"open": 1}
        assert _numbers(rows_of(desk.sam, [made.pk])) == {made.number}
    ended = F("valid_from") + timedelta(microseconds=1)
    with acting(desk.eve):
        RoleGrant.objects.filter(person=desk.sam).update(valid_to=ended)
        Relation.objects.filter(person=desk.sam).update(valid_to=ended)
    assert list_page(desk.sam, OPEN).rows == []
    assert counts(desk.sam, {"open": OPEN}) == {"open": 0}
    assert rows_of(desk.sam, [made.pk]) == []


def test_a_kept_statement_reads_on_from_any_place(desk: Cast) -> None:
    told = {"title": "Invoice cannot be opened", "service": desk.erp.pk, "urgent": True}
    made = [open_record("incident", by=desk.eve, fields=told) for _each in range(5)]
    for sort in Sort:
        seen: list[object] = []
        after = None
        while True:
            page = list_page(desk.sam, OPEN, sort, after, limit=1)
            seen += [row["id"] for row in page.rows]
            after = page.next_cursor
            if after is None:
                break
        assert sorted(seen) == sorted(record.pk for record in made), sort  # type: ignore[type-var]


def test_each_filter_and_reader_has_a_statement_of_its_own(desk: Cast) -> None:
    told = {"title": "Invoice cannot be opened", "service": desk.erp.pk}
    made = open_record("incident", by=desk.eve, fields=told)
    for person in desk.by_role.values():
        visible = records_visible_to(person).filter(pk=made.pk).exists()
        assert bool(rows_of(person, [made.pk])) == visible
        mine = replace(OPEN, requester=desk.eve.pk)
        theirs = replace(OPEN, requester=desk.sam.pk)
        assert counts(person, {"mine": mine, "theirs": theirs}) == {
            "mine": int(visible),
            "theirs": 0,
        }
    standing = Standing.of(desk.sam)
    assert lists._rows(standing) is lists._rows(Standing.of(desk.sam))
    assert Record.objects.count() == 1
