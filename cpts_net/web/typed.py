"""What people type for a day or an hour, wherever they type it: fields and addresses read both here."""

import re
import unicodedata
from datetime import date, time

MONTHS = (
    *("janvier", "fevrier", "mars", "avril", "mai", "juin"),
    *("juillet", "aout", "septembre", "octobre", "novembre", "decembre"),
)
LONGEST = 60  # Signs; a day written out with blanks around each word takes half of it.

_TIME_OF_DAY = r"(?:[t ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?"  # Browsers and scripts that send an instant mean its day.
_YEAR_FIRST = re.compile(r"(?P<year>\d{4}) ?([-/. ]) ?(?P<month>\d{1,2}) ?\2 ?(?P<day>\d{1,2})" + _TIME_OF_DAY)
_DAY_FIRST = re.compile(r"(?P<day>\d{1,2}) ?([-/. ]) ?(?P<month>\d{1,2}) ?\2 ?(?P<year>\d{4}|\d{2})")
_SPELT_OUT = re.compile(r"(?:[a-z]+\.? )?(?P<day>\d{1,2})(?:er)? (?P<month>[a-z]{3,9})\.? (?P<year>\d{4})")
_HOUR = re.compile(
    r"(?P<hour>\d{1,2})"
    r"(?: ?(?:h|heures?) ?(?:(?P<after_h>\d{2}) ?(?:min|mn)?)?"
    r"| ?[:.] ?(?P<minute>\d{2})(?::00(?:\.0+)?)?)"
)


class Unreadable(ValueError):
    """Nothing that anybody writes for a day or an hour."""


class DoesNotExist(ValueError):
    """Written as days or hours are, but no calendar or clock shows it; its text is the day or hour that was meant."""


def read_day(text: str) -> date:
    """The day that was typed: « 24/04/2027 », « 24.4.27 », « 2027-04-24 », « 24 avril 2027 ».

    Two digits of a year are of this century.

    Raises:
        Unreadable: for anything else.
        DoesNotExist: for a day like 29/02/2027.
    """
    typed = _plain(text)
    for form in (_YEAR_FIRST, _DAY_FIRST, _SPELT_OUT):
        if found := form.fullmatch(typed):
            day, month, year = int(found["day"]), _month(found["month"]), int(found["year"])
            year += 2000 if len(found["year"]) == 2 else 0  # noqa: PLR2004  « 27 » is 2027.
            try:
                return date(year, month, day)
            except ValueError as unknown:
                raise DoesNotExist(f"{day:02}/{month:02}/{year:04}") from unknown
    raise Unreadable(text)


def read_hour(text: str) -> time:
    """The hour that was typed: « 20:30 », « 20h30 », « 20 h », « 8.30 ».

    Raises:
        Unreadable: for anything else.
        DoesNotExist: for an hour like 25:00.
    """
    found = _HOUR.fullmatch(_plain(text))
    if found is None:
        raise Unreadable(text)
    hour, minute = int(found["hour"]), int(found["after_h"] or found["minute"] or 0)
    try:
        return time(hour, minute)
    except ValueError as unknown:
        raise DoesNotExist(f"{hour:02}:{minute:02}") from unknown


def _plain(text: str) -> str:
    """``text`` in small plain letters, its blanks single; of a text beyond reason, nothing."""
    if len(text) > LONGEST:
        return ""
    letters = unicodedata.normalize("NFKD", text).casefold()
    return " ".join("".join(sign for sign in letters if not unicodedata.combining(sign)).split())


def _month(text: str) -> int:
    """The number of a month in digits, or in letters as far as they tell it from the others.

    Raises:
        Unreadable: for a word that begins no month, or two.
    """
    if text.isdigit():
        return int(text)
    meant = [number for number, name in enumerate(MONTHS, start=1) if name.startswith(text)]
    if len(meant) != 1:
        raise Unreadable(text)
    return meant[0]
