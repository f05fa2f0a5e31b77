"""What people were told, read from the base before anything is sent."""

from email.message import EmailMessage
from typing import NamedTuple

from flask_babel import force_locale
from sqlalchemy import select

from cpts_net import clock
from cpts_net.notices import sending
from cpts_net.notices.kinds import written
from cpts_net.notices.models import Channel, Delivery, Notice
from cpts_net.notices.queue import COLUMNS, Claimed
from cpts_net.storage.connections import db


class Mail(NamedTuple):
    to: str
    subject: str
    body: str


def told() -> list[tuple[str, str, int]]:
    """The kind, the subject and the person of every notice, in the order in which they were written; in a context."""
    notices = db.session.scalars(select(Notice).order_by(Notice.id))
    return [(notice.kind, notice.subject, notice.person_id) for notice in notices]


def drawn_mails() -> list[Mail]:
    """Every mail as it would read if it were sent now, those that would not be left out; in a context."""
    return [Mail(each["To"], each["Subject"], part(each, "plain")) for each in drawn_messages()]


def drawn_messages() -> list[EmailMessage]:
    """The same, with all their headers and parts."""
    rows = db.session.execute(select(*COLUMNS).order_by(Delivery.id)).all()
    return [message for row in rows if (message := _drawn(Claimed(*row)))]


def messages_by_kind() -> dict[str, EmailMessage]:
    """What was told of each kind, as its mail would read now, however often its reader wants to hear of it."""
    notices = db.session.scalars(select(Notice).order_by(Notice.id))
    letters = db.session.execute(select(*COLUMNS).where(Delivery.notice_id.is_(None)).order_by(Delivery.id)).all()
    claims = [*map(_claim, notices), *(Claimed(*row) for row in letters)]
    return {each.kind: message for each in claims if (message := _drawn(each))}


def _claim(notice: Notice) -> Claimed:
    """A delivery of the notice at once, whatever its reader chose."""
    made = {"message_id": "<1@cpts.example>", "written_at": clock.now()}
    return Claimed(0, notice.id, "", notice.kind, None, **made, channel=Channel.MAIL, in_digest=False)


def part(message: EmailMessage, form: str) -> str:
    """What a mail says, "plain" or as "html"."""
    body = message.get_body((form,))
    return body.get_content().replace("\r\n", "\n") if body else ""


def _drawn(claimed: Claimed) -> EmailMessage | None:
    notice, envelope = sending._envelope(claimed)
    if envelope is None:
        return None
    with force_locale("fr"):
        if notice is None:
            return sending._without_notice(claimed, envelope)
        letter = written(notice, envelope, clock.now())
    return letter.message if letter else None
