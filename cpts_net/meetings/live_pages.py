"""The sections of a poll's page that change in open windows. The same for everybody who may watch."""

from collections.abc import Collection, Sequence, Set
from datetime import datetime
from functools import partial

from flask import render_template

from cpts_net import clock
from cpts_net.groups import queries as groups
from cpts_net.groups.actions import scope as group_scope
from cpts_net.meetings import poll_actions, queries, rules, wording
from cpts_net.meetings.models import PollOption
from cpts_net.pictures.kept import Made, kept
from cpts_net.pictures.live_page import NUMBER, LivePage
from cpts_net.pictures.picture import Picture
from cpts_net.spans import Span
from cpts_net.storage import revisions


class PollUnknown(LookupError):
    """There is no such poll."""


def _scopes(key: str) -> Sequence[str]:
    """The poll, its group – whose people may answer – and what they are called.

    Raises:
        PollUnknown: when there is no such poll.
    """
    poll_scope = poll_actions.scope(int(key))
    group_id = kept().get(("group of", poll_scope), (poll_scope,), clock.now(), lambda _old: _group_of(int(key)))
    return poll_scope, group_scope(group_id), revisions.DIRECTORY


def _group_of(poll_id: int) -> Made[int]:
    group_id = queries.group_of_poll(poll_id)
    if group_id is None:
        raise PollUnknown(poll_id)
    return Made(group_id, 100)


def _may_watch(key: str, member_ids: Set[int | None]) -> Collection[int | None]:
    return queries.those_who_see_poll(int(key), member_ids)


def _picture(key: str, now: datetime, _old: Picture | None) -> Picture:
    """The ranking and the answers of a poll."""
    poll_id = int(key)
    poll = queries.poll_for_everybody(poll_id)
    if poll is None:
        raise PollUnknown(poll_id)
    people = [membership.member for membership in groups.people(poll.group_id)]
    options = [_plain(option) for option in poll.options]
    is_open = poll.closed_at is None and now < poll.deadline
    ranked = rules.ranking(options, {member.id: member.trade for member in people})
    values = {
        "poll": poll,
        "people": sorted(people, key=lambda member: (member.sort_key, member.id)),
        "options": options,
        "ranked": ranked,
        "has_winner": rules.has_winner(ranked),
        "because": partial(wording.because, civilities=wording.shared_civilities(people)),
        "is_open": is_open,
        "meeting": queries.meeting_of_poll(poll_id),
    }
    return Picture(
        sections={
            f"poll-{poll_id}-ranking": render_template("meetings/_ranking.html", **values),
            f"poll-{poll_id}-answers": render_template("meetings/_answers.html", **values),
        },
        valid_until=poll.deadline if is_open else None,
    )


def _plain(option: PollOption) -> rules.Option:
    said = {answer.member_id: answer.answer for answer in option.answers}
    return rules.Option(option.id, Span(option.starts_at, option.ends_at), said)


POLL = LivePage("poll", NUMBER, _scopes, _picture, _may_watch)
