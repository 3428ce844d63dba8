"""What `brigade doctor` looks at, and what it advises. Needs Django and a database that answers."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from smtplib import SMTPException
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection

from brigade.config import secret, upgrading
from brigade.config.findings import Finding
from brigade.integrations.mail.server import connect, mail_server
from brigade.kernel import instants
from brigade.kernel.live.queries import listeners
from brigade.kernel.outbox import queries as outbox
from brigade.kernel.parties.administrators import administrators

OLDEST_POSTGRESQL = 150000
LEAST_FREE_BYTES = 2**30
LOW_FREE_SHARE = 0.1
LARGEST_SKEW = timedelta(seconds=2)
LATE = timedelta(minutes=5)


def examine() -> Iterator[Finding]:
    """Look at everything, one finding after the other. Changes nothing and sends nothing."""
    yield database()
    yield disk()
    yield clock()
    yield home()
    yield address()
    whole = migrations()
    yield whole
    if whole.state == "bad":
        return
    yield administrator()
    yield worker()
    yield live()
    yield outbox_state()
    yield mail()


def database() -> Finding:
    """The server's version and encoding."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select current_setting('server_version'), current_setting('server_version_num')::int,"
            " current_setting('server_encoding'), pg_database_size(current_database())"
        )
        version, number, encoding, size = cursor.fetchone()
    kind = "external" if settings.BRIGADE.database_url else "embedded"
    found = f"PostgreSQL {version}, {kind}, {encoding}, {size / 2**20:.0f} MB."
    if number < OLDEST_POSTGRESQL:
        return Finding("database", "bad", found, "Upgrade the server to PostgreSQL 15 or newer.")
    if encoding != "UTF8":
        return Finding("database", "bad", found, "Make the database anew with encoding UTF8.")
    return Finding("database", "good", found)


def migrations() -> Finding:
    """Whether the database is of this version."""
    missing = upgrading.pending()
    if not missing:
        return Finding("migrations", "good", "The database is of this version.")
    found = f"{len(missing)} migrations are missing, the first is {missing[0]}."
    return Finding("migrations", "bad", found, "Run `brigade backup`, then `brigade migrate`.")


def administrator() -> Finding:
    """Whether anybody can administer."""
    count = len(administrators())
    if count == 0:
        return Finding("administrator", "bad", "Nobody is.", "Run `brigade createadmin`.")
    if count == 1:
        return Finding(
            "administrator",
            "notice",
            "One person is.",
            "Make a second one: then no right is granted without a second pair of eyes.",
        )
    return Finding("administrator", "good", f"{count} people are.")


def worker() -> Finding:
    """Whether a worker showed life, and whether its outbox loop turns."""
    advice = "Start one: `brigade serve` runs it beside the pages."
    beats = outbox.heartbeats()
    if not beats:
        return Finding("worker", "bad", "None has ever shown life.", advice)
    allowed = timedelta(seconds=settings.BRIGADE.worker.silent_seconds)
    now = instants.now()
    silent = now - beats[0].beat_at
    found = f"{beats[0].name} showed life {silent.total_seconds():.0f} s ago."
    if silent > allowed:
        return Finding("worker", "bad", found, advice)
    turned = max((beat.outbox_at for beat in beats if beat.outbox_at), default=None)
    if turned is None or now - turned > allowed:
        return Finding(
            "worker", "bad", f"{found} Its outbox loop hangs.", "Restart it and read its log."
        )
    return Finding("worker", "good", found)


def live() -> Finding:
    """Whether open pages hear what changes, and how many do."""
    if not settings.BRIGADE.live_port:
        return Finding("live updates", "good", "Off: pages show what changed when they are loaded.")
    found = listeners()
    if not found:
        return Finding(
            "live updates",
            "notice",
            "No live process listens: pages work, and hear of nothing.",
            "`brigade serve` runs one; its log says why it ended. It needs a direct connection to "
            f"the database and port {settings.BRIGADE.live_port}.",
        )
    streams = sum(count for _name, count in found)
    where = ", ".join(name for name, _count in found)
    return Finding("live updates", "good", f"{streams} open pages hear what changes, from {where}.")


def outbox_state() -> Finding:
    """Whether what should leave does leave."""
    now = instants.now()
    health = outbox.outbox_health(now)
    found = (
        f"{health.waiting} waiting, {health.failed} to be tried again, {health.dead} given up, "
        f"{health.withheld} held back until mail is set up."
    )
    if health.oldest_due is not None and now - health.oldest_due > LATE:
        late = (now - health.oldest_due).total_seconds() / 60
        found = f"{found} The oldest is {late:.0f} minutes late."
        return Finding("outbox", "bad", found, "See that a worker runs; its log says why it waits.")
    if health.dead:
        return Finding("outbox", "notice", found, "The outbox page says why, and retries.")
    return Finding("outbox", "good", found)


def mail() -> Finding:
    """Whether the mail server takes a session; no mail is sent."""
    server = mail_server()
    if server is None:
        return Finding(
            "mail",
            "notice",
            "Not set up: everything waits in the outbox.",
            "Set BRIGADE_MAIL_HOST and BRIGADE_MAIL_SENDER (or the sender in the setup).",
        )
    where = f"{server.host}:{server.port} ({server.security})"
    try:
        session = connect(server)
        session.noop()
        session.quit()
    except (OSError, SMTPException) as error:
        return Finding(
            "mail",
            "bad",
            f"{where} does not take a session: {error}.",
            "Check host, port, tls, user and password of the settings under [mail].",
        )
    return Finding("mail", "good", f"{where} answers; mail comes from {server.sender}.")


def disk() -> Finding:
    """How much room is left where database and files lie."""
    usage = shutil.disk_usage(settings.BRIGADE.home)
    found = f"{usage.free / 2**30:.1f} GB free of {usage.total / 2**30:.1f} GB."
    advice = f"Make room on the disk of {settings.BRIGADE.home}."
    if usage.free < LEAST_FREE_BYTES:
        return Finding("disk", "bad", found, advice)
    if usage.free < usage.total * LOW_FREE_SHARE:
        return Finding("disk", "notice", found, advice)
    return Finding("disk", "good", found)


def clock() -> Finding:
    """How far the database's clock is from this machine's."""
    with connection.cursor() as cursor:
        before = instants.now()
        cursor.execute("select clock_timestamp()")
        there = cursor.fetchone()[0]
        after = instants.now()
    skew = abs(there - (before + (after - before) / 2))
    found = f"Database and this machine differ by {skew.total_seconds():.3f} s."
    if skew > LARGEST_SKEW:
        return Finding("clock", "bad", found, "Synchronise both machines' clocks (chrony or ntpd).")
    return Finding("clock", "good", found)


def home() -> Finding:
    """Whether others can read what lies in the home."""
    folder = settings.BRIGADE.home
    open_to_others = [path for path in (folder, folder / secret.FILE) if _open(path)]
    if open_to_others:
        names = " ".join(str(path) for path in open_to_others)
        return Finding("home", "bad", f"Others can read {names}.", f"Run `chmod go-rwx {names}`.")
    return Finding("home", "good", f"{folder} is closed to others.")


def address() -> Finding:
    """Whether the public address fits how Brigade is reached."""
    public = settings.BRIGADE.address
    near = urlsplit(public).hostname in ("localhost", "127.0.0.1", "::1")
    if not near and not public.startswith("https://"):
        return Finding(
            "address",
            "notice",
            f"People reach {public} without encryption.",
            "Put a proxy with TLS in front and set BRIGADE_PUBLIC_URL to its https address.",
        )
    return Finding("address", "good", f"People reach {public}.")


def _open(path: Path) -> bool:
    return path.exists() and bool(path.stat().st_mode & 0o077)
