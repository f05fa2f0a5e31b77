"""Variables of the environment, each read as what it is meant to be, or refused by its name."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import datetime
from ipaddress import IPv4Address, ip_address
from typing import TypeVar
from urllib.parse import SplitResult, urlsplit

from cpts_net.legible import legible

Value = TypeVar("Value")

FLAGS = {
    **dict.fromkeys(("1", "true", "yes", "on", "oui"), True),
    **dict.fromkeys(("0", "false", "no", "off", "non"), False),
}
USUAL_PORTS = {"http": 80, "https": 443}
HIGHEST_PORT = 65535
HOST = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*")
DIGITS = re.compile(r"[0-9]{1,9}")


class SettingsInvalid(ValueError):
    """A setting that the application must not start with; says which, why, and what is known."""


class Environment:
    """The variables of a process. Blanks around a value say nothing, and a blank value is none."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        self._variables = variables

    def text(self, name: str, default: str = "") -> str:
        """A line of text, without the blanks around it.

        Raises:
            SettingsInvalid: for a line break, or a sign that nobody sees or that turns the line round.
        """
        text = self._variables.get(name, "").strip()
        composed = unicodedata.normalize("NFC", text)
        if legible(composed) != composed or {"\n", "\t"} & set(text):
            raise SettingsInvalid(f"{name} must be one line of text, not {text!r}")
        return text or default

    def number(self, name: str, default: int, lowest: int, highest: int) -> int:
        """A whole number between two bounds, both included."""
        text = self.text(name, str(default))
        if not DIGITS.fullmatch(text) or not lowest <= int(text) <= highest:
            raise SettingsInvalid(f"{name} must be a whole number from {lowest} to {highest}, not {text!r}")
        return int(text)

    def port(self, name: str, default: int) -> int:
        return self.number(name, default, 1, HIGHEST_PORT)

    def flag(self, name: str) -> bool:
        """Yes or no, in the usual words; no when nothing is said."""
        text = self.text(name, "0")
        if text.casefold() not in FLAGS:
            raise SettingsInvalid(f"{name} must be 1 or 0, not {text!r}")
        return FLAGS[text.casefold()]

    def read(self, name: str, default: str, reading: Callable[[str], Value]) -> Value:
        """What ``reading`` makes of the text; what it says in a ``ValueError`` follows the name."""
        text = self.text(name, default)
        try:
            return reading(text)
        except ValueError as refused:
            raise SettingsInvalid(f"{name} {refused}") from refused


def origin(address: str) -> str:
    """An address without a path, as browsers name it: lower case, no usual port, IDNA.

    Raises:
        ValueError: for anything but a scheme, a name and perhaps a port.
    """
    wanted = "must be like https://reseau.cpts.example, perhaps with a port,"
    parts = _parts(address)
    if parts is None or parts.scheme not in USUAL_PORTS:
        raise ValueError(f"{wanted} not {address!r}")
    if parts.username is not None or parts.password is not None:
        raise ValueError(f"{wanted} without a user or a password")
    if parts.path.strip("/") or "?" in address or "#" in address:
        raise ValueError(f"{wanted} without a path: the network needs a name of its own, not {address!r}")
    host = host_name(parts.hostname or "")
    port = "" if parts.port in (None, USUAL_PORTS[parts.scheme]) else f":{parts.port}"
    return f"{parts.scheme}://{host}{port}"


def host_name(text: str) -> str:
    """A host's name as the net knows it, in lower case and IDNA.

    Raises:
        ValueError: for what no host is called; an IPv6 address too, since a name is wanted.
    """
    try:
        host = text.encode("idna").decode().lower() if not text.isascii() else text.lower()
    except UnicodeError:
        host = ""
    if not HOST.fullmatch(host) or (host.rpartition(".")[2].isdigit() and not _is_ipv4(host)):
        raise ValueError(f"names a host that cannot be: {text!r}")
    return host


def _is_ipv4(host: str) -> bool:
    try:
        IPv4Address(host)
    except ValueError:
        return False
    return True


def listening_host(text: str) -> str:
    """An address of this machine on which to listen, or a name of one.

    Raises:
        ValueError: for what is neither.
    """
    try:
        ip_address(text)
    except ValueError:
        return host_name(text)
    return text


def _parts(address: str) -> SplitResult | None:
    """The parts of an address; None when it has none, or a port that cannot be."""
    try:
        parts = urlsplit(address)
        is_port_sound = not parts.netloc.endswith(":") and parts.port != 0
    except ValueError:
        return None
    return parts if is_port_sound and parts.hostname and " " not in address else None


def web_page(address: str) -> str:
    """The address of a page anywhere, or nothing.

    Raises:
        ValueError: for an address that a browser would not open.
    """
    parts = _parts(address)
    if address and (parts is None or parts.scheme not in USUAL_PORTS):
        raise ValueError(f"must be an http or https address, not {address!r}")
    return address


def instant(text: str) -> str:
    """An ISO instant with its offset, or nothing.

    Raises:
        ValueError: for a text that is neither.
    """
    if not text:
        return ""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise ValueError(f"must be an instant with its offset, like 2026-08-12T10:00:00+02:00, not {text!r}")
    return text
