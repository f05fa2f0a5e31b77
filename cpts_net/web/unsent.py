"""What somebody sent and we could not take: it stays on the page that says so, to be sent again.

Passwords and tokens are never written out: they are asked for again, or made anew.
"""

from dataclasses import asdict, dataclass
from typing import Any

from flask import request, session, url_for
from werkzeug.exceptions import HTTPException

from cpts_net.web import forgery, signed_links

PURPOSE = "unsent"
SENDER = "account"  # Where the cookie of a session keeps whose it is, also when the session has ended.
LARGEST = 200_000  # Characters; what people type is far below, and a sign-in has to be able to carry it.


@dataclass(frozen=True)
class Unsent:
    """A form as it was sent.

    ``is_ours`` says that a page of ours surely sent it, ``sender`` in whose
    session it was filled in: the number of the account, None when unknown.
    """

    address: str
    fields: list[list[str]]
    secrets: list[str]
    is_ours: bool
    sender: int | None = None

    @property
    def texts(self) -> list[str]:
        """What somebody wrote in more than one word, to be read, and copied if all else fails."""
        return [value for _name, value in self.fields if len(value.split()) > 1]

    def is_sent_by(self, account_id: int) -> bool:
        """Whether it may leave by itself in this account's name: it was filled in there, on a page of ours."""
        return self.is_ours and self.sender == account_id


def received() -> Unsent | None:
    """What the present request sends; None when it sends no form, or one that stood on somebody else's page."""
    if request.method != "POST" or request.endpoint is None or forgery.is_from_here() is False:
        return None
    try:
        fields = [[name, str(value)] for name, value in request.form.items(multi=True)]
    except HTTPException:  # Too large to be read.
        return None
    if sum(len(value) for _name, value in fields) > LARGEST:
        return None
    kept = [field for field in fields if not _is_secret(field[0])]
    secrets = [name for name, _value in fields if "password" in name]
    return Unsent(_address(), kept, secrets, forgery.is_surely_ours(), session.get(SENDER))


def pack(unsent: Unsent | None) -> str:
    """The form as a field of another one can carry it; nobody but us can make one."""
    return signed_links.sign(PURPOSE, asdict(unsent)) if unsent else ""


def unpack(packed: str | None) -> Unsent | None:
    """What ``pack`` made; None for anything else."""
    content: Any = signed_links.read(PURPOSE, packed) if packed else None
    return Unsent(**content) if content else None


def _is_secret(name: str) -> bool:
    return "password" in name or "token" in name


def _address() -> str:
    """Where it was sent, built anew: what was asked for may begin with two slashes, which is another site."""
    path = url_for(request.endpoint or "", **(request.view_args or {}))
    asked = request.query_string.decode("latin-1")
    return f"{path}?{asked}" if asked else path
