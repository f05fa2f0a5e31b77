"""How names are compared."""

import unicodedata


def fold(text: str) -> str:
    """``text`` without case and accents, its words parted by one space.

    Both databases sort and search accents in their own way; they get this
    instead, from one place.
    """
    plain = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(sign if sign.isalnum() else " " for sign in plain if not unicodedata.combining(sign))
    return " ".join(letters.split())
