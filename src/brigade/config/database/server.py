"""Starting, attaching to and stopping the embedded server."""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import psycopg
from psycopg import sql

from brigade.config.database import account as accounts
from brigade.config.database import binaries as programs
from brigade.config.database import postmaster
from brigade.config.database.account import Account, Passage
from brigade.config.database.binaries import Binaries
from brigade.config.database.failure import DatabaseUnavailable
from brigade.config.database.folder import NAME, PORT, Folder

START_SECONDS = 120
"""Recovery after a crash is part of starting."""
LONGEST_LOG = 10 * 2**20
BUILTIN_LOCALE_FROM = 17
THROWAWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@dataclass
class Server:
    """A running embedded server as this process sees it."""

    folder: Folder
    binaries: Binaries
    process: subprocess.Popen[bytes] | None
    users: IO[str] = field(repr=False)

    @property
    def owned(self) -> bool:
        """Whether this process started it, and so will stop it."""
        return self.process is not None

    @property
    def url(self) -> str:
        """The libpq connection string of Brigade's database in it."""
        return self.folder.url

    def alive(self) -> bool:
        """Whether it still runs; a child that died is collected here."""
        if self.process is not None:
            return self.process.poll() is None
        return postmaster.running(self.folder.data) is not None

    def stop(self, *, wait_for_others: float = 60) -> None:
        """Stop the server when this process owns it, else only let go of it.

        Other commands may have attached: they get `wait_for_others` seconds to
        finish before the server ends their connections.
        """
        if self.process is None:
            self.users.close()
            return
        if self.process.poll() is None:
            _wait_until_alone(self.users, wait_for_others)
        for how, seconds in ((signal.SIGINT, 30), (signal.SIGQUIT, 10), (signal.SIGKILL, 10)):
            if self.process.poll() is not None:
                break
            _signal(self.process, how)
            try:
                self.process.wait(seconds)
            except subprocess.TimeoutExpired:
                continue
        self.users.close()


def ensure(
    home: Path,
    *,
    binaries: Path | None = None,
    throwaway: bool = False,
    share: bool = True,
) -> Server:
    """Start the database of `home`, or attach to it where it runs already.

    Call from the main thread: on Linux the server stops with the thread that
    started it. `binaries` is a folder of PostgreSQL programs to use instead of
    those found, `throwaway` gives up safety for speed (for tests), `share`
    tells the owner to wait for this process before stopping.
    Raises `DatabaseUnavailable` with what is wrong and how to put it right.
    """
    folder = Folder(home.absolute())
    try:
        account = accounts.account_for(folder.data)
        folder.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        account.own(folder.base)
        account.own(folder.socket_folder)
    except OSError as error:
        raise DatabaseUnavailable(
            "database_folder",
            f"The folder {folder.base} cannot be used: {error.strerror}. "
            "Make it writable, or set BRIGADE_HOME to another folder.",
        ) from error
    found = programs.find(folder.major(), binaries)
    users = (folder.base / "users.lock").open("a+")
    with _locked(folder.base / "start.lock"):
        fcntl.flock(users, fcntl.LOCK_SH)  # an owner that is just stopping finishes first
        process = None
        if not _attached(folder):
            process = _start(folder, accounts.reachable(found, account), account, throwaway)
        if process is not None or not share:
            fcntl.flock(users, fcntl.LOCK_UN)
        server = Server(folder, found, process, users)
        _make_database(server)
    return server


def _attached(folder: Folder) -> bool:
    deadline = time.monotonic() + START_SECONDS
    while (found := postmaster.running(folder.data)) is not None:
        if found.ready:
            return True
        if time.monotonic() > deadline:
            raise DatabaseUnavailable(
                "postgresql_busy",
                f"The database server (process {found.pid}) is neither starting nor stopping. "
                f"Look into {folder.log}.",
            )
        time.sleep(0.05)
    return False


def _start(
    folder: Folder, binaries: Binaries, account: Account, throwaway: bool
) -> subprocess.Popen[bytes]:
    postmaster.wait_for_zombie(folder.data)
    with Passage(account) as passage:
        base, sockets = passage.to(folder.base), passage.to(folder.socket_folder)
        how = {**account.process(), "pass_fds": passage.descriptors}
        if folder.major() is None:
            _initialise(folder, binaries, base, how)
        options = {
            **_settings(),
            **(THROWAWAY if throwaway else {}),
            "unix_socket_directories": sockets,
        }
        command = [binaries.program("postgres"), "-D", f"{base}/{folder.data.name}"]
        command += [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        with _log(folder) as log:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=accounts.die_with_parent,
                **how,
            )
    _wait_until_ready(process, folder)
    return process


def _initialise(folder: Folder, binaries: Binaries, base: str, how: dict[str, Any]) -> None:
    # initdb fills a folder beside the real one, so that a start which was
    # interrupted half-way leaves nothing that looks like a database.
    unfinished = folder.base / "data.new"
    if unfinished.exists():
        shutil.rmtree(unfinished)
    locale = ["--locale=C.UTF-8"] if sys.platform == "linux" else ["--locale=C"]
    if binaries.major >= BUILTIN_LOCALE_FROM:
        locale = ["--locale-provider=builtin", "--locale=C.UTF-8"]
    command = [binaries.program("initdb"), "-D", f"{base}/{unfinished.name}", "-U", NAME]
    command += ["-A", "trust", "-E", "UTF8", "--data-checksums", *locale]
    done = subprocess.run(command, capture_output=True, text=True, check=False, **how)
    if done.returncode != 0:
        raise DatabaseUnavailable(
            "initdb_failed",
            f"PostgreSQL could not make its data folder in {folder.base}: "
            f"{done.stderr.strip()[-600:]}",
        )
    unfinished.rename(folder.data)


def _settings() -> dict[str, str]:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    return {
        "port": str(PORT),
        "listen_addresses": "",
        "unix_socket_permissions": "0700",
        "max_connections": "100",
        "shared_buffers": f"{min(max(memory // 8, 128), 1024)}MB",
        "effective_cache_size": f"{max(memory // 2, 256)}MB",
        "work_mem": "16MB",
        "maintenance_work_mem": "128MB",
        "random_page_cost": "1.1",
        "jit": "off",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "log_checkpoints": "off",
    }


def _wait_until_ready(process: subprocess.Popen[bytes], folder: Folder) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        found = postmaster.read(folder.data)
        if found is not None and found.pid == process.pid and found.ready:
            return
        if process.poll() is not None:
            break
        time.sleep(0.02)
    else:
        _signal(process, signal.SIGQUIT)
    tail = folder.log.read_text(errors="replace").splitlines()[-8:] if folder.log.exists() else []
    raise DatabaseUnavailable(
        "postgresql_start",
        "The database server did not start. Its last words:\n  " + "\n  ".join(tail),
    )


def _make_database(server: Server) -> None:
    there = server.url.replace(f"dbname={NAME}", "dbname=postgres")
    try:
        with psycopg.connect(there, autocommit=True) as connection:
            known = connection.execute("select 1 from pg_database where datname = %s", [NAME])
            if known.fetchone() is None:
                connection.execute(sql.SQL("create database {}").format(sql.Identifier(NAME)))
    except psycopg.OperationalError as error:
        raise DatabaseUnavailable(
            "database_connection",
            f"The database server runs but cannot be talked to: {error}. Another account may have "
            f"started it; look into {server.folder.log}.",
        ) from error


def _signal(process: subprocess.Popen[bytes], how: signal.Signals) -> None:
    try:
        process.send_signal(how)
    except ProcessLookupError:
        return


def _wait_until_alone(users: IO[str], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while True:
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                return
            time.sleep(0.1)
        else:
            return


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _log(folder: Folder) -> IO[bytes]:
    if folder.log.exists() and folder.log.stat().st_size > LONGEST_LOG:
        folder.log.rename(folder.log.with_suffix(".log.old"))
    return folder.log.open("ab")
