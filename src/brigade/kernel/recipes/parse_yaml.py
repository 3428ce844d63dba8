"""YAML as recipes use it: plain maps, lists and scalars, with the line of every path.

The text may come from anybody: no aliases, no tags, no duplicate keys, no deep
nesting, no long files. Whatever comes in, what goes out is data or a RecipeError.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

import yaml
from yaml.constructor import ConstructorError

from brigade.kernel.recipes.errors import ERRORS_SHOWN, SHAPE, LintError, RecipeError

SIZE = 100_000
"""Characters in a recipe file; the largest of the library has a tenth of it."""
DEPTH = 16
"""How deep maps and lists may nest."""
DEEPEST = DEPTH - 4
"""How deep one value may, so that an overlay that holds it can be written as a file."""
_MISPLACED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


class _Loader(yaml.SafeLoader):
    """SafeLoader without aliases, tags, duplicate keys, YAML 1.1's `on` and `yes`."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}
    depth = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        event: Any = self.peek_event()  # type: ignore[no-untyped-call]
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise ConstructorError(None, None, "anchors and aliases are refused", event.start_mark)
        if getattr(event, "tag", None):
            raise ConstructorError(None, None, "tags are refused", event.start_mark)
        self.depth += 1
        if self.depth > DEPTH:
            too_deep = f"nested deeper than {DEPTH} levels"
            raise ConstructorError(None, None, too_deep, event.start_mark)
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node


for _tag, _pattern, _first in (
    ("null", r"^(?:~|null|)$", ["~", "n", ""]),
    ("bool", r"^(?:true|false)$", ["t", "f"]),
    ("int", r"^[-+]?[0-9]{1,15}$", list("-+0123456789")),
    ("float", r"^[-+]?[0-9]{1,15}\.[0-9]{1,15}$", list("-+0123456789")),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(_pattern), _first)


class _Builder:
    """Turns YAML nodes into plain values, keeping the line of every path."""

    def __init__(self) -> None:
        self.lines: dict[str, int] = {}
        self.errors: list[LintError] = []

    def build(self, node: yaml.Node, path: str) -> Any:
        self.lines.setdefault(path, node.start_mark.line + 1)
        if isinstance(node, yaml.MappingNode):
            return self._map(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.build(item, f"{path}[{n}]") for n, item in enumerate(node.value)]
        return self._scalar(node, path)

    def _map(self, node: yaml.MappingNode, path: str) -> dict[Any, Any]:
        built: dict[Any, Any] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            key = self._scalar(key_node, path) if isinstance(key_node, yaml.ScalarNode) else None
            if not isinstance(key, str | int) or isinstance(key, bool):
                self._wrong("a key must be a name or a number", path, line)
                continue
            inner = f"{path}.{key}" if path else str(key)
            if key in built:
                self._wrong(f"the key {str(key)[:60]!r} is written twice", inner, line)
                continue
            self.lines[inner] = line
            built[key] = self.build(value_node, inner)
        return built

    def _scalar(self, node: yaml.Node, path: str) -> Any:
        text = str(node.value)
        if _MISPLACED.search(text):
            self._wrong("a control character stands in the text", path, node.start_mark.line + 1)
            return ""
        match node.tag.rpartition(":")[2]:
            case "null":
                return None
            case "bool":
                return text == "true"
            case "int":
                return int(text)
            case "float":
                return float(text) if math.isfinite(float(text)) else text
            case _:
                return text

    def _wrong(self, message: str, path: str, line: int) -> None:
        self.errors.append(LintError(SHAPE, message, path, line))


def text_of(source: str | bytes) -> str:
    """Return the text of a file; raises RecipeError for what is too long or no UTF-8."""
    if len(source) > SIZE * (4 if isinstance(source, bytes) else 1):
        raise _refusal(f"the file is longer than {SIZE} characters")
    try:
        text = source.decode("utf-8-sig") if isinstance(source, bytes) else source
        text.encode()
    except UnicodeError:
        raise _refusal("the file is not valid UTF-8 text") from None
    if len(text) > SIZE:
        raise _refusal(f"the file is longer than {SIZE} characters")
    return text


def plain(text: str) -> tuple[dict[Any, Any], dict[str, int]]:
    """Return the data of a text and the line of every path; raises RecipeError."""
    try:
        loader = _Loader(text)
        node = loader.get_single_node()
    except yaml.MarkedYAMLError as fault:
        mark = fault.problem_mark or fault.context_mark
        line = mark.line + 1 if mark else None
        raise _refusal(str(fault.problem or fault.context or "bad YAML"), line) from None
    except (yaml.YAMLError, ValueError, IndexError, TypeError, AttributeError, KeyError) as fault:
        raise _refusal(f"the file is not YAML: {str(fault)[:200]}") from None
    if node is None:
        raise _refusal("the file is empty")
    builder = _Builder()
    data = builder.build(node, "")
    if builder.errors:
        raise RecipeError(builder.errors[:ERRORS_SHOWN])
    if not isinstance(data, dict):
        raise _refusal("a recipe is a map of keys, beginning with `recipe:`", 1)
    return data, builder.lines


def checked(value: Any, path: str) -> None:
    """Refuse plain data that no file could hold: nested too deep, or with control characters.

    What programs send has not been through a file. Raises RecipeError with the path.
    """
    inside: list[tuple[Any, int]] = [(value, 0)]
    while inside:
        each, depth = inside.pop()
        if depth > DEEPEST:
            raise RecipeError([LintError(SHAPE, f"nested deeper than {DEEPEST} levels", path)])
        if isinstance(each, str) and _MISPLACED.search(each):
            wrong = "a control character stands in the text"
            raise RecipeError([LintError(SHAPE, wrong, _MISPLACED.sub("", path))])
        if isinstance(each, Mapping):
            inside += [(one, depth + 1) for pair in each.items() for one in pair]
        elif isinstance(each, list):
            inside += [(one, depth + 1) for one in each]


def _refusal(message: str, line: int | None = None) -> RecipeError:
    return RecipeError([LintError(SHAPE, message, "", line)])


def nearest_line(lines: Mapping[str, int], path: str) -> int | None:
    """Return the line of the path, or of the nearest thing around it."""
    while path and path not in lines:
        cut = max(path.rfind("."), path.rfind("["))
        path = path[:cut] if cut > 0 else ""
    return lines.get(path)
