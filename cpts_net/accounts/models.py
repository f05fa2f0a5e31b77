"""Accounts: who may sign in, from where they are signed in, and the links that let them."""

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from cpts_net.folding import fold
from cpts_net.storage.orm import NEVER_REUSE_IDS, Base

if TYPE_CHECKING:
    from cpts_net.directory.models import Person


class Purpose(StrEnum):
    """What a single-use link is for."""

    INVITATION = "invitation"
    RESET = "reset"
    DEMONSTRATION = "demonstration"
    ADDRESS = "address"  # Another address, asked for by the owner,
    ADDRESS_BY_STAFF = "address_by_staff"  # or for somebody who cannot sign in.
    OBJECTION = "objection"  # To it, by whoever reads the mailbox before.


class State(StrEnum):
    """What an account can be."""

    INVITED = "invited"
    ACTIVE = "active"
    SUSPENDED = "suspended"


def state_of(suspended_at: datetime | None, *, has_password: bool) -> State:
    """What an account is, by its columns."""
    if suspended_at:
        return State.SUSPENDED
    return State.ACTIVE if has_password else State.INVITED


def _searched(context: Any) -> str:
    return fold(context.get_current_parameters()["email"])


class Account(Base):
    """What somebody signs in with; their name is that of the person for whom it speaks."""

    __tablename__ = "account"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)  # In lower case.
    search_text: Mapped[str] = mapped_column(default=_searched)  # The folded address; a name is found by the person’s.
    role: Mapped[str] = mapped_column(String(20))
    password_hash: Mapped[str | None]  # None until the invitation is accepted.
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"), unique=True)
    created_at: Mapped[datetime]
    suspended_at: Mapped[datetime | None]
    mail_refused_at: Mapped[datetime | None]  # When the mail server said that it has nobody at this address.

    # Named, not imported: who people are is known by a room above.
    person: Mapped["Person"] = relationship(lazy="joined", innerjoin=True)

    @validates("email")
    def _forget_refusal(self, _column: str, email: str) -> str:
        self.mail_refused_at = None  # That was said of the address before.
        return email

    @property
    def display_name(self) -> str:
        """How its owner is called."""
        return self.person.display_name

    @property
    def state(self) -> State:
        """Whether its owner may sign in, or what keeps them from it."""
        return state_of(self.suspended_at, has_password=bool(self.password_hash))


class LoginSession(Base):
    """One browser in which an account is signed in; ending it deletes the row."""

    __tablename__ = "login_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)  # SHA-256 of what the cookie holds.
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]  # Raised every few minutes at the most, not on every page.
    expires_at: Mapped[datetime]
    user_agent: Mapped[str] = mapped_column(String(200), default="")
    address: Mapped[str] = mapped_column(String(45), default="")

    account: Mapped[Account] = relationship(lazy="raise")


class SentForm(Base):
    """The form that a session sent last and that was done, with its answer, for who sends it again at once."""

    __tablename__ = "sent_form"

    id: Mapped[int] = mapped_column(primary_key=True)
    # No key of another table: locking that one's row would set two orders of locks.
    session_id: Mapped[int] = mapped_column(unique=True)
    sheet: Mapped[str] = mapped_column(String(64))  # Hash of the form as it was shown once, and of what was typed.
    content: Mapped[str] = mapped_column(String(64))  # Hash of where it was sent, and of what was typed.
    is_repeated: Mapped[bool]  # Done with the same content just before: what can be done at will.
    at: Mapped[datetime]
    location: Mapped[str | None] = mapped_column(String(2000))  # None until it is answered.
    words: Mapped[list[list[str]]] = mapped_column(JSON, default=list)  # What the answer said: category and words.


class KnownBrowser(Base):
    """A browser in which somebody has signed in with their password; a stranger's guesses do not keep it out."""

    __tablename__ = "known_browser"
    __table_args__ = (UniqueConstraint("token_hash", "account_id"), NEVER_REUSE_IDS)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64))  # SHA-256; one browser may know several accounts.
    signed_in_at: Mapped[datetime]  # The last time.


class AccountLink(Base):
    """A link sent by mail, or printed by the demonstration: single use, short-lived."""

    __tablename__ = "account_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    purpose: Mapped[str] = mapped_column(String(20))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    address: Mapped[str | None] = mapped_column(String(254))  # The one that it leads to, in lower case.
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    account: Mapped[Account] = relationship(lazy="raise")

    def is_alive(self, now: datetime) -> bool:
        """Whether the link still leads somewhere."""
        return self.used_at is None and now < self.expires_at and self.account.suspended_at is None


class Attempt(Base):
    """One attempt to sign in or to be sent a link, counted before anything is checked."""

    __tablename__ = "attempt"
    __table_args__ = (Index(None, "key", "at"), NEVER_REUSE_IDS)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64))  # Hash of an account's address, or of a network address.
    at: Mapped[datetime]
