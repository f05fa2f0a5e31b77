"""Who may call a view: every view is stamped, and one without a stamp is refused."""

from collections.abc import Callable
from typing import TypeVar
from urllib.parse import urlsplit

from flask import Flask, abort, current_app, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.exceptions import Unauthorized

from cpts_net.roles import STAFF, Role

View = TypeVar("View", bound=Callable[..., ResponseReturnValue])
STAMP = "access"
GUEST = "is_guest"
UNATTENDED = "is_unattended"
PUBLIC = frozenset({"anyone"})


class SignedOut(Unauthorized):
    """Something was sent by somebody who is signed in no longer; the way in keeps it for them."""


def public(view: View) -> View:
    """Let anybody call the view, signed in or not."""
    setattr(view, STAMP, PUBLIC)
    return view


def members_only(view: View) -> View:
    """Let everybody who is signed in call the view, but guests."""
    setattr(view, STAMP, frozenset(Role) - {Role.GUEST})
    return view


def guests_too(view: View) -> View:
    """Let everybody who is signed in call the view; what of it is a guest’s, the view says."""
    setattr(view, STAMP, frozenset(Role))
    return view


def unattended(view: View) -> View:
    """Say that browsers ask for the view by themselves, so that it keeps nobody signed in."""
    setattr(view, UNATTENDED, True)
    return view


def roles(*allowed: Role) -> Callable[[View], View]:
    """Let only these roles call the view; for others it does not exist."""

    def stamp(view: View) -> View:
        setattr(view, STAMP, frozenset(allowed))
        return view

    return stamp


def is_public(view: object) -> bool:
    """Whether anybody may call the view; what is no view of ours asks nobody either."""
    return getattr(view, STAMP, PUBLIC) is PUBLIC


def is_unattended(view: object) -> bool:
    """Whether a request for the view says nothing of somebody being there."""
    return bool(getattr(view, UNATTENDED, False))


staff_only = roles(*STAFF)


def guard(app: Flask) -> None:
    """Check the stamp before every request of ``app``."""
    app.before_request(_check)


def _check() -> ResponseReturnValue | None:
    if request.endpoint is None or request.endpoint == "static":
        return None
    allowed = getattr(current_app.view_functions[request.endpoint], STAMP, None)
    if allowed is None:
        raise RuntimeError(f"{request.endpoint} does not say who may call it")
    if allowed is PUBLIC:
        return None
    if not current_user.is_authenticated:
        return _to_sign_in()
    if current_user.is_guest:
        session[GUEST] = True  # For pages of errors, which ask no database.
    if current_user.role not in allowed:
        abort(404)
    return None


def _to_sign_in() -> ResponseReturnValue:
    """Show the way to sign in, and from there back to the page.

    Raises:
        SignedOut: when something was sent, which must not be lost.
    """
    if request.headers.get("HX-Request"):
        return _part_without_sign_in()
    if request.accept_mimetypes.best == "application/json":
        return {"error": "signed out"}, 401
    if request.method == "POST":
        raise SignedOut
    wanted = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("accounts.sign_in", next=wanted), code=303)


def _part_without_sign_in() -> ResponseReturnValue:
    """A redirect would put the sign-in page into the part that was asked for."""
    if request.method != "GET":
        # Asked while somebody fills in a form: the page stays, and what is typed in it.
        return "", 401, {"HX-Reswap": "none"}
    wanted = urlsplit(request.headers.get("HX-Current-URL", "")).path or None
    return "", 401, {"HX-Redirect": url_for("accounts.sign_in", next=wanted)}
