"""Who is in a group, as its page says it."""

from collections.abc import Sequence
from typing import NamedTuple

from cpts_net import clock
from cpts_net.directory.named import Named
from cpts_net.groups import queries
from cpts_net.groups.actions import scope
from cpts_net.groups.queries import Belonging
from cpts_net.pictures.kept import Made, kept
from cpts_net.storage import revisions

PERSON_BYTES = 300  # About, with the words for their trade.


class Crew(NamedTuple):
    """The number of those in a group, who leads it, by name, and some of them, leads first."""

    number: int
    leads: Sequence[Named]
    few: Sequence[Belonging]


def crew(group_id: int) -> Crew:
    """The crew of a group that the reader may see; kept until somebody comes, goes or is called otherwise."""
    scopes = (scope(group_id), revisions.DIRECTORY)
    return kept().get((Crew, group_id), scopes, clock.now(), lambda _old: _read(group_id))


def _read(group_id: int) -> Made[Crew]:
    count, few = queries.few_people(group_id)
    leads = queries.leads([group_id])[group_id]
    return Made(Crew(count, leads, few), PERSON_BYTES * (1 + len(leads) + len(few)))
