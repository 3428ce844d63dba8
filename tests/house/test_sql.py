"""SQL stands where people look for it, takes its time from Python, and pages by key."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.house.tree import files, parsed, report, short

PLACES = {"writes", "queries", "models", "migrations"}
STATEMENT = re.compile(
    r"^\s*(SELECT\s|INSERT\s+INTO\s|UPDATE\s+\S+\s+SET\s|DELETE\s+FROM\s|TRUNCATE\s|COPY\s+\S+\s|"
    r"WITH\s+(RECURSIVE\s+)?\w+\s*(\([\w, ]+\)\s*)?AS\s|"
    r"(CREATE|ALTER|DROP)\s+(OR\s+REPLACE\s+)?"
    r"(UNIQUE\s+|UNLOGGED\s+|TEMP\s+|TEMPORARY\s+)?(TABLE|INDEX|FUNCTION|TRIGGER|VIEW|SEQUENCE)\s)"
)
OWN_CLOCK = re.compile(
    r"\b(now\s*\(\s*\)|current_timestamp|clock_timestamp|statement_timestamp)", re.I
)
SKIPPING = re.compile(r"\bOFFSET\s+(%|\d|\{|:)", re.I)


def texts(path: Path) -> Iterator[tuple[int, str]]:
    """Every string of a module that is not a docstring, with its line."""
    tree = parsed(path)
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if id(node) not in docstrings:
                yield node.lineno, node.value


def is_a_place_for_sql(path: Path) -> bool:
    return bool(PLACES & {path.stem, *(parent.name for parent in path.parents)})


def test_raw_sql_stands_in_four_places_only() -> None:
    found = [
        f"{short(path)}:{line} {' '.join(text.split())[:60]}"
        for path in files(".py", "src")
        if not is_a_place_for_sql(path)
        for line, text in texts(path)
        if STATEMENT.match(text)
    ]
    found += [
        f"{short(path)}:{node.lineno} .{node.func.attr}()"
        for path in files(".py", "src")
        if not is_a_place_for_sql(path)
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"raw", "extra", "executemany", "copy"}
        and isinstance(node.func.value, ast.Attribute)
        and node.func.value.attr == "objects"
    ]
    assert not found, report(f"SQL belongs in {sorted(PLACES)}:", found)


def test_sql_takes_its_time_from_python() -> None:
    found = [
        f"{short(path)}:{line}"
        for path in files(".py", "src")
        if is_a_place_for_sql(path)
        for line, text in texts(path)
        if OWN_CLOCK.search(text)
    ]
    assert not found, report("a test cannot move this clock; pass the instant in:", found)


def test_lists_page_by_key() -> None:
    found = [
        f"{short(path)}:{line}"
        for path in files(".py", "src")
        for line, text in texts(path)
        if SKIPPING.search(text)
    ]
    assert not found, report("OFFSET counts what it skips; page by row-value comparison:", found)
