"""One hash, four writers, and a journal that refuses to be changed."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, InternalError, connection, transaction
from django.db.utils import DatabaseError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from brigade.kernel.instants import at_instant
from brigade.kernel.parties.acting import acting
from brigade.kernel.records.audit import seal, verify
from brigade.kernel.records.canonical import canonical_json
from brigade.kernel.records.models import JournalEntry, Record
from brigade.kernel.records.rows import EntryRow
from brigade.kernel.records.writes import entry_row
from brigade.kernel.refused import Invalid
from brigade.kernel.services.models import Service
from brigade.kernel.work.step import Step, Way, commit
from tests.cast import Cast

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
WORDS = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00"), max_size=40)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=8,
)


def jsonb_text(value: Any) -> str:
    """Print a value as `jsonb::text` does: keys by length in UTF-8, then by bytes."""
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: (len(key.encode()), key.encode()))
        pairs = (f"{jsonb_text(key)}: {jsonb_text(value[key])}" for key in keys)
        return "{" + ", ".join(pairs) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(jsonb_text(item) for item in value) + "]"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\x7f")


def python_hash(entry: JournalEntry) -> bytes:
    """Compute an entry's hash without the database, from the definition alone."""

    def digest(text: str | None) -> str | None:
        return None if text is None else hashlib.sha256(text.encode()).hexdigest()

    line = [
        entry.record_id,
        entry.subject_type,
        entry.subject_id,
        entry.number,
        (entry.at - EPOCH) // timedelta(microseconds=1),
        entry.actor_id,
        entry.os_user,
        entry.kind,
        entry.transition,
        entry.visibility,
        entry.origin,
        entry.source_row,
        digest(entry.body),
        None if entry.changes is None else digest(jsonb_text(entry.changes)),
    ]
    previous = bytes(entry.prev_hash) if entry.prev_hash else b""
    return hashlib.sha256(previous + jsonb_text(line).encode()).digest()


pytestmark = pytest.mark.django_db


@given(body=WORDS, changes=st.dictionaries(WORDS, VALUES, max_size=4))
@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_sql_and_python_agree_on_every_hash(
    incident: Record, desk: Cast, body: str, changes: dict[str, Any]
) -> None:
    way = Way.of(desk.sam, "page", None)

    def decide(step: Step) -> EntryRow:
        return EntryRow(
            at=way.at, actor_id=desk.sam.pk, kind="said", visibility="internal", origin="page",
            body=body or None, changes=changes or None,
        )  # fmt: skip

    record = commit(incident.pk, way, decide)
    entry = JournalEntry.objects.get(record=record, number=record.entries)
    assert bytes(entry.hash) == bytes(record.head) == python_hash(entry)


@pytest.mark.parametrize("value", [1.5, float("nan"), "a\x00b", "half \ud800", object()])
def test_what_no_chain_can_carry_is_refused(value: object) -> None:
    with pytest.raises(Invalid):
        canonical_json({"field": value})


AT = datetime(2026, 3, 27, 16, 40, 0, 123456, tzinfo=UTC)
CHANGES = {"title": ["a", "b"], "x": [None, 3]}


def write_hot(incident: Record, desk: Cast) -> None:
    entry = EntryRow(
        at=AT, actor_id=desk.sam.pk, kind="changed", visibility="internal", origin="import",
        changes=CHANGES, body="Grüße", source_row="7",
    )  # fmt: skip
    columns = Step.on(incident, Way.of(desk.sam, "import", AT)).columns()
    entry_row(incident.pk, incident.version, bytes(incident.head), columns, entry)


def write_by_orm(incident: Record, desk: Cast) -> None:
    row = JournalEntry(
        record=incident, number=2, at=AT, actor=desk.sam, kind="changed",
        visibility="internal", origin="import", source_row="7", body="Grüße",
        body_hash=hashlib.sha256("Grüße".encode()).digest(), changes=CHANGES,
        changes_hash=hashlib.sha256(jsonb_text(CHANGES).encode()).digest(),
        prev_hash=bytes(incident.head),
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(
            "select entry_hash(%s, %s, null, null, 2, %s, %s, '', 'changed', '',"
            " 'internal', 'import', '7', %s, %s)",
            [row.prev_hash, incident.pk, AT, desk.sam.pk, row.body_hash, row.changes_hash],
        )
        row.hash = cursor.fetchone()[0]
    row.save()


def write_by_import(incident: Record, desk: Cast) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            insert into records_journalentry (record_id, number, at, actor_id, kind, visibility,
                origin, source_row, body, body_hash, changes, changes_hash, prev_hash, hash)
            select id, number, at, actor, 'changed', 'internal', 'import', '7', body,
                text_hash(body), changes, text_hash(changes::text), head,
                entry_chain(head, id, null, null, number, at, actor, '', 'changed', '',
                    'internal', 'import', '7', text_hash(body), text_hash(changes::text))
                    over (partition by id order by number)
            from (select %s::bigint, 2, %s::timestamptz, %s::bigint, %s::text, %s::jsonb,
                %s::bytea) staged(id, number, at, actor, body, changes, head)
            """,
            [incident.pk, AT, desk.sam.pk, "Grüße", json.dumps(CHANGES), bytes(incident.head)],
        )


def test_the_writers_of_records_give_identical_chained_rows(incident: Record, desk: Cast) -> None:
    rows = []
    for write in (write_hot, write_by_orm, write_by_import):
        with transaction.atomic():
            write(incident, desk)
            row = JournalEntry.objects.filter(record=incident, number=2).values().get()
            rows.append({k: v for k, v in row.items() if k != "id"})
            transaction.set_rollback(True)
    assert rows[0] == rows[1] == rows[2]


def test_the_configuration_trigger_chains_with_the_same_hash(desk: Cast) -> None:
    service = desk.erp
    with acting(desk.ada):
        Service.objects.filter(pk=service.pk).update(name="ERP")
    entries = list(JournalEntry.objects.filter(subject_type="service", subject_id=service.pk))
    assert [entry.number for entry in entries] == list(range(1, len(entries) + 1))
    assert entries[-1].changes == {"name": ["ERP Finance", "ERP"]}
    assert entries[-1].actor_id == desk.ada.pk
    for entry in entries:
        assert bytes(entry.hash) == python_hash(entry)
    assert verify().holds


def test_a_configuration_change_without_an_actor_is_refused(desk: Cast) -> None:
    with pytest.raises(DatabaseError, match="needs an actor"), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("select set_config('brigade.actor', '', true)")
        Service.objects.filter(pk=desk.erp.pk).update(name="Nobody did this")


def test_the_journal_refuses_to_be_changed(incident: Record) -> None:
    entries = JournalEntry.objects.filter(record=incident)
    for change in (
        lambda: entries.update(kind="said"),
        lambda: entries.update(body="something else"),
        lambda: entries.update(body=None),
        lambda: entries.delete(),
    ):
        with pytest.raises((IntegrityError, InternalError, DatabaseError)), transaction.atomic():
            change()
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
        cursor.execute("alter table records_journalentry enable trigger journal_refuses_truncate")
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            cursor.execute("truncate records_journalentry cascade")


def forge(statement: str, parameters: list[Any]) -> None:
    """Write past the guards, as somebody with the database's own rights could."""
    with connection.cursor() as cursor:
        cursor.execute("set local session_replication_role = replica")
        cursor.execute(statement, parameters)
        cursor.execute("set local session_replication_role = origin")


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("update records_journalentry set body = 'forged' where record_id = %s", "body_forged"),
        ("update records_journalentry set actor_id = null where record_id = %s", "entry_forged"),
        ("update records_journalentry set changes = '{}' where record_id = %s", "changes_forged"),
        ("update records_journalentry set body = null where record_id = %s", "erased_unmarked"),
        ("delete from records_journalentry where record_id = %s", "head_differs"),
    ],
)
def test_verify_finds_a_forged_row(incident: Record, statement: str, code: str) -> None:
    assert verify().holds
    forge(statement, [incident.pk])
    faults = verify().faults
    assert code in {fault.code for fault in faults}
    assert all(fault.chain == incident.number for fault in faults)


def test_a_rewritten_chain_is_found_by_its_seal(incident: Record) -> None:
    with at_instant(datetime(2026, 4, 1, tzinfo=UTC)):
        seal(at=datetime(2026, 4, 1, tzinfo=UTC))
    forge(
        """
        with forged as (
            update records_journalentry set actor_id = null, hash = entry_hash(prev_hash,
                record_id, subject_type, subject_id, number, at, null, os_user, kind, transition,
                visibility, origin, source_row, body_hash, changes_hash)
            where record_id = %s returning record_id, hash)
        update records_record r set head = forged.hash from forged where r.id = forged.record_id
        """,
        [incident.pk],
    )
    assert {fault.code for fault in verify().faults} == {"sealed_entry_differs"}


def test_the_hot_statement_writes_what_the_orm_would(incident: Record, desk: Cast) -> None:
    step = Step.on(incident, Way.of(desk.sam, "page", None))
    step.put("title", "New title")
    step.put("urgent", True)
    columns = step.columns()
    entry = EntryRow(
        at=step.way.at, actor_id=desk.sam.pk, kind="changed", visibility="internal",
        origin="page", changes=step.changes(),
    )  # fmt: skip
    expected = Record.objects.get(pk=incident.pk)
    for name, value in columns.items():
        setattr(expected, name, value)
    expected.version += 1
    expected.entries += 1
    with transaction.atomic():
        entry_row(incident.pk, incident.version, bytes(incident.head), columns, entry)
        hot = Record.objects.filter(pk=incident.pk).values().get()
        transaction.set_rollback(True)
    expected.head = hot["head"]
    expected.save()
    assert Record.objects.filter(pk=incident.pk).values().get() == hot
