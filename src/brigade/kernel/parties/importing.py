"""Importing rows: all of them or none, each error with its line and column."""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction
from django.utils.translation import gettext as _

from brigade.kernel.parties.acting import acting
from brigade.kernel.parties.models import Person
from brigade.kernel.parties.tables import (
    MOST_ERRORS,
    ImportReport,
    LineError,
    Row,
    Table,
    yes_or_no,
)
from brigade.kernel.refused import Invalid, Refused

Take = Callable[[Row], str]
"""Takes one row inside the transaction and says "created", "changed" or "unchanged"."""


def import_rows(
    table: Table,
    *passes: Take,
    by: Person,
    dry_run: bool,
    os_user: str = "",
) -> ImportReport:
    """Give every row to each pass in one transaction, and keep it only if nothing was refused.

    The last pass counts. A dry run does everything and takes it back, so that
    its report is what would happen, not a guess at it.
    """
    report = ImportReport(errors=list(table.errors), notes=list(table.notes), dry_run=dry_run)
    with acting(by, os_user=os_user, origin="import"):
        for number, take in enumerate(passes, start=1):
            _one_pass(table, take, report, counts=number == len(passes))
            if report.errors:
                break
        if report.errors or dry_run:
            transaction.set_rollback(True)
    if report.errors:
        report.created = report.changed = report.unchanged = 0
    return report


def _one_pass(table: Table, take: Take, report: ImportReport, *, counts: bool) -> None:
    for row in table.rows:
        try:
            with transaction.atomic():
                outcome = take(row)
        except Refused as no:
            report.errors.append(LineError(row.line, no.field or "", str(no)))
            if len(report.errors) >= MOST_ERRORS:
                return
            continue
        if counts:
            report.count(outcome)


def active_in(row: Row) -> bool | None:
    """Return what the column `active` of a row says, None when it says nothing."""
    cell = row.cells.get("active", "")
    if not cell:
        return None
    answer = yes_or_no(cell)
    if answer is None:
        raise Invalid("choice", _("Yes or no, please."), "active")
    return answer
