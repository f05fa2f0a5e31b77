"""The sections of a poll's page that change in open windows. The same for everybody who may watch."""

from datetime import datetime
from functools import partial

from flask import render_template

from cpts_net.accounts.identity import Identity
from cpts_net.groups import queries as groups
from cpts_net.meetings import poll_actions, queries, rules, wording
from cpts_net.meetings.models import PollOption
from cpts_net.pictures.picture import Picture
from cpts_net.spans import Span
from cpts_net.storage import revisions


class PollUnknown(LookupError):
    """There is no such poll."""


def may_watch(identity: Identity, poll_id: int) -> bool:
    """Whether the poll exists for this reader."""
    return queries.is_poll_visible(poll_id, identity.member_id)


def picture(poll_id: int, now: datetime) -> Picture:
    """The ranking and the answers of a poll; call it in a snapshot.

    Raises:
        PollUnknown: when there is no such poll.
    """
    revision = revisions.number(poll_actions.scope(poll_id))
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
        revision=revision,
        sections={
            f"poll-{poll_id}-ranking": render_template("meetings/_ranking.html", **values),
            f"poll-{poll_id}-answers": render_template("meetings/_answers.html", **values),
        },
        valid_until=poll.deadline if is_open else None,
    )


def _plain(option: PollOption) -> rules.Option:
    said = {answer.member_id: answer.answer for answer in option.answers}
    return rules.Option(option.id, Span(option.starts_at, option.ends_at), said)
