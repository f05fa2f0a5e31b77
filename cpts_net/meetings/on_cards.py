"""The meetings ahead of somebody, on their card."""

from datetime import datetime

from flask import url_for
from flask_babel import gettext as _

from cpts_net.accounts.identity import Identity
from cpts_net.directory.card_sections import CardSection, Row
from cpts_net.i18n import moment
from cpts_net.meetings import seen_queries


def meetings_on_card(person_id: int, reader: Identity, now: datetime) -> CardSection:
    """The next of them that the reader sees, too."""
    ahead = seen_queries.meetings_shared(person_id, reader.person_id, now, is_staff=reader.is_staff)
    rows = [
        Row(url_for("meetings.meeting", meeting_id=meeting.id), meeting.title, moment(meeting.starts_at))
        for meeting in ahead
    ]
    until = min((meeting.ends_at for meeting in ahead), default=None)
    return CardSection("meetings", _("Prochaines réunions"), rows, until)
