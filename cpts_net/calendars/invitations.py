"""Mails that put a meeting into somebody's calendar, move it there, and take it out again (iMIP, RFC 6047).

The entry has the UID and the SEQUENCE that it has in the feed. Each mail names
one attendee, its recipient: nobody learns the addresses of the others.
"""

from dataclasses import replace
from datetime import datetime
from email.message import EmailMessage
from typing import Any

from flask import render_template
from flask_babel import force_locale

from cpts_net import clock, i18n
from cpts_net.calendars import actions, ical, items, ledger, queries
from cpts_net.calendars.ical import Stamp
from cpts_net.calendars.items import Item
from cpts_net.calendars.models import SentInvitation
from cpts_net.calendars.planning import hours
from cpts_net.calendars.queries import Recipient
from cpts_net.meetings.answer_links import answer_token
from cpts_net.meetings.models import Answer
from cpts_net.outbox import mailer
from cpts_net.settings import current_settings
from cpts_net.storage.transaction import transaction

PARTICIPATION: dict[str | None, str] = {
    None: "NEEDS-ACTION",
    Answer.YES: "ACCEPTED",
    Answer.IF_NEED_BE: "TENTATIVE",
    Answer.NO: "DECLINED",
}


def handle(payload: Any) -> None:
    """Write the mails that a change of a meeting calls for; the handler of the jobs of this kind.

    Whoever has had a mail about the meeting as it stands gets no second one,
    however often this runs. Whoever is no longer invited is told so.
    """
    now = clock.now()
    with transaction(), force_locale("fr"):
        meeting = queries.meeting(payload["meeting_id"])
        if meeting is None or meeting.ends_at <= now:
            return
        item = items.meeting(meeting)
        stamp = ledger.stamp([ledger.worded(item)], now=now)[item.uid]
        sent = queries.sent(meeting.id)
        for recipient in queries.recipients(meeting.id):
            last = sent.get(recipient.member_id)
            is_off = item.is_cancelled or recipient.invitation_id is None
            if _is_due(last, stamp, is_off=is_off):
                told = replace(item, is_cancelled=is_off)
                message = compose(told, recipient, stamp, is_update=last is not None, now=now)
                mailer.enqueue_message(message, now)
                actions.note_invitation(meeting.id, recipient.member_id, stamp.sequence, is_off=is_off, now=now)


def _is_due(last: SentInvitation | None, stamp: Stamp, *, is_off: bool) -> bool:
    if last is None:
        return not is_off
    if is_off:
        return not last.is_cancelled
    return last.is_cancelled or last.sequence < stamp.sequence


def compose(item: Item, recipient: Recipient, stamp: Stamp, *, is_update: bool, now: datetime) -> EmailMessage:
    """The mail about a meeting to one person.

    The parts are in the order that every mail program understands: Outlook
    takes the entry only from the first part, Exchange only from its last one,
    and some show nothing but an attachment.
    """
    method = "CANCEL" if item.is_cancelled else "REQUEST"
    entry = _entry(method, item, recipient, stamp, now)
    words = _words(item, recipient, is_update=is_update)
    template = "calendars/cancellation" if item.is_cancelled else "calendars/invitation"
    plain = mailer.render_mail(template, **words)
    message_id = _message_id(item, recipient, stamp, method)
    message = mailer.compose(recipient.email, plain["subject"], plain["body"], message_id=message_id, at=now)
    message.add_alternative(render_template(f"{template}/body.html", **words), subtype="html")
    message.add_alternative(entry, maintype="text", subtype="calendar", params={"charset": "utf-8", "method": method})
    message.add_attachment(entry, maintype="application", subtype="ics", filename="invite.ics")
    return message


def _entry(method: str, item: Item, recipient: Recipient, stamp: Stamp, now: datetime) -> bytes:
    sender = current_settings().mail_from
    participation = f";CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT={PARTICIPATION[recipient.answer]};RSVP=TRUE"
    people = (
        ical.person("ORGANIZER", "", sender.display_name or current_settings().community, sender.addr_spec),
        ical.person("ATTENDEE", participation, recipient.display_name, recipient.email),
    )
    return ical.message(method, ical.event(ical.content(item), item, stamp, *people, sent_at=now))


def _words(item: Item, recipient: Recipient, *, is_update: bool) -> dict[str, Any]:
    links = {}
    if recipient.invitation_id is not None:
        links = {
            answer: items.page("reunions/reponse/" + answer_token(recipient.invitation_id, answer)) for answer in Answer
        }
    return {"item": item, "recipient": recipient, "is_update": is_update, "links": links, "when": _when(item)}


def _when(item: Item) -> str:
    """Say « mardi 1 septembre, 20 h – 22 h »."""
    return f"{i18n.day(item.span.start.astimezone(clock.zone()).date())}, {hours(item)}"


def _message_id(item: Item, recipient: Recipient, stamp: Stamp, method: str) -> str:
    """The same for the same news: should a mail go out twice, programs show it once."""
    what = f"{item.uid} {stamp.sequence} {stamp.modified_at:%s} {method} {recipient.member_id}"
    return mailer.derived_id(what)
