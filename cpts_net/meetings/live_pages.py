"""The sections of a poll's page that change in open windows. The same for everybody who may watch."""

from collections.abc import Collection, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from markupsafe import Markup

from cpts_net import clock
from cpts_net.directory.models import Person
from cpts_net.directory.named import Named, known_as
from cpts_net.groups import queries as groups
from cpts_net.groups.actions import scope as group_scope
from cpts_net.meetings import poll_actions, queries, rules, wording
from cpts_net.meetings.models import Poll, PollOption
from cpts_net.pictures.kept import Made, kept
from cpts_net.pictures.live_page import NUMBER, LivePage
from cpts_net.pictures.picture import Part, Picture, draw
from cpts_net.spans import Span
from cpts_net.storage import revisions

HEAD, ANSWER_ROWS = "meetings/_answers_head.html", "meetings/_answer_rows.html"


class PollUnknown(LookupError):
    """There is no such poll."""


@dataclass(frozen=True)
class Fixed:
    """The meeting that came of a poll."""

    id: int
    starts_at: datetime


def _scopes(key: str) -> Sequence[str]:
    """The poll, its group – whose people may answer – and what they are called.

    Raises:
        PollUnknown: when there is no such poll.
    """
    poll_scope = poll_actions.scope(int(key))
    group_id = kept().get(("group of", poll_scope), (poll_scope,), clock.now(), lambda _old: _group_of(int(key)))
    return poll_scope, group_scope(group_id), revisions.MEETINGS, revisions.DIRECTORY


def _group_of(poll_id: int) -> Made[int]:
    group_id = queries.group_of_poll(poll_id)
    if group_id is None:
        raise PollUnknown(poll_id)
    return Made(group_id, 100)


def _may_watch(key: str, person_ids: Set[int]) -> Collection[int]:
    return queries.those_who_see_poll(int(key), person_ids)


def _picture(key: str, now: datetime, old: Picture | None) -> Picture:
    """What became of a poll, and the answers to it."""
    poll = queries.poll_for_everybody(int(key))
    if poll is None:
        raise PollUnknown(int(key))
    members = [membership.person for membership in groups.people(poll.group_id)]
    is_open = poll.closed_at is None and now < poll.deadline
    meeting = queries.meeting_of_poll(poll.id)
    held = Fixed(meeting.id, meeting.starts_at) if meeting else None
    parts = [_outcome(poll, held, is_open=is_open), *_answers(poll, members, held)]
    return draw(parts, old=old, valid_until=poll.deadline if is_open else None)


def _outcome(poll: Poll, held: Fixed | None, *, is_open: bool) -> Part:
    values = {"meeting": held, "is_closed": poll.closed_at is not None, "is_open": is_open}
    return Part(f"poll-{poll.id}-outcome", "meetings/_outcome.html", values)


def _answers(poll: Poll, members: Sequence[Person], held: Fixed | None) -> Iterator[Part]:
    """What holds for every date, and a table whose head changes with the people; then every row does."""
    part_id = f"poll-{poll.id}-answers"
    people = tuple(known_as(person) for person in sorted(members, key=lambda person: (person.sort_key, person.id)))
    ranked = rules.ranking(map(_plain, poll.options), {person.id: person.trade for person in members})
    civilities = wording.shared_civilities(members)
    missing = rules.missing_everywhere(ranked)
    yield Part(f"poll-{poll.id}-head", HEAD, {"lacking": wording.lacking(missing, civilities)})
    words = {date.option_id: wording.because(date, civilities, said_above=missing) for date in ranked}
    rows = [*_answer_rows(poll, ranked, words, people, held)]
    yield Part(part_id, "meetings/_answers.html", {"people": people}, [Part(f"{part_id}-rows", ANSWER_ROWS, {}, rows)])


def _answer_rows(
    poll: Poll, ranked: Sequence[rules.Ranked], words: Mapping[int, str], people: Sequence[Named], held: Fixed | None
) -> Iterator[Part]:
    """A row for each date, in their order in time; the best of them says so."""
    best = ranked[0] if held is None and rules.has_winner(ranked) else None
    dates = {date.option_id: date for date in ranked}
    for option in map(_plain, poll.options):
        date = dates[option.id]
        values = {
            "date": date,
            "because": words[option.id],
            "people_count": len(people),
            "is_held": held is not None and date.span.start == held.starts_at,
            "is_best": date == best,
            "place": place(poll.id, option.id),
            "said": tuple((person, option.answers.get(person.id)) for person in people),
        }
        yield Part(f"poll-{poll.id}-answers-{option.id}", "meetings/_answer_row.html", values)


def place(poll_id: int, option_id: int) -> Markup:
    """Where a reader's own answer to a date stands: the page puts it there, for it is theirs alone.

    Whoever has the page open when the date comes gets it from their page (static/meetings/poll.js), or loads that again.
    """
    cell = Markup('<td role="cell" class="mine" id="poll-{}-mine-{}"><a href="{}">{}</a></td>')
    return cell.format(poll_id, option_id, url_for("meetings.poll", poll_id=poll_id), _("Répondre"))


def _plain(option: PollOption) -> rules.Option:
    said = {answer.person_id: answer.answer for answer in option.answers}
    return rules.Option(option.id, Span(option.starts_at, option.ends_at), said)


POLL = LivePage("poll", NUMBER, _scopes, _picture, _may_watch)
