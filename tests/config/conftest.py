"""Running the command itself, in a home of its own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

SYSTEM_15 = Path("/usr/lib/postgresql/15/bin")


@dataclass(frozen=True)
class Brigade:
    """The command, run as a process of its own against `home`."""

    home: Path

    def environment(self, **more: str) -> dict[str, str]:
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("BRIGADE_", "DATABASE_URL", "DJANGO_"))
        }
        return {**kept, "BRIGADE_HOME": str(self.home), **more}

    def run(self, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "brigade.config.cli", *words],
            env=self.environment(**variables),
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
        )

    def json(self, *words: str, **variables: str) -> Any:
        done = self.run(*words, "--json", **variables)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)


@pytest.fixture(scope="session")
def migrated() -> Iterator[Path]:
    """A home after `brigade migrate`, at rest, for others to be copied from."""
    folder = Path(tempfile.mkdtemp(prefix="brigade-cli-"))
    Brigade(folder / "home").json("migrate")
    yield folder / "home"
    shutil.rmtree(folder, ignore_errors=True)


def _owned_alike(original: Path, copy: Path) -> None:
    """Give a copy's files to whom the original's belong: run by root, the server is not root."""
    if os.geteuid() == 0:
        for path in (original, *original.rglob("*")):
            owner = path.lstat()
            os.lchown(copy / path.relative_to(original), owner.st_uid, owner.st_gid)


@pytest.fixture(scope="module")
def installed(migrated: Path) -> Iterator[Brigade]:
    """A home as `brigade migrate` leaves it, one for each test module."""
    folder = Path(tempfile.mkdtemp(prefix="brigade-cli-"))
    shutil.copytree(migrated, folder / "home", symlinks=True)
    _owned_alike(migrated, folder / "home")
    yield Brigade(folder / "home")
    shutil.rmtree(folder, ignore_errors=True)
