"""Reading the settings: environment variables over `brigade.toml` over defaults."""

from __future__ import annotations

import inspect
import os
import tomllib
import typing
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic.fields import FieldInfo

from brigade.config.environment import Environment, Group
from brigade.kernel.refused import Invalid

FILE = "brigade.toml"
PREFIX = "BRIGADE_"
UNPREFIXED = {"database_url": "DATABASE_URL"}
ALMOST = 92
"""From this likeness (of 100) on, an unknown variable is taken for a slip of the fingers."""


@dataclass(frozen=True)
class Setting:
    """One setting: where it stands in the file, its variable, and what it is."""

    path: tuple[str, ...]
    field: FieldInfo

    @property
    def variable(self) -> str:
        """The name of its environment variable."""
        name = "_".join(self.path)
        return UNPREFIXED.get(name, PREFIX + name.upper())

    @property
    def in_file(self) -> str:
        """Where it stands in brigade.toml, in words."""
        *table, name = self.path
        return f"`{name}` under [{table[0]}]" if table else f"`{name}`"

    @property
    def is_list(self) -> bool:
        """Whether it holds several values (separated by commas in a variable)."""
        return typing.get_origin(self.field.annotation) is tuple


@cache
def all_settings() -> tuple[Setting, ...]:
    """Return every setting there is, in the order of the reference page."""
    return tuple(_walk(Environment, ()))


def _walk(model: type[Group], above: tuple[str, ...]) -> Iterator[Setting]:
    for name, field in model.model_fields.items():
        kind = field.annotation
        if inspect.isclass(kind) and issubclass(kind, Group):
            yield from _walk(kind, (*above, name))
        else:
            yield Setting((*above, name), field)


@cache
def load() -> Environment:
    """Return the settings of this process; read once.

    Raises `Invalid` with one line for each thing that is wrong.
    """
    return read(os.environ, Path.cwd())


def read(variables: Mapping[str, str], folder: Path) -> Environment:
    """Return the settings that `variables` and the nearest brigade.toml give.

    `folder` is the working folder. An empty variable counts as not set.
    """
    given = {setting.path: variables.get(setting.variable, "") for setting in all_settings()}
    home = Environment.model_validate({"home": value} if (value := given[("home",)]) else {}).home
    source = next((path for path in (home / FILE, folder / FILE) if path.is_file()), None)
    values = _from_file(source) if source else {}
    for setting in all_settings():
        if text := given[setting.path]:
            parts = [part.strip() for part in text.split(",")] if setting.is_list else text
            _put(values, setting.path, parts)
    problems = _slips(variables)
    try:
        found = Environment.model_validate(values)
    except ValidationError as error:
        problems += [_explain(problem, source) for problem in error.errors()]
    if problems:
        raise Invalid("settings", "\n".join(problems), "settings")
    return found


def _from_file(source: Path) -> dict[str, Any]:
    try:
        values = tomllib.loads(source.read_text())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Invalid("settings", f"{source} is not valid TOML: {error}", "settings") from error
    except OSError as error:
        raise Invalid(
            "settings", f"{source} cannot be read: {error.strerror}.", "settings"
        ) from error
    if "home" in values:
        raise Invalid(
            "settings",
            f"`home` in {source} has no effect: set the variable BRIGADE_HOME instead.",
            "home",
        )
    return values


def _put(values: dict[str, Any], path: tuple[str, ...], value: object) -> None:
    for name in path[:-1]:
        table = values.setdefault(name, {})
        if not isinstance(table, dict):
            return
        values = table
    values[path[-1]] = value


def _slips(variables: Mapping[str, str]) -> list[str]:
    known = [setting.variable for setting in all_settings()]
    unknown = [name for name in variables if name.startswith(PREFIX) and name not in known]
    said = []
    for name in unknown:
        likely = _nearest(name, known, ALMOST)
        if likely is not None:
            said.append(f"{name} is not a setting. Did you mean {likely}?")
    return said


def _nearest(name: str, known: list[str], least: float) -> str | None:
    """Return the name most like this one; only a slip needs the library that knows it."""
    from rapidfuzz import process

    found = process.extractOne(name, known, score_cutoff=least)
    return None if found is None else str(found[0])


def _explain(problem: Any, source: Path | None) -> str:
    path = tuple(str(part) for part in problem["loc"])
    setting = next((each for each in all_settings() if each.path == path[: len(each.path)]), None)
    if setting is None:
        name = ".".join(path)
        known = {".".join(each.path): each for each in all_settings()}
        likely = _nearest(name, list(known), 0)
        hint = f" Did you mean {known[likely].in_file}?" if likely else ""
        return f"{source or FILE}: {name} is not a setting.{hint}"
    what = str(problem["msg"]).removeprefix("Value error, ")
    shown = "" if _secret(setting) else f" is {problem['input']!r}, but"
    return (
        f"{setting.variable} ({setting.in_file} in {FILE}){shown}: {what}. "
        f"{setting.field.description}"
    )


def _secret(setting: Setting) -> bool:
    extra = setting.field.json_schema_extra
    return isinstance(extra, dict) and "secret" in extra
