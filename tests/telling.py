"""What people were told, read from the base before anything is sent."""

from typing import NamedTuple

from flask_babel import force_locale
from sqlalchemy import select

from cpts_net import clock
from cpts_net.notices import sending
from cpts_net.notices.kinds import written
from cpts_net.notices.models import Delivery, Notice
from cpts_net.notices.queue import Claimed
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
    columns = [getattr(Delivery, name) for name in Claimed._fields]
    rows = db.session.execute(select(*columns).order_by(Delivery.id)).all()
    return [mail for row in rows if (mail := _drawn(Claimed(*row)))]


def _drawn(claimed: Claimed) -> Mail | None:
    notice, envelope = sending._envelope(claimed)
    if envelope is None:
        return None
    with force_locale("fr"):
        if notice is None:
            drawn = sending.drawn_letter(claimed.letter)
            return Mail(envelope.to, drawn["subject"], drawn["body"])
        letter = written(notice, envelope, clock.now())
    if letter is None:
        return None
    message = letter.message
    return Mail(message["To"], message["Subject"], message.get_body(("plain",)).get_content())
