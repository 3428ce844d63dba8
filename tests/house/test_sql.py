"""SQL stands where people look for it, takes its time from Python, and pages by key."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.house.tree import BRIGADE, files, parsed, report, short

PLACES = {"writes", "queries", "models", "measures", "migrations"}
# Keywords all in capitals or all small: "Select a team" is a sentence.
WORDS = (
    r"select\s.*\sfrom\s|insert\s+into\s|update\s+\S+\s+set\s|delete\s+from\s|truncate\s+\w|"
    r"copy\s+\S+\s+(from|to)\s|with\s+(recursive\s+)?\w+\s*(\([\w, ]+\)\s*)?as\s|"
    r"(create|alter|drop)\s+(or\s+replace\s+)?(unique\s+|unlogged\s+|temp\s+|temporary\s+)?"
    r"(table|index|function|trigger|view|sequence)\s"
)
CAPITALS = re.sub(r"(?<!\\)[a-z]+", lambda word: word.group().upper(), WORDS)
STATEMENT = re.compile(rf"^\s*({WORDS}|{CAPITALS})", re.S)
RUNS = {"execute", "executemany", "raw", "extra", "RawSQL"}
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
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in docstrings
        ):
            yield node.lineno, node.value


def is_a_place_for_sql(path: Path) -> bool:
    return bool(PLACES & {path.stem, *(parent.name for parent in path.parents)})


def others() -> list[Path]:
    """Where SQL has no place. `config` asks the server about itself: is it alive, how old is it."""
    config = BRIGADE / "config"
    return [
        path
        for path in files(".py", "src")
        if not is_a_place_for_sql(path) and not path.is_relative_to(config)
    ]


def talks_to_the_database(path: Path) -> bool:
    text = path.read_text(encoding="utf-8")
    return "django.db" in text or "psycopg" in text


def called(node: ast.Call) -> str:
    """The last name of what is called: `execute` of `cursor.execute(...)`."""
    return getattr(node.func, "attr", getattr(node.func, "id", ""))


def says_it_here(node: ast.Call) -> bool:
    """Whether the statement is written in the call; one from elsewhere is judged there."""
    first = node.args[0] if node.args else None
    return first is None or isinstance(first, ast.Constant | ast.JoinedStr | ast.BinOp)


def test_raw_sql_stands_in_four_places_only() -> None:
    found = [
        f"{short(path)}:{line} {' '.join(text.split())[:60]}"
        for path in others()
        for line, text in texts(path)
        if STATEMENT.match(text)
    ]
    found += [
        f"{short(path)}:{node.lineno} {name}()"
        for path in others()
        if talks_to_the_database(path)
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call) and (name := called(node)) in RUNS and says_it_here(node)
    ]
    assert not found, report(f"SQL belongs in {sorted(PLACES)}:", found)


def test_sql_takes_its_time_from_python() -> None:
    found = [
        f"{short(path)}:{line}"
        for path in files(".py", "src")
        if is_a_place_for_sql(path) and not path.is_relative_to(BRIGADE / "config")
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


def test_the_rules_see_what_they_forbid() -> None:
    assert STATEMENT.match("\n  WITH chain AS (SELECT 1) SELECT")
    assert STATEMENT.match("update records_record set state = 1")
    assert STATEMENT.match("select id\nfrom records_record")
    assert not STATEMENT.match("Select a team first.")
    assert OWN_CLOCK.search("values (now())")
    assert SKIPPING.search("limit 50 offset %s")
