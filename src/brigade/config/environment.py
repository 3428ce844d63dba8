"""What an installation decides itself, each setting with the sentence that explains it.

A setting comes from an environment variable, else from `brigade.toml` (in the
home, else in the working folder), else from its default. Everything is checked
at start; see `reading` for how, and `reference` for the page made from this.
"""

from __future__ import annotations

import ipaddress
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

import platformdirs
from pydantic import BaseModel, ConfigDict, Field, field_validator

Port = Annotated[int, Field(ge=1, le=65535)]
SESSION_COOKIE = "brigade_session"


class Group(BaseModel):
    """One table of brigade.toml."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Web(Group):
    """The web server for pages and API."""

    host: str = Field(
        default="127.0.0.1",
        description="Address to listen on. 0.0.0.0 opens it to the network: put a proxy with TLS "
        "in front.",
    )
    port: Port = Field(default=8000, description="Port to listen on.")
    workers: int = Field(
        default=2,
        ge=1,
        le=64,
        description="Web processes. Each keeps one database connection per thread.",
    )
    threads: int = Field(
        default=4, ge=1, le=64, description="Requests that one process serves at a time."
    )


class Live(Group):
    """Live updates: pages hear what changes while they are open. Without it every page works."""

    host: str = Field(
        default="", description="Address to listen on. Empty means that of the web server."
    )
    port: int | None = Field(
        default=None,
        ge=0,
        le=65535,
        description="Port to listen on. Empty means the one after the web server's; 0 runs no live "
        "updates.",
    )
    url: str = Field(
        default="",
        description="Address under which browsers reach it. Empty means `/live` of the public "
        "address where a proxy stands in front, else the host of the page with the port above.",
    )
    streams: int = Field(
        default=5000, ge=1, le=100_000, description="Open pages that one process serves at a time."
    )
    per_person: int = Field(
        default=12, ge=1, le=1000, description="Open pages of one person that hear what changes."
    )


class Worker(Group):
    """What runs later: mail, webhooks, jobs."""

    processes: int = Field(default=1, ge=0, le=32, description="Workers that `brigade serve` runs.")
    silent_seconds: int = Field(
        default=60,
        ge=15,
        description="After so many seconds without a sign of life a worker counts as gone.",
    )


class Mail(Group):
    """The mail server that Brigade sends through."""

    host: str = Field(
        default="",
        description="Name of the SMTP server. Without one nothing is sent: mail waits in the "
        "outbox, with that reason.",
    )
    port: Port = Field(
        default=587,
        description="Port of the SMTP server; 587 with starttls, 465 with tls, 25 without.",
    )
    user: str = Field(default="", description="User name at the SMTP server; empty for none.")
    password: str = Field(
        default="",
        repr=False,
        description="Password at the SMTP server.",
        json_schema_extra={"secret": 1},
    )
    tls: Literal["starttls", "tls", "none"] = Field(
        default="starttls",
        description="How the connection is protected: starttls, tls from the first byte, or none "
        "(only inside one machine).",
    )
    sender: str = Field(
        default="",
        description="Address that mail comes from, such as `Service desk <help@example.org>`. "
        "The first-run setup can give one too.",
    )
    timeout: int = Field(
        default=20, ge=1, le=300, description="Seconds to wait for the SMTP server."
    )


class Files(Group):
    """Files that people attach."""

    max_bytes: int = Field(
        default=25 * 2**20, ge=1024, description="Largest file that can be attached, in bytes."
    )
    scanner: str = Field(
        default="",
        description="Command that looks at each file for malware; it gets the path as its last "
        "argument and answers 0 for clean. Empty for none.",
    )


class Session(Group):
    """How long somebody stays signed in."""

    hours: int = Field(
        default=24 * 14,
        ge=1,
        le=24 * 365,
        description="Hours after sign-in until it is asked for again, for those who tick `remember "
        "me`. The others are signed out when they close the browser.",
    )


class Metrics(Group):
    """Figures for Prometheus, on a listener of their own."""

    host: str = Field(default="127.0.0.1", description="Address that the figures are served on.")
    port: int = Field(
        default=0,
        ge=0,
        le=65535,
        description="Port for `/metrics`; 0 serves none. Never the public port.",
    )


class Log(Group):
    """What the processes say about themselves, on standard error."""

    format: Literal["auto", "console", "json"] = Field(
        default="auto",
        description="console for people, json for machines; auto is console on a terminal.",
    )
    level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="The least important lines that are still written."
    )


class Environment(Group):
    """Everything at the top of brigade.toml, and its tables."""

    home: Path = Field(
        default_factory=lambda: Path(platformdirs.user_data_dir("brigade", appauthor=False)),
        description="Folder of the installation: database, files, secret key. Only the environment "
        "sets it.",
    )
    database_url: str = Field(
        default="",
        repr=False,
        description="An external PostgreSQL (15 or newer), such as "
        "`postgresql://brigade@db.example.org/brigade`. Empty for the embedded one.",
        json_schema_extra={"secret": 1},
    )
    postgres_bin: Path | None = Field(
        default=None,
        description="Folder of the PostgreSQL programs to use for the embedded database and for "
        "backups, instead of those that are found.",
    )
    public_url: str = Field(
        default="",
        description="Address under which people reach Brigade, such as "
        "`https://desk.example.org`. It stands in mails. Empty means the address of the listener.",
    )
    allowed_hosts: tuple[str, ...] = Field(
        default=(),
        description="Further host names that requests may ask for, beside that of the public "
        "address and this machine.",
    )
    trusted_proxies: int = Field(
        default=0,
        ge=0,
        le=10,
        description="Proxies in front whose word about the client's address and TLS is believed.",
    )
    secret_key: str = Field(
        default="",
        repr=False,
        description="Key that signs sessions and links. Empty means the one kept in the home, made "
        "at the first start.",
        json_schema_extra={"secret": 1},
    )
    web: Web = Web()
    live: Live = Live()
    worker: Worker = Worker()
    mail: Mail = Mail()
    files: Files = Files()
    session: Session = Session()
    metrics: Metrics = Metrics()
    log: Log = Log()

    @field_validator("home", mode="after")
    @classmethod
    def _whole_path(cls, value: Path) -> Path:
        return value.expanduser().absolute()

    @field_validator("live", mode="after")
    @classmethod
    def _live_address(cls, value: Live) -> Live:
        parts = urlsplit(value.url)
        if value.url and (parts.scheme not in ("http", "https") or not parts.hostname):
            raise ValueError("url must start with http:// or https:// and name a host")
        return value

    @field_validator("public_url", mode="after")
    @classmethod
    def _web_address(cls, value: str) -> str:
        parts = urlsplit(value)
        if value and (parts.scheme not in ("http", "https") or not parts.hostname):
            raise ValueError("it must start with http:// or https:// and name a host")
        if parts.path.strip("/") or parts.query:
            raise ValueError("it must have no path: Brigade lives at the root of its host")
        return value.rstrip("/")

    @property
    def address(self) -> str:
        """The address that people use, without a slash at its end."""
        if self.public_url:
            return self.public_url
        host = "127.0.0.1" if self.web.host in ("0.0.0.0", "::") else self.web.host
        shown = f"[{host}]" if _is_ipv6(host) else host
        return f"http://{shown}:{self.web.port}"

    @property
    def behind_a_proxy(self) -> bool:
        """Whether people reach Brigade under another port than it listens on."""
        parts = urlsplit(self.address)
        return (parts.port or (443 if parts.scheme == "https" else 80)) != self.web.port

    @property
    def origins(self) -> list[str]:
        """The origins of pages that may hear what changes."""
        near = [] if self.behind_a_proxy else [f"http://{h}:{self.web.port}" for h in self.hosts]
        return list(dict.fromkeys([self.address, *near]))

    @property
    def live_port(self) -> int:
        """The port of live updates; 0 where there are none."""
        if self.live.port is None:
            return self.web.port + 1 if self.web.port < 65535 else 0
        return self.live.port

    def live_url(self, host: str) -> str:
        """The address of live updates for a page of `host` (without port); empty for none."""
        if not self.live_port:
            return ""
        if self.live.url:
            return self.live.url
        if self.behind_a_proxy:
            return f"{self.address}/live"
        return f"http://{host}:{self.live_port}"

    @property
    def hosts(self) -> list[str]:
        """Every host name that a request may ask for."""
        own = urlsplit(self.address).hostname or "localhost"
        own = f"[{own}]" if _is_ipv6(own) else own
        return list(dict.fromkeys([own, "localhost", "127.0.0.1", "[::1]", *self.allowed_hosts]))


def _is_ipv6(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).version == 6
    except ValueError:
        return False
