"""What the house rules look at: the files of the project and the functions in them."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
BRIGADE = ROOT / "src" / "brigade"
SHELVES = ("governance", "strategy", "design", "transition", "operation", "partners", "improvement")
Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def project_files() -> tuple[Path, ...]:
    """Every file that is, or is about to be, part of the repository."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, check=True, text=True,
    )  # fmt: skip
    found = (ROOT / name for name in sorted(set(listed.stdout.split("\0"))) if name)
    return tuple(path for path in found if path.is_file())


def files(suffix: str, *folders: str) -> list[Path]:
    """The project's files of one kind, in the named folders or anywhere."""
    roots = [ROOT / folder for folder in folders] or [ROOT]
    return [
        path
        for path in project_files()
        if path.name.endswith(suffix) and any(path.is_relative_to(root) for root in roots)
    ]


def short(path: Path) -> str:
    """A path as a person would type it from the project's root."""
    return path.relative_to(ROOT).as_posix()


@cache
def parsed(path: Path) -> ast.Module:
    """The syntax tree of a module, read once for all rules."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def functions(path: Path) -> Iterator[Function]:
    """Every function and method of a module, nested ones too."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def is_generated(path: Path) -> bool:
    """Whether Django wrote this file: a first migration is as long as its models are wide."""
    return path.parent.name == "migrations" and path.name.startswith("0001_")


def practices() -> list[Path]:
    """The folder of every practice that exists."""
    return [
        folder
        for shelf in SHELVES
        for folder in sorted((BRIGADE / shelf).glob("*/"))
        if (folder / "__init__.py").is_file()
    ]


def report(rule: str, offenders: list[str]) -> str:
    """One message that names the rule and everyone who breaks it."""
    return f"{rule}\n  " + "\n  ".join(offenders)
