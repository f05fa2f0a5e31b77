"""How people are told of meetings: by mails that calendars take in."""

from collections.abc import Sequence
from datetime import datetime

from flask_babel import lazy_gettext as _

from cpts_net.calendars import queries, wording
from cpts_net.calendars.invitations import day_and_hour, letter
from cpts_net.calendars.news import News
from cpts_net.meetings import notice_kinds as meetings
from cpts_net.notices.kinds import Kind, Matter
from cpts_net.notices.models import Notice

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
        notice.id: Matter(_words(notice, meeting.title, meeting.starts_at), f"/reunions/{meeting.id}")
        for notice in notices
        if (meeting := asked.get((notice.person_id, notice.subject_id)))
    }


def _off(notices: Sequence[Notice], _now: datetime) -> dict[int, Matter]:
    """Meetings that are off, for their people at least, as these could last read them."""
    return {
        notice.id: Matter(_words(notice, notice.was["title"], notice.was["starts_at"]), is_still_so=False)
        for notice in notices
    }


def _words(notice: Notice, title: str, starts_at: datetime) -> dict[str, str]:
    return {"subject": wording.subject(NEWS[notice.kind], title, day_and_hour(starts_at))}


def _welcome(notices: Sequence[Notice], _now: datetime) -> dict[int, Matter]:
    """The groups that people came into, while they are in them."""
    names = queries.groups_of({(notice.person_id, notice.subject_id) for notice in notices})
    return {
        notice.id: Matter({"group": name}, f"/groupes/{notice.subject_id}")
        for notice in notices
        if (name := names.get((notice.person_id, notice.subject_id)))
    }


KINDS = (
    Kind(meetings.INVITED, _("Réunion"), "calendars/invitation", _ahead, letter),
    Kind(meetings.WELCOME, _("Réunions d’un groupe"), "calendars/welcome", _welcome, letter),
    Kind(meetings.CHANGED, _("Réunion modifiée"), "calendars/invitation", _ahead, letter),
    Kind(meetings.CANCELLED, _("Réunion annulée"), "calendars/cancellation", _off, letter),
    Kind(meetings.WITHDRAWN, _("Réunion retirée"), "calendars/cancellation", _off, letter),
)
