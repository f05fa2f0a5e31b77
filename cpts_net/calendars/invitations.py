"""Mails that put a meeting into somebody's calendar, move it there, and take it out again (iMIP, RFC 6047).

The entry has the UID and the SEQUENCE that it has in the feed. Each mail names
one attendee, its recipient: nobody learns the addresses of the others.
"""

from dataclasses import replace
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from typing import Any

from flask_babel import gettext as _

from cpts_net import clock, i18n
from cpts_net.calendars import actions, ical, items, ledger, queries, wording
from cpts_net.calendars.ical import Participant, Stamp
from cpts_net.calendars.news import News
from cpts_net.calendars.planning import hours_of
from cpts_net.calendars.telling import Due, due
from cpts_net.meetings.answer_links import answer_token
from cpts_net.meetings.models import Answer
from cpts_net.notices.kinds import Envelope, Letter
from cpts_net.notices.models import Notice
from cpts_net.settings import current_settings
from cpts_net.spans import Span
from cpts_net.storage import revisions
from cpts_net.storage.transaction import snapshot, transaction

PARTICIPATION: dict[str | None, str] = {
    None: "NEEDS-ACTION",
    Answer.YES: "ACCEPTED",
    Answer.IF_NEED_BE: "TENTATIVE",
    Answer.NO: "DECLINED",
}


def letter(notice: Notice, envelope: Envelope, now: datetime) -> Letter | None:
    """The mail about one meeting, or about all those that somebody is asked to as they come into a group."""
    meeting_ids = notice.became.get("meeting_ids")
    found, stamps = _news(meeting_ids or [notice.subject_id], notice.person_id, now)
    if meeting_ids:
        # What is off has a notice of its own.
        found = [each for each in found if not each.news.is_off]
    if not found:
        return None
    if len(found) == 1:
        (one,) = found
        said = replace(one, news=said_of(notice, one.news))
        message = compose(said, stamps[one.item.key], envelope, now=now)
    else:
        joined = (notice.person_id, notice.subject_id)
        group = queries.groups_of({joined}).get(joined, "")
        message = compose_several(found, stamps, envelope, group=group, now=now)

    def note(at: datetime) -> None:
        for each in found:
            actions.note_told(each, stamps[each.item.key].sequence, now=at)

    return Letter(message, note)


def said_of(notice: Notice, news: News) -> News:
    """How that is said: somebody whose group was asked a poll is told that its date is fixed, in the same message."""
    return News.FIXED if news == News.INVITED and "poll_id" in notice.was else news


def _news(meeting_ids: list[int], person_id: int, now: datetime) -> tuple[list[Due], dict[str, Stamp]]:
    """What the member is to be told, and the stamp of each entry; written down only where one changed."""
    while True:
        with snapshot():
            number = revisions.number(revisions.MEETINGS)
            found = due(meeting_ids, person_id, now)
            entries = [ledger.worded(each.item) for each in found]
            stamps = ledger.stamps(entries)
        if stamps is not None:
            return found, stamps
        with transaction():
            # Worded before, since others cannot write meanwhile; once more should somebody have.
            if number == revisions.number(revisions.MEETINGS):
                return found, ledger.stamp(entries, now=now)


def compose(news: Due, stamp: Stamp, envelope: Envelope, *, now: datetime) -> EmailMessage:
    """The mail about one meeting to one person.

    The parts are in the order that every mail program understands: Outlook
    takes the entry only from the first part, Exchange only from its last one,
    and some show nothing but an attachment.
    """
    method = _method(news)
    entry = _entry(news, stamp, now)
    template = "calendars/cancellation" if news.news.is_off else "calendars/invitation"
    message = _answered_by_organizer(envelope.mail(template, **_words(news, envelope)))
    message.add_alternative(entry, maintype="text", subtype="calendar", params={"charset": "utf-8", "method": method})
    message.add_attachment(entry, maintype="application", subtype="ics", filename="invite.ics")
    return message


def compose_several(
    found: list[Due], stamps: dict[str, Stamp], envelope: Envelope, *, group: str, now: datetime
) -> EmailMessage:
    """One mail for all the meetings of a group that somebody comes into, which is called ``group``.

    No mail may carry the entries of several meetings for a calendar to take by
    itself (RFC 6047 2.4), so each is a file to open.
    """
    words = {**_words(found[0], envelope), "group": group, "meetings": [_words(each, envelope) for each in found]}
    message = _answered_by_organizer(envelope.mail("calendars/welcome", **words))
    for number, each in enumerate(found, 1):
        entry = _entry(each, stamps[each.item.key], now)
        message.add_attachment(entry, maintype="application", subtype="ics", filename=f"reunion-{number}.ics")
    return message


def _answered_by_organizer(message: EmailMessage) -> EmailMessage:
    """The mail, whose answers reach whoever its entry names as organizer, beside whoever caused it.

    Programs answer the one or the other. The organizer is the same in every
    mail, whoever caused it: calendars take a change of an entry from nobody else.
    """
    contact, answered_at = current_settings().contact, message["Reply-To"]
    if contact and contact not in [each.addr_spec for each in answered_at.addresses]:
        del message["Reply-To"]
        message["Reply-To"] = [*answered_at.addresses, Address(addr_spec=contact)]
    return message


def _method(news: Due) -> str:
    return "CANCEL" if news.news.is_off else "REQUEST"


def _entry(news: Due, stamp: Stamp, now: datetime) -> bytes:
    settings, recipient = current_settings(), news.recipient
    sender = settings.mail_from
    participation = (
        ("CUTYPE", "INDIVIDUAL"),
        ("ROLE", "REQ-PARTICIPANT"),
        ("PARTSTAT", PARTICIPATION[recipient.answer]),
        # Only where somebody reads what a mail program's buttons send.
        *([("RSVP", "TRUE")] if settings.contact else []),
    )
    organizer = Participant(sender.display_name or settings.community, settings.contact or sender.addr_spec)
    attendee = Participant(recipient.display_name, recipient.email, participation)
    item = replace(news.item, is_cancelled=news.news.is_off)
    return ical.message(_method(news), item, stamp, organizer, attendee, sent_at=now)


def _words(news: Due, envelope: Envelope) -> dict[str, Any]:
    return {
        "item": news.item,
        "recipient": news.recipient,
        "subject": wording.subject(news.news, news.facts.title, day_and_hour(news.facts.starts_at)),
        "opening": wording.opening(news.news),
        "asking": wording.asking(news.recipient.answer),
        "where_answers_count": wording.where_answers_count(envelope.reply_to, current_settings().contact),
        "answers": _answers(news),
        "when": _when(news.item.span),
        "before": _before(news),
    }


def _answers(news: Due) -> list[tuple[str, str]]:
    """What one may answer, in words, each with its link."""
    invitation_id = news.recipient.invitation_id
    if invitation_id is None:
        return []
    whose = {"meeting_id": news.meeting_id, "person_id": news.recipient.person_id}
    return [
        (words, items.page("reunions/reponse/" + answer_token(invitation_id, answer, news.seen, **whose)))
        for answer, words in wording.answers().items()
    ]


def _before(news: Due) -> str:
    """When the meeting was to be, for whoever was told of another time."""
    return _when(Span(news.told.starts_at, news.told.ends_at)) if news.news == News.MOVED and news.told else ""


def day_and_hour(moment: datetime) -> str:
    """Say « mardi 1er septembre à 20 h », and never « demain »: a mail may be read days later."""
    day = i18n.day(moment.astimezone(clock.zone()).date())
    return str(_("%(day)s à %(hour)s", day=day, hour=i18n.hour(moment)))


def _when(span: Span) -> str:
    """Say « mardi 1 septembre, 20 h – 22 h »."""
    return f"{i18n.day(span.start.astimezone(clock.zone()).date())}, {hours_of(span)}"
