"""Reading a map from YAML, with the line of whatever is wrong in it. Pure."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import gettext as _
from pydantic import ValidationError

from brigade.integrations.logs.mapping import LogMap, shipped_maps
from brigade.kernel.refused import Invalid

LONGEST = 256 * 1024


class MapInvalid(Invalid):
    """A map that cannot be used; `problems` holds one sentence per mistake."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("map_invalid", "\n".join(problems), "map")
        self.problems = problems


def load_map(name_or_path: str | Path) -> LogMap:
    """Return a shipped map by its name, or the map in a file; raise MapInvalid."""
    shipped = shipped_maps()
    path = shipped.get(str(name_or_path)) or Path(name_or_path)
    if not path.is_file():
        raise MapInvalid(
            [
                _("There is no map “%(name)s”. Shipped maps: %(maps)s. Or give the path of a file.")
                % {"name": name_or_path, "maps": ", ".join(shipped)}
            ]
        )
    if path.stat().st_size > LONGEST:
        raise MapInvalid([_("The map is larger than 256 KiB.")])
    return read_map(path.read_bytes())


def read_map(text: str | bytes) -> LogMap:
    """Return the map written in `text`; raise MapInvalid with line and key of each mistake."""
    try:
        root = yaml.compose(_decoded(text), Loader=yaml.SafeLoader)
        values = _values(root)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise MapInvalid(
            [_("Line %(line)s: %(problem)s") % {"line": line, "problem": error.problem}]
        ) from error
    except (yaml.YAMLError, RecursionError) as error:
        raise MapInvalid([_("This is not YAML: %(problem)s") % {"problem": error}]) from error
    if not isinstance(values, dict):
        raise MapInvalid([_("A map is a list of keys with values; this file holds none.")])
    try:
        return LogMap.model_validate(values)
    except ValidationError as error:
        problems = [_problem(detail, root) for detail in error.errors(include_url=False)]
        raise MapInvalid(problems) from error


def _decoded(text: str | bytes) -> str:
    if isinstance(text, str):
        return text
    try:
        return text.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise MapInvalid([_("The map is not written in UTF-8.")]) from error


def _values(root: yaml.Node | None) -> Any:
    """Build plain values: text stays text where YAML would see a date, a float or `yes`."""
    if root is None:
        return None
    if isinstance(root, yaml.MappingNode):
        return {_values(key) if _plain(key) else "": _values(value) for key, value in root.value}
    if isinstance(root, yaml.SequenceNode):
        return [_values(item) for item in root.value]
    if root.tag == "tag:yaml.org,2002:null":
        return None
    if root.tag == "tag:yaml.org,2002:int" and root.value.lstrip("+-").isdecimal():
        return int(root.value)
    return root.value


def _plain(key: yaml.Node) -> bool:
    """Keys of a map are text; a number as a key is what a cell says, so text as well."""
    if not isinstance(key, yaml.ScalarNode):
        raise yaml.MarkedYAMLError(problem="a key must be text", problem_mark=key.start_mark)
    key.tag = "tag:yaml.org,2002:str"
    return True


def _problem(detail: Any, root: yaml.Node | None) -> str:
    path = [part for part in detail["loc"] if part != "function-before"]
    message = detail["msg"].removeprefix("Value error, ")
    where = ".".join(str(part) for part in path)
    return _("Line %(line)s, %(key)s: %(problem)s") % {
        "line": _line(path, root),
        "key": where or "map",
        "problem": message,
    }


def _line(path: list[Any], node: yaml.Node | None) -> int:
    """Return the line where `path` leads, or the nearest line above it."""
    line = node.start_mark.line if node is not None else 0
    for part in path:
        following = None
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                if key.value == str(part):
                    line, following = key.start_mark.line, value
        elif isinstance(node, yaml.SequenceNode) and str(part).isdecimal():
            following = next(iter(node.value[int(part) :]), None)
            line = following.start_mark.line if following else line
        if following is None:
            break
        node = following
    return int(line) + 1
