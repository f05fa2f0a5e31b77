"""Many notices in one mail: each as its own mail would read now, in a line, by families."""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from email.message import EmailMessage

from cpts_net.notices import queue
from cpts_net.notices.fewer_links import fewer_address
from cpts_net.notices.kinds import Envelope, Kind, Letter, catalogue, written
from cpts_net.notices.models import Channel, Notice
from cpts_net.notices.rules import Family
from cpts_net.notices.wording import FAMILIES
from cpts_net.storage.transaction import snapshot

log = logging.getLogger(__name__)
CALENDAR_FILE = "application/ics"
VOID = "there was nothing to tell any more"
UNDECLARED = "no room declares its kind any more"


@dataclass(frozen=True)
class Line:
    """One notice in a digest; without an address where it leads nowhere."""

    family: Family
    words: str
    address: str


@dataclass
class Digest:
    """What is in it, what is not any more, and what cannot be drawn, with the words of why; by deliveries."""

    lines: list[Line] = field(default_factory=list)
    kinds: list[Kind] = field(default_factory=list)
    letters: list[Letter] = field(default_factory=list)
    void: list[int] = field(default_factory=list)
    undeclared: list[int] = field(default_factory=list)
    failed: dict[int, str] = field(default_factory=dict)

    def settle(self, now: datetime) -> None:
        """Record those that are not in the mail; in a transaction."""
        queue.drop(self.void, VOID, now)
        queue.drop(self.undeclared, UNDECLARED, now)
        for delivery_id, words in self.failed.items():
            queue.part(delivery_id, words, now)

    def note(self, now: datetime) -> None:
        """Write down what each of them has written down once it is sent."""
        for letter in self.letters:
            if letter.when_sent:
                letter.when_sent(now)

    def apart(self) -> set[int]:
        """The deliveries that are not in the mail."""
        return {*self.void, *self.undeclared, *self.failed}


def drawn(notices: Sequence[tuple[int, Notice]], envelope: Envelope, now: datetime) -> Digest:
    """The lines of some notices to one person, given with their deliveries, as they read now.

    One that cannot be drawn is left to itself, so that the others get through.
    """
    digest = Digest()
    for delivery_id, notice in notices:
        try:
            _add(digest, delivery_id, notice, envelope, now)
        except Exception as error:
            log.warning("delivery %s (%s) cannot be drawn: %s", delivery_id, notice.kind, type(error).__name__)
            digest.failed[delivery_id] = str(error) or type(error).__name__
    return digest


def _add(digest: Digest, delivery_id: int, notice: Notice, envelope: Envelope, now: datetime) -> None:
    kind = catalogue().kinds.get(notice.kind)
    if kind is None:
        digest.undeclared.append(delivery_id)
        return
    fewer = fewer_address(notice.person_id, [kind], Channel.MAIL)
    letter = written(notice, replace(envelope, fewer=fewer), now)
    if letter is None:
        digest.void.append(delivery_id)
        return
    with snapshot():
        matter = kind.matters([notice], now).get(notice.id)
    line = Line(kind.family, str(letter.message["Subject"]), matter.address if matter else "")
    if line not in digest.lines:  # Two changes of one thing read alike by now.
        digest.lines.append(line)
    if kind not in digest.kinds:
        digest.kinds.append(kind)
    digest.letters.append(letter)


def message(digest: Digest, envelope: Envelope) -> EmailMessage:
    """The mail, with the calendar entries that the single mails would have, each a file to open.

    Of one notice alone it is that one's own mail.
    """
    if len(digest.letters) == 1:
        return digest.letters[0].message
    families = [
        {"name": str(FAMILIES[family]), "lines": [line for line in digest.lines if line.family is family]}
        for family in Family
        if any(line.family is family for line in digest.lines)
    ]
    # The subject says what weighs most: families stand in that order.
    first = next(line for family in Family for line in digest.lines if line.family is family)
    whole = envelope.mail("notices/mail/digest", families=families, first=first.words, number=len(digest.lines))
    for number, entry in enumerate(dict.fromkeys(_entries(digest)), 1):
        whole.add_attachment(entry, maintype="application", subtype="ics", filename=f"reunion-{number}.ics")
    return whole


def _entries(digest: Digest) -> Iterator[bytes]:
    for letter in digest.letters:
        for part in letter.message.iter_attachments():
            if part.get_content_type() == CALENDAR_FILE:
                yield part.get_content()
