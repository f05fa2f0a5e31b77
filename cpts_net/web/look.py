"""Light or dark, as somebody chose for this browser; without a choice the page follows the device."""

from flask import Response, request

from cpts_net.settings import current_settings

LOOKS = ("light", "dark")
KEPT_FOR = 400 * 24 * 3600  # Seconds; browsers keep nothing longer.


def look() -> str:
    """What the browser was asked to show, before anything is painted; empty where the device decides."""
    chosen = request.cookies.get(_cookie_name(), "")
    return chosen if chosen in LOOKS else ""


def keep(response: Response, chosen: str) -> None:
    """Have the browser keep the choice; anything else than a look leaves it to the device again."""
    secure = current_settings().is_https
    if chosen in LOOKS:
        response.set_cookie(_cookie_name(), chosen, max_age=KEPT_FOR, secure=secure, httponly=True, samesite="Lax")
    else:
        response.delete_cookie(_cookie_name(), secure=secure, httponly=True, samesite="Lax")


def _cookie_name() -> str:
    return "__Host-look" if current_settings().is_https else "look"
