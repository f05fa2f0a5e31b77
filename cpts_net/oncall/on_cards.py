"""The duties ahead of somebody, on their card."""

from datetime import datetime, timedelta

from flask import url_for
from flask_babel import gettext as _

from cpts_net.accounts.identity import Identity
from cpts_net.directory.card_sections import CardSection, Row
from cpts_net.i18n import stretch
from cpts_net.oncall import queries
from cpts_net.spans import Span

AHEAD = timedelta(days=60)
SHOWN = 5


def duties_on_card(person_id: int, reader: Identity, now: datetime) -> CardSection:
    """The next of them; a guest reads nothing of duties."""
    held = [] if reader.is_guest else queries.duties_held(person_id, Span(now, now + AHEAD))[:SHOWN]
    rows = [
        Row(url_for("oncall.month", slug=duty.slug), duty.line, stretch(duty.span.start, duty.span.end))
        for duty in held
    ]
    return CardSection("duties", _("Prochaines astreintes"), rows, min((duty.span.end for duty in held), default=None))
