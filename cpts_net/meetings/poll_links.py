"""Links in mails about a poll, by which somebody answers it without signing in.

The link names the poll and the person under the installation's secret, so
nothing is stored; it is worth nothing once the poll is closed, or the person
has left its group.
"""

from typing import NamedTuple

from cpts_net.settings import current_settings
from cpts_net.web import signed_links

PURPOSE = "meetings.answer_poll"


class PollLink(NamedTuple):
    """Who is asked which poll."""

    poll_id: int
    person_id: int


def poll_token(poll_id: int, person_id: int) -> str:
    """The part of the link that says who is asked what."""
    return signed_links.sign(PURPOSE, [poll_id, person_id])


def poll_address(poll_id: int, person_id: int) -> str:
    """The whole link, for a mail."""
    return f"{current_settings().public_url}/sondages/reponse/{poll_token(poll_id, person_id)}"


def read_token(token: str) -> PollLink | None:
    """What the link says; None for one that we did not make."""
    content = signed_links.read(PURPOSE, token)
    return PollLink(*map(int, content)) if content else None
