"""The project stands on its own: it names no machine, no mirror and no workshop."""

from __future__ import annotations

import re

from tests.house.tree import project_files, report, short

# Written in pieces, so that this file does not break its own rule.
FORBIDDEN = re.compile(
    "|".join(
        [
            r"registry\.npm" + r"js\.org",
            r"registry\.yarn" + r"pkg\.com",
            r"files\.python" + r"hosted\.org",
            r"pypi\.org" + r"/simple",
            r"(?<![\w.-])/(work|root)" + r"/",
            r"/tmp/" + r"brigade\b(?!-)",
            r"\bshared/" + r"(data|design|hooks)\b",
            r"\b(architecture|domain|stack|peers|style|ui)" + r"\.md\b",
        ]
    )
)
TEXT = {".py", ".md", ".toml", ".yaml", ".yml", ".json", ".jinja", ".html", ".css", ".js", ".po",
        ".txt", ".lock", ".sh", ".csv", ".svg", ""}  # fmt: skip


def test_no_file_names_a_machine_or_a_mirror() -> None:
    found = [
        f"{short(path)}:{number} {match.group()}"
        for path in project_files()
        if path.suffix in TEXT and short(path) != ".ci/run"
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if (match := FORBIDDEN.search(line))
    ]
    assert not found, report("these names mean nothing to a reader:", found)
