"""A worker that is killed at a point of its work, run by the test beside this file.

python worker_to_kill.py seed           queue three mails and two notices
python worker_to_kill.py die            for each line "POINT DATABASE" that it reads: a worker
                                        turns the real loop on that database and is killed at
                                        POINT; after its lease a second worker turns it to the
                                        end. Says "ended" for each, or what went wrong
"""

from __future__ import annotations

import os
import signal
import smtplib
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

import django

django.setup()

from django.db import connection, transaction  # noqa: E402

from brigade.integrations.mail.deliver import MailOut  # noqa: E402
from brigade.integrations.mail.server import MailServer, connect  # noqa: E402
from brigade.jobs import outbox_loop  # noqa: E402
from brigade.kernel import instants  # noqa: E402
from brigade.kernel.outbox.delivery import Claimed, Outcome  # noqa: E402
from brigade.kernel.outbox.notices import deliver_notices  # noqa: E402
from brigade.kernel.outbox.rows import OutboxRow  # noqa: E402
from brigade.kernel.outbox.writes import LEASE  # noqa: E402
from tests.kernel.outbox.letterbox import NOON, installation, open_errand, person  # noqa: E402


class Killer:
    """Kills this process, without warning, when it comes to its point."""

    def __init__(self, point: str) -> None:
        self.point = point

    def __call__(self, here: str) -> None:
        if here == self.point:
            os.kill(os.getpid(), signal.SIGKILL)


def mortal_smtp(kill: Killer) -> Any:
    def open_session(server: MailServer) -> smtplib.SMTP:
        kill("before_connect")
        session = connect(server)
        send_data = session.data

        def data(message: Any) -> Any:
            kill("before_data")
            answer = send_data(message)
            kill("after_data")
            return answer

        session.data = data  # type: ignore[method-assign]
        kill("after_connect")
        return session

    return open_session


def mortal_loop(kill: Killer) -> outbox_loop.OutboxLoop:
    mail_out = MailOut(mortal_smtp(kill))
    settled = 0

    def claim(
        batch: int, channels: Sequence[str], now: datetime, lease: timedelta
    ) -> list[Claimed]:
        kill("before_claim")
        with transaction.atomic():
            held = outbox_loop._claim(batch, channels, now, lease)
            kill("inside_claim")
        kill("after_claim")
        return held

    def settle(outcomes: Sequence[Outcome], now: datetime) -> None:
        nonlocal settled
        if not outcomes:
            return
        if settled == 2:
            kill("after_last_mail")
        with transaction.atomic():
            outbox_loop._settle(outcomes, now)
            kill("inside_settle")
        settled += 1
        kill("after_settle")

    def notices(messages: Sequence[Claimed], /) -> Iterator[list[Outcome]]:
        for outcomes in deliver_notices(messages):
            kill("after_notices")
            yield outcomes

    ways = {"mail": mail_out, "notice": notices}
    return outbox_loop.OutboxLoop(ways, claim=claim, settle=settle)


def seed() -> None:
    installation()
    dana, amir = person("Dana Whitlock"), person("Amir Nasser", "agent")
    for n in range(3):
        rows = [OutboxRow("mail", "opened", recipient_id=dana.pk)]
        if n:
            rows.append(OutboxRow("notice", "assigned", recipient_id=amir.pk))
        open_errand(f"Printer {n}", by=dana, rows=rows)


def work(point: str) -> None:
    kill = Killer(point)
    with instants.at_instant(NOON):
        mortal_loop(kill).turn()
    kill("after_turn")


def finish() -> None:
    loop = outbox_loop.OutboxLoop(outbox_loop.deliverers())
    with instants.at_instant(NOON + LEASE + timedelta(seconds=1)):
        while loop.turn():
            pass


def die() -> None:
    for line in sys.stdin:
        point, connection.settings_dict["NAME"] = line.split()
        killed, ended = forked(work, point), None
        if os.WIFSIGNALED(killed) and os.WTERMSIG(killed) == signal.SIGKILL:
            ended = forked(finish)
        print({0: "ended", None: f"the worker was never at {point}"}.get(ended, "failed"))
        sys.stdout.flush()


def forked(what: Callable[..., None], *given: str) -> int:
    """Do it in a process of its own, so that this one never opens a connection."""
    child = os.fork()
    if child == 0:
        try:
            what(*given)
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    return os.waitpid(child, 0)[1]


if __name__ == "__main__":
    {"seed": seed, "die": die}[sys.argv[1]](*sys.argv[2:])
