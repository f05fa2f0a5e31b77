"""The devices that ring."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cpts_net.accounts.models import LoginSession
from cpts_net.storage.orm import Base

LONGEST_ENDPOINT = 1000


class PushDevice(Base):
    """A browser that asked to be rung, as long as somebody is signed in there: it goes with its session.

    ``endpoint`` is where the maker of the browser takes what is for it; whoever
    has it, ``p256dh`` and ``auth`` can write to this device and to no other.
    """

    __tablename__ = "push_device"

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("login_session.id", ondelete="CASCADE"), unique=True)
    endpoint: Mapped[str] = mapped_column(String(LONGEST_ENDPOINT), unique=True)
    p256dh: Mapped[str] = mapped_column(String(100))  # Its public key, and
    auth: Mapped[str] = mapped_column(String(40))  # a secret that both know (RFC 8291); base64url.
    # Whether its locked screen may say all, or only of what sort it is.
    shows_all: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    reached_at: Mapped[datetime | None]  # When its service last took something for it.

    session: Mapped[LoginSession] = relationship(lazy="raise")
