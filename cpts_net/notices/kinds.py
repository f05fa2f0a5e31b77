"""What people may be told: each room declares its kinds, in a ``notice_kinds.py`` of its own.

A kind says how a notice of it is read by the person to whom it was told, with
the rights that this person has at that moment; in which words, its templates
say: ``templates/<template>/{subject.txt,mail.jinja}`` for a mail, and the same
``subject.txt`` for its line on the page of notices.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from typing import Any

from flask import current_app
from flask.sansio.app import App

from cpts_net.notices.models import Channel, Notice
from cpts_net.notices.rules import Family, When, choices
from cpts_net.outbox import mailer
from cpts_net.outbox.mailer import Drawn
from cpts_net.roles import EVERY_ROLE, Role
from cpts_net.settings import current_settings
from cpts_net.storage.transaction import snapshot

KEY = "notice-kinds"


@dataclass(frozen=True)
class Matter:
    """What a notice is about, as its reader may read it now.

    ``words`` are what its templates are drawn with; ``path`` is where it leads
    on the site, empty where it leads nowhere. Of what is no longer so, no mail
    goes out any more. Where something became something else, ``before`` and
    ``after`` say what, in words. ``answer`` is the whole link by which its
    reader answers without signing in, for mails alone; empty where nothing is
    asked.
    """

    words: Mapping[str, Any]
    path: str = ""
    is_still_so: bool = True
    before: str = ""
    after: str = ""
    answer: str = ""

    @property
    def address(self) -> str:
        """Where a mail leads its reader: to what is asked of them, else to the page; empty where it leads nowhere."""
        return self.answer or (f"{current_settings().public_url}{self.path}" if self.path else "")


@dataclass(frozen=True)
class Envelope:
    """To whom a mail goes, and what it has had since it was written down.

    ``reply_to`` is where whoever caused it is answered; empty for the community's own contact. ``why`` says to its
    reader why they get it; ``fewer`` is where they may ask for no more of its sort, empty where they may not.
    """

    to: str
    name: str
    message_id: str
    written_at: datetime
    reply_to: str = ""
    why: str = ""
    fewer: str = ""

    def mail(self, template: str, **words: Any) -> EmailMessage:
        """What a folder of templates says, in this envelope.

        Raises:
            RefusedForGood: for an address to which no mail can go.
        """
        chosen_at = f"{current_settings().public_url}/mon-compte/avis"
        foot = {"why": self.why, "fewer": self.fewer, "choices": chosen_at}
        return self.message(mailer.render_mail(template, **foot, reader=self.name, **words))

    def message(self, drawn: Drawn) -> EmailMessage:
        """What was drawn, in this envelope.

        Raises:
            RefusedForGood: for an address to which no mail can go.
        """
        message = mailer.compose(self.to, drawn, message_id=self.message_id, at=self.written_at, reply_to=self.reply_to)
        if self.fewer:
            # Mail programs ask there by themselves, when their reader presses their own button (RFC 8058).
            message["List-Unsubscribe"] = f"<{self.fewer}>"
            message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        return message


@dataclass(frozen=True)
class Letter:
    """A mail that is ready to go, and what is written down in the transaction that records that it went."""

    message: EmailMessage
    when_sent: Callable[[datetime], None] | None = None


Matters = Callable[[Sequence[Notice], datetime], Mapping[int, Matter]]
Writer = Callable[[Notice, Envelope, datetime], Letter | None]


@dataclass(frozen=True)
class Kind:
    """One thing that people are told.

    ``matters`` reads what some notices of the kind are about, by their ids;
    one that its reader may not read any more is left out. ``letter`` writes
    the mail where the templates alone do not: None when there is nothing to
    tell any more.

    People get mails of it as often as ``default`` says until they choose, and
    never choose anything rarer than ``floor``. Their devices ring at once or
    not at all: until they choose, where ``rings`` says so. A locked screen may
    show the line of one that ``names_nobody``. What ``is_security`` waits for
    no hour. ``concerns`` are the roles whose owners may ever be told. One that
    is not ``is_mailed`` stands on the page and rings: mails themselves fail.
    """

    name: str
    label: Any  # A lazy text: of what sort it is, for whoever must not read it.
    template: str
    matters: Matters
    letter: Writer | None = None
    family: Family = field(kw_only=True)
    default: When = field(default=When.AT_ONCE, kw_only=True)
    floor: When = field(default=When.NEVER, kw_only=True)
    rings: bool = field(default=True, kw_only=True)
    names_nobody: bool = field(default=False, kw_only=True)
    is_security: bool = field(default=False, kw_only=True)
    is_mailed: bool = field(default=True, kw_only=True)
    concerns: frozenset[Role] = field(default=EVERY_ROLE, kw_only=True)

    def usual(self, channel: Channel) -> When:
        """How often somebody hears of it by a channel who chose nothing."""
        if channel is Channel.PUSH:
            return When.AT_ONCE if self.rings else When.NEVER
        return self.default if self.is_mailed else When.NEVER

    def choices(self, channel: Channel) -> list[When]:
        """How often one may choose to hear of it by a channel, the oftenest first."""
        if channel is Channel.PUSH:
            return [When.AT_ONCE, When.NEVER]
        return choices(self.floor) if self.is_mailed else [When.NEVER]

    def heard(self, channel: Channel, chosen: When | None) -> When:
        """How often somebody hears of it by a channel who chose this; None where they chose nothing."""
        if chosen is None:
            return self.usual(channel)
        allowed = self.choices(channel)
        return chosen if chosen in allowed else allowed[-1]


@dataclass(frozen=True)
class LinkMail:
    """A mail without a notice, which holds a link that is known to nobody else.

    ``again`` has another one written to an address, with a link made anew.
    """

    name: str
    label: Any
    template: str
    again: Callable[[str, datetime], None]


@dataclass(frozen=True)
class Catalogue:
    """All that the rooms of an application declare, by name."""

    kinds: Mapping[str, Kind] = field(default_factory=dict)
    link_mails: Mapping[str, LinkMail] = field(default_factory=dict)


def hand_in(app: App, kinds: Iterable[Kind], link_mails: Iterable[LinkMail]) -> None:
    """Let ``app`` tell people of these kinds of things."""
    app.extensions[KEY] = Catalogue({kind.name: kind for kind in kinds}, {mail.name: mail for mail in link_mails})


def catalogue() -> Catalogue:
    """What was handed in to the running application."""
    found: Catalogue = current_app.extensions[KEY]
    return found


def kind_named(name: str) -> Kind:
    """The kind that calls itself so.

    Raises:
        LookupError: when no room declares it.
    """
    return catalogue().kinds[name]


def written(notice: Notice, envelope: Envelope, now: datetime) -> Letter | None:
    """The mail about a notice, as it reads now; None when there is nothing to tell any more."""
    kind = kind_named(notice.kind)
    if not kind.is_mailed:
        return None
    if kind.letter:
        return kind.letter(notice, envelope, now)
    with snapshot():
        matter = kind.matters([notice], now).get(notice.id)
    if matter is None or not matter.is_still_so:
        return None
    address = f"{current_settings().public_url}{matter.path}"
    return Letter(envelope.mail(kind.template, **{"address": address, **matter.words}))
