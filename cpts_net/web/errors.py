"""What people read when something is refused or goes wrong, with what they had typed."""

import logging
import secrets
from collections.abc import Mapping
from typing import Any

from flask import Flask, g, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import AnonymousUserMixin
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as WaitedTooLong
from werkzeug.exceptions import HTTPException, SecurityError, TooManyRequests

from cpts_net.settings import current_settings
from cpts_net.web import unsent
from cpts_net.web.forgery import SentFromElsewhere

log = logging.getLogger(__name__)

# It does not answer, or somebody else writes for too long.
DATABASE_AWAY = (OperationalError, InterfaceError, WaitedTooLong)
RETRY_AFTER = 10  # Seconds.


def register(app: Flask) -> None:
    """Give ``app`` a page of its own for each kind of error."""
    app.register_error_handler(404, not_found)
    app.register_error_handler(SentFromElsewhere, sent_from_elsewhere)
    app.register_error_handler(CSRFError, form_expired)
    app.register_error_handler(429, too_many)
    app.register_error_handler(SecurityError, wrong_host)
    app.register_error_handler(HTTPException, refused)
    for away in DATABASE_AWAY:
        app.register_error_handler(away, unavailable)
    app.register_error_handler(Exception, failed)


def page(template: str, status: int, headers: Mapping[str, str] | None = None, **shown: Any) -> ResponseReturnValue:
    """An error's page, drawn without the database; nothing where only a part of a page was asked for."""
    if request.headers.get("HX-Request"):
        # The page around the part stays as it is, with what was typed in it.
        return "", status, {"HX-Reswap": "none", **(headers or {})}
    return render_template(template, unsent=unsent.received(), **shown), status, {**(headers or {})}


def not_found(_error: HTTPException) -> ResponseReturnValue:
    """The same page whether a thing does not exist or is not yours to see."""
    return page("errors/404.html", 404)


def form_expired(_error: CSRFError) -> ResponseReturnValue:
    """A form without the token that this browser was given: open for too long, or without its cookie."""
    return page("errors/form_expired.html", 400, address=current_settings().public_url)


def sent_from_elsewhere(_error: SentFromElsewhere) -> ResponseReturnValue:
    """A form that stood on another site, or in a browser that hides where it stood."""
    return page("errors/elsewhere.html", 400, address=current_settings().public_url)


def too_many(error: TooManyRequests) -> ResponseReturnValue:
    """Too many attempts; says when to come back."""
    seconds = int(str(error.retry_after or 60))
    return page("errors/429.html", 429, {"Retry-After": str(seconds)}, minutes=-(-seconds // 60))


def wrong_host(_error: SecurityError) -> ResponseReturnValue:
    """A request for a host that is not ours; no page, because a page needs addresses."""
    return "Cette adresse n’est pas celle de ce réseau.\n", 400, {"Content-Type": "text/plain; charset=utf-8"}


def refused(error: HTTPException) -> ResponseReturnValue:
    """Any other refusal that HTTP has a number for."""
    if error.response is not None:
        return error
    # Its own headers but the type: "Allow", say.
    headers = {name: value for name, value in error.get_headers() if name != "Content-Type"}
    return page("errors/refused.html", error.code or 500, headers, error=error)


def unavailable(error: Exception) -> ResponseReturnValue:
    """The database does not answer now: says when to come back, and asks it nothing more."""
    return page("errors/503.html", 503, {"Retry-After": str(RETRY_AFTER)}, reference=_noted(error))


def failed(error: Exception) -> ResponseReturnValue:
    """A fault of ours: a number to tell us, nothing of the inside, and no database."""
    return page("errors/500.html", 500, reference=_noted(error))


def _noted(error: Exception) -> str:
    """The number under which the log has the error."""
    reference = secrets.token_hex(4)
    log.error("error %s", reference, exc_info=error)
    if "_login_user" not in g:
        # Every template is told who is signed in, which the database would be asked.
        g._login_user = AnonymousUserMixin()  # noqa: SLF001  As Flask-Login keeps it.
    return reference
