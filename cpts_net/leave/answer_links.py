"""Links by which a relay answers without signing in.

The link names the relay and who answers, under the installation's secret, so
nothing is stored; it is worth nothing once the absence is over.
"""

from typing import NamedTuple

from cpts_net.web import signed_links

PURPOSE = "leave.relay"


class AnswerLink(NamedTuple):
    """Which relay is answered for, and by whom: of a structure several are asked."""

    relay_id: int
    person_id: int


def answer_token(relay_id: int, person_id: int) -> str:
    """The part of the link that says who answers."""
    return signed_links.sign(PURPOSE, [relay_id, person_id])


def answer_path(relay_id: int, person_id: int) -> str:
    """Where the link leads, on the site."""
    return f"/absences/relais/{answer_token(relay_id, person_id)}"


def read_token(token: str) -> AnswerLink | None:
    """What the link says; None for one that we did not make."""
    content = signed_links.read(PURPOSE, token)
    return AnswerLink(*map(int, content)) if content else None
