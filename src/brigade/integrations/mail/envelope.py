"""A letter in its envelope: the headers that make mail thread, deduplicate and not loop."""

from __future__ import annotations

import hashlib
import re
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import TYPE_CHECKING

from brigade.integrations.mail.letter import Letter, render
from brigade.integrations.mail.server import MailServer
from brigade.kernel import instants

if TYPE_CHECKING:
    from brigade.kernel.records.models import Record

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


def message_id(dedupe_key: str, domain: str) -> str:
    """Return the Message-ID of a message: the same key gives the same one for ever.

    A mail that is delivered twice is thereby one mail to whoever looks.
    """
    digest = hashlib.sha256(dedupe_key.encode()).hexdigest()[:40]
    return f"<{digest}@{domain}>"


def thread_id(number: str, domain: str) -> str:
    """Return the id that every mail about one record refers to, so that they lie together."""
    return f"<{number.lower()}.record@{domain}>"


def one_line(text: str) -> str:
    """Return a text as one header line: no line ends, no control characters."""
    return " ".join(_CONTROL.sub(" ", text).split())


def build(
    letter: Letter,
    *,
    server: MailServer,
    address: str,
    name: str,
    dedupe_key: str,
    record: Record | None,
) -> EmailMessage:
    """Return the mail, text and HTML, ready to hand in.

    Raises ValueError where `address` is no mail address.
    """
    mail = EmailMessage(policy=SMTP)
    mail["From"] = server.sender_header
    mail["To"] = str(Address(display_name=one_line(name), addr_spec=one_line(address)))
    mail["Subject"] = one_line(letter.subject)
    mail["Date"] = format_datetime(instants.now())
    mail["Message-ID"] = message_id(dedupe_key, server.domain)
    if record is not None:
        thread = thread_id(record.number, server.domain)
        mail["In-Reply-To"] = thread
        mail["References"] = thread
        mail["X-Brigade-Record"] = record.number
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    text, html = render(letter)
    mail.set_content(text)
    mail.add_alternative(html, subtype="html")
    return mail
