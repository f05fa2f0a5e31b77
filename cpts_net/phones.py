"""The numbers that people dial in France, as they are typed, kept and written. Pure.

A number is kept in international form, "+33261912364", but the short ones, of
two, three, four or six digits, that exist inside France alone: "15", "3237",
"116117". Overseas départements are dialled like the mainland and have a
country code of their own; the first four digits say which, wherever one is.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

import phonenumbers

LONGEST_TYPED = 60
_SHORT = re.compile(r"1[578]|1\d{2}|[13]\d{3}|11[68]\d{3}", re.ASCII)
_NATIONAL = re.compile(r"0?([1-9]\d{8})", re.ASCII)
_OF_THE_MAINLAND = re.compile(r"\+33([1-9]\d{8})", re.ASCII)
_BETWEEN_DIGITS = re.compile(r"[\s.\-–/()]+")
_BETWEEN_NUMBERS = re.compile(r"[;,/|\n]|\b(?:ou|et|puis)\b", re.IGNORECASE)
_EXTENSION = re.compile(r"\b(?:poste|ext|int|p)\b.*", re.IGNORECASE | re.DOTALL)
_TWO_AT_ONCE = re.compile(r"(0[1-9]\d{8})(0[1-9]\d{8})", re.ASCII)
_FRANCE = 33
# Country codes by the digits that follow the 0.
_CODES = {
    **dict.fromkeys(("262", "263", "692", "693", "269", "639"), 262),
    **dict.fromkeys(("590", "690", "691"), 590),
    **dict.fromkeys(("594", "694"), 594),
    **dict.fromkeys(("596", "696", "697"), 596),
}
# The mainland's mobile numbers for books and films stand amid those of Mayotte (ARCEP, decision 2018-0881).
_INVENTED = "63998"
_DIALLED_WITH_ZERO = frozenset({_FRANCE, *_CODES.values()})
_DIGITS_AFTER_ZERO = 9


@lru_cache(maxsize=20_000)
def dialled(typed: str) -> str:
    """The number that was typed, as it is kept; empty when nobody can dial it. Of several, the first."""
    return next(iter(all_dialled(typed)), "")


def all_dialled(typed: str) -> list[str]:
    """Every number that one field holds: "02 37 00 00 01 / 06 11 22 33 44" are two."""
    if number := _one(typed):
        return [number]
    return list(dict.fromkeys(number for part in _parts(typed) if (number := _one(part))))


def found_in(text: str) -> Iterator[tuple[int, int, str]]:
    """Every number that a sentence holds: where it begins and ends, and as it is dialled."""
    for found in phonenumbers.PhoneNumberMatcher(text, "FR", phonenumbers.Leniency.POSSIBLE):
        if number := dialled(found.raw_string):
            yield found.start, found.end, number


def written(number: str) -> str:
    """A number as people write it: "02 61 91 23 64", "0692 12 34 56", "3237"; abroad with its country code."""
    if not number.startswith("+"):
        return number
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number
    is_home = parsed.country_code in _DIALLED_WITH_ZERO
    style = phonenumbers.PhoneNumberFormat.NATIONAL if is_home else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return str(phonenumbers.format_number(parsed, style))


def digits_dialled(number: str) -> str:
    """What somebody in France types on the keys: "0261912364", "0692123456", "3237"; looked for in a search."""
    if mainland := _OF_THE_MAINLAND.fullmatch(number):
        return f"0{mainland[1]}"  # Nearly all are; writing costs thirty times as much.
    return re.sub(r"\D", "", written(number))


def _parts(typed: str) -> Iterator[str]:
    for part in _BETWEEN_NUMBERS.split(_EXTENSION.sub("", typed[:LONGEST_TYPED])):
        two = _TWO_AT_ONCE.fullmatch(_BETWEEN_DIGITS.sub("", part))
        yield from two.groups() if two else (part,)


def _one(typed: str) -> str:
    dense = _BETWEEN_DIGITS.sub("", typed)
    if _SHORT.fullmatch(dense):
        return dense
    if national := _NATIONAL.fullmatch(dense):
        return _international(national[1])  # Nearly all are; parsing costs thirty times as much.
    return "" if _BETWEEN_NUMBERS.search(typed) else _parsed(typed)


def _parsed(typed: str) -> str:
    try:
        parsed = phonenumbers.parse(typed, "FR")
    except phonenumbers.NumberParseException:
        return ""
    after_zero = str(parsed.national_number)
    if parsed.country_code in _DIALLED_WITH_ZERO and len(after_zero) == _DIGITS_AFTER_ZERO:
        return _international(after_zero)  # Whatever code was written with it: "+33 692…" cannot be dialled.
    if not phonenumbers.is_possible_number(parsed):
        return ""
    return str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164))


def _international(after_zero: str) -> str:
    is_invented = after_zero.startswith(_INVENTED)
    return f"+{_FRANCE if is_invented else _CODES.get(after_zero[:3], _FRANCE)}{after_zero}"
