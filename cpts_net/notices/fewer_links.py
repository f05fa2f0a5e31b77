"""Links in mails by which their reader asks for no more of the same sort, without signing in (RFC 8058).

The link names the person, the kind and the channel under the installation's
secret, so nothing is stored; that of a digest names all the kinds that are in
it. It speaks for its person, or whoever that turned out to be, whoever is signed
in where it is opened, and does nothing but this.
"""

from collections.abc import Iterable
from typing import NamedTuple

from cpts_net.notices.kinds import Kind, catalogue
from cpts_net.notices.models import Channel
from cpts_net.notices.rules import When
from cpts_net.notices.survivors import survivors
from cpts_net.settings import current_settings
from cpts_net.web import signed_links

PURPOSE = "notices.fewer"


class FewerLink(NamedTuple):
    """Who wants to hear no more of what."""

    person_id: int
    kinds: tuple[Kind, ...]
    channel: Channel


def fewer_token(person_id: int, kinds: Iterable[str], channel: Channel) -> str:
    """The part of the link that says so."""
    return signed_links.sign(PURPOSE, [person_id, list(kinds), channel])


def fewer_address(person_id: int, kinds: Iterable[Kind], channel: Channel) -> str:
    """The whole link, for a mail with these kinds; empty where none of them is ever kept quiet."""
    quiet = [kind.name for kind in kinds if kind.floor is When.NEVER]
    return f"{current_settings().public_url}/avis/moins/{fewer_token(person_id, quiet, channel)}" if quiet else ""


def read_token(token: str) -> FewerLink | None:
    """What the link says; None for one that we did not make, or of kinds none of which is still kept quiet."""
    content = signed_links.read(PURPOSE, token)
    if not content:
        return None
    person_id, said, channel = content
    names = [said] if isinstance(said, str) else said  # Mails of before named one kind.
    declared = (kind for name in names if (kind := catalogue().kinds.get(name)))
    quiet = tuple(kind for kind in declared if kind.floor is When.NEVER)
    if not quiet:
        return None
    (now,) = survivors([int(person_id)]).values()
    return FewerLink(now, quiet, Channel(channel))
