"""A file that fits on a few screens is read; one that does not is searched.

The limits are there to make us cut along the joints. Splitting a file into a_1 and a_2 to pass
is worse than failing.
"""

from __future__ import annotations

from pathlib import Path

from tests.house.tree import files, functions, is_generated, report, short

MODULE, FUNCTION, TEMPLATE = 300, 40, 150


def too_long(paths: list[Path], limit: int) -> list[str]:
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in paths}
    return [f"{short(path)}: {count}" for path, count in lengths.items() if count > limit]


def test_a_module_has_at_most_300_lines() -> None:
    modules = [path for path in files(".py") if not is_generated(path)]
    modules += files(".js", "src") + files(".css", "src")
    found = too_long(modules, MODULE)
    assert not found, report(f"more than {MODULE} lines:", found)


def test_a_function_has_at_most_40_lines() -> None:
    found = [
        f"{short(path)}:{function.lineno} {function.name}: {length}"
        for path in files(".py")
        for function in functions(path)
        if (length := (function.end_lineno or 0) - function.lineno + 1) > FUNCTION
    ]
    assert not found, report(f"more than {FUNCTION} lines:", found)


def test_a_template_has_at_most_150_lines() -> None:
    found = too_long(files(".jinja", "src") + files(".html", "src"), TEMPLATE)
    assert not found, report(f"more than {TEMPLATE} lines:", found)
