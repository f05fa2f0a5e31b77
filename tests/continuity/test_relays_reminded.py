"""Whoever stands in from tomorrow on is reminded in the evening: once, and not of what they know already."""

from datetime import UTC, date, datetime, timedelta

import pytest

from cpts_net import clock, wiring
from cpts_net.continuity import declaring
from cpts_net.continuity.reminders import tell_of_relays_tomorrow
from cpts_net.leave.models import Relay
from cpts_net.leave.rules import Answer, Declaration
from cpts_net.storage.connections import db
from cpts_net.storage.transaction import transaction
from tests.telling import drawn_mails, told

EVENING = datetime(2026, 8, 13, 16, tzinfo=UTC)  # A Thursday, 18:00 in Paris.
FRIDAY, SUNDAY = date(2026, 8, 14), date(2026, 8, 16)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def anne(make):
    return make.person()


@pytest.fixture
def paul(make):
    person = make.person("Paul", "Roy")
    make.account(person, email="paul@cpts.example")
    return person


def run(frozen, at):
    frozen.move_to(at)
    db.session.rollback()
    tell_of_relays_tomorrow(now=clock.now())
    db.session.rollback()
    return [(subject, person) for kind, subject, person in told() if kind == "continuity.relay_tomorrow"]


def test_it_is_told_in_the_evening_before_and_once(frozen, make, anne, paul):
    absence = make.absence(anne, FRIDAY, SUNDAY, relays=[paul], note="Urgences au 15")
    once = [(f"absence:{absence.id}", paul.id)]

    assert run(frozen, EVENING - MINUTE) == []
    assert run(frozen, EVENING) == once
    assert run(frozen, EVENING + HOUR) == once
    (mail,) = drawn_mails()
    assert mail.to == "paul@cpts.example"
    assert mail.subject == "Vous relayez Dr Anne Petit dès demain : du vendredi 14 au dimanche 16 août"
    assert "Urgences au 15" in mail.body


def test_the_day_before_that_and_on_the_day_itself_nothing_is_told(frozen, make, anne, paul):
    make.absence(anne, FRIDAY, SUNDAY, relays=[paul])

    assert run(frozen, EVENING - timedelta(days=1)) == []
    assert run(frozen, EVENING + timedelta(days=1)) == []


def test_who_stands_in_only_since_the_first_relay_leaves_is_reminded_then(frozen, make, anne, paul):
    ines = make.person("Inès", "Boyer")
    absence = make.absence(anne, FRIDAY, SUNDAY, relays=[ines, paul])
    make.absence(ines, SUNDAY, SUNDAY)

    assert run(frozen, EVENING) == [(f"absence:{absence.id}", ines.id)]
    assert (f"absence:{absence.id}", paul.id) in run(frozen, EVENING + timedelta(days=2))


def test_of_weekly_days_off_nobody_is_reminded_every_week(frozen, make, anne, paul):
    make.absence(anne, FRIDAY, None, weekdays="4", relays=[paul])

    assert run(frozen, EVENING) == []


def test_who_was_asked_that_evening_knows(frozen, make, anne, paul):
    account = make.account(anne)
    frozen.move_to(EVENING)
    with transaction():
        wanted = Declaration(FRIDAY, SUNDAY, relay_ids=(paul.id,))
        declaring.declare(anne.id, wanted, {}, actor_id=account.id, now=clock.now())

    assert run(frozen, EVENING + HOUR) == []


def test_who_declines_before_the_mail_goes_reads_none(frozen, make, anne, paul):
    make.absence(anne, FRIDAY, SUNDAY, relays=[paul])
    run(frozen, EVENING)
    relay = db.session.query(Relay).one()
    with transaction():
        declaring.answer(relay.id, Answer.DECLINED, "", person_id=paul.id, actor_id=None, now=clock.now(), seen=None)

    assert [mail for mail in drawn_mails() if mail.to == "paul@cpts.example"] == []


def test_the_worker_tells_it():
    assert tell_of_relays_tomorrow in wiring.LONG_CHORES
