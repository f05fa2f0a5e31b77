"""Whether what changes something was sent from a page of ours, by the browser that the page was given to.

A browser says from where in Sec-Fetch-Site, else in Origin, else in Referer; one that hides all three is judged by the
token of the form alone, which every form carries in any case.
"""

from urllib.parse import urlsplit

from flask import Flask, request
from flask_wtf.csrf import CSRFError, validate_csrf
from wtforms import ValidationError

from cpts_net.extensions import csrf
from cpts_net.settings import current_settings

TOKEN = "csrf_token"  # noqa: S105  The name of the field.
# What mail programs send for their reader, who has no page of ours in front of them (RFC 8058): the signed link proves
# whose mail it was, and does nothing but keep its kind quiet.
BY_MAIL_PROGRAMS = frozenset({"choices.hear_no_more"})
PORTS = {"http": 80, "https": 443}


class SentFromElsewhere(CSRFError):
    """The browser says that the form stood on a page of somebody else, or will not say on whose."""


def guard(app: Flask) -> None:
    """Check what is sent to ``app``, after those who may not send it at all were turned away."""
    # Flask-WTF would ask for a Referer, which some browsers never send.
    app.config.update(WTF_CSRF_CHECK_DEFAULT=False, WTF_CSRF_SSL_STRICT=False)
    app.before_request(_check)


def _check() -> None:
    if request.endpoint is None or request.method not in {"POST", "PUT", "PATCH", "DELETE"}:
        return
    if request.endpoint in BY_MAIL_PROGRAMS:
        return
    if is_from_here() is False:
        raise SentFromElsewhere
    csrf.protect()


def is_from_here() -> bool | None:
    """Whether the browser says that a page of ours sent this; None when it says nothing."""
    site = request.headers.get("Sec-Fetch-Site")
    if site:
        return site in {"same-origin", "none"}
    said = request.headers.get("Origin") or request.referrer
    return _origin(said) in _own_origins() if said else None


def is_surely_ours() -> bool:
    """Whether a page of ours sent this, by what the browser says or else by its token."""
    said = is_from_here()
    return _has_token() if said is None else said


def _has_token() -> bool:
    try:
        validate_csrf(request.form.get(TOKEN) or request.headers.get("X-CSRFToken"))
    except ValidationError:
        return False
    return True


def _own_origins() -> set[tuple[str, str, int]]:
    """The addresses that the operator set, and the one that was asked for, whose host is one of ours."""
    return {_origin(address) for address in (*current_settings().origins, request.host_url)}


def _origin(address: str) -> tuple[str, str, int]:
    """Scheme, host and port; three that nobody has for what is no address, such as "null"."""
    try:
        parts = urlsplit(address)
        return parts.scheme, parts.hostname or "", parts.port or PORTS.get(parts.scheme, 0)
    except ValueError:
        return "", "", -1
