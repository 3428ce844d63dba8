"""Reading by number in one statement answers as the scope of every list does."""

from __future__ import annotations

import pytest

from brigade.kernel.records.access import Standing, records_visible_to
from brigade.kernel.records.by_number import NAMED, record_by_number
from brigade.kernel.records.models import Record
from brigade.kernel.work.opening import open_record
from brigade.kernel.work.watching import watch
from tests.cast import Cast


@pytest.fixture
def records(desk: Cast) -> list[Record]:
    told = {"title": "Invoice cannot be opened", "service": desk.erp.pk}
    theirs = {"requester": desk.sid.pk, "provider": desk.beta.pk}
    secret = {"confidential": True, "requester": desk.sid.pk, "customer": desk.finance.pk}
    made = [
        open_record("incident", by=desk.eve, fields=told),
        open_record("incident", by=desk.sam, fields=told | theirs),
        open_record("incident", by=desk.sam, fields=told | secret),
        open_record("incident", by=desk.sam, fields=told | {"requester": desk.sid.pk}),
    ]
    Record.objects.filter(pk=made[1].pk).update(offering=desk.erp_gold)
    watch(made[3], by=desk.sam, person=desk.eve)
    return made


def test_everybody_finds_by_number_what_a_list_would_show(
    desk: Cast, records: list[Record]
) -> None:
    found = 0
    for role, person in desk.by_role.items():
        standing = Standing.of(person)
        for record in records:
            visible = records_visible_to(person, standing).select_related(*NAMED)
            listed = visible.filter(number=record.number).first()
            read = record_by_number(standing, record.number)
            assert read == listed, (role, record.number)
            if read is not None and listed is not None:
                found += 1
                assert all(getattr(read, name) == getattr(listed, name) for name in NAMED)
                assert [str(getattr(read, name) or "") for name in NAMED] == [
                    str(getattr(listed, name) or "") for name in NAMED
                ]
    assert len(records) < found < len(records) * len(desk.by_role)


def test_it_is_one_statement(
    desk: Cast, records: list[Record], django_assert_num_queries: object
) -> None:
    standing = Standing.of(desk.sam)
    read = record_by_number(standing, records[1].number)
    assert read is not None
    with django_assert_num_queries(0):  # type: ignore[operator]
        names = [read.requester.name, read.service.code, read.provider.name]  # type: ignore[union-attr]
    assert names == [desk.sid.name, "erp-finance", desk.beta.name]


def test_who_is_disabled_finds_nothing(desk: Cast, records: list[Record]) -> None:
    desk.eve.is_active = False
    assert record_by_number(Standing.of(desk.eve), records[0].number) is None
    assert record_by_number(Standing.of(desk.sam), "INC-1") is None
