"""The browser at the other end of a request: who it is, and what its cookie holds."""

import logging

from flask import Response, after_this_request, current_app, g, request, session
from flask_login import current_user, login_user, logout_user
from sqlalchemy.exc import SQLAlchemyError

from cpts_net import clock
from cpts_net.accounts import identity
from cpts_net.accounts.identity import Keys, Visitor
from cpts_net.accounts.rules import KNOWN_FOR
from cpts_net.settings import current_settings
from cpts_net.storage.transaction import transaction
from cpts_net.web import access, forgery, signed_links, unsent

KNOWN = "known-browser"

log = logging.getLogger(__name__)


def visitor() -> Visitor:
    """The visitor that makes the present request."""
    signed_in = current_user.session_id if current_user.is_authenticated else None
    known = signed_links.read(KNOWN, request.cookies.get(_cookie_name(), ""))
    browser = known if isinstance(known, str) else ""
    return Visitor(request.remote_addr or "", request.user_agent.string, signed_in, browser)


def enter(keys: Keys) -> None:
    """Sign the browser in; nothing of what its cookie held before stays."""
    session.clear()
    g.pop(forgery.TOKEN, None)  # Or the page that follows would carry the one that was just forgotten.
    session.permanent = True
    login_user(identity.identify(keys.session, clock.now()))
    session[unsent.SENDER] = current_user.account_id
    if keys.browser:
        _remember(keys.browser)


def _remember(token: str) -> None:
    """Have the browser keep what it is known by, also after signing out."""
    secure = current_settings().is_https

    @after_this_request
    def set_cookie(response: Response) -> Response:
        response.set_cookie(
            _cookie_name(),
            signed_links.sign(KNOWN, token),
            max_age=KNOWN_FOR,
            secure=secure,
            httponly=True,
            samesite="Lax",
        )
        return response


def _cookie_name() -> str:
    return "__Host-known" if current_settings().is_https else "known"


def leave() -> None:
    """Sign the browser out."""
    logout_user()
    session.clear()


def note_seen() -> None:
    """Keep the session from idling out; a page in five minutes pays for it, before it reads anything."""
    view = current_app.view_functions.get(request.endpoint or "")
    # Who is signed in was asked for already, except by what anybody may see:
    # that should not even look at the cookie.
    if access.is_public(view) or access.is_unattended(view) or not current_user.is_authenticated:
        return
    if clock.now() - current_user.last_seen_at > identity.SEEN_EVERY:
        try:
            with transaction(patience=0):
                identity.note_seen(current_user.session_id, clock.now())
        except SQLAlchemyError as error:
            # A disk that is full, or somebody who writes for long, must not
            # keep people from reading; their next page notes it.
            log.warning("could not note a visit: %s", type(error).__name__)
