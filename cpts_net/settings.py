"""Everything an operator can set, read once from the environment."""

import contextlib
import os
import secrets
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from email_validator import EmailNotValidError, validate_email
from flask import current_app

KNOWN_SECRETS = frozenset({"secret", "changeme", "dev", "development", "secret-key"})
SHORTEST_SECRET = 32


class SettingsInvalid(ValueError):
    """A setting that the application must not start with; says which and why."""


@dataclass(frozen=True)
class Argon2Cost:
    """Price of one password check; the defaults are OWASP's argon2id minimum."""

    memory_kib: int = 19 * 1024
    passes: int = 2
    lanes: int = 1


@dataclass(frozen=True)
class Settings:
    """The settings of one installation; ``docs/configuration.md`` explains each."""

    secret_key: str
    data_dir: Path
    database_url: str
    public_url: str = "http://localhost:8000"
    live_url: str = "http://localhost:8001"
    smtp_url: str = ""
    mail_from: str = "CPTS-Net <ne-pas-repondre@cpts.example>"
    contact: str = ""  # Where somebody reads what people write to the community; empty: nobody does.
    community: str = "CPTS du Dunois (démonstration)"
    timezone: str = "Europe/Paris"
    holiday_area: str = ""
    demonstration: bool = False
    trusted_proxies: int = 0
    clock_start: str = ""
    source_url: str = ""
    argon2: Argon2Cost = field(default_factory=Argon2Cost)

    def __post_init__(self) -> None:
        if len(self.secret_key) < SHORTEST_SECRET or self.secret_key.lower() in KNOWN_SECRETS:
            raise SettingsInvalid(f"SECRET_KEY must have at least {SHORTEST_SECRET} characters")
        for name, url in (("PUBLIC_URL", self.public_url), ("LIVE_URL", self.live_url)):
            if urlsplit(url).scheme not in {"http", "https"} or not urlsplit(url).hostname:
                raise SettingsInvalid(f"{name} must be an http or https address, not {url!r}")
        if self.contact:
            check_contact(self.contact)
        try:
            self.zone  # noqa: B018  Fails here, at start, rather than on the first page.
        except (ZoneInfoNotFoundError, ValueError) as unknown:
            raise SettingsInvalid(f"CPTS_TIMEZONE is not a time zone: {self.timezone!r}") from unknown

    @property
    def zone(self) -> ZoneInfo:
        """The time zone in which the territory's rules are written."""
        return ZoneInfo(self.timezone)

    @property
    def host(self) -> str:
        """Host part of the public address; the domain of every calendar UID."""
        return urlsplit(self.public_url).hostname or "localhost"

    @property
    def is_https(self) -> bool:
        return urlsplit(self.public_url).scheme == "https"

    @property
    def origins(self) -> tuple[str, ...]:
        """Origins whose pages may open a live connection."""
        return tuple(f"{urlsplit(url).scheme}://{urlsplit(url).netloc}" for url in self._addresses)

    @property
    def hosts(self) -> list[str]:
        """Host names that a request may ask for."""
        return sorted({urlsplit(url).hostname or "" for url in (*self._addresses, self.live_url)})

    @property
    def _addresses(self) -> tuple[str, ...]:
        """The public address, and its loopback twin on the machine itself."""
        if self.host == "localhost":
            return (self.public_url, self.public_url.replace("localhost", "127.0.0.1", 1))
        return (self.public_url,)

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> "Settings":
        """Read the settings from ``environ``; make the data directory and the secret.

        Raises:
            SettingsInvalid: for a value that the application must not start with.
        """
        data_dir = Path(environ.get("CPTS_DATA", "var")).resolve()
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)  # Nobody else on the machine reads it.
        port, live_port = environ.get("PORT", "8000"), environ.get("LIVE_PORT", "8001")
        public_url = environ.get("PUBLIC_URL", f"http://localhost:{port}").rstrip("/")
        own_port = "PUBLIC_URL" not in environ
        live_url = environ.get("LIVE_URL", f"http://localhost:{live_port}" if own_port else public_url)
        return cls(
            secret_key=environ.get("SECRET_KEY") or kept_secret(data_dir / "secret"),
            data_dir=data_dir,
            database_url=environ.get("DATABASE_URL") or f"sqlite:///{data_dir / 'cpts.sqlite3'}",
            public_url=public_url,
            live_url=live_url.rstrip("/"),
            smtp_url=environ.get("SMTP_URL", ""),
            mail_from=environ.get("MAIL_FROM", cls.mail_from),
            contact=environ.get("CPTS_CONTACT", "").strip(),
            community=environ.get("CPTS_NAME", cls.community),
            timezone=environ.get("CPTS_TIMEZONE", cls.timezone),
            holiday_area=environ.get("CPTS_HOLIDAY_AREA", ""),
            demonstration=environ.get("CPTS_DEMO", "") == "1",
            trusted_proxies=int(environ.get("TRUSTED_PROXIES", "0")),
            source_url=environ.get("CPTS_SOURCE_URL", ""),
            clock_start=environ.get("CPTS_CLOCK_START", ""),
            argon2=Argon2Cost(
                memory_kib=int(environ.get("ARGON2_MEMORY_KIB", Argon2Cost.memory_kib)),
                passes=int(environ.get("ARGON2_PASSES", Argon2Cost.passes)),
            ),
        )


def check_contact(address: str) -> None:
    """Refuse an address to which no mail program could answer.

    Raises:
        SettingsInvalid: for anything but a plain address; accents stop some servers.
    """
    refusal = f"CPTS_CONTACT must be a mail address without accents or a name, like contact@cpts.example: {address!r}"
    try:
        validate_email(address, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError as wrong:
        raise SettingsInvalid(refusal) from wrong
    if not address.isascii():
        raise SettingsInvalid(refusal)


def kept_secret(path: Path) -> str:
    """Return the installation's secret, made at the first start and readable by its owner only."""
    if not path.exists():
        # Whole before it has its name: processes that start together all read the same one.
        with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False) as file:
            file.write(secrets.token_urlsafe(48))
        with contextlib.suppress(FileExistsError):
            os.link(file.name, path)
        Path(file.name).unlink()
    return path.read_text()


def current_settings() -> Settings:
    """The settings of the running application."""
    settings: Settings = current_app.extensions["settings"]
    return settings
