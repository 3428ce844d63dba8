"""The session with the mail server: encrypted against a known certificate, signed in, patient."""

from __future__ import annotations

import datetime
import ipaddress
import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from brigade.integrations.mail.failures import classify
from brigade.integrations.mail.server import MailServer, connect
from brigade.kernel.outbox import reasons
from tests.integrations.mail.sink import Sink

SERVER = MailServer("127.0.0.1", 0, "", "", "none", 5.0, "help@x.example", "Help")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for this machine that nobody vouches for, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.UTC)
    here = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name)
        .public_key(key.public_key()).serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(here, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    folder = tmp_path_factory.mktemp("certificate")
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return folder / "cert.pem", folder / "key.pem"


@contextmanager
def serving(security: str, certificate: tuple[Path, Path], **more: Any) -> Iterator[MailServer]:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*certificate)
    way = {"tls": {"ssl_context": context}, "starttls": {"tls_context": context}}[security]
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(Sink(), hostname="127.0.0.1", port=port, **way, **more)
    controller.start()
    try:
        yield replace(SERVER, port=port, security=security)
    finally:
        controller.stop()


@pytest.mark.parametrize("security", ["tls", "starttls"])
class TestEncryption:
    def test_is_used_where_the_certificate_is_known(
        self, security: str, certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
        with serving(security, certificate) as server:
            session = connect(server)
            assert isinstance(session.sock, ssl.SSLSocket)
            session.quit()

    def test_is_refused_where_it_is_not(
        self, security: str, certificate: tuple[Path, Path]
    ) -> None:
        with serving(security, certificate) as server, pytest.raises(ssl.SSLError) as no:
            connect(server)
        failure = classify(no.value)
        assert (failure.reason, failure.session_lost) == (reasons.TEMPORARY, True)
        assert "certificate" in failure.error


def test_a_wrong_password_is_our_fault_and_waits(
    certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))

    def check(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        return AuthResult(success=data.password == b"right", handled=False)

    with serving("starttls", certificate, authenticator=check, auth_required=True) as server:
        connect(replace(server, user="brigade", password="right")).quit()
        with pytest.raises(smtplib.SMTPAuthenticationError) as no:
            connect(replace(server, user="brigade", password="wrong"))
    failure = classify(no.value)
    assert (failure.reason, failure.for_good) == (reasons.TEMPORARY, False)


@pytest.mark.parametrize(
    ("error", "for_good", "lost"),
    [
        (smtplib.SMTPRecipientsRefused({"a@x": (550, b"no such user")}), True, False),
        (smtplib.SMTPRecipientsRefused({"a@x": (450, b"mailbox busy")}), False, False),
        (smtplib.SMTPDataError(554, b"rejected"), True, False),
        (smtplib.SMTPDataError(421, b"closing"), False, True),
        (smtplib.SMTPSenderRefused(550, b"not you", "help@x"), False, False),
        (smtplib.SMTPServerDisconnected("gone"), False, True),
        (TimeoutError("slow"), False, True),
    ],
)
def test_what_a_no_means(error: Any, for_good: bool, lost: bool) -> None:
    failure = classify(error)
    assert (failure.for_good, failure.session_lost) == (for_good, lost)
    assert failure.reason == (reasons.REFUSED if for_good else reasons.TEMPORARY)
