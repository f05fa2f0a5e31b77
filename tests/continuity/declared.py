"""What the tests of declaring leaves share."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from cpts_net.leave import queries
from cpts_net.leave.models import Absence
from cpts_net.oncall.models import DutySeat
from cpts_net.oncall.queries import live
from cpts_net.storage.connections import db
from tests.telling import drawn_mails

EIGHT = datetime(2026, 8, 14, 6, tzinfo=UTC)  # A Friday, 8:00 in Paris.
TWO_HOURS = timedelta(hours=2)
WEEK = {"first_day": "2026-08-10", "last_day": "2026-08-16", "relay": "0"}


def absences(app):
    """Every absence, in the order in which they were declared."""
    with app.app_context():
        return [queries.absence(number) for number in db.session.scalars(select(Absence.id).order_by(Absence.id))]


def holders(app):
    """Who holds each seat."""
    with app.app_context():
        return {seat.id: seat.person_id for seat in db.session.scalars(select(DutySeat).where(live()))}


def mails(app):
    """To whom mails were written, in order."""
    with app.app_context():
        return [mail.to for mail in drawn_mails()]
