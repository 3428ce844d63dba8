"""What happens to an approval stands in the journal of what it is about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from brigade.kernel.approvals.subjects import RECORD
from brigade.kernel.approvals.writes import subject_entry
from brigade.kernel.records.canonical import check_text
from brigade.kernel.records.models import Record
from brigade.kernel.records.rows import COLUMNS, EntryRow
from brigade.kernel.records.writes import entry_row
from brigade.kernel.refused import Stale
from brigade.kernel.sentences import _

if TYPE_CHECKING:
    from datetime import datetime

    from brigade.kernel.approvals.models import Approval
    from brigade.kernel.parties.models import Person


def note(
    approval: Approval,
    *,
    by: Person,
    at: datetime,
    origin: str,
    body: str = "",
    **changes: int | str,
) -> None:
    """Write an entry of kind `approval`; `changes` are values that hold from now on.

    Always internal: who voted how is nothing for whoever asked. It adds to the record's
    chain without changing the record.
    """
    told: dict[str, Any] = {
        "approval": [None, approval.name],
        "approval.id": [None, approval.pk],
        **{f"approval.{name}": [None, value] for name, value in changes.items()},
    }
    text = check_text(body, "reason") or None
    if approval.subject_kind != RECORD:
        subject_entry(
            approval.subject_kind, approval.subject_id,
            at=at, actor_id=by.pk, origin=origin, body=text, changes=told,
        )  # fmt: skip
        return
    record = Record.objects.select_for_update().get(pk=approval.subject_id)
    entry = EntryRow(
        at=at, actor_id=by.pk, kind="approval", visibility="internal", origin=origin,
        body=text, changes=told, words=text or "",
    )  # fmt: skip
    columns = {name: getattr(record, name) for name in COLUMNS} | {"updated_at": at}
    if entry_row(record.pk, record.version, bytes(record.head), columns, entry) is None:
        raise Stale("busy", _("Others are changing this record just now. Try again."))
