"""Text as a reader sees it: nothing in it that no eye sees and that turns a line round. Pure."""

import re
import unicodedata

# The noncharacters of Unicode, as a regular expression lists them between brackets.
UNASSIGNABLE = "\ufdd0-\ufdef" + "".join(
    chr(plane + 0xFFFE) + chr(plane + 0xFFFF) for plane in range(0, 0x110000, 0x10000)
)
# What no keyboard types: control characters but tab and new line, signs that turn the
# direction of writing, blanks without width, tags, halves of a character. Joiners stay: emoji need them.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff"
    f"\U000e0000-\U000e0fff{UNASSIGNABLE}]"
)
_LINE_END = re.compile("\r\n?|[\u0085\u2028\u2029]")
_VISIBLE = frozenset("LNPS")  # The first letters of the categories of signs that leave ink.
_BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0")  # They belong to those, and leave none.


def legible(text: str) -> str:
    """``text`` composed (NFC), with plain line ends, without what is never seen; empty when nothing can be seen.

    PostgreSQL keeps no NUL, and browsers end lines with two characters where one is meant.
    """
    plain = _UNSEEN.sub("", _LINE_END.sub("\n", unicodedata.normalize("NFC", text))).strip()
    return plain if any(map(_is_seen, plain)) else ""


def _is_seen(sign: str) -> bool:
    return unicodedata.category(sign)[0] in _VISIBLE and sign not in _BLANK
