"""The list of groups as HTML: a line of each, for those who are in it and for those who may join it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from cpts_net import clock
from cpts_net.groups import queries
from cpts_net.groups.dates import group_dates
from cpts_net.pictures.for_many import draw_for_many
from cpts_net.pictures.kept import Made, kept
from cpts_net.spans import days_span
from cpts_net.storage import revisions

# Who comes or goes is asked to meetings, or no longer.
SCOPES = (revisions.GROUPS, revisions.MEETINGS, revisions.DIRECTORY)


@dataclass(frozen=True)
class GroupLine:
    """A group in the list; whoever may join it gets a button, whose form wants a token yet (``for_reader``)."""

    person_ids: frozenset[int]  # Who is in it.
    is_private: bool
    html: Markup
    html_to_join: Markup

    @property
    def size(self) -> int:
        """What it takes, about, in bytes."""
        return len(self.html) + len(self.html_to_join) + 64 * len(self.person_ids)


def lines_of_all(now: datetime) -> Sequence[GroupLine]:
    """Every group, by name, private ones too: whoever asks shows them to nobody outside."""

    def make(_old: Sequence[GroupLine] | None) -> Made[Sequence[GroupLine]]:
        lines, valid_until = _draw(now)
        return Made(lines, sum(line.size for line in lines), valid_until)

    return kept().get((GroupLine,), SCOPES, now, make)


def lines_for(person_id: int, now: datetime) -> tuple[Sequence[GroupLine], Sequence[GroupLine]]:
    """The groups that somebody is in, and the open ones that they are not in."""
    lines = lines_of_all(now)
    mine = [line for line in lines if person_id in line.person_ids]
    return mine, [line for line in lines if person_id not in line.person_ids and not line.is_private]


def _draw(now: datetime) -> tuple[Sequence[GroupLine], datetime]:
    groups = queries.all_groups()
    ids = [group.id for group in groups]
    leads, inside, dates = queries.leads(ids), queries.ids_inside(ids), group_dates().next_meetings(ids, now)
    lines = []
    for group in groups:
        values = {"group": group, "count": len(inside[group.id]), "leads": leads[group.id], "next": dates.get(group.id)}
        html, html_to_join = (draw_for_many("groups/_line.html", **values, may_join=may_join) for may_join in (0, 1))
        lines.append(GroupLine(inside[group.id], group.is_private, html, html_to_join))
    today = now.astimezone(clock.zone()).date()
    midnight = days_span(today, today, clock.zone()).end
    return lines, min([midnight, *(date.ends_at for date in dates.values())])
