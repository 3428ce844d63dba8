"""Where an import stands, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from brigade.integrations.logs.findings import sentence
from brigade.web.shell.times import number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from brigade.integrations.logs.findings import Finding
    from brigade.integrations.logs.models import ImportRun


@dataclass(frozen=True, slots=True)
class Standing:
    """A word for it, its tone, and whether something is going on that a reader may wait for."""

    key: str
    label: str
    tone: str

    @property
    def moving(self) -> bool:
        """Tell whether the page should look again."""
        return self.key in ("queued", "running")


def standing(run: ImportRun, *, queued: bool) -> Standing:
    """Return where a run stands; `queued` tells that a worker has it or will take it."""
    state = str(run.state)
    if queued and state in ("waiting", "failed"):
        return Standing("queued", _("In the queue"), "line")
    words = {
        "waiting": (_("Waits for a look"), "line"),
        "running": (_("Running"), "line"),
        "finished": (_("Finished"), "line"),
        "failed": (_("Stopped"), "bad"),
    }
    return Standing(state, *words[state])


def phase(run: ImportRun) -> str:
    """Return what the worker is doing, as a sentence."""
    given = {"done": number(run.done), "total": number(run.total)}
    if run.phase == "writing" and run.total:
        return _("Writing: %(done)s of %(total)s entries.") % given
    if run.state == "running":
        return _("Reading and checking the file.")
    return _("A worker takes it up in a moment.")


def outcome(made: Any, *, dry: bool) -> list[dict[str, Any]]:
    """Return the counts of a run or of a report, with what each means."""
    rows = [
        (_("Rows in the file"), made.rows, ""),
        (_("Entries to write") if dry else _("Entries written"), made.entries_made,
         _("every change as it happened")),
        (_("Entries already here"), made.entries_known, _("left as they are")),
        (_("New records"), made.records_made, ""),
        (_("Records that grow") if dry else _("Records that grew"), made.records_grown, ""),
        (_("Rows without an entry"), made.rejected, _("each with its reason below")),
        (_("Rows with a remark"), made.noted, _("taken all the same")),
        (_("People to add") if dry else _("People added"), made.people_made,
         _("without a way to sign in")),
        (_("Teams to add") if dry else _("Teams added"), made.teams_made, ""),
    ]  # fmt: skip
    return [
        {"label": label, "figure": number(count), "note": note if count else ""}
        for label, count, note in rows
    ]


def problems(findings: Sequence[Finding], shown: int) -> dict[str, Any]:
    """Return how many problems there are, and the first lines in words."""
    return {
        "total": len(findings),
        "lines": [
            {
                "line": found.line,
                "column": found.column,
                "sentence": sentence(found.code, found.value),
                "taken": found.taken,
            }
            for found in findings[:shown]
        ],
    }
