"""What people may be told: each room declares its kinds, in a ``notice_kinds.py`` of its own.

A kind says how a notice of it is read by the person to whom it was told, with
the rights that this person has at that moment; in which words, its templates
say: ``templates/<template>/{subject.txt,body.txt}`` for a mail, and the same
``subject.txt`` for its line on the page of notices.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from typing import Any

from flask import current_app
from flask.sansio.app import App

from cpts_net.notices.models import Notice
from cpts_net.outbox import mailer
from cpts_net.settings import current_settings
from cpts_net.storage.transaction import snapshot

KEY = "notice-kinds"


@dataclass(frozen=True)
class Matter:
    """What a notice is about, as its reader may read it now.

    ``words`` are what its templates are drawn with; ``path`` is where it leads
    on the site, empty where it leads nowhere. Of what is no longer so, no mail
    goes out any more.
    """

    words: Mapping[str, Any]
    path: str = ""
    is_still_so: bool = True


@dataclass(frozen=True)
class Envelope:
    """To whom a mail goes, and what it has had since it was written down.

    ``reply_to`` is where whoever caused it is answered; empty for the community's own contact.
    """

    to: str
    name: str
    message_id: str
    written_at: datetime
    reply_to: str = ""

    def message(self, subject: str, body: str) -> EmailMessage:
        """A plain mail in this envelope.

        Raises:
            RefusedForGood: for an address to which no mail can go.
        """
        return mailer.compose(
            self.to, subject, body, message_id=self.message_id, at=self.written_at, reply_to=self.reply_to
        )


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
    """

    name: str
    label: Any  # A lazy text: of what sort it is, for whoever must not read it.
    template: str
    matters: Matters
    letter: Writer | None = None


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
    if kind.letter:
        return kind.letter(notice, envelope, now)
    with snapshot():
        matter = kind.matters([notice], now).get(notice.id)
    if matter is None or not matter.is_still_so:
        return None
    address = f"{current_settings().public_url}{matter.path}"
    drawn = mailer.render_mail(kind.template, **{"name": envelope.name, "address": address, **matter.words})
    return Letter(envelope.message(drawn["subject"], drawn["body"]))
