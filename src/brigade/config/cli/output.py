"""What a command says: its result on standard output, everything else on standard error."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol

import orjson
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)


class Step(Protocol):
    """Called as work goes on: by how much, and of how much when that became known."""

    def __call__(self, by: int = 1, *, total: int | None = None) -> None:
        """Move the bar on by `by`; `total` sets where it ends."""


class Output:
    """The two ways out of a command. With `json`, standard output is JSON alone."""

    def __init__(self, json: bool = False) -> None:
        self.json = json
        self.console = Console(stderr=True, highlight=False)

    def say(self, words: str) -> None:
        """Tell people something on the way, on standard error."""
        self.console.print(words, markup=False)

    def result(self, data: Any, words: str | Callable[[], str]) -> None:
        """Give the result: `data` as JSON, or `words` for people. Call once."""
        if self.json:
            options = orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS
            sys.stdout.buffer.write(orjson.dumps(data, default=str, option=options) + b"\n")
            sys.stdout.buffer.flush()
        else:
            print(words() if callable(words) else words)

    @contextmanager
    def progress(self, what: str, total: int | None = None) -> Iterator[Step]:
        """Show how far long work has come, with an estimate, where somebody watches."""
        columns = (
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
        )
        silent = not self.console.is_terminal
        with Progress(*columns, console=self.console, transient=True, disable=silent) as bar:
            task = bar.add_task(what, total=total)

            def step(by: int = 1, *, total: int | None = None) -> None:
                bar.update(task, advance=by, total=total)

            yield step
