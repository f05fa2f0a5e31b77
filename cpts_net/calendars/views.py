"""Pages on which people subscribe their own calendars to feeds."""

import io
from datetime import datetime

import segno
from flask import Blueprint, Response, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_timedelta
from flask_babel import gettext as _
from flask_login import current_user

from cpts_net import clock
from cpts_net.calendars import actions, queries
from cpts_net.calendars.actions import TooManyFeeds
from cpts_net.calendars.feed_addresses import feed_addresses
from cpts_net.calendars.forms import Confirmation, FeedForm
from cpts_net.calendars.models import Feed
from cpts_net.calendars.offers import Offer, offers, shown
from cpts_net.storage.transaction import transaction
from cpts_net.web.access import guests_too

bp = Blueprint("calendars", __name__, url_prefix="/abonnements")


@bp.app_template_filter()
def ago(moment: datetime) -> str:
    """Say « il y a 9 heures »."""
    return str(format_timedelta(moment - clock.now(), add_direction=True))


@bp.get("/")
@guests_too
def subscriptions() -> ResponseReturnValue:
    """One's feeds, and what else there is to subscribe to."""
    return _overview()


@bp.post("/nouveau/<code>")
@guests_too
def subscribe(code: str) -> ResponseReturnValue:
    """Make a feed, and go to where it is added to a calendar."""
    offer = next((offer for offer in _offers() if offer.code == code), None) or abort(404)
    try:
        with transaction():
            feed = actions.create_feed(
                current_user.account_id, offer.kind, offer.name, line_id=offer.line_id, now=clock.now()
            )
            feed_id = feed.id
    except TooManyFeeds:
        flash(_("Vous avez déjà %(most)d agendas : résiliez-en un d’abord.", most=actions.MOST_FEEDS), "error")
        return _overview(), 422
    return redirect(url_for("calendars.subscription", feed_id=feed_id), code=303)


@bp.get("/<int:feed_id>")
@guests_too
def subscription(feed_id: int) -> ResponseReturnValue:
    """How to add the feed to a calendar; its address, as often as its owner asks."""
    feed, line = _own(feed_id)
    return _page(feed, line, FeedForm(obj=feed))


@bp.post("/<int:feed_id>")
@guests_too
def change(feed_id: int) -> ResponseReturnValue:
    """Name the feed anew; choose how duties in it show."""
    form = FeedForm()
    if not form.validate():
        return _page(*_own(feed_id), form), 422
    with transaction():
        feed, _line = _own(feed_id)
        actions.change_feed(feed, name=form.name.data or "", is_busy=form.is_busy.data, now=clock.now())
    flash(_("C’est enregistré ; les agendas abonnés suivront à leur prochaine lecture."))
    return redirect(url_for("calendars.subscription", feed_id=feed_id), code=303)


@bp.get("/<int:feed_id>/qr.svg")
@guests_too
def qr_code(feed_id: int) -> ResponseReturnValue:
    """The address for the camera of an iPhone, as a drawing."""
    feed, _line = _own(feed_id)
    drawing = io.BytesIO()
    segno.make(feed_addresses(feed).webcal, error="m").save(drawing, kind="svg", scale=4, border=4, light="#fff")
    return Response(drawing.getvalue(), content_type="image/svg+xml", headers={"Cache-Control": "private, no-store"})


@bp.route("/<int:feed_id>/nouvelle-adresse", methods=["GET", "POST"])
@guests_too
def renew(feed_id: int) -> ResponseReturnValue:
    """Ask, then end the feed's address and give it another."""
    if Confirmation().validate_on_submit():
        with transaction():
            actions.renew_feed(_own(feed_id)[0], now=clock.now())
        flash(_("Voici la nouvelle adresse ; l’ancienne ne répond plus."))
        return redirect(url_for("calendars.subscription", feed_id=feed_id), code=303)
    return render_template("calendars/renew.html", form=Confirmation(), feed=_own(feed_id)[0])


@bp.route("/<int:feed_id>/resilier", methods=["GET", "POST"])
@guests_too
def revoke(feed_id: int) -> ResponseReturnValue:
    """Ask, then end the feed."""
    if Confirmation().validate_on_submit():
        with transaction():
            actions.revoke_feed(_own(feed_id)[0], now=clock.now())
        flash(_("L’abonnement est résilié : cet agenda ne sera plus mis à jour."))
        return redirect(url_for("calendars.subscriptions"), code=303)
    return render_template("calendars/revoke.html", form=Confirmation(), feed=_own(feed_id)[0])


def _own(feed_id: int) -> tuple[Feed, str | None]:
    """One's own feed and the name of its line; for anybody else it does not exist."""
    return queries.feed_of(current_user.account_id, feed_id) or abort(404)


def _offers() -> list[Offer]:
    return offers(current_user.display_name, is_guest=current_user.is_guest)


def _overview() -> str:
    feeds = [(feed, shown(feed.kind, line)) for feed, line in queries.feeds_of(current_user.account_id)]
    return render_template("calendars/subscriptions.html", form=Confirmation(), feeds=feeds, offers=_offers())


def _page(feed: Feed, line: str | None, form: FeedForm) -> str:
    return render_template(
        "calendars/subscription.html",
        form=form,
        feed=feed,
        shows=shown(feed.kind, line),
        addresses=feed_addresses(feed),
    )
