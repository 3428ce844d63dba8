"""What an import did, or would do, as one value."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, NamedTuple

from brigade.integrations.logs.findings import Finding, sentence


class Progress(NamedTuple):
    """How far an import is: bytes while reading, cases' rows while writing."""

    phase: Literal["reading", "checking", "writing"]
    done: int
    total: int


Watch = Callable[[Progress], None]
"""Called now and then with the progress; what it raises ends the import where it stands."""


@dataclass(frozen=True)
class ImportReport:
    """The whole account of an import.

    Every row of the file is accounted for: where a row is an entry,
    `rows = entries_made + entries_known + rejected`.
    """

    file: str
    sha256: str
    map: str
    source: str
    dry_run: bool
    rows: int
    entries_made: int
    entries_known: int
    records_made: int
    records_grown: int
    rejected: int
    noted: int
    people_made: int
    teams_made: int
    run: int | None = None
    seconds: float = 0.0
    findings: Sequence[Finding] = field(default_factory=tuple)

    def as_json(self) -> dict[str, Any]:
        """Return the report for programs: every finding with its sentence under `lines`."""
        values = asdict(self)
        del values["findings"]
        values["rows_per_second"] = round(self.rows / self.seconds) if self.seconds else None
        values["seconds"] = round(self.seconds, 3)
        values["lines"] = [
            {**found._asdict(), "message": sentence(found.code, found.value)}
            for found in self.findings
        ]
        return values


def count_lines(findings: Sequence[Finding]) -> tuple[int, int]:
    """Return how many lines gave no entry, and how many were taken with a remark."""
    rejected = {found.line for found in findings if not found.taken}
    noted = {found.line for found in findings if found.taken}
    return len(rejected), len(noted - rejected)
