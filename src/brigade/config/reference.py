"""The page about the settings, made from the settings themselves."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from pydantic_core import PydanticUndefined

from brigade.config.environment import Environment
from brigade.config.reading import Setting, all_settings

INTRODUCTION = """# Settings

Brigade runs without a single setting. What an installation wants otherwise stands in an
environment variable or in `brigade.toml`, in the home or in the folder that Brigade is started in.
A variable wins over the file. A list in a variable is separated by commas. Everything is checked at
start; a wrong value is named with the way to put it right, and nothing starts.

```toml
public_url = "https://desk.example.org"

[mail]
host = "smtp.example.org"
sender = "Service desk <help@example.org>"
```

This page is made from the program:
`python -m brigade.config.reference > docs/reference/settings.md`
"""


def settings_page() -> str:
    """Return `docs/reference/settings.md`."""
    parts = [INTRODUCTION]
    for table, settings in groupby(all_settings(), key=lambda setting: setting.path[:-1]):
        parts.append(_heading(table))
        for setting in settings:
            parts.append(_entry(setting))
    return "\n".join(parts)


def _heading(table: tuple[str, ...]) -> str:
    if not table:
        return "## The installation\n"
    kind: Any = Environment.model_fields[table[0]].annotation
    about = str(kind.__doc__).strip().splitlines()[0]
    return f"## [{table[0]}]\n\n{about}\n"


def _entry(setting: Setting) -> str:
    name = setting.path[-1]
    return (
        f"### `{name}`\n\n{setting.field.description}\n\n"
        f"Variable `{setting.variable}`. Default: {_default(setting)}.\n"
    )


def _default(setting: Setting) -> str:
    default = setting.field.default
    if default is PydanticUndefined:
        return "`brigade` in the platform's data folder (`~/.local/share/brigade` on Linux)"
    if isinstance(default, tuple):
        return " ".join(f"`{part}`" for part in default) or "empty"
    return f"`{default}`" if default not in ("", None) else "empty"


if __name__ == "__main__":
    print(settings_page(), end="")
