"""The key that signs sessions and links: made once, readable by nobody else."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

FILE = "secret_key"


def make(home: Path) -> Path:
    """Make the key of `home` unless it has one; return its file (mode 0600)."""
    path = home / FILE
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(48))
    return path


def read(home: Path) -> str:
    """Return the key of `home`, or one for this process alone where none was made yet.

    Only tests and development tools meet the second case: every command of
    Brigade makes the key before Django starts.
    """
    try:
        return (home / FILE).read_text().strip() or secrets.token_urlsafe(48)
    except OSError:
        return secrets.token_urlsafe(48)
