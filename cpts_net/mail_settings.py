"""The mail server and the sender, read from what an operator writes."""

import re
import ssl
from dataclasses import dataclass, field
from email.headerregistry import Address
from enum import StrEnum
from pathlib import Path
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from cpts_net.environment import FLAGS, host_name

KNOWN = "known are smtp://host:25, smtp://user:password@host:587?starttls=1 and smtps://user:password@host:465"
ESCAPES = "signs like # ? / % @ in a user or a password are written %23 %3F %2F %25 %40"
TLS_PORT = 465
# An address of dot-atoms, RFC 5322 3.4.1, in a domain that ``host_name`` has read.
ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
LOCAL_PART = re.compile(rf"{ATOM}(\.{ATOM})*")
SENDER = re.compile(r"(?P<name>[^<>]*)<(?P<address>[^<>]*)>")


class Security(StrEnum):
    """How what is said to the mail server is kept from others."""

    NONE = "none"
    STARTTLS = "starttls"
    TLS = "tls"


@dataclass(frozen=True)
class MailServer:
    """Where mails are handed in. A password is never sent without TLS."""

    host: str
    port: int
    security: Security
    user: str = ""
    password: str = field(default="", repr=False)
    ca_file: str = ""

    def tls(self) -> ssl.SSLContext:
        """Trust the system's authorities, and the one in ``ca_file``."""
        context = ssl.create_default_context()
        if self.ca_file:
            context.load_verify_locations(self.ca_file)
        return context


def mail_server(url: str, ca_file: str = "") -> MailServer | None:
    """The server that ``SMTP_URL`` names; None for none.

    The words of a refusal never repeat the address, which may hold a password.

    Raises:
        ValueError: for an address that cannot be meant.
    """
    if not url:
        return None
    parts = _parts(url)
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if bool(user) != bool(password):
        raise ValueError(f"has a user without a password, or the other way round; {KNOWN}")
    if not (user + password).isascii():
        raise ValueError("has a user or a password with accents, which cannot be sent to a mail server")
    security = _security(parts, has_password=bool(password))
    port = parts.port or (TLS_PORT if security is Security.TLS else 25)
    return MailServer(host_name(parts.hostname or ""), port, security, user, password, ca_file)


def _parts(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        is_port_sound = parts.port != 0
    except ValueError:
        is_port_sound = False
    if not is_port_sound or not parts.hostname or "#" in url or parts.path not in {"", "/"} or " " in url:
        raise ValueError(f"is no address of a mail server; {KNOWN}; {ESCAPES}")
    return parts


def _security(parts: SplitResult, *, has_password: bool) -> Security:
    """A password asks for TLS, whether or not that was said."""
    if parts.scheme not in {"smtp", "smtps"}:
        raise ValueError(f"begins with {parts.scheme}:, which is not known; {KNOWN}")
    wish = _starttls(parts.query)
    if parts.scheme == "smtps":
        if wish:
            raise ValueError(f"asks for both smtps and starttls; {KNOWN}")
        return Security.TLS
    if parts.port == TLS_PORT:
        raise ValueError(f"names port {TLS_PORT}, which speaks TLS from the first word: write smtps://")
    if wish is False and has_password:
        raise ValueError(f"would send a password in clear; {KNOWN}")
    return Security.STARTTLS if wish or has_password else Security.NONE


def _starttls(query: str) -> bool | None:
    """What the address says of STARTTLS; None when it says nothing."""
    said = [(name.casefold(), value) for name, value in parse_qsl(query, keep_blank_values=True)]
    if unknown := next((name for name, _ in said if name != "starttls"), None):
        # In a password that was not escaped, what follows a question mark looks like one.
        named = f", {unknown!r}" if unknown.isalpha() else ""
        raise ValueError(f"has a parameter that is not known{named}; {KNOWN}; {ESCAPES}")
    wishes = {FLAGS.get(value.strip().casefold()) for _, value in said}
    if len(wishes) > 1 or None in wishes:
        raise ValueError(f"has starttls with a value that is not known; {KNOWN}")
    return wishes.pop() if wishes else None


def authorities(path: str) -> str:
    """A file with certificates to trust, or nothing.

    Raises:
        ValueError: for a file that cannot be read or holds none.
    """
    try:
        if path:
            ssl.create_default_context(cafile=str(Path(path)))
    except OSError as refused:  # ssl's own errors are of this kind too.
        raise ValueError(f"must name a file with certificates (PEM), not {path!r}: {refused}") from refused
    return path


def sender(text: str) -> Address:
    """A mail address with or without a name before it, whatever signs the name holds.

    Raises:
        ValueError: for an address with accents, which few servers accept, or none at all.
    """
    named = SENDER.fullmatch(text)
    name, address = (named["name"].strip().strip('"').strip(), named["address"]) if named else ("", text)
    return Address(name, addr_spec=_address(address.strip(), "CPTS de l’Exemple <ne-pas-repondre@cpts.example>"))


def contact(text: str) -> str:
    """A mail address alone, or nothing.

    Raises:
        ValueError: as ``sender``.
    """
    return _address(text, "contact@cpts.example") if text else ""


def _address(text: str, example: str) -> str:
    local, _, domain = text.rpartition("@")
    try:
        host = host_name(domain)
    except ValueError:
        host = ""
    if not host or not LOCAL_PART.fullmatch(local):
        raise ValueError(f"must be like {example}, without accents before the @, not {text!r}")
    return f"{local}@{host}"
