"""From what happens to the device that rings: at once or after quiet hours, once, and only while there is something to tell."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from cpts_net import clock
from cpts_net.accounts.identity import end_session, end_sessions
from cpts_net.accounts.models import Account, LoginSession
from cpts_net.groups.notice_kinds import POSTED
from cpts_net.notices.actions import About, notify, see
from cpts_net.notices.models import Channel, Delivery, Notice, State
from cpts_net.oncall.notice_kinds import ASSIGNED, IN_A_WEEK, IN_AN_HOUR
from cpts_net.push import queries
from cpts_net.push.models import PushDevice
from cpts_net.storage.connections import db
from cpts_net.storage.transaction import transaction
from tests.conftest import NOW

PAUSE = timedelta(minutes=10)


@pytest.fixture
def anne(make):
    return make.person("Anne", "Petit")


@pytest.fixture
def account(make, anne):
    return make.account(anne, email="anne@cpts.example")


@pytest.fixture
def seat(make, anne):
    starts_at = NOW + timedelta(days=2)
    return make.seat(make.slot(make.line("Soins non programmés"), starts_at, starts_at + timedelta(hours=2)), anne)


@pytest.fixture
def tell(app, anne, seat):
    def told(kind=ASSIGNED, begins_in=timedelta(days=2), **given):
        duty = {"line": "Nuit", "starts_at": NOW + begins_in, "ends_at": NOW + begins_in + timedelta(hours=2)}
        about = About(f"seat:{seat.id}", after=duty, begins_at=duty["starts_at"])
        with app.app_context(), transaction():
            notify(kind, [anne.id], about, **{"by": None, "now": clock.now(), **given})

    return told


@pytest.fixture
def phone(account, subscribe):
    """Anne's device, and the client of its pages."""
    return subscribe(account)


@pytest.fixture
def pushes(app):
    """What the queue holds for devices: state, error."""

    def read():
        with app.app_context():
            rows = db.session.execute(
                select(Delivery.state, Delivery.error).where(Delivery.channel == Channel.PUSH).order_by(Delivery.id)
            )
            return [tuple(row) for row in rows]

    return read


def test_a_device_rings_for_what_concerns_its_owner(account, subscribe, tell, work_off, service, pushes):
    browser, _client = subscribe(account)

    tell()
    work_off()

    (heard,) = service.heard_by(browser)
    assert heard["title"] == "Astreinte confiée"
    assert heard["path"] == "/mon-planning/"
    assert service.asked[0].headers["urgency"] == "normal"  # It begins in two days.
    assert pushes() == [(State.SENT, "")]


def test_a_reminder_says_all_for_it_names_nobody(account, subscribe, tell, work_off, service):
    browser, _client = subscribe(account)

    tell(IN_AN_HOUR, timedelta(hours=1))
    work_off()

    (heard,) = service.heard_by(browser)
    assert heard["title"] == "Votre astreinte commence à 11\u202fh\u202f: Nuit"
    assert service.asked[0].headers["urgency"] == "high"
    assert service.asked[0].headers["ttl"] == "3600"


def test_without_keys_nothing_is_even_written_down(app, settings, account, subscribe, tell, pushes, monkeypatch):
    subscribe(account)
    monkeypatch.setitem(app.extensions, "settings", settings)

    tell()

    assert pushes() == []


def test_who_has_no_device_has_nothing_that_waits(account, service, tell, pushes):
    tell()

    assert pushes() == []


@pytest.mark.parametrize("kind", [IN_A_WEEK, POSTED])
def test_what_can_wait_rings_nobody_until_they_choose(account, subscribe, tell, pushes, kind):
    subscribe(account)

    tell(kind)

    assert pushes() == []


def test_every_device_rings_and_one_suffices(account, subscribe, tell, work_off, service, pushes):
    phone, _ = subscribe(account, 1)
    desk, _ = subscribe(account, 2)
    service.answers["/fcm/send/browser-2"] = 503

    tell()
    work_off()

    assert len(service.heard_by(phone)) == len(service.heard_by(desk)) == 1
    assert pushes() == [(State.SENT, "")]


def test_a_service_that_is_down_is_asked_again(account, subscribe, tell, work_off, service, pushes, frozen):
    browser, _client = subscribe(account)
    service.answers["/fcm/send/browser-1"] = 503
    tell()
    work_off()
    assert pushes() == [(State.WAITING, "fcm.googleapis.com answers 503")]

    service.answers.clear()
    frozen.shift(PAUSE)
    work_off()

    first, second = service.heard_by(browser)
    assert first["tag"] == second["tag"]
    assert pushes() == [(State.SENT, "")]


def test_what_is_refused_for_good_is_not_tried_again(account, subscribe, tell, work_off, service, pushes):
    subscribe(account)
    service.answers["/fcm/send/browser-1"] = 403
    tell()
    work_off()

    assert pushes() == [(State.FAILED, "fcm.googleapis.com answers 403")]
    assert len(service.asked) == 1


@pytest.mark.parametrize("status", [404, 410])
@pytest.mark.usefixtures("phone")
def test_a_device_that_is_gone_is_forgotten(app, tell, work_off, service, pushes, status):
    service.answers["/fcm/send/browser-1"] = status
    tell()
    work_off()
    tell(begins_in=timedelta(days=3))

    assert pushes() == [(State.VOID, "no device of theirs rings any more")]
    with app.app_context():
        assert db.session.scalars(select(PushDevice)).all() == []


@pytest.mark.usefixtures("phone")
def test_what_was_seen_meanwhile_does_not_ring(app, anne, tell, work_off, service, pushes):
    tell()
    with app.app_context(), transaction():
        see(anne.id, [db.session.scalars(select(Notice.id)).one()], now=clock.now())

    work_off()

    assert service.asked == []
    assert pushes() == [(State.VOID, "there was nothing to tell any more")]


def test_what_is_not_so_any_more_does_not_ring(account, subscribe, tell, work_off, service, frozen):
    subscribe(account)
    tell(IN_AN_HOUR, timedelta(hours=1))

    frozen.shift(timedelta(hours=1))
    work_off()

    assert service.asked == []


def test_quiet_hours_hold_it_back(account, subscribe, tell, work_off, service, frozen):
    browser, _client = subscribe(account)
    frozen.move_to(NOW.replace(hour=20, minute=30))  # 22:30 in Paris.

    tell()
    work_off()
    assert service.asked == []

    frozen.move_to((NOW + timedelta(days=1)).replace(hour=5))
    work_off()
    assert len(service.heard_by(browser)) == 1


def test_the_mail_goes_all_the_same(app, account, subscribe, tell):
    subscribe(account)

    tell()

    with app.app_context():
        channels = db.session.scalars(select(Delivery.channel).order_by(Delivery.id)).all()
    assert channels == [Channel.MAIL, Channel.PUSH]


def _signed_out(client, _account):
    client.post("/deconnexion")


def _ended(_client, account):
    with transaction():
        end_sessions(account.id)


def _ended_alone(_client, account):
    with transaction():
        session_id = db.session.scalars(select(LoginSession.id).where(LoginSession.account_id == account.id)).one()
        end_session(session_id)


def _suspended(_client, account):
    with transaction():
        db.session.execute(update(Account).where(Account.id == account.id).values(suspended_at=NOW))


def _expired(_client, account):
    with transaction():
        db.session.execute(update(LoginSession).where(LoginSession.account_id == account.id).values(expires_at=NOW))


@pytest.mark.parametrize("over", [_signed_out, _ended, _ended_alone, _suspended, _expired])
def test_it_rings_no_more_once_nobody_is_signed_in_there(app, account, phone, tell, work_off, service, over):
    _browser, client = phone
    tell()
    with app.app_context():
        over(client, account)

    work_off()

    assert service.asked == []
    with app.app_context():
        assert queries.people_who_ring([account.person_id], NOW) == set()
