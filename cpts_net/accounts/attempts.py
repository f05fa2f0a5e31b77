"""Counting attempts before anything is checked, in the one place that all processes share."""

import hashlib
import hmac
from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from ipaddress import IPv4Address, ip_address, ip_network

from sqlalchemy import delete, func, select, text

from cpts_net.accounts.models import Attempt
from cpts_net.accounts.rules import ATTEMPT_WINDOW, TooManyAttempts, seconds_until_free
from cpts_net.settings import current_settings
from cpts_net.storage.connections import db


class Entrance(StrEnum):
    """What is attempted."""

    SIGN_IN = "sign-in"
    RESET = "reset"
    LINK = "link"
    PASSWORD = "password"  # noqa: S105  The change of it, by somebody signed in.
    ADDRESS = "address"  # A mail to another one, asked for by somebody signed in.
    ADVICE = "advice"  # On a password that is being typed.


# How many in five minutes, per account and per network address. A practice
# has one address for all who work there.
PER_ACCOUNT = {Entrance.SIGN_IN: 10, Entrance.RESET: 3, Entrance.PASSWORD: 10, Entrance.ADDRESS: 3}
# Advice is given at every pause of the typing.
PER_ADDRESS = {
    Entrance.SIGN_IN: 40,
    Entrance.RESET: 20,
    Entrance.PASSWORD: 40,
    Entrance.ADDRESS: 20,
    Entrance.LINK: 40,
    Entrance.ADVICE: 240,
}
# Who has IPv6 has at least so many addresses (RFC 6177) as a network with this prefix.
IPV6_PREFIX = 64


def count_attempt(
    entrance: Entrance, *, account: str = "", address: str, now: datetime, browser: str = ""
) -> list[int]:
    """Count one attempt on ``account`` (its e-mail) from ``address``; return its rows.

    In a ``browser`` that knows the account the attempts made there count, and
    no others: a stranger who guesses, even behind the same address, does not
    keep its owner out.

    What is refused is not counted, so the wait ends however often somebody
    knocks. Attempts take turns here: a burst sent at once is counted one by
    one, before any password is looked at.

    Raises:
        TooManyAttempts: saying after how many seconds one may try again.
    """
    if browser:
        limits = {_key(entrance, f"{browser} {account}"): PER_ACCOUNT[entrance]}
    else:
        limits = {_key(entrance, network_of(address)): PER_ADDRESS[entrance]}
        if account:
            limits[_key(entrance, account)] = PER_ACCOUNT[entrance]
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(text("LOCK TABLE attempt IN SHARE ROW EXCLUSIVE MODE"))
    db.session.execute(delete(Attempt).where(Attempt.at <= now - ATTEMPT_WINDOW))
    for key, limit in limits.items():
        row = db.session.execute(select(func.count(), func.min(Attempt.at)).where(Attempt.key == key)).one()
        if row[0] >= limit:
            raise TooManyAttempts(seconds_until_free(row[1], now))
    rows = [Attempt(key=key, at=now) for key in limits]
    db.session.add_all(rows)
    db.session.flush()
    return [row.id for row in rows]


def take_back(rows: Iterable[int]) -> None:
    """Forget an attempt that turned out right: forty colleagues may share one address."""
    db.session.execute(delete(Attempt).where(Attempt.id.in_(list(rows))))


def network_of(address: str) -> str:
    """What one household or practice has: an IPv4 address, or a network of IPv6 addresses."""
    try:
        known = ip_address(address)
    except ValueError:
        return address
    if isinstance(known, IPv4Address):
        return str(known)
    return str(known.ipv4_mapped or ip_network((int(known), IPV6_PREFIX), strict=False))


def _key(entrance: Entrance, value: str) -> str:
    """What the table keeps: nobody can read from it who tried, or from where."""
    secret = current_settings().secret_key.encode()
    return hmac.new(secret, f"{entrance}:{value}".encode(), hashlib.sha256).hexdigest()
