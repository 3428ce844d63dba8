"""A public function says why it is there, because its name can only say what it does."""

from __future__ import annotations

import ast

from tests.house.tree import files, is_generated, parsed, report, short


def test_every_public_function_says_why() -> None:
    found = [
        f"{short(path)}:{node.lineno} {node.name}"
        for path in files(".py", "src")
        if not is_generated(path)
        for node in parsed(path).body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
        and path.name != "apps.py"
        and path.parent.name != "migrations"
    ]
    assert not found, report("no docstring:", found)
