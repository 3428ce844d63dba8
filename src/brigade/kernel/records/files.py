"""Where the content of files lies, and what may be stored.

Content lies under its sha256 in the installation's own folder, never under the
name somebody gave it, and is never served inline from the app's origin.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import tempfile
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from django.conf import settings
from django.utils.translation import gettext as _

from brigade.kernel.refused import Hidden, Invalid

ALLOWED = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
    "txt": "text/plain",
    "log": "text/plain",
    "csv": "text/csv",
    "json": "application/json",
    "xml": "application/xml",
    "eml": "message/rfc822",
    "zip": "application/zip",
    "gz": "application/gzip",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "mp4": "video/mp4",
    "webm": "video/webm",
}
"""Endings that are taken, and the type they are handed out as. No HTML, no SVG, no programs."""

PROGRAMS = (b"MZ", b"\x7fELF", b"#!", b"<!doctype html", b"<html", b"<svg", b"<script")
"""How content begins that is refused whatever its name says."""

CHUNK = 1 << 20
SCAN_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Stored:
    """A file as it lies in the store: `size` in bytes, `clean` as the scanner says."""

    name: str
    content_type: str
    size: int
    sha256: str
    clean: bool
    verdict: str


def size_limit() -> int:
    """Return the largest file taken, in bytes."""
    return int(getattr(settings, "BRIGADE_FILE_LIMIT", 20 * 1024 * 1024))


def _folder() -> Path:
    return Path(str(settings.BRIGADE_HOME)) / "files"


def _place(sha256: str) -> Path:
    return _folder() / sha256[:2] / sha256


def safe_name(name: str) -> str:
    """Return a file's name without folders, control characters or direction tricks."""
    last = PurePosixPath(name.replace("\\", "/")).name
    kept = "".join(c for c in last if unicodedata.category(c)[0] != "C").strip(" .")
    return kept[-200:]


def store(name: str, content: IO[bytes] | bytes) -> Stored:
    """Check and keep one file; returns where it lies.

    Raises Invalid for an empty or too large file, a type that is not taken, or
    content that is a program. A file the scanner refuses is kept, quarantined.
    """
    tidy = safe_name(name)
    ending = tidy.rpartition(".")[2].lower()
    if not tidy or ending not in ALLOWED:
        raise Invalid(
            "file_type",
            _("Files of this type are not taken. Send one of these: %(types)s.")
            % {"types": ", ".join(sorted(ALLOWED))},
            "file",
        )
    _folder().mkdir(parents=True, exist_ok=True, mode=0o700)
    with _spooled() as (handle, path):
        size, sha256, start = _copy(content, handle)
        if start.lstrip().lower().startswith(PROGRAMS):
            raise Invalid("file_type", _("This file holds a program or a web page."), "file")
        if not size:
            raise Invalid("file_empty", _("This file is empty."), "file")
        clean, verdict = _scan(path)
        place = _place(sha256)
        place.parent.mkdir(exist_ok=True, mode=0o700)
        os.replace(path, place)
    return Stored(tidy, ALLOWED[ending], size, sha256, clean, verdict)


@contextmanager
def _spooled() -> Iterator[tuple[IO[bytes], Path]]:
    descriptor, name = tempfile.mkstemp(dir=_folder())
    path = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as handle:
            yield handle, path
    finally:
        path.unlink(missing_ok=True)


def _copy(content: IO[bytes] | bytes, handle: IO[bytes]) -> tuple[int, str, bytes]:
    digest, size, start = hashlib.sha256(), 0, b""
    for chunk in _chunks(content):
        size += len(chunk)
        if size > size_limit():
            raise Invalid(
                "file_too_large",
                _("A file may have at most %(limit)d MB.") % {"limit": size_limit() >> 20},
                "file",
            )
        start = start or chunk[:512]
        digest.update(chunk)
        handle.write(chunk)
    handle.flush()
    os.fsync(handle.fileno())
    return size, digest.hexdigest(), start


def _chunks(content: IO[bytes] | bytes) -> Iterator[bytes]:
    if isinstance(content, bytes):
        yield content
        return
    while chunk := content.read(CHUNK):
        yield chunk


def _scan(path: Path) -> tuple[bool, str]:
    """Ask the installation's scanner, a command that exits 0 for a clean file."""
    command = getattr(settings, "BRIGADE_FILE_SCANNER", "")
    if not command:
        return True, ""
    try:
        done = subprocess.run(
            [*command.split(), str(path)], capture_output=True, timeout=SCAN_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return False, f"scanner failed: {type(error).__name__}"
    return done.returncode == 0, done.stdout.decode("utf-8", "replace").strip()[:200]


def open_stored(sha256: str) -> IO[bytes]:
    """Return the content of a stored file; raises Hidden where it is gone."""
    try:
        return _place(sha256).open("rb")
    except OSError as error:
        raise Hidden(
            "no_such_file", _("There is no such file, or it is not open to you.")
        ) from error
