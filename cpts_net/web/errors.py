"""What people read when something is refused or goes wrong."""

import logging
import secrets

from flask import Flask, render_template
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, SecurityError, TooManyRequests

log = logging.getLogger(__name__)


def register(app: Flask) -> None:
    """Give ``app`` a page of its own for each kind of error."""
    app.register_error_handler(404, not_found)
    app.register_error_handler(CSRFError, form_expired)
    app.register_error_handler(429, too_many)
    app.register_error_handler(SecurityError, wrong_host)
    app.register_error_handler(HTTPException, refused)
    app.register_error_handler(Exception, failed)


def not_found(_error: HTTPException) -> ResponseReturnValue:
    """The same page whether a thing does not exist or is not yours to see."""
    return render_template("errors/404.html"), 404


def form_expired(_error: CSRFError) -> ResponseReturnValue:
    """A form that was open for too long, or sent from somewhere else."""
    return render_template("errors/form_expired.html"), 400


def too_many(error: TooManyRequests) -> ResponseReturnValue:
    """Too many attempts; says when to come back."""
    seconds = int(str(error.retry_after or 60))
    return render_template("errors/429.html", minutes=-(-seconds // 60)), 429, {"Retry-After": str(seconds)}


def wrong_host(_error: SecurityError) -> ResponseReturnValue:
    """A request for a host that is not ours; no page, because a page needs addresses."""
    return "Cette adresse n’est pas celle de ce réseau.\n", 400, {"Content-Type": "text/plain; charset=utf-8"}


def refused(error: HTTPException) -> ResponseReturnValue:
    """Any other refusal that HTTP has a number for."""
    if error.response is not None:
        return error
    return render_template("errors/refused.html", error=error), error.code or 500, error.get_headers()[1:]


def failed(error: Exception) -> ResponseReturnValue:
    """A fault of ours: a number to tell us, nothing of the inside, and no database."""
    reference = secrets.token_hex(4)
    log.error("error %s", reference, exc_info=error)
    return render_template("errors/500.html", reference=reference), 500
