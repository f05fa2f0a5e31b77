"""What the worker does with a delivery that it has claimed: draw it as it reads now, hand it over, record that it went."""

import base64
from collections.abc import Callable
from datetime import datetime
from email.message import EmailMessage
from email.parser import BytesParser
from functools import partial
from typing import Any

from flask_babel import force_locale

from cpts_net.notices import queries, queue
from cpts_net.notices.addresses import addresses
from cpts_net.notices.kinds import Envelope, Letter, written
from cpts_net.notices.models import Notice
from cpts_net.notices.queue import Claimed
from cpts_net.notices.reply_addresses import reply_address
from cpts_net.outbox import mailer, plain_values
from cpts_net.outbox.headers import MAIL
from cpts_net.outbox.mailer import AddressRefused
from cpts_net.storage.connections import db
from cpts_net.storage.transaction import snapshot

Outcome = Callable[[datetime], None]  # To be called in a transaction, with the instant.
NO_ADDRESS = "nobody can be written to any more"
NO_MATTER = "there was nothing to tell any more"


def send(claimed: Claimed, now: datetime) -> Outcome:
    """Send one delivery, unless there is nothing to tell any more; return what is to be recorded of it.

    Raises:
        RefusedForGood: when this will be refused whenever it is tried.
        OSError, smtplib.SMTPException: when the server cannot be reached, or refuses for now.
    """
    notice, envelope = _envelope(claimed)
    if envelope is None:
        return partial(queue.drop, claimed.id, NO_ADDRESS)
    with force_locale("fr"):
        letter = written(notice, envelope, now) if notice else Letter(_without_notice(claimed, envelope))
    if letter is None:
        return partial(queue.drop, claimed.id, NO_MATTER)
    try:
        mailer.deliver(letter.message)
    except AddressRefused as refused:
        # As we write it: servers are told an accent in another spelling.
        raise AddressRefused(str(refused), envelope.to) from refused
    return partial(_record, claimed, letter, envelope.to)


def refused(claimed: Claimed, error: Exception, now: datetime) -> None:
    """Record that a delivery will be refused whenever it is tried; whether it is the address that is, too."""
    queue.give_up(claimed.id, str(error), now)
    if isinstance(error, AddressRefused):
        addresses().note_refused(error.address, now)


def _envelope(claimed: Claimed) -> tuple[Notice | None, Envelope | None]:
    """The notice, if there is one, and to whom it goes; None when that person cannot be written to any more."""
    made = claimed.message_id, claimed.written_at
    if claimed.notice_id is None:
        return None, Envelope(claimed.address, "", *made)
    with snapshot():
        notice = queries.notice(claimed.notice_id)
        recipient = addresses().recipients([notice.person_id]).get(notice.person_id) if notice else None
        reply_to = reply_address(notice.by_id, notice.person_id) if notice and recipient else ""
        if notice:
            db.session.expunge(notice)
    return notice, Envelope(recipient.address, recipient.name, *made, reply_to) if recipient else None


def _without_notice(claimed: Claimed, envelope: Envelope) -> EmailMessage:
    letter = claimed.letter
    if "message" in letter:  # As the first version wrote mails down.
        whole: Any = BytesParser(EmailMessage, policy=MAIL).parsebytes(base64.b64decode(letter["message"]))
        return whole  # type: ignore[no-any-return]
    drawn = drawn_letter(letter)
    return envelope.message(drawn["subject"], drawn["body"])


def drawn_letter(letter: Any) -> dict[str, str]:
    """The ``subject`` and ``body`` of a mail without a notice."""
    if "template" not in letter:
        # Those that waited for an upgrade were drawn before it.
        return {"subject": letter["subject"], "body": letter["body"]}
    return mailer.render_mail(letter["template"], **plain_values.read(letter["values"]))


def _record(claimed: Claimed, letter: Letter, address: str, now: datetime) -> None:
    queue.finish(claimed.id, now)
    addresses().note_reached(address)
    if letter.when_sent:
        letter.when_sent(now)
