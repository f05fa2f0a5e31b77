"""Links in mails by which somebody takes what is free of a slot, without signing in.

The link names the slot and the person under the installation's secret, so
nothing is stored; it is worth nothing once the slot is full or over.
"""

from typing import NamedTuple

from cpts_net.settings import current_settings
from cpts_net.web import signed_links

PURPOSE = "oncall.take"


class TakeLink(NamedTuple):
    """Who is offered which slot."""

    slot_id: int
    person_id: int


def take_address(slot_id: int, person_id: int) -> str:
    """The whole link, for a mail."""
    token = signed_links.sign(PURPOSE, [slot_id, person_id])
    return f"{current_settings().public_url}/astreintes/je-prends/{token}"


def read_token(token: str) -> TakeLink | None:
    """What the link says; None for one that we did not make."""
    content = signed_links.read(PURPOSE, token)
    return TakeLink(*map(int, content)) if content else None
