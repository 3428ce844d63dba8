"""A loop of its own for what a test lets happen at once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any


def in_a_thread(play: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Run `play` to its end in a thread: a browser test before leaves its loop in the main one."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(lambda: asyncio.run(play())).result()
