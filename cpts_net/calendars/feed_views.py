"""The feeds, as calendars read them: no session, no cookie, no page."""

import logging
from datetime import datetime

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy.exc import SQLAlchemyError

from cpts_net import clock
from cpts_net.calendars import actions, cli, published, rules, tokens
from cpts_net.calendars.queries import Subscription
from cpts_net.settings import current_settings
from cpts_net.storage.transaction import transaction
from cpts_net.storage.turns import MOMENT
from cpts_net.web.access import public

log = logging.getLogger(__name__)

bp = Blueprint("feeds", __name__, url_prefix="/agenda")
bp.cli.help = "Look after calendar feeds."
bp.cli.add_command(cli.create)
bp.cli.add_command(cli.raise_all)

HEADERS = {
    "Cache-Control": "private, max-age=300",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
}


@bp.get("/<token>/<name>.ics", provide_automatic_options=False)
@public
def feed(token: str, name: str) -> ResponseReturnValue:
    """A feed: 404 for an address that we never gave out, 410 for one that ended."""
    key = tokens.read(token, current_settings().secret_key)
    if key is None:
        return _nothing(404)
    now = clock.now()
    feed = published.feed(key.feed_id, now)
    if feed is None or feed.subscription.generation != key.generation:
        return _nothing(410)
    _note_read(feed.subscription, now)
    served = feed.published
    response = Response(served.body, content_type="text/calendar; charset=utf-8", headers=HEADERS)
    response.set_etag(served.etag)
    response.last_modified = served.changed_at
    return response.make_conditional(request)


def _nothing(status: int) -> ResponseReturnValue:
    """The same words either way, and no page: a calendar might take one for an empty calendar."""
    with force_locale("fr"):
        words = _("Cet agenda n’existe pas, ou n’existe plus.")
    return Response(f"{words}\n", status, HEADERS, content_type="text/plain; charset=utf-8")


def _note_read(subscription: Subscription, now: datetime) -> None:
    """Write down the reading, but not at each one."""
    if subscription.last_read_at is None or now - subscription.last_read_at >= actions.READ_NOTED_EVERY:
        try:
            with transaction(patience=MOMENT):
                actions.note_read(subscription.id, rules.reader(request.user_agent.string), now=now)
        except SQLAlchemyError as error:
            # A disk that is full must not keep calendars from reading.
            log.warning("could not note a reading: %s", type(error).__name__)
