"""The outgoing mail server, as the settings give it; nothing where none is given."""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass
from email.headerregistry import Address
from email.utils import parseaddr

from django.conf import settings

from brigade.kernel.parties.models import Installation

TIMEOUT_SECONDS = 20.0
"""Longest wait for one answer of the mail server, where the settings say nothing."""


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed in, and under which sender. `security` is none, starttls or tls."""

    host: str
    port: int
    user: str
    password: str
    security: str
    timeout: float
    sender: str
    sender_name: str

    @property
    def domain(self) -> str:
        """The sender's domain, which Message-IDs are made under."""
        return self.sender.rpartition("@")[2] or "localhost"

    @property
    def sender_header(self) -> str:
        """The From line: the installation's name and its address."""
        return str(Address(display_name=self.sender_name, addr_spec=self.sender))


def mail_server() -> MailServer | None:
    """Return the mail server of this installation, or None while mail is not set up.

    The sender that the first-run setup was given wins over the one in the settings.
    """
    installation = Installation.objects.filter(pk=1).first()
    given_name, sender = parseaddr(settings.DEFAULT_FROM_EMAIL)
    if installation and installation.mail_from:
        given_name, sender = "", installation.mail_from
    if not sender or not settings.EMAIL_HOST:
        return None
    security = "tls" if settings.EMAIL_USE_SSL else "none"
    return MailServer(
        host=settings.EMAIL_HOST,
        port=int(settings.EMAIL_PORT),
        user=settings.EMAIL_HOST_USER or "",
        password=settings.EMAIL_HOST_PASSWORD or "",
        security="starttls" if settings.EMAIL_USE_TLS else security,
        timeout=float(settings.EMAIL_TIMEOUT or TIMEOUT_SECONDS),
        sender=sender,
        sender_name=given_name or (installation.name if installation else "") or "Brigade",
    )


def connect(server: MailServer) -> smtplib.SMTP:
    """Open a session with the mail server, encrypted and signed in as the settings say."""
    context = ssl.create_default_context()
    session: smtplib.SMTP
    if server.security == "tls":
        session = smtplib.SMTP_SSL(
            server.host, server.port, timeout=server.timeout, context=context
        )
    else:
        session = smtplib.SMTP(server.host, server.port, timeout=server.timeout)
    try:
        if server.security == "starttls":
            session.starttls(context=context)
        if server.user:
            session.login(server.user, server.password)
    except BaseException:
        session.close()
        raise
    return session
