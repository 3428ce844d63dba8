"""A desk with work in every state, for the pages that list it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from brigade.kernel import instants
from brigade.kernel.records.models import Record
from brigade.kernel.work.assigning import assign
from brigade.kernel.work.linking import link
from brigade.kernel.work.moving import move, take
from brigade.kernel.work.opening import open_record
from brigade.kernel.work.tasks import add_task
from tests.cast import Cast

TITLES = (
    "Ledger does not open after the update",
    "Ticket gates at Harbour Square reject contactless cards since the early morning shift",
    "VPN drops every ten minutes at East depot",
    "Timetable app shows yesterday’s diversions",
    "Shared mailbox roster@ not receiving external mail",
    "Printer on 3rd floor prints blank labels",
    "Payroll export has wrong cost centres",
    "Screen flicker on kiosk 12 at Northgate",
)


def report(desk: Cast, title: str, *, urgent: bool = False, by: Any = None, **more: Any) -> Record:
    """Report an incident as Eve of Finance, or as somebody else."""
    fields = {"title": title, "description": f"Details: {title}.", "urgent": urgent, **more}
    return open_record("incident", by=by or desk.eve, fields=fields, channel="portal")


def fill(desk: Cast, count: int) -> list[Record]:
    """Report `count` incidents: every fourth urgent, some taken, waiting, resolved or closed."""
    services = ("erp-finance", "payroll", "collaboration", "")
    made = []
    for n in range(count):
        service = services[n % 4]
        more = {"service": desk.services[service].pk} if service else {}
        title = TITLES[n % len(TITLES)] if n < len(TITLES) else f"{TITLES[n % len(TITLES)]} ({n})"
        made.append(_moved(desk, report(desk, title, urgent=n % 4 == 1, **more), n))
    return made


def _moved(desk: Cast, record: Record, n: int) -> Record:
    match n % 8:
        case 1 | 5:
            return take(record, by=desk.sam)
        case 3:
            assign(record, by=desk.lena, assignee=desk.nora)
            return move(record, "start", by=desk.nora)
        case 4:
            soon = (instants.now() + timedelta(days=2)).isoformat()
            started = take(record, by=desk.sam)
            waits = {"waiting_reason": "scheduled", "resume_at": soon}
            return move(started, "wait", by=desk.sam, fields=waits)
        case 6:
            started = take(record, by=desk.nora)
            return move(started, "wait", by=desk.nora, fields={"waiting_reason": "requester"})
        case 7:
            started = take(record, by=desk.sam)
            return move(started, "resolve", by=desk.sam, fields={"resolution": "Restarted it."})
        case _:
            return record


def dress(desk: Cast, records: list[Record]) -> None:
    """Link the first two and put a task on the third."""
    link(records[1], records[0], "caused_by", by=desk.sam)
    add_task(records[2], "Ask the depot", by=desk.sam)
