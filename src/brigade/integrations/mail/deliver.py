"""Mail out: takes what the outbox holds for mail and hands it to the mail server."""

from __future__ import annotations

import contextlib
import smtplib
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from email.message import EmailMessage

import structlog
from django.db import DatabaseError
from django.utils import translation

from brigade.integrations.mail.envelope import build
from brigade.integrations.mail.failures import Failure, classify
from brigade.integrations.mail.server import MailServer, connect, mail_server
from brigade.integrations.mail.topics import compose
from brigade.kernel import instants
from brigade.kernel.outbox import reasons
from brigade.kernel.outbox.delivery import Claimed, Outcome
from brigade.kernel.outbox.receiving import Delivery, read_deliveries, reason_against_mail

log = structlog.get_logger(__name__)

MARGIN = timedelta(minutes=2)
"""No mail is begun so shortly before the claim runs out: another worker might begin it too."""

Connect = Callable[[MailServer], smtplib.SMTP]


class Session:
    """One SMTP session for a batch, opened when first needed and again after it broke.

    Once the server cannot be reached the rest of the batch is not tried: each
    attempt would only wait for the same time-out.
    """

    def __init__(self, server: MailServer, connect: Connect) -> None:
        self.server = server
        self.connect = connect
        self.line: smtplib.SMTP | None = None
        self.down: Failure | None = None

    def send(self, mail: EmailMessage, address: str) -> Failure | None:
        """Hand in one mail; return what went wrong, or None."""
        if self.down is not None:
            return self.down
        try:
            if self.line is None:
                self.line = self.connect(self.server)
        except (OSError, smtplib.SMTPException) as error:
            self.down = classify(error)
            return self.down
        try:
            self.line.send_message(mail, from_addr=self.server.sender, to_addrs=[address])
        except (OSError, smtplib.SMTPException) as error:
            failure = classify(error)
            if failure.session_lost:
                self.close()
            return failure
        return None

    def close(self) -> None:
        """End the session, however it stands."""
        line, self.line = self.line, None
        if line is not None:
            with contextlib.suppress(OSError, smtplib.SMTPException):
                line.quit()
            line.close()


class MailOut:
    """The deliverer of the mail channel. `connect` opens a session with the mail server."""

    def __init__(self, connect: Connect = connect) -> None:
        self.connect = connect

    def __call__(self, messages: Sequence[Claimed], /) -> Iterator[list[Outcome]]:
        """Send a batch, one by one over one session; each outcome is given at once."""
        server = mail_server()
        session = Session(server, self.connect) if server else None
        try:
            for delivery in read_deliveries(messages):
                yield [_deliver(delivery, server, session)]
        finally:
            if session is not None:
                session.close()


def _deliver(delivery: Delivery, server: MailServer | None, session: Session | None) -> Outcome:
    message = delivery.message
    against = reason_against_mail(delivery) or _expired(delivery)
    if not against and (server is None or session is None):
        against = reasons.NOT_SET_UP
    if not against and server and delivery.address.lower() == server.sender.lower():
        against = reasons.OWN_ADDRESS
    if against or server is None or session is None:
        return Outcome(message, "withheld", against)
    if instants.now() >= message.claimed_until - MARGIN:
        return Outcome(message, "queued")
    try:
        mail = _written(delivery, server)
    except DatabaseError:
        raise
    except Exception as error:
        log.exception("mail_cannot_be_written", message=message.id, topic=message.topic)
        return Outcome(
            message, "dead", reasons.CANNOT_BE_WRITTEN, f"{type(error).__name__}: {error}"
        )
    failure = session.send(mail, delivery.address)
    if failure is None:
        return Outcome(message, "sent")
    log.warning("mail_failed", message=message.id, topic=message.topic, error=failure.error)
    return Outcome(message, "dead" if failure.for_good else "failed", failure.reason, failure.error)


def _expired(delivery: Delivery) -> str:
    expires = delivery.message.payload.get("expires_at")
    if expires and datetime.fromisoformat(expires) <= instants.now():
        return reasons.EXPIRED
    return ""


def _written(delivery: Delivery, server: MailServer) -> EmailMessage:
    person = delivery.person
    with translation.override(person.language if person else "en"):
        return build(
            compose(delivery, sender_name=server.sender_name),
            server=server,
            address=delivery.address,
            name=person.name if person else "",
            dedupe_key=delivery.message.dedupe_key,
            record=delivery.record,
        )
