"""The page about the commands says what the commands say of themselves."""

from __future__ import annotations

from pathlib import Path

from brigade.config.cli.table import COMMANDS
from brigade.config.command_reference import commands_page

PAGE = Path(__file__).parents[2] / "docs/reference/commands.md"


def test_the_reference_page_is_the_one_the_program_makes() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert page == commands_page(), "make it again: python -m brigade.config.command_reference"
    assert all(f"## `brigade {name}" in page for name in COMMANDS)


def test_every_argument_is_explained() -> None:
    unexplained = [line for line in commands_page().splitlines() if line.endswith("|  |")]
    assert not unexplained, unexplained
