"""What is written down leads somewhere, and the first page stays short."""

from __future__ import annotations

import re
import subprocess

from brigade.config.cli.table import COMMANDS
from tests.house.tree import ROOT, files, report, short

LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
COMMAND = re.compile(r"(?:`|\.venv/bin/|^\$ |^)brigade ([a-z]+)", re.M)
SCRIPT = re.compile(r"(?<![\w./])bin/([a-z]+)")


def test_the_readme_has_at_most_600_words() -> None:
    words = (ROOT / "README.md").read_text(encoding="utf-8").split()
    assert len(words) <= 600, f"{len(words)} words"


def test_every_link_leads_to_a_file() -> None:
    found = [
        f"{short(page)}: {target}"
        for page in files(".md")
        for target in LINK.findall(page.read_text(encoding="utf-8"))
        if "://" not in target and not (page.parent / target).exists()
    ]
    assert not found, report("links to nothing:", found)


def test_every_page_of_the_docs_is_reached_from_the_index() -> None:
    reached, waiting = set(), [ROOT / "docs/index.md"]
    while waiting:
        page = waiting.pop()
        reached.add(page)
        for target in LINK.findall(page.read_text(encoding="utf-8")):
            there = (page.parent / target).resolve()
            if there.suffix == ".md" and there.is_file() and there not in reached:
                waiting.append(there)
    found = [short(page) for page in files(".md", "docs") if page not in reached]
    assert not found, report("no link leads here from docs/index.md:", found)


def test_every_script_that_is_named_exists() -> None:
    found = [
        f"{short(page)}: bin/{name}"
        for page in files(".md")
        for name in SCRIPT.findall(page.read_text(encoding="utf-8"))
        if not (ROOT / "bin" / name).is_file()
    ]
    assert not found, report("no such script:", found)


def test_every_command_that_is_named_exists() -> None:
    found = [
        f"{short(page)}: brigade {name}"
        for page in files(".md")
        for name in COMMAND.findall(page.read_text(encoding="utf-8"))
        if name not in COMMANDS
    ]
    assert not found, report("no such command:", found)


def test_where_finds_a_practice_by_each_of_its_names() -> None:
    answers = {
        subprocess.run(["bin/where", name], cwd=ROOT, capture_output=True, check=True).stdout
        for name in ("incidents", "incident", "operation/incidents", "Incidents")
    }
    assert len(answers) == 1
    assert b"src/brigade/operation/incidents/recipe.yaml\n" in answers.pop()
    missing = subprocess.run(["bin/where", "nonsense"], cwd=ROOT, capture_output=True)
    assert missing.returncode == 1
    assert b"docs/glossary.md" in missing.stderr
