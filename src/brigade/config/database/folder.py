"""Where the embedded database keeps things below the installation's home.

```text
HOME/database/        closed to others (0700), owned by the account the server runs as
  data/               PostgreSQL's own data folder
  run/                its unix socket (or a short folder in /tmp, see `socket_folder`)
  server.log          what the server said
  start.lock          held while somebody starts it
  users.lock          held (shared) by everybody who attached
```
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

PORT = 5432
NAME = "brigade"
LONGEST_SOCKET_PATH = 100
"""Bytes; the kernel takes 107 on Linux and 103 on macOS."""


@dataclass(frozen=True)
class Folder:
    """The paths of one embedded database; nothing here touches the disk."""

    home: Path

    @property
    def base(self) -> Path:
        """The folder that holds everything of the database."""
        return self.home / "database"

    @property
    def data(self) -> Path:
        """PostgreSQL's data folder."""
        return self.base / "data"

    @property
    def log(self) -> Path:
        """The server's log."""
        return self.base / "server.log"

    @property
    def socket_folder(self) -> Path:
        """The folder of the unix socket, the same for every process of this home.

        A socket's path may have about 100 bytes. Under a deeper home the socket
        lies in a folder of its own in /tmp, named after the home.
        """
        near = self.base / "run"
        if len(os.fsencode(near / f".s.PGSQL.{PORT}")) <= LONGEST_SOCKET_PATH:
            return near
        digest = hashlib.sha256(os.fsencode(self.home)).hexdigest()[:16]
        return Path("/tmp") / f"brigade-{digest}"  # its owner is checked

    @property
    def url(self) -> str:
        """The libpq connection string of the database."""
        host = str(self.socket_folder).replace("\\", "\\\\").replace("'", "\\'")
        return f"host='{host}' port={PORT} dbname={NAME} user={NAME}"

    def major(self) -> int | None:
        """Return the major version that the data folder was made by, None when there is none."""
        try:
            return int((self.data / "PG_VERSION").read_text().split(".")[0])
        except FileNotFoundError:
            return None
