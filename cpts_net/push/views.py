"""« Notifications »: which of my devices ring, whether this one does, and a try."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from cpts_net import clock
from cpts_net.accounts.user_agents import named
from cpts_net.push import actions, queries
from cpts_net.push.calls import trial
from cpts_net.push.forms import DeviceForm, ScreenForm
from cpts_net.push.ringing import Rung, ring
from cpts_net.settings import current_settings
from cpts_net.storage.connections import db
from cpts_net.storage.transaction import snapshot, transaction
from cpts_net.web.access import guests_too

bp = Blueprint("push", __name__, url_prefix="/mon-compte/notifications")


@bp.get("/")
@guests_too
def devices() -> ResponseReturnValue:
    """Show which of my devices ring, and have this one ring or not."""
    return _page(DeviceForm())


@bp.post("/cet-appareil")
@guests_too
def add() -> ResponseReturnValue:
    """Have this device ring; what a script of the page found out comes with it."""
    if not current_settings().push_key:
        return _back(_("Votre communauté n’a pas encore ouvert les notifications."), "error")
    form = DeviceForm()
    if not form.validate_on_submit():
        return _page(form), 422
    if request.headers.get("X-Live"):
        return "", 204 if _renew(form) else 410
    with transaction():
        actions.add(current_user.session_id, form.subscription, now=clock.now())
    return _back(_("Cet appareil vous prévient maintenant."))


@bp.post("/cet-appareil/ecran")
@guests_too
def show() -> ResponseReturnValue:
    """Choose what the locked screen of this device says."""
    form = ScreenForm()
    form.validate_on_submit()
    with transaction():
        device = queries.device_of(current_user.session_id)
        if device:
            actions.show(device, shows_all=form.shows_all.data)
    return _back(_("C’est noté.")) if device else _silent()


@bp.post("/cet-appareil/essai")
@guests_too
def ring_once() -> ResponseReturnValue:
    """Have this device ring now, and say what its service answers."""
    with snapshot():
        device = queries.device_of(current_user.session_id)
        db.session.expunge_all()
    if device is None:
        return _silent()
    now = clock.now()
    rung = ring([device], trial(now), now)
    with transaction():
        rung.note(now)
    _say(rung)
    return redirect(url_for("push.devices"), code=303)


@bp.post("/<int:device_id>/fin")
@guests_too
def remove(device_id: int) -> ResponseReturnValue:
    """Have one of my devices ring no more."""
    with transaction():
        if device_id not in {device.id for device in queries.devices_of(current_user.account_id)}:
            abort(404)
        actions.remove([device_id])
    return _back(_("Cet appareil ne vous prévient plus."))


def _silent() -> ResponseReturnValue:
    """What somebody reads who turned it off in another window."""
    return _back(_("Cet appareil ne vous prévient plus\u202f: activez-le de nouveau."), "error")


def _renew(form: DeviceForm) -> bool:
    """Note what a page says of its browser by itself; return whether it may still ring.

    Not when it was ended from another device, which is that nobody signed in anew there and there is no device.
    """
    known = queries.device_of(current_user.session_id)
    if known and form.subscription == (known.endpoint, known.p256dh, known.auth):
        return True
    if known is None and not form.again.data:
        return False
    with transaction():
        return actions.add(current_user.session_id, form.subscription, now=clock.now())


def _say(rung: Rung) -> None:
    if rung.is_heard:
        flash(_("L’essai est parti\u202f: la notification arrive dans quelques secondes."))
    elif rung.gone:
        flash(_("Ce navigateur ne reçoit plus rien\u202f: activez-le de nouveau."), "error")
    elif rung.failed:
        flash(_("Le service de notification ne répond pas pour le moment\u202f: réessayez plus tard."), "error")
    else:
        flash(
            _("Le service de notification refuse cet appareil\u202f: désactivez-le, puis activez-le de nouveau."),
            "error",
        )


def _back(words: str, category: str = "message") -> ResponseReturnValue:
    flash(words, category)
    return redirect(url_for("push.devices"), code=303)


def _page(form: DeviceForm) -> str:
    key = current_settings().push_key
    with snapshot():
        mine = queries.devices_of(current_user.account_id)
        this = next((device for device in mine if device.session_id == current_user.session_id), None)
        screen = ScreenForm(formdata=None, shows_all=bool(this and this.shows_all))
        others = [device for device in mine if device is not this]
        return render_template(
            "push/devices.html",
            key=key.public if key else "",
            form=form,
            screen=screen,
            this=this,
            others=others,
            named=named,
        )
