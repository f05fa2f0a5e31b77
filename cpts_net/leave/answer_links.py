"""Links by which a relay answers without signing in.

The link names the relay under the installation's secret, so nothing is
stored; it is worth nothing once the absence is over.
"""

from cpts_net.web import signed_links

PURPOSE = "leave.relay"


def answer_token(relay_id: int) -> str:
    """The part of the link that says who answers."""
    return signed_links.sign(PURPOSE, [relay_id])


def read_token(token: str) -> int | None:
    """Which relay answers; None for a link that we did not make."""
    content = signed_links.read(PURPOSE, token)
    return int(content[0]) if content else None
