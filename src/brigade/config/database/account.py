"""Which account the server runs as, and how it reaches its folders.

PostgreSQL refuses to run as root, so root hands it to an unprivileged account.
That account often cannot walk to the data folder (a home has mode 0700), and
opening the home to it would be wrong. On Linux the folder is therefore opened
by root and handed over as a file descriptor: `/proc/self/fd/N` leads straight
into it, whatever the modes of its parents.
"""

from __future__ import annotations

import ctypes
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from brigade.config.database.binaries import WHEEL, Binaries
from brigade.config.database.failure import DatabaseUnavailable

PREFERRED = ("brigade", "nobody")
PR_SET_PDEATHSIG = 1
SHARED = Path("/var/lib/brigade")


@dataclass(frozen=True)
class Account:
    """Who the server runs as; `drop` says whether root hands it over."""

    uid: int
    gid: int
    drop: bool

    def process(self) -> dict[str, Any]:
        """Return the arguments of `subprocess` that run a program as this account."""
        environment = {**os.environ, "LC_ALL": "C", "PGTZ": "UTC"}
        taken: dict[str, Any] = {"cwd": "/", "env": environment}
        if self.drop:
            taken |= {"user": self.uid, "group": self.gid, "extra_groups": []}
        return taken

    def own(self, folder: Path) -> None:
        """Make `folder`, closed to everybody but this account."""
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
        if self.drop and found.st_uid == 0:
            os.chown(folder, self.uid, self.gid)
        elif found.st_uid != self.uid or folder.is_symlink():
            raise DatabaseUnavailable(
                "database_folder_owner",
                f"The folder {folder} belongs to another account. Run Brigade as the account "
                "that made it, or set BRIGADE_HOME to a folder of your own.",
            )
        folder.chmod(0o700)


def account_for(data: Path) -> Account:
    """Return the account to run the server of `data` as.

    Anybody but root runs it as themselves. Root runs it as the owner of an
    existing data folder, else as `brigade` where there is such an account, else
    as `nobody`.
    """
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid(), drop=False)
    if data.exists() and data.stat().st_uid != 0:
        owner = data.stat()
        return Account(owner.st_uid, owner.st_gid, drop=True)
    for name in PREFERRED:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid, drop=True)
    raise DatabaseUnavailable(
        "no_account",
        "PostgreSQL refuses to run as root, and there is no account `nobody` to run it as. "
        "Run Brigade as another user, or set DATABASE_URL.",
    )


class Passage:
    """Paths as the server's account sees them; closes its descriptors at the end."""

    def __init__(self, account: Account) -> None:
        self.by_descriptor = account.drop and sys.platform == "linux"
        self.descriptors: list[int] = []

    def __enter__(self) -> Passage:
        return self

    def __exit__(self, *failure: object) -> None:
        for descriptor in self.descriptors:
            os.close(descriptor)

    def to(self, folder: Path) -> str:
        """Return a path to `folder` that works in a process given `self.descriptors`."""
        if not self.by_descriptor:
            return str(folder)
        descriptor = os.open(folder, os.O_PATH | os.O_DIRECTORY)
        self.descriptors.append(descriptor)
        return f"/proc/self/fd/{descriptor}"


def reachable(binaries: Binaries, account: Account) -> Binaries:
    """Return programs that `account` can run: these, or a copy of them made once.

    The wheel may lie in a virtual environment under a home that is closed.
    """
    if not account.drop or _may_walk_to(binaries.bin, account):
        return binaries
    if not binaries.from_wheel:
        raise DatabaseUnavailable(
            "postgresql_unreachable",
            f"The account that runs the database cannot reach {binaries.bin}. Install "
            "PostgreSQL where everybody may read it, or set DATABASE_URL.",
        )
    install = binaries.bin.parent
    made = int((binaries.bin / "postgres").stat().st_mtime)
    place = _shared_folder() / f"postgresql-{binaries.major}-{made}"
    copy = place / WHEEL / install.name
    if not place.exists():
        _copy(install, place)
    return Binaries(copy / "bin", binaries.major, from_wheel=True)


def _copy(install: Path, place: Path) -> None:
    unfinished = Path(tempfile.mkdtemp(dir=place.parent))
    shutil.copytree(install, unfinished / WHEEL / install.name, symlinks=True)
    libraries = install.parent.with_name(f"{WHEEL}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, unfinished / libraries.name, symlinks=True)
    for folder, _, names in os.walk(unfinished):
        os.chmod(folder, 0o755)
        for name in names:
            file = Path(folder) / name
            if not file.is_symlink():
                file.chmod(0o755 if file.stat().st_mode & 0o100 else 0o644)
    try:
        unfinished.rename(place)
    except OSError:
        shutil.rmtree(unfinished)
        if not place.exists():
            raise


def _may_walk_to(folder: Path, account: Account) -> bool:
    look = ["/bin/sh", "-c", 'test -x "$0"', str(folder / "postgres")]
    return subprocess.run(look, check=False, **account.process()).returncode == 0


def _shared_folder() -> Path:
    for folder in (SHARED, Path(tempfile.gettempdir()) / "brigade-postgresql"):
        try:
            if not folder.exists():
                folder.mkdir(parents=True)
                folder.chmod(0o755)
        except OSError:
            continue
        found = folder.lstat()
        if found.st_uid == 0 and not found.st_mode & 0o022 and os.access(folder, os.W_OK):
            return folder
    raise DatabaseUnavailable(
        "no_shared_folder",
        f"PostgreSQL's programs must be copied to where its account can read them, but {SHARED} "
        "cannot be written. Make it writable for root, or set DATABASE_URL.",
    )


def die_with_parent(how: signal.Signals = signal.SIGINT) -> None:
    """Ask Linux to signal this process when the thread that started it ends.

    PostgreSQL takes an interrupt as a fast shutdown, so even a killed Brigade
    leaves a clean data folder. Call between fork and exec; elsewhere than on
    Linux it does nothing.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, how)
