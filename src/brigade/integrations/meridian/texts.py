"""What people of Meridian write, read once from `words.yaml`."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml


class Fault(NamedTuple):
    """A title, what its reporter tells, what solved it; with places for a number and a month."""

    title: str
    told: str
    solved: str


@cache
def words() -> dict[str, Any]:
    """Return the file as it stands."""
    return dict(yaml.safe_load(Path(__file__).with_name("words.yaml").read_text("utf-8")))


def faults(service: str) -> list[Fault]:
    """Return what can go wrong with a service."""
    return [Fault(**fault) for fault in words()["faults"][service]]
