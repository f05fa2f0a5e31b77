"""What the worker does with a delivery that it has claimed: draw it as it reads now, hand it over, record that it went."""

import base64
from dataclasses import replace
from datetime import datetime
from email.message import EmailMessage
from email.parser import BytesParser
from functools import partial
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _

from cpts_net.notices import calls, digest, queries, queue
from cpts_net.notices.addresses import addresses
from cpts_net.notices.fewer_links import fewer_address
from cpts_net.notices.kinds import Envelope, Letter, catalogue, kind_named, written
from cpts_net.notices.models import Channel, Notice
from cpts_net.notices.queue import Claimed, Outcome
from cpts_net.notices.reasons import reason
from cpts_net.notices.reply_addresses import reply_address
from cpts_net.notices.rules import Family
from cpts_net.outbox import mailer, plain_values
from cpts_net.outbox.headers import MAIL
from cpts_net.outbox.mailer import AddressRefused, Drawn
from cpts_net.storage.connections import db
from cpts_net.storage.transaction import snapshot

NO_ADDRESS = "nobody can be written to any more"


def send(claimed: Claimed, now: datetime) -> Outcome:
    """Send one delivery, unless there is nothing to tell any more; return what is to be recorded of it.

    Raises:
        RefusedForGood: when this will be refused whenever it is tried.
        OSError, smtplib.SMTPException: when the server cannot be reached, or refuses for now.
    """
    if claimed.in_digest:
        return _send_digest(claimed, now)
    if claimed.notice_id and claimed.kind not in catalogue().kinds:
        return partial(queue.drop, claimed.ids, digest.UNDECLARED)
    if claimed.channel == Channel.PUSH:
        return calls.ring(claimed, now)
    notice, envelope = _envelope(claimed)
    if envelope is None:
        return partial(queue.drop, claimed.ids, NO_ADDRESS)
    with force_locale("fr"):
        letter = written(notice, envelope, now) if notice else Letter(_without_notice(claimed, envelope))
    if letter is None:
        return partial(queue.drop, claimed.ids, digest.VOID)
    _deliver(letter.message, envelope)
    return partial(_record, claimed, letter, envelope.to)


def _deliver(message: EmailMessage, envelope: Envelope) -> None:
    try:
        mailer.deliver(message)
    except AddressRefused as refused:
        # As we write it: servers are told an accent in another spelling.
        raise AddressRefused(str(refused), envelope.to) from refused


def _send_digest(claimed: Claimed, now: datetime) -> Outcome:
    """Send what is left of a digest in one mail, and none when nothing is."""
    with snapshot():
        notices = queries.notices_by_delivery(claimed.ids)
        recipient = addresses().recipients([notice.person_id for _id, notice in notices])
        db.session.expunge_all()
    if not recipient:
        return partial(queue.drop, claimed.ids, NO_ADDRESS)
    (reader,) = recipient.values()
    with force_locale("fr"):
        why = str(_("Vous recevez ce résumé parce que vous voulez lire ces nouvelles ensemble."))
        envelope = Envelope(reader.address, reader.name, claimed.message_id, claimed.written_at, why=why)
        drawn = digest.drawn(notices, envelope, now)
        fewer = fewer_address(notices[0][1].person_id, drawn.kinds, Channel(claimed.channel))
        message = digest.message(drawn, replace(envelope, written_at=now, fewer=fewer)) if drawn.lines else None
    if message:
        _deliver(message, envelope)
    return partial(_record_digest, claimed, drawn, reader.address if message else "")


def _record_digest(claimed: Claimed, drawn: digest.Digest, address: str, now: datetime) -> None:
    drawn.settle(now)
    if address:
        queue.finish([each for each in claimed.ids if each not in drawn.apart()], now)
        addresses().note_reached(address)
        drawn.note(now)


def refused(claimed: Claimed, error: Exception, now: datetime) -> None:
    """Record that a delivery will be refused whenever it is tried; whether it is the address that is, too."""
    queue.give_up(claimed.ids, str(error), now)
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
        fewer = fewer_address(notice.person_id, [kind_named(notice.kind)], Channel(claimed.channel)) if notice else ""
        if notice:
            db.session.expunge(notice)
    if notice is None or recipient is None:
        return notice, None
    why = reason(kind_named(notice.kind).family)
    return notice, Envelope(recipient.address, recipient.name, *made, reply_to, why, fewer)


def _without_notice(claimed: Claimed, envelope: Envelope) -> EmailMessage:
    letter = claimed.letter
    if "message" in letter:  # As the first version wrote mails down.
        whole: Any = BytesParser(EmailMessage, policy=MAIL).parsebytes(base64.b64decode(letter["message"]))
        return whole  # type: ignore[no-any-return]
    return envelope.message(drawn_letter(letter))


def drawn_letter(letter: Any) -> Drawn:
    """A mail without a notice as it reads."""
    if "template" not in letter:
        # Those that waited for an upgrade were drawn before it.
        return Drawn(letter["subject"], letter["body"])
    return mailer.render_mail(letter["template"], why=reason(Family.ACCOUNT), **plain_values.read(letter["values"]))


def _record(claimed: Claimed, letter: Letter, address: str, now: datetime) -> None:
    queue.finish(claimed.ids, now)
    addresses().note_reached(address)
    if letter.when_sent:
        letter.when_sent(now)
