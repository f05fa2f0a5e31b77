"""What people are told of meetings and polls; the mails about meetings are written where calendars are."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from cpts_net import clock, i18n
from cpts_net.meetings import hosts, poll_queries
from cpts_net.meetings.models import Poll, PollOption
from cpts_net.meetings.poll_links import poll_address
from cpts_net.notices.kinds import Envelope, Kind, Letter, Matter, Matters
from cpts_net.notices.models import Notice
from cpts_net.notices.rules import Family
from cpts_net.roles import BUT_GUESTS
from cpts_net.storage.transaction import snapshot

INVITED = "meetings.invited"
WELCOME = "meetings.welcome"  # All meetings ahead of a group that somebody comes into.
CHANGED = "meetings.changed"
CANCELLED = "meetings.cancelled"
WITHDRAWN = "meetings.withdrawn"  # The meeting takes place, without them.
POLL_PROPOSED = "meetings.poll_proposed"  # With a link that answers without signing in.
POLL_ENDING = "meetings.poll_ending"
POLL_CHANGED = "meetings.poll_changed"  # Put right or opened again, after they had answered.
POLL_GIVEN_UP = "meetings.poll_given_up"  # Without a date; of one with a date the invitation tells.
NOT_COMING = "meetings.not_coming"  # Somebody had said that they come, and is no longer asked.


def _asked(notices: Sequence[Notice], now: datetime) -> dict[int, Matter]:
    """Polls as they are, for those in their groups; nobody is asked any more once they answered, or it is closed."""
    return _polls(notices, now, are_silent=True)


def _put_right(notices: Sequence[Notice], now: datetime) -> dict[int, Matter]:
    """The same polls, for those who answered them."""
    return _polls(notices, now, are_silent=False)


def _polls(notices: Sequence[Notice], now: datetime, *, are_silent: bool) -> dict[int, Matter]:
    asked = poll_queries.polls_asked({(notice.person_id, notice.subject_id) for notice in notices})
    found = {}
    for notice in notices:
        if one := asked.get((notice.person_id, notice.subject_id)):
            is_open = one.poll.closed_at is None and now < one.poll.deadline
            is_still_so = is_open and not (are_silent and one.is_answered)
            path, answer = f"/reunions/sondages/{one.poll.id}", poll_address(one.poll.id, notice.person_id)
            found[notice.id] = Matter(_words(one.poll, notice), path, is_still_so, answer=answer)
    return found


def _given_up(notices: Sequence[Notice], _now: datetime) -> dict[int, Matter]:
    """Polls that led to no date, for those in their groups; not so any more once they are opened again."""
    asked = poll_queries.polls_asked({(notice.person_id, notice.subject_id) for notice in notices})
    return {
        notice.id: Matter(
            {"title": one.poll.title, "group": one.poll.group.name},
            f"/reunions/sondages/{one.poll.id}",
            one.poll.closed_at is not None,
        )
        for notice in notices
        if (one := asked.get((notice.person_id, notice.subject_id)))
    }


def _words(poll: Poll, notice: Notice) -> dict[str, Any]:
    new = notice.became.get("new", ())
    return {
        "title": poll.title,
        "group": poll.group.name,
        "place": poll.place,
        "dates": [_option(option, is_new=option.id in new) for option in poll.options],
        "has_new_dates": any(option.id in new for option in poll.options),
        "is_open_again": bool(notice.became.get("is_open_again")),
        "deadline": _day_and_hour(poll.deadline),
    }


def _option(option: PollOption, *, is_new: bool) -> str:
    start, end = option.starts_at, option.ends_at
    words = {"day": _day(start), "start": i18n.hour(start), "end": i18n.hour(end)}
    date = str(_("%(day)s, %(start)s – %(end)s", **words))
    return str(_("%(date)s (nouvelle date)", date=date)) if is_new else date


def _day_and_hour(moment: datetime) -> str:
    """Say « jeudi 20 août à 23 h 59 », and never « demain »: a mail may be read days later."""
    return str(_("%(day)s à %(hour)s", day=_day(moment), hour=i18n.hour(moment)))


def _day(moment: datetime) -> str:
    return i18n.day(moment.astimezone(clock.zone()).date())


def _letter(matters: Matters, template: str, notice: Notice, envelope: Envelope, now: datetime) -> Letter | None:
    """The mail, whose link is made as it goes."""
    with snapshot():
        matter = matters([notice], now).get(notice.id)
    if matter is None or not matter.is_still_so:
        return None
    return Letter(envelope.mail(template, **matter.words, link=matter.answer))


def _kind(name: str, label: Any, template: str, matters: Matters = _asked) -> Kind:
    return Kind(name, label, template, matters, partial(_letter, matters, template), family=Family.MEETING)


def _no_longer_coming(notices: Sequence[Notice], now: datetime) -> dict[int, Matter]:
    """Who does not come after all, for those who look after the meeting; not so any more once they are asked again."""
    found = hosts.gone({(notice.became["person_id"], notice.subject_id) for notice in notices})
    return {
        notice.id: Matter(
            {"person": gone.name, "title": gone.title, "when": _day_and_hour(gone.starts_at)},
            f"/reunions/{notice.subject_id}",
            is_still_so=now < gone.starts_at and not gone.is_off,
        )
        for notice in notices
        if (gone := found.get((notice.became["person_id"], notice.subject_id)))
    }


KINDS = (
    _kind(POLL_PROPOSED, _l("Sondage de dates"), "meetings/mail/poll_proposed"),
    _kind(POLL_ENDING, _l("Fin d’un sondage"), "meetings/mail/poll_ending"),
    _kind(POLL_CHANGED, _l("Sondage corrigé"), "meetings/mail/poll_changed", _put_right),
    Kind(
        POLL_GIVEN_UP,
        _l("Sondage abandonné"),
        "meetings/mail/poll_given_up",
        _given_up,
        family=Family.MEETING,
    ),
    Kind(
        NOT_COMING,
        _l("Absence à une réunion"),
        "meetings/mail/not_coming",
        _no_longer_coming,
        family=Family.MEETING,
        concerns=BUT_GUESTS,
    ),
)
