"""Who may call a view: every view is stamped, and one without a stamp is refused."""

from collections.abc import Callable
from typing import TypeVar
from urllib.parse import urlsplit

from flask import Flask, abort, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from cpts_net.roles import STAFF, Role

View = TypeVar("View", bound=Callable[..., ResponseReturnValue])
STAMP = "access"
PUBLIC = frozenset({"anyone"})


def public(view: View) -> View:
    """Let anybody call the view, signed in or not."""
    setattr(view, STAMP, PUBLIC)
    return view


def members_only(view: View) -> View:
    """Let everybody who is signed in call the view."""
    setattr(view, STAMP, frozenset(Role))
    return view


def roles(*allowed: Role) -> Callable[[View], View]:
    """Let only these roles call the view; for others it does not exist."""

    def stamp(view: View) -> View:
        setattr(view, STAMP, frozenset(allowed))
        return view

    return stamp


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
    if current_user.role not in allowed:
        abort(404)
    return None


def _to_sign_in() -> ResponseReturnValue:
    """Show the way to sign in, and from there back to the page."""
    if request.headers.get("HX-Request"):
        # A redirect would put the sign-in page into the fragment that was asked for.
        wanted = urlsplit(request.headers.get("HX-Current-URL", "")).path or None
        return "", 401, {"HX-Redirect": url_for("accounts.sign_in", next=wanted)}
    wanted = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("accounts.sign_in", next=wanted), code=303)
