"""How the headers of a mail are written, so that each program reads back what was meant."""

from email.header import Header
from email.headerregistry import Address, AddressHeader
from email.policy import EmailPolicy
from typing import Any

LONGEST_LINE = 76


class MailPolicy(EmailPolicy):
    """Like the library's, but for texts with accents that fold.

    Where it folds a header, the library loses the space between two encoded
    words, or puts one into a word: « décembre à » was read as « décembreà »
    (Python issue 92081). Here such a text is encoded whole, its spaces too.
    """

    def fold(self, name: str, value: Any) -> str:
        """The header as text, ended."""
        return self._whole(name, value) or super().fold(name, value)

    def fold_binary(self, name: str, value: Any) -> bytes:
        """The header as bytes, ended."""
        whole = self._whole(name, value)
        return whole.encode() if whole else super().fold_binary(name, value)

    def _whole(self, name: str, value: Any) -> str | None:
        if isinstance(value, AddressHeader):
            if all(_is_plain(name, address.display_name) for address in value.addresses):
                return None
            lines = [line for address in value.addresses for line in _person(name, address)]
        elif name.lower() == "subject" and not _is_plain(name, str(value)):
            lines = _encoded(name, str(value))
        elif name.lower() == "list-unsubscribe":
            # An address of more than a line would be encoded, and no program follows it then.
            lines = [str(value)]
        else:
            return None
        return f"{name}: {self.linesep.join(lines)}{self.linesep}"


def _is_plain(name: str, text: str) -> bool:
    return text.isascii() and len(name) + len(text) < LONGEST_LINE


def _person(name: str, address: Address) -> list[str]:
    return [*_encoded(name, address.display_name), f" <{address.addr_spec}>"]


def _encoded(name: str, text: str) -> list[str]:
    """The lines of a text as encoded words; each but the first begins with a space."""
    return Header(text, "utf-8", LONGEST_LINE, header_name=name).encode(linesep="\n").split("\n")


# Every server takes seven bits; a body with accents becomes base64 or quoted-printable.
MAIL = MailPolicy(linesep="\r\n", cte_type="7bit")
