"""What the page of a group shows, as HTML: drawn once after a change, for everybody who may do the same there."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from cpts_net.groups import policy, queries
from cpts_net.groups.crew import crew
from cpts_net.groups.live_pages import DATES, GROUP, THREAD, messages
from cpts_net.groups.policy import Standing
from cpts_net.pictures.for_many import draw_for_many
from cpts_net.pictures.kept import Made, kept
from cpts_net.pictures.picture import Drawn, Picture, draw


@dataclass(frozen=True)
class DrawnGroup:
    """A group at one moment, as those see it who stand alike; the forms want a token yet (``for_reader``)."""

    picture: Picture
    posts: int  # In the whole thread.
    dates: Markup
    thread: Markup  # The newest.
    people: Markup

    @property
    def size(self) -> int:
        """How long its HTML is, in characters; that of the picture is counted where it is kept."""
        return sum(map(len, (self.dates, self.thread, self.people)))


def drawn_group(group_id: int, standing: Standing, now: datetime) -> DrawnGroup:
    """The group at ``now``, for somebody who may see it; kept until a change or the clock makes it another."""
    picture = GROUP.picture(group_id, now)
    alike = policy.alike(standing, _authors(picture))

    def make(_old: DrawnGroup | None) -> Made[DrawnGroup]:
        drawn = _draw(group_id, alike, now)
        return Made(drawn, drawn.size, drawn.picture.valid_until)

    return kept().get((DrawnGroup, group_id, alike), GROUP.scopes(str(group_id)), now, make)


def older_posts(group_id: int, page: int, standing: Standing) -> Markup:
    """Another page of the thread than the newest; not kept, for hardly anybody reads it."""
    return _thread(draw(messages(group_id, page)).parts, group_id, standing)


def _draw(group_id: int, standing: Standing, now: datetime) -> DrawnGroup:
    picture = GROUP.picture(group_id, now)
    parts = {each.id: each for each in picture.parts}
    dates, values = parts[DATES], {"group_id": group_id, "may_lead": policy.may_lead(standing)}
    plan = draw_for_many("groups/_plan.html", **values) if policy.may_lead(standing) else ""
    is_inside = standing.is_member or policy.may_lead(standing)
    people = draw_for_many(
        "groups/_people.html",
        **values,
        crew=crew(group_id),
        past=dates.part.values["dates"].past,
        is_member=standing.is_member,
    )
    return DrawnGroup(
        picture=picture,
        posts=queries.number_of_posts(group_id),
        dates=Markup("").join([dates.head, plan, dates.foot]) if is_inside else _dates_outside(dates),
        thread=_thread(parts[THREAD].parts, group_id, standing),
        people=people,
    )


def _dates_outside(dates: Drawn) -> Markup:
    """When a group meets, for those who may see the group and not its meetings."""
    return draw_for_many("groups/_dates.html", **dates.part.values, parts="", is_outside=True)


def _thread(posts: Iterable[Drawn], group_id: int, standing: Standing) -> Markup:
    return Markup("").join(
        part for each in posts for part in (each.head, _deletion(each, group_id, standing), each.foot)
    )


def _deletion(drawn: Drawn, group_id: int, standing: Standing) -> Markup:
    """The form that deletes a message, for whoever may."""
    post = drawn.part.values["post"]
    if not policy.may_delete_post(standing, post.author.id if post.author else None):
        return Markup("")
    return draw_for_many("groups/_delete_post.html", group_id=group_id, post=post)


def _authors(picture: Picture) -> set[int]:
    posts = (each.part.values["post"] for part in picture.parts if part.id == THREAD for each in part.parts)
    return {post.author.id for post in posts if post.author}
