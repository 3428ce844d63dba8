"""The embedded database: started, shared, stopped, killed, and kept from the wrong version."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from brigade.config.database import DatabaseUnavailable, ensure, postmaster
from brigade.config.database import binaries as programs
from brigade.config.database.folder import Folder
from tests.config.conftest import SYSTEM_15

BOTH = [
    pytest.param(None, id="first found"),
    pytest.param(
        SYSTEM_15,
        id="system 15",
        marks=[
            pytest.mark.postgres15,
            pytest.mark.skipif(not SYSTEM_15.is_dir(), reason="no PostgreSQL 15 installed"),
        ],
    ),
]
WRITER = """
import sys, time, psycopg
from pathlib import Path
from brigade.config.database import ensure
server = ensure(Path(sys.argv[1]))
with psycopg.connect(server.url, autocommit=True) as connection:
    connection.execute("create table if not exists kept (n bigint)")
    print("pid", server.process.pid if server.process else 0, flush=True)
    for n in range(int(sys.argv[2]), 10**9):
        connection.execute("insert into kept values (%s)", [n])
        print(n, flush=True)
"""


@pytest.fixture
def home() -> Iterator[Path]:
    """A home that others cannot even look into, below a folder of the same kind."""
    closed = Path(tempfile.mkdtemp(prefix="brigade-home-"))
    yield closed / "home"
    shutil.rmtree(closed, ignore_errors=True)


@pytest.mark.parametrize("binaries", BOTH)
def test_one_starts_the_others_attach_and_never_stop_it(home: Path, binaries: Path | None) -> None:
    """Two commands at once share a server, and the one that started it stops it."""
    first = ensure(home, binaries=binaries)
    second = ensure(home, binaries=binaries)
    assert first.owned
    assert not second.owned
    assert home.parent.stat().st_mode & 0o777 == 0o700
    assert home.stat().st_mode & 0o777 == 0o700
    with psycopg.connect(second.url) as connection:
        row = connection.execute(
            "select current_setting('fsync'), current_setting('data_checksums'),"
            " current_setting('listen_addresses'), 'Z' < 'a' collate \"default\""
        ).fetchone()
    assert row == ("on", "on", "", True)
    second.stop()
    assert first.alive()
    first.stop()
    assert not first.alive()
    assert postmaster.read(Folder(home).data) is None


def test_the_owner_waits_for_those_who_attached(home: Path) -> None:
    """A short command that ends does not pull the database from under another."""
    owner, guest = ensure(home), ensure(home)
    begun = time.monotonic()
    owner.stop(wait_for_others=0.5)
    assert time.monotonic() - begun > 0.5
    guest.stop()
    assert ensure(home).owned


def test_a_deep_home_gets_a_short_socket(home: Path) -> None:
    """A socket's path has a limit of about 100 bytes; a home's has not."""
    deep = home / ("a long name of a folder " * 5) / "home"
    deep.parent.mkdir(parents=True)
    server = ensure(deep, throwaway=True)
    with psycopg.connect(server.url) as connection:
        assert connection.execute("select 1").fetchone() == (1,)
    server.stop()
    shutil.rmtree(server.folder.socket_folder)


def test_a_folder_of_another_version_is_refused_and_left_alone(home: Path) -> None:
    """PostgreSQL cannot open another major version's data; the message says what can be done."""
    ensure(home, throwaway=True).stop()
    version = Folder(home).data / "PG_VERSION"
    version.write_text("14\n")
    with pytest.raises(DatabaseUnavailable, match=r"pg_upgrade") as refused:
        ensure(home)
    assert refused.value.code == "postgresql_version"
    assert version.read_text() == "14\n"


def test_no_programs_anywhere_says_what_to_install(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without any PostgreSQL the message names the ways to get one."""
    monkeypatch.setattr(programs, "installed", lambda: [])
    with pytest.raises(DatabaseUnavailable, match="DATABASE_URL"):
        ensure(home)


def test_a_start_that_was_interrupted_leaves_nothing_half_made(home: Path) -> None:
    """initdb works beside the data folder, so a half-filled one never looks finished."""
    half = home / "database" / "data.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    if os.geteuid() == 0:
        shutil.chown(half.parent, "nobody")
        shutil.chown(half, "nobody")
    server = ensure(home, throwaway=True)
    assert server.alive()
    server.stop()


def _write(home: Path, start: int, victims: tuple[str, ...]) -> int:
    """Insert rows from a process of its own, kill it after a while; return the last row it saw."""
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(home), str(start)], stdout=subprocess.PIPE, text=True
    )
    assert writer.stdout is not None
    server = int(writer.stdout.readline().split()[1])
    seen = [int(writer.stdout.readline()) for _ in range(60)]
    for victim in victims:
        os.kill({"python": writer.pid, "postmaster": server}[victim], signal.SIGKILL)
    rest = writer.stdout.read().split()
    writer.wait()
    return int(rest[-1]) if rest else seen[-1]


def test_kill_dash_nine_loses_no_acknowledged_row(home: Path) -> None:
    """Whoever is killed, every row whose insert was acknowledged is there afterwards."""
    last = -1
    for victims in (("python",), ("postmaster",), ("python", "postmaster"), ("python",)):
        last = _write(home, last + 1, victims)
        server = ensure(home)
        with psycopg.connect(server.url) as connection:
            row = connection.execute(
                "select count(distinct n), max(n) from kept where n <= %s", [last]
            ).fetchone()
            kept = connection.execute("select max(n) from kept").fetchone()
        server.stop()
        assert row == (last + 1, last), victims
        assert kept is not None
        last = max(last, kept[0])


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_a_normal_user_under_a_closed_home() -> None:
    """Somebody who is not root starts it under their own 0700 home."""
    closed = Path(tempfile.mkdtemp(prefix="brigade-user-"))
    user = pwd.getpwnam("daemon")
    shutil.chown(closed, user.pw_uid, user.pw_gid)
    child = os.fork()
    if child == 0:
        try:
            os.setgroups([])
            os.setgid(user.pw_gid)
            os.setuid(user.pw_uid)
            server = ensure(closed / "home")
            good = server.owned and server.alive()
            server.stop()
            os._exit(0 if good and not server.alive() else 1)
        except BaseException:
            traceback.print_exc()
            os._exit(2)
    try:
        assert os.waitpid(child, 0)[1] == 0
        assert (closed / "home" / "database" / "data").stat().st_uid == user.pw_uid
    finally:
        shutil.rmtree(closed)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root hands the server to another account")
def test_root_with_programs_that_others_cannot_reach(
    home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A virtual environment under a closed home: the programs are copied once, and start."""
    from brigade.config.database import account

    wheel = programs.find()
    if not wheel.from_wheel:
        pytest.skip("the wheel with PostgreSQL is not installed")
    closed = Path(tempfile.mkdtemp(prefix="brigade-venv-"))
    try:
        package = closed / programs.WHEEL
        shutil.copytree(wheel.bin.parent, package / wheel.bin.parent.name)
        shutil.copytree(
            wheel.bin.parents[2] / f"{programs.WHEEL}.libs", closed / f"{programs.WHEEL}.libs"
        )
        inside = programs.Binaries(package / wheel.bin.parent.name / "bin", wheel.major, True)
        monkeypatch.setattr(programs, "installed", lambda: [inside])
        shared = Path(tempfile.mkdtemp(prefix="brigade-shared-"))
        shared.chmod(0o755)
        monkeypatch.setattr(account, "SHARED", shared)
        for _ in range(2):
            server = ensure(home)
            assert server.owned
            server.stop()
        assert len(list(shared.iterdir())) == 1
        assert closed.stat().st_mode & 0o777 == 0o700
    finally:
        shutil.rmtree(closed)
        shutil.rmtree(shared)
