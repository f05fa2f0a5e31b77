"""Telling people: written in the transaction of what happens, read by its reader's rights, sent once."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from cpts_net import clock
from cpts_net.accounts.models import Account
from cpts_net.notices.actions import About, forget, notify
from cpts_net.notices.models import Delivery, Notice, State
from cpts_net.oncall.models import DutySeat
from cpts_net.oncall.notice_kinds import ASSIGNED
from cpts_net.storage import revisions
from cpts_net.storage.connections import db
from cpts_net.storage.transaction import transaction
from tests.conftest import NOW
from tests.counting import counted
from tests.telling import told

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def anne(make):
    person = make.person("Anne", "Petit")
    make.account(person, email="anne@cpts.example")
    return person


@pytest.fixture
def seat(make, anne):
    starts_at = NOW + timedelta(days=2)
    return make.seat(make.slot(make.line(), starts_at, starts_at + timedelta(hours=2)), anne)


def tell(*person_ids, subject="seat:1", **given):
    duty = {"line": "Nuit", "starts_at": NOW + timedelta(days=2), "ends_at": NOW + timedelta(days=2, hours=2)}
    with transaction():
        return notify(ASSIGNED, person_ids, About(subject, after=duty), **{"by": None, "now": clock.now(), **given})


def states():
    db.session.rollback()
    return list(db.session.scalars(select(Delivery.state).order_by(Delivery.id)))


def test_a_notice_holds_what_happened_and_a_delivery_no_text(anne, revision_of):
    before = revision_of("notices")

    assert tell(anne.id) == []

    notice, delivery = db.session.scalars(select(Notice)).one(), db.session.scalars(select(Delivery)).one()
    assert (notice.person_id, notice.kind, notice.subject, notice.at, notice.seen_at) == (
        anne.id,
        ASSIGNED,
        "seat:1",
        NOW,
        None,
    )
    assert notice.became["starts_at"] == NOW + timedelta(days=2)
    assert (delivery.notice_id, delivery.letter, delivery.address) == (notice.id, None, "")
    assert revision_of("notices") == before + 1


def fail_after_telling(person):
    with transaction():
        notify(ASSIGNED, [person.id], About("seat:1"), by=None, now=NOW)
        raise ZeroDivisionError


def test_a_transaction_that_fails_tells_nobody(anne, revision_of):
    before = revision_of("notices")
    with pytest.raises(ZeroDivisionError):
        fail_after_telling(anne)

    assert (told(), states(), revision_of("notices")) == ([], [], before)


def test_notices_are_bumped_once_and_last(anne, monkeypatch):
    bumped = []
    whole = revisions.bump
    monkeypatch.setattr(revisions, "bump", lambda *scopes: (bumped.append(scopes), whole(*scopes)))
    with transaction():
        notify(ASSIGNED, [anne.id], About("seat:1"), by=None, now=NOW)
        notify(ASSIGNED, [anne.id], About("seat:2"), by=None, now=NOW)
        revisions.bump("sessions")

    assert bumped == [("sessions",), ("notices",)]


def test_nobody_is_told_of_what_they_did_themselves(anne, make):
    paul = make.person("Paul", "Roy")
    his = make.account(paul)

    tell(anne.id, paul.id, by=his.id)
    tell(paul.id, subject="seat:2", by=his.id, includes_actor=True)

    assert told() == [(ASSIGNED, "seat:1", anne.id), (ASSIGNED, "seat:2", paul.id)]
    assert set(db.session.scalars(select(Notice.by_id))) == {paul.id}


def test_many_are_told_in_as_many_statements_as_one(app, anne, make):
    many = [make.account(make.person("Membre", f"N{number}")).person_id for number in range(30)]
    with counted(app) as one:
        tell(anne.id)
    with counted(app) as all_of_them:
        tell(*many)

    assert len(all_of_them) == len(one)
    assert len(told()) == len(states()) == 31


def test_whoever_is_not_there_any_more_keeps_nobody_from_being_told(anne):
    tell(anne.id, anne.id + 1000)

    assert told() == [(ASSIGNED, "seat:1", anne.id)]


def test_of_one_occasion_everybody_is_told_once(anne, make):
    paul = make.person("Paul", "Roy")
    make.account(paul)

    for people in ([anne.id], [anne.id, paul.id], [paul.id]):
        tell(*people, occasion=NOW + timedelta(days=1))

    assert [person_id for _kind, _subject, person_id in told()] == [anne.id, paul.id]
    assert states() == [State.WAITING] * 2


def test_a_deed_is_told_each_time(anne):
    tell(anne.id)
    tell(anne.id)

    assert len(told()) == 2


@pytest.mark.parametrize("columns", [None, {"suspended_at": NOW}, {"mail_refused_at": NOW}])
def test_whoever_has_no_address_is_named_and_finds_the_notice_all_the_same(anne, make, columns):
    paul = make.person("Paul", "Roy")
    if columns:
        make.account(paul, **columns)

    assert tell(anne.id, paul.id) == [paul.id]

    assert len(told()) == 2
    assert len(states()) == 1


def test_a_kind_that_nobody_declares_is_refused(anne):
    with pytest.raises(LookupError), transaction():
        notify("nonsense", [anne.id], About("seat:1"), by=None, now=NOW)


def test_a_mail_is_drawn_as_its_matter_reads_when_it_is_sent(anne, seat, work_off, posting):
    tell(anne.id, subject=f"seat:{seat.id}")

    work_off()

    (mail,) = posting.read()
    assert (mail["To"], mail["Subject"]) == (
        "anne@cpts.example",
        "Vous êtes d’astreinte : Nuit, vendredi 14 août de 10 h à 12 h",
    )
    assert states() == [State.SENT]


def test_what_no_longer_concerns_the_person_is_not_sent(anne, make, seat, work_off, posting):
    tell(anne.id, subject=f"seat:{seat.id}")
    paul = make.person("Paul", "Roy")
    with transaction():
        db.session.get_one(DutySeat, seat.id).person_id = paul.id

    work_off()

    assert posting.mails == []
    assert states() == [State.VOID]


def test_whoever_cannot_be_written_to_any_more_is_not(anne, seat, work_off, posting):
    tell(anne.id, subject=f"seat:{seat.id}")
    with transaction():
        db.session.scalars(select(Account)).one().suspended_at = NOW

    work_off()

    assert (posting.mails, states()) == ([], [State.VOID])


def test_a_mail_goes_to_where_the_person_is_written_to_when_it_is_sent(anne, seat, work_off, posting):
    tell(anne.id, subject=f"seat:{seat.id}")
    with transaction():
        db.session.scalars(select(Account)).one().email = "ailleurs@cpts.example"

    work_off()

    assert [mail["To"] for mail in posting.read()] == ["ailleurs@cpts.example"]


def test_an_address_that_the_server_does_not_know_is_remembered_until_something_gets_through(
    anne, seat, write_down, work_off, posting
):
    posting.unknown = {"anne@cpts.example"}
    tell(anne.id, subject=f"seat:{seat.id}")
    work_off()
    refused = db.session.scalars(select(Account.mail_refused_at)).one()

    assert tell(anne.id, subject="seat:99") == [anne.id]
    posting.unknown.clear()
    write_down(address="anne@cpts.example")
    work_off()
    db.session.rollback()

    assert (refused, db.session.scalars(select(Account.mail_refused_at)).one()) == (NOW, None)


def test_another_address_was_never_refused(anne):
    with transaction():
        account = db.session.scalars(select(Account)).one()
        account.mail_refused_at = NOW
        db.session.flush()
        account.email = "ailleurs@cpts.example"

    assert tell(anne.id) == []


@pytest.mark.parametrize("answer", ["554 5.7.1 This smells of spam", "451 4.3.0 Later"])
def test_a_mail_that_is_refused_says_nothing_of_its_address(anne, seat, work_off, posting, answer):
    posting.answer = answer
    tell(anne.id, subject=f"seat:{seat.id}")

    work_off()

    assert db.session.scalars(select(Account.mail_refused_at)).one() is None


def test_sent_ones_go_after_a_month_and_notices_after_a_year(anne, seat, work_off, posting, frozen):
    tell(anne.id, subject=f"seat:{seat.id}")
    work_off()

    def left(days):
        frozen.move_to(NOW + timedelta(days=days))
        with transaction():
            forget(now=clock.now())
        return [db.session.scalar(select(func.count()).select_from(model)) for model in (Notice, Delivery)]

    assert [left(30), left(31), left(365), left(366)] == [[1, 1], [1, 0], [1, 0], [0, 0]]
