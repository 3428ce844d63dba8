"""Whatever a person can do on a page, a program can do through the API, and the other way round."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.house.tree import BRIGADE, files, functions, parsed, practices, report, short


def verbs() -> dict[str, Path]:
    """Public functions that say who acts: the verbs of the kernel and of every practice."""
    folders = [BRIGADE / "kernel/work", *practices()]
    modules = [
        path
        for folder in folders
        for path in sorted(folder.rglob("*.py"))
        if folder.name == "work" or "actions" in {path.stem, path.parent.name}
    ]
    return {
        function.name: path
        for path in modules
        for function in functions(path)
        if function in parsed(path).body
        and not function.name.startswith("_")
        and "by" in {argument.arg for argument in function.args.kwonlyargs}
    }


def names_used(counter: str) -> set[str]:
    """Every name a counter mentions in code."""
    used: set[str] = set()
    for path in files(".py", f"src/brigade/{counter}"):
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.Name):
                used.add(node.id)
            elif isinstance(node, ast.Attribute):
                used.add(node.attr)
            elif isinstance(node, ast.alias):
                used.add(node.name.rsplit(".", 1)[-1])
    return used


@pytest.mark.parametrize("counter", ["web", "api"])
def test_every_verb_is_served(counter: str) -> None:
    found = [name for name in verbs() if name not in names_used(counter)]
    assert not found, report(f"no way to do this in {counter}:", sorted(found))


def test_the_kernel_has_its_verbs() -> None:
    wanted = {"open_record", "move", "set_fields", "say", "assign", "link", "attach"}
    assert wanted <= set(verbs()), report("missing:", sorted(wanted - set(verbs())))


def test_every_shape_of_the_api_has_a_name_of_its_own() -> None:
    """Shapes become components of one description: of two with one name, one describes both."""
    seen: dict[str, list[str]] = {}
    for path in files(".py", "src/brigade/api"):
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.ClassDef):
                seen.setdefault(node.name, []).append(short(path))
    double = [f"{name}: {', '.join(where)}" for name, where in seen.items() if len(where) > 1]
    assert not double, report("shapes that share a name:", sorted(double))
