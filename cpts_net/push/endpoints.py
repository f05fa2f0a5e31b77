"""The push services that browsers name, and how one is reached.

Who subscribes says where to: so nothing is sent but to the makers of browsers
that are known here, never to an address inside a network, and no redirect is
followed.
"""

import socket
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from ssl import SSLContext, create_default_context
from urllib.parse import urlsplit

import urllib3
from flask import current_app
from flask.sansio.app import App

from cpts_net.push.models import LONGEST_ENDPOINT

# Each with all that lies below it: Chrome and those made of it, Firefox, Edge, Safari.
KNOWN = ("fcm.googleapis.com", "jmt17.google.com", "push.services.mozilla.com", "notify.windows.com", "push.apple.com")
HTTPS = 443
TRANSLATED = IPv6Network("64:ff9b::/96")  # RFC 6052, 2.1.
KEY = "reach-of-push"
CONNECT_SECONDS, ANSWER_SECONDS = 5.0, 10.0
Resolve = Callable[[str], Collection[str]]


class ServiceUnknown(ValueError):
    """An endpoint that is none of a push service that is known here."""


class ServiceOutOfReach(Exception):
    """A service that cannot be reached now, or only where nothing of ours may go."""


def resolved(host: str) -> Collection[str]:
    """The addresses of a host, of either family.

    Raises:
        OSError: when it has none, or nobody can be asked.
    """
    return [str(found[4][0]) for found in socket.getaddrinfo(host, HTTPS, type=socket.SOCK_STREAM)]


def is_outside(address: str) -> bool:
    """Whether an address lies in the open network: none of a machine, a house or a test network."""
    ip = ip_address(address.partition("%")[0])
    if isinstance(ip, IPv6Address):
        ip = _leads_to(ip)
    return ip.is_global and not ip.is_multicast


def _leads_to(ip: IPv6Address) -> IPv4Address | IPv6Address:
    """The address of the old kind that one of the new kind stands for, or itself."""
    if ip in TRANSLATED:
        return IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else ip)


def host_of(endpoint: str) -> str:
    """The host of an endpoint.

    Raises:
        ServiceUnknown: for anything but the https address of a known service.
    """
    try:
        parts = urlsplit(endpoint)
        is_sound = parts.scheme == "https" and parts.netloc == parts.hostname and not parts.fragment
    except ValueError as unread:
        raise ServiceUnknown(endpoint) from unread
    host = parts.hostname or ""
    is_written_plainly = endpoint.isascii() and endpoint.isprintable() and " " not in endpoint and "\\" not in endpoint
    is_known = any(host == known or host.endswith(f".{known}") for known in KNOWN)
    if not (is_sound and is_written_plainly and is_known and len(endpoint) <= LONGEST_ENDPOINT):
        raise ServiceUnknown(endpoint)
    return host


@dataclass(frozen=True)
class Reach:
    """How services are reached; tests have one of their own on this machine."""

    resolve: Resolve = resolved
    may_go_to: Callable[[str], bool] = is_outside
    port: int = HTTPS
    tls: SSLContext = field(default_factory=create_default_context)

    def post(self, endpoint: str, body: bytes, headers: dict[str, str]) -> int:
        """Hand something over; return what the service says to it, as a status of HTTP.

        The name is asked once, and the connection goes to what was judged: a
        second answer could be another one.

        Raises:
            ServiceUnknown: for anything but the https address of a known service.
            ServiceOutOfReach: when it cannot be reached, says nothing, or lies inside; in words without the endpoint.
        """
        host = host_of(endpoint)
        parts = urlsplit(endpoint)
        target = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
        pool = urllib3.HTTPSConnectionPool(
            self._address(host),
            self.port,
            ssl_context=self.tls,
            server_hostname=host,
            timeout=urllib3.Timeout(connect=CONNECT_SECONDS, read=ANSWER_SECONDS),
            retries=False,
        )
        try:
            with pool:
                answer = pool.urlopen("POST", target, body, {"Host": host, **headers}, redirect=False)
        except (urllib3.exceptions.HTTPError, OSError) as failed:
            raise ServiceOutOfReach(f"{host}: {type(failed).__name__}") from failed
        return answer.status

    def _address(self, host: str) -> str:
        try:
            addresses = self.resolve(host)
        except OSError as failed:
            raise ServiceOutOfReach(f"{host}: {type(failed).__name__}") from failed
        if not addresses or not all(self.may_go_to(each) for each in addresses):
            raise ServiceOutOfReach(f"{host}: its address lies inside a network")
        return next(iter(addresses))


def hand_in(app: App, reach: Reach) -> None:
    """Let ``app`` reach services this way."""
    app.extensions[KEY] = reach


def reach() -> Reach:
    """How the running application reaches services."""
    found: Reach = current_app.extensions[KEY]
    return found
