"""Everything an operator can set, read once from the environment."""

import contextlib
import os
import secrets
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.headerregistry import Address
from functools import cached_property
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from flask import current_app
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from cpts_net import environment, mail_settings
from cpts_net.environment import Environment, SettingsInvalid
from cpts_net.holiday_areas import holiday_area
from cpts_net.mail_settings import MailServer
from cpts_net.push_keys import FILE, PushKey, kept_push_key
from cpts_net.school_zones import school_zone

KNOWN_SECRETS = frozenset({"secret", "changeme", "dev", "development", "secret-key"})
SHORTEST_SECRET = 32
DATABASES = ("sqlite:///", "postgresql://", "postgresql+psycopg://")
DEMONSTRATION_NAME = "CPTS du Dunois (démonstration)"
DEMONSTRATION_SENDER = Address("CPTS-Net", addr_spec="ne-pas-repondre@cpts.example")
LOOPBACK = frozenset({"localhost", "127.0.0.1"})
EX_CONFIG = 78  # sysexits.h: something is wrong with the configuration, and a restart will not mend it.


@dataclass(frozen=True)
class Argon2Cost:
    """Price of one password check; the defaults are OWASP's argon2id minimum."""

    memory_kib: int = 19 * 1024
    passes: int = 2
    lanes: int = 1


@dataclass(frozen=True)
class Serving:
    """Where the processes listen, and how many requests ``web`` answers at a time."""

    host: str = "127.0.0.1"
    port: int = 8000
    live_port: int = 8001
    workers: int = 1
    threads: int = 32
    graceful_seconds: int = 1
    access_log: str = ""


@dataclass(frozen=True)
class Settings:
    """The settings of one installation; ``docs/configuration.md`` explains each."""

    secret_key: str = field(repr=False)
    data_dir: Path
    database_url: str = field(repr=False)
    public_url: str = "http://localhost:8000"
    live_url: str = "http://localhost:8001"
    mail_server: MailServer | None = None
    mail_from: Address = field(default_factory=lambda: DEMONSTRATION_SENDER)
    contact: str = ""  # Where somebody reads what people write to the community; empty: nobody does.
    community: str = DEMONSTRATION_NAME
    timezone: str = "Europe/Paris"
    holiday_area: str = ""  # As the library ``holidays`` names it.
    school_zone: str = ""  # "A", "B" or "C"; empty: no school holidays are shown.
    demonstration: bool = False
    trusted_proxies: int = 0
    clock_start: str = ""
    source_url: str = ""
    argon2: Argon2Cost = field(default_factory=Argon2Cost)
    serving: Serving = field(default_factory=Serving)
    push_key: PushKey | None = None  # Without one no device rings.

    def __post_init__(self) -> None:
        if len(self.secret_key) < SHORTEST_SECRET or self.secret_key.lower() in KNOWN_SECRETS:
            raise SettingsInvalid(f"SECRET_KEY must have at least {SHORTEST_SECRET} characters")

    @property
    def zone(self) -> ZoneInfo:
        """The time zone in which the territory's rules are written."""
        return ZoneInfo(self.timezone)

    @property
    def sqlite_file(self) -> Path | None:
        """Where the database lies; None for PostgreSQL's."""
        url = make_url(self.database_url)
        return Path(url.database or "") if url.get_backend_name() == "sqlite" else None

    @cached_property
    def host(self) -> str:
        """Host part of the public address."""
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

        Every process reads all of them, so that none starts where another would not.

        Raises:
            SettingsInvalid: for a value that the application must not start with.
        """
        read = Environment(environ)
        serving = _serving(read)
        own_address = f"http://localhost:{serving.port}"
        public_url = read.read("PUBLIC_URL", own_address, environment.origin)
        live_address = f"http://localhost:{serving.live_port}" if not read.text("PUBLIC_URL") else public_url
        data_dir = _data_dir(read.text("CPTS_DATA", "var"))
        demonstration = read.flag("CPTS_DEMO")
        secret = environ.get("SECRET_KEY", "")  # To the letter: another one, if only by a blank, signs everybody out.
        return cls(
            secret_key=secret if secret.strip() else kept_secret(data_dir / "secret"),
            data_dir=data_dir,
            database_url=read.read("DATABASE_URL", f"sqlite:///{data_dir / 'cpts.sqlite3'}", _database),
            public_url=public_url,
            live_url=read.read("LIVE_URL", live_address, lambda url: _live_url(url, public_url)),
            mail_server=_mail_server(read),
            mail_from=read.read("MAIL_FROM", str(DEMONSTRATION_SENDER), mail_settings.sender),
            contact=read.read("CPTS_CONTACT", "", mail_settings.contact),
            community=_community(read, public_url, demonstration=demonstration),
            timezone=read.read("CPTS_TIMEZONE", cls.timezone, _timezone),
            holiday_area=read.read("CPTS_HOLIDAY_AREA", "", holiday_area),
            school_zone=read.read("CPTS_SCHOOL_ZONE", "", school_zone),
            demonstration=demonstration,
            trusted_proxies=read.number("TRUSTED_PROXIES", 0, 0, 10),
            source_url=read.read("CPTS_SOURCE_URL", "", environment.web_page),
            clock_start=read.read("CPTS_CLOCK_START", "", environment.instant),
            argon2=Argon2Cost(
                memory_kib=read.number("ARGON2_MEMORY_KIB", Argon2Cost.memory_kib, 8, 1024 * 1024),
                passes=read.number("ARGON2_PASSES", Argon2Cost.passes, 1, 100),
            ),
            serving=serving,
            push_key=_push_key(data_dir / FILE),
        )


def settings_or_end(environ: Mapping[str, str]) -> Settings:
    """The settings of this process; a wrong one ends it with a line that says which and why."""
    try:
        return Settings.from_env(environ)
    except SettingsInvalid as wrong:
        sys.stderr.write(f"CPTS-Net does not start: {wrong}\n")
        raise SystemExit(EX_CONFIG) from wrong


def _serving(read: Environment) -> Serving:
    return Serving(
        host=read.read("HOST", Serving.host, environment.listening_host),
        port=read.port("PORT", Serving.port),
        live_port=read.port("LIVE_PORT", Serving.live_port),
        workers=read.number("WORKERS", Serving.workers, 1, 64),
        threads=read.number("THREADS", Serving.threads, 1, 512),
        graceful_seconds=read.number("GRACEFUL_SECONDS", Serving.graceful_seconds, 0, 3600),
        access_log=read.text("ACCESS_LOG"),
    )


def _live_url(text: str, public_url: str) -> str:
    """Where browsers find the push process: sessions reach it under the same name only."""
    live, public = urlsplit(environment.origin(text)), urlsplit(public_url)
    if (live.scheme, live.hostname) != (public.scheme, public.hostname):
        raise ValueError(f"must be {public.scheme}://{public.hostname}, perhaps with another port, not {text!r}")
    return live.geturl()


def _mail_server(read: Environment) -> MailServer | None:
    ca_file = read.read("SMTP_CA_FILE", "", mail_settings.authorities)
    return read.read("SMTP_URL", "", lambda url: mail_settings.mail_server(url, ca_file))


def _community(read: Environment, public_url: str, *, demonstration: bool) -> str:
    """The community's name; that of the demonstration only where somebody is having a look."""
    name = read.text("CPTS_NAME")
    if not name and not demonstration and urlsplit(public_url).hostname not in LOOPBACK:
        raise SettingsInvalid(
            f"CPTS_NAME must name the community that {public_url} belongs to: pages and mails are titled by it"
        )
    return name or DEMONSTRATION_NAME


def _timezone(text: str) -> str:
    try:
        ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError) as unknown:
        known = "Europe/Paris, America/Guadeloupe, America/Martinique, America/Cayenne, Indian/Reunion, Indian/Mayotte"
        raise ValueError(f"is not a time zone: {text!r}; known are {known} and the others of IANA's") from unknown
    return text


def _database(url: str) -> str:
    """The address as it is; a refusal does not repeat it, because it may hold a password."""
    try:
        name = make_url(url).database if url.startswith(DATABASES) else None
    except (ValueError, ArgumentError):
        name = None
    if not name:
        known = "sqlite:////var/lib/cpts-net/cpts.sqlite3 and postgresql://user:password@host/name"
        raise ValueError(f"names no database; known are {known}")
    return url


def _data_dir(text: str) -> Path:
    path = Path(text).resolve()
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)  # Nobody else on the machine reads it.
    except OSError as refused:
        raise SettingsInvalid(f"CPTS_DATA must be a directory of ours, not {text!r}: {refused.strerror}") from refused
    return path


def _push_key(path: Path) -> PushKey | None:
    try:
        return kept_push_key(path)
    except ValueError as refused:
        raise SettingsInvalid(
            f"CPTS_DATA holds a key for pushes that cannot be used, {path}: {refused}; put the right one there, or none"
        ) from refused


def kept_secret(path: Path) -> str:
    """Return the installation's secret, made at the first start and readable by its owner only.

    Raises:
        SettingsInvalid: when it cannot be read or written.
    """
    try:
        if not path.exists():
            _make_secret(path)
        return path.read_text()
    except OSError as refused:
        raise SettingsInvalid(f"CPTS_DATA holds a secret that cannot be used, {path}: {refused.strerror}") from refused


def _make_secret(path: Path) -> None:
    """Whole before it has its name: processes that start together all read the same one."""
    with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False) as file:
        file.write(secrets.token_urlsafe(48))
    with contextlib.suppress(FileExistsError):
        os.link(file.name, path)
    Path(file.name).unlink()


def current_settings() -> Settings:
    """The settings of the running application."""
    settings: Settings = current_app.extensions["settings"]
    return settings
