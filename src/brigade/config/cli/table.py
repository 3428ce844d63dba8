"""The commands there are, in the order in which `brigade --help` lists them.

A command is the module of its name in this package; `HIDDEN` ones are for
Brigade itself.
"""

from __future__ import annotations

COMMANDS = (
    "serve",
    "live",
    "migrate",
    "demo",
    "createadmin",
    "doctor",
    "backup",
    "restore",
    "import",
    "export",
    "report",
    "clocks",
    "recipe",
    "audit",
)

HIDDEN = ("worker",)
