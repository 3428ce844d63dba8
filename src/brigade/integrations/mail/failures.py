"""What a mail server's no means: try again, give up, or the line is gone."""

from __future__ import annotations

import smtplib
from dataclasses import dataclass

from brigade.kernel.outbox import reasons


@dataclass(frozen=True, slots=True)
class Failure:
    """One failed attempt. `for_good`: the receiver will never take it.

    `session_lost`: the connection cannot be used for the next mail.
    """

    reason: str
    error: str
    for_good: bool = False
    session_lost: bool = False


def classify(error: OSError | smtplib.SMTPException) -> Failure:
    """Tell what an error of the SMTP session means.

    Only a permanent no to this receiver or this content is final. A no to the
    sender or the sign-in is the installation's own fault: it is mended in the
    settings, and everything waits until then.
    """
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, said = next(iter(error.recipients.values()), (0, b""))
        return _answer(code, said)
    if isinstance(error, smtplib.SMTPDataError):
        return _answer(error.smtp_code, error.smtp_error)
    if isinstance(error, smtplib.SMTPSenderRefused | smtplib.SMTPAuthenticationError):
        words = _words(error.smtp_code, error.smtp_error)
        return Failure(reasons.TEMPORARY, words, session_lost=error.smtp_code == 421)
    return Failure(reasons.TEMPORARY, f"{type(error).__name__}: {error}", session_lost=True)


def _answer(code: int, said: bytes | str) -> Failure:
    for_good = 500 <= code < 600
    return Failure(
        reason=reasons.REFUSED if for_good else reasons.TEMPORARY,
        error=_words(code, said),
        for_good=for_good,
        session_lost=code == 421,
    )


def _words(code: int, said: bytes | str) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return f"{code} {' '.join(text.split())}"
