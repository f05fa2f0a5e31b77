"""How people are told of meetings: by mails that calendars take in."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from flask_babel import lazy_gettext as _

from cpts_net.calendars import items, queries, wording
from cpts_net.calendars.invitations import day_and_hour, letter, said_of
from cpts_net.calendars.news import News
from cpts_net.meetings import notice_kinds as meetings
from cpts_net.meetings.answer_links import question_token
from cpts_net.notices.kinds import Kind, Matter
from cpts_net.notices.models import Notice
from cpts_net.notices.rules import Family
from cpts_net.oncall.wording import when

NEWS = {
    meetings.INVITED: News.INVITED,
    meetings.CHANGED: News.CHANGED,
    meetings.CANCELLED: News.CANCELLED,
    meetings.WITHDRAWN: News.WITHDRAWN,
}


def _ahead(notices: Sequence[Notice], _now: datetime) -> dict[int, Matter]:
    """Meetings as they are, while their people are asked to them."""
    asked = queries.asked({(notice.person_id, notice.subject_id) for notice in notices})
    return {
        notice.id: Matter(
            _words(notice, one.meeting.title, one.meeting.starts_at),
            f"/reunions/{one.meeting.id}",
            True,
            *_other_times(notice),
            answer=_question(notice, one),
        )
        for notice in notices
        if (one := asked.get((notice.person_id, notice.subject_id)))
    }


def _question(notice: Notice, asked: queries.Asked) -> str:
    whose = {"meeting_id": asked.meeting.id, "person_id": notice.person_id}
    return items.page("reunions/reponse/" + question_token(asked.invitation_id, asked.meeting.as_seen, **whose))


def _other_times(notice: Notice) -> tuple[str, str]:
    """What its times were and became, where they are others."""
    if "starts_at" not in notice.was or notice.was == notice.became:
        return "", ""
    was, became = (when(times["starts_at"], times["ends_at"]) for times in (notice.was, notice.became))
    return was, became


def _off(notices: Sequence[Notice], _now: datetime) -> dict[int, Matter]:
    """Meetings that are off, for their people at least, as these could last read them."""
    return {
        notice.id: Matter(_words(notice, notice.was["title"], notice.was["starts_at"]), is_still_so=False)
        for notice in notices
    }


def _words(notice: Notice, title: str, starts_at: datetime) -> dict[str, str]:
    is_moved = notice.kind == meetings.CHANGED and any(_other_times(notice))
    news = News.MOVED if is_moved else said_of(notice, NEWS[notice.kind])
    return {"subject": wording.subject(news, title, day_and_hour(starts_at))}


def _welcome(notices: Sequence[Notice], _now: datetime) -> dict[int, Matter]:
    """The groups that people came into, while they are in them."""
    names = queries.groups_of({(notice.person_id, notice.subject_id) for notice in notices})
    return {
        notice.id: Matter({"group": name}, f"/groupes/{notice.subject_id}")
        for notice in notices
        if (name := names.get((notice.person_id, notice.subject_id)))
    }


_kind = partial(Kind, letter=letter, family=Family.MEETING)

KINDS = (
    _kind(meetings.INVITED, _("Réunion"), "calendars/invitation", _ahead),
    _kind(meetings.WELCOME, _("Réunions d’un groupe"), "calendars/welcome", _welcome),
    _kind(meetings.CHANGED, _("Réunion modifiée"), "calendars/invitation", _ahead),
    _kind(meetings.CANCELLED, _("Réunion annulée"), "calendars/cancellation", _off),
    _kind(meetings.WITHDRAWN, _("Réunion retirée"), "calendars/cancellation", _off),
)
