"""The parts of a group's page that change in open windows: what is ahead, and the newest of the thread."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cpts_net import clock
from cpts_net.directory.named import Named, known_as
from cpts_net.groups import queries
from cpts_net.groups.actions import scope
from cpts_net.groups.dates import Dates, group_dates
from cpts_net.groups.models import Post
from cpts_net.pictures.live_page import NUMBER, LivePage
from cpts_net.pictures.picture import Part, Picture, draw
from cpts_net.spans import days_span
from cpts_net.storage import revisions

DATES, THREAD = "group-dates", "group-thread"


@dataclass(frozen=True)
class Message:
    """What somebody wrote; the author is None when they are gone.

    Whoever left the group is not led to: its guests know nothing of them but what they wrote here.
    """

    id: int
    author: Named | None
    is_here: bool
    body: str
    created_at: datetime


def _scopes(key: str) -> Sequence[str]:
    return scope(int(key)), revisions.MEETINGS, revisions.DIRECTORY


def _picture(key: str, now: datetime, old: Picture | None) -> Picture:
    group_id = int(key)
    dates = group_dates().dates(group_id, now)
    parts = [
        Part(DATES, "groups/_dates.html", {"dates": dates, "group_id": group_id}),
        Part(THREAD, "groups/_thread.html", {}, messages(group_id, 1)),
    ]
    return draw(parts, old=old, valid_until=_until(dates, now))


def messages(group_id: int, page: int) -> list[Part]:
    """A page of the thread, as everybody sees it."""
    here = queries.person_ids([group_id])
    return [_message(post, is_here=post.author_id in here) for post in queries.posts(group_id, page)]


def _message(post: Post, *, is_here: bool) -> Part:
    author = post.author
    known = known_as(author) if author else None
    message = Message(post.id, known, is_here, post.body, post.created_at)
    return Part(f"message-{post.id}", "groups/_post.html", {"post": message})


def _until(dates: Dates, now: datetime) -> datetime:
    """When what is ahead begins or ends, or another day does: its words name days."""
    today = now.astimezone(clock.zone()).date()
    moments = [poll.deadline for poll in dates.polls] + [meeting.ends_at for meeting in dates.upcoming]
    midnight = days_span(today, today, clock.zone()).end
    return min([midnight, *(moment for moment in moments if moment > now)])


GROUP = LivePage("group", NUMBER, _scopes, _picture, lambda key, ids: queries.those_who_see(int(key), ids))
