"""Choices are kept where they are not usual, and a digest is one mail, drawn when it goes."""

from datetime import time, timedelta

import pytest
from sqlalchemy import select, update

from cpts_net import clock
from cpts_net.accounts.models import Account
from cpts_net.leave.notice_kinds import ANSWERED
from cpts_net.meetings.notice_kinds import POLL_PROPOSED
from cpts_net.notices import choice_actions, queue
from cpts_net.notices.actions import About, notify
from cpts_net.notices.choice_queries import choices_of, hours
from cpts_net.notices.kinds import kind_named
from cpts_net.notices.models import Channel, Delivery, Notice, Preference, State
from cpts_net.notices.rules import When
from cpts_net.notices.timing import USUAL, Hours
from cpts_net.notices.wishes import those_who_wish
from cpts_net.oncall.models import DutySeat
from cpts_net.oncall.notice_kinds import ASSIGNED, REMOVED
from cpts_net.storage.connections import db
from cpts_net.storage.transaction import transaction
from tests.conftest import NOW

MAIL = Channel.MAIL
IN_TEN_DAYS = NOW + timedelta(days=10)
NEXT_DIGEST = (NOW + timedelta(days=1)).replace(hour=5, minute=30)  # 7:30 in summer.

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def anne(make):
    person = make.person("Anne", "Petit")
    make.account(person, email="anne@cpts.example")
    return person


@pytest.fixture
def seats(make, anne):
    line = make.line("Nuit")
    return [
        make.seat(make.slot(line, IN_TEN_DAYS + timedelta(days=n), IN_TEN_DAYS + timedelta(days=n, hours=2)), anne)
        for n in range(3)
    ]


@pytest.fixture
def choose(anne):
    def chosen(own=USUAL, **wanted):
        names = {"assigned": ASSIGNED, "removed": REMOVED, "answered": ANSWERED, "poll": POLL_PROPOSED}
        with transaction():
            pairs = {(names[name], MAIL): when for name, when in wanted.items()}
            choice_actions.choose(anne.id, pairs, own, now=clock.now())

    return chosen


def give(seats, person, **given):
    for seat in seats:
        duty = {"line": "Nuit", "starts_at": seat.starts_at, "ends_at": seat.ends_at}
        about = About(f"seat:{seat.id}", after=duty, begins_at=seat.starts_at)
        with transaction():
            notify(ASSIGNED, [person.id], about, **{"by": None, "now": clock.now(), **given})


def rows():
    db.session.rollback()
    return db.session.scalars(select(Delivery).order_by(Delivery.id)).all()


def test_only_what_is_not_usual_is_kept(anne, choose):
    choose(Hours(None, None), assigned=When.AT_ONCE, answered=When.NEVER)

    assert choices_of(anne.id) == {(ANSWERED, MAIL): When.NEVER}
    assert hours([anne.id]) == {anne.id: Hours(None, None)}

    choose(answered=When.AT_ONCE)

    assert (choices_of(anne.id), hours([anne.id])) == ({}, {})


def test_a_choice_below_the_floor_counts_as_the_floor(anne, seats, choose):
    choose(assigned=When.NEVER)

    give(seats[:1], anne)

    (row,) = rows()
    assert (row.due_at, row.in_digest) == (NEXT_DIGEST, True)


def test_who_chose_never_gets_no_mail_and_is_not_to_be_told_by_others(anne, choose):
    choose(poll=When.NEVER)

    with transaction():
        assert notify(POLL_PROPOSED, [anne.id], About("poll:1"), by=None, now=NOW) == []

    assert rows() == []


def test_a_digest_is_one_mail_with_a_line_and_a_link_for_each_by_families(
    anne, seats, choose, frozen, work_off, posting
):
    choose(assigned=When.DAILY)
    give(seats, anne)
    assert work_off() == 0

    frozen.move_to(NEXT_DIGEST)
    assert work_off() == 1

    (mail,) = posting.read()
    body = mail.get_body(("plain",)).get_content()
    assert mail["Subject"] == "Vous êtes d’astreinte : Nuit, samedi 22 août de 10 h à 12 h, et 2 autres nouvelles"
    assert body.index("Astreintes") < body.index("22 août") < body.index("24 août")
    assert body.count("http://localhost:8000/mon-planning/") == 3
    assert "http://localhost:8000/mon-compte/avis" in body
    assert "List-Unsubscribe" not in mail
    found = rows()
    assert {row.state for row in found} == {State.SENT}
    assert {row.message_id for row in found} == {mail["Message-ID"]}
    assert {row.finished_at for row in found} == {NEXT_DIGEST}
    frozen.shift(timedelta(days=2))
    assert work_off() == 0


def test_what_was_told_twice_and_reads_alike_by_then_is_said_once(anne, seats, choose, frozen, work_off, posting):
    choose(assigned=When.DAILY)
    give([seats[0], seats[0], seats[1]], anne)

    frozen.move_to(NEXT_DIGEST)
    work_off()

    (mail,) = posting.read()
    assert mail["Subject"] == "Vous êtes d’astreinte : Nuit, samedi 22 août de 10 h à 12 h, et 1 autre nouvelle"
    assert mail.get_body(("plain",)).get_content().count("22 août") == 1
    assert {row.state for row in rows()} == {State.SENT}


def test_a_digest_of_one_is_that_ones_own_mail(anne, seats, choose, frozen, work_off, posting):
    choose(assigned=When.DAILY)
    give(seats[:1], anne)

    frozen.move_to(NEXT_DIGEST)
    work_off()

    (mail,) = posting.read()
    assert "résumé" not in mail["Subject"]
    assert mail["Message-ID"] == rows()[0].message_id


def test_what_is_no_longer_so_is_not_in_the_digest(anne, seats, choose, frozen, work_off, posting):
    choose(assigned=When.DAILY)
    give(seats, anne)
    free(seats[0])

    frozen.move_to(NEXT_DIGEST)
    work_off()

    (mail,) = posting.read()
    assert mail["Subject"] == "Vous êtes d’astreinte : Nuit, dimanche 23 août de 10 h à 12 h, et 1 autre nouvelle"
    assert [row.state for row in rows()] == [State.VOID, State.SENT, State.SENT]


def test_when_nothing_is_so_any_more_there_is_no_digest(anne, seats, choose, frozen, work_off, posting):
    choose(assigned=When.DAILY)
    give(seats, anne)
    for seat in seats:
        free(seat)

    frozen.move_to(NEXT_DIGEST)
    assert work_off() == 1

    assert posting.mails == []
    assert {row.state for row in rows()} == {State.VOID}


def free(seat):
    with transaction():
        db.session.get(DutySeat, seat.id).released_at = clock.now()


def test_a_digest_that_is_refused_for_now_comes_whole_under_the_same_id(anne, seats, choose, frozen, work_off, posting):
    choose(assigned=When.DAILY)
    give(seats, anne)
    named = {row.message_id for row in rows()}
    posting.refusals = 1

    frozen.move_to(NEXT_DIGEST)
    work_off()
    assert {(row.state, row.attempts, row.due_at) for row in rows()} == {
        (State.WAITING, 1, NEXT_DIGEST + timedelta(seconds=30))
    }
    frozen.shift(timedelta(seconds=30))
    work_off()

    (mail,) = posting.read()
    assert named == {mail["Message-ID"]}
    assert {row.state for row in rows()} == {State.SENT}


def test_a_digest_that_is_refused_for_good_fails_whole_and_is_sent_again_whole(
    anne, seats, choose, frozen, work_off, posting
):
    choose(assigned=When.DAILY)
    give(seats, anne)
    posting.unknown.add("anne@cpts.example")
    frozen.move_to(NEXT_DIGEST)
    work_off()
    assert {row.state for row in rows()} == {State.FAILED}
    posting.unknown.clear()

    with transaction():
        queue.retry([rows()[1].id], clock.now())
    work_off()

    assert (
        posting.read()[0]["Subject"]
        == "Vous êtes d’astreinte : Nuit, samedi 22 août de 10 h à 12 h, et 2 autres nouvelles"
    )
    assert {row.state for row in rows()} == {State.SENT}


def test_a_worker_that_dies_with_a_digest_leaves_all_of_it_and_after_three_it_is_given_up(anne, seats, choose, frozen):
    choose(assigned=When.DAILY)
    give(seats, anne)
    frozen.move_to(NEXT_DIGEST)

    claims = []
    for _death in range(4):
        with transaction():
            claims.append(queue.claim(clock.now()))
            assert queue.claim(clock.now()) is None
        frozen.shift(queue.ABANDONED_AFTER)

    assert [claim and len(claim.ids) for claim in claims] == [3, 3, 3, None]
    assert len({claim.message_id for claim in claims[:3]}) == 1
    assert {row.state for row in rows()} == {State.FAILED}


def test_one_that_came_after_its_digest_had_gone_goes_under_an_id_of_its_own(
    anne, seats, choose, frozen, work_off, posting
):
    choose(assigned=When.DAILY)
    give(seats[:2], anne)
    frozen.move_to(NEXT_DIGEST - timedelta(seconds=1))
    late = clock.now()
    frozen.move_to(NEXT_DIGEST)
    work_off()

    give(seats[2:], anne, now=late)  # Its transaction began before.
    work_off()

    first, second = posting.read()
    assert first["Message-ID"] != second["Message-ID"]
    assert {row.state for row in rows()} == {State.SENT}


def test_one_that_cannot_be_drawn_goes_by_itself(anne, seats, choose, frozen, work_off, posting):
    choose(assigned=When.DAILY)
    give(seats, anne)
    broken = rows()[0].notice_id
    with transaction():
        without_start = {"ends_at": {"instant": IN_TEN_DAYS.isoformat()}}
        db.session.execute(update(Notice).where(Notice.id == broken).values(after=without_start))

    frozen.move_to(NEXT_DIGEST)
    work_off()

    assert (
        posting.read()[0]["Subject"]
        == "Vous êtes d’astreinte : Nuit, dimanche 23 août de 10 h à 12 h, et 1 autre nouvelle"
    )
    first, *others = rows()
    assert (first.state, first.in_digest, first.error) == (State.WAITING, False, "'line'")
    assert {row.state for row in others} == {State.SENT}
    assert first.message_id not in {row.message_id for row in others}


def test_the_daily_and_the_weekly_of_one_hour_are_one_mail(anne, seats, choose, frozen, work_off, posting):
    sunday = NOW.replace(day=16)
    frozen.move_to(sunday)
    choose(assigned=When.DAILY, poll=When.WEEKLY)
    give(seats, anne)
    with transaction():
        notify(POLL_PROPOSED, [anne.id], About("poll:1"), by=None, now=clock.now())

    assert len({row.message_id for row in rows()}) == 1


def test_what_waits_moves_to_when_it_is_wanted_now(anne, seats, choose):
    choose(assigned=When.DAILY)
    give(seats, anne)

    choose(Hours(digest_at=time(18)), assigned=When.DAILY)
    evening = NOW.replace(hour=16)
    assert {(row.due_at, row.in_digest) for row in rows()} == {(evening, True)}
    assert len({row.message_id for row in rows()}) == 1

    choose(assigned=When.AT_ONCE)
    assert {(row.due_at, row.in_digest) for row in rows()} == {(NOW, False)}
    assert len({row.message_id for row in rows()}) == 3


def test_what_was_tried_already_stays_where_it_is(anne, seats, choose):
    choose(assigned=When.DAILY)
    give(seats[:1], anne)
    with transaction():
        db.session.execute(update(Delivery).values(attempts=1, outcomes=1))

    choose(assigned=When.AT_ONCE)

    assert [row.due_at for row in rows()] == [NEXT_DIGEST]


def test_a_digest_that_gets_through_shows_that_its_address_is_well(anne, seats, choose, frozen, work_off):
    choose(assigned=When.DAILY)
    give(seats, anne)
    with transaction():
        db.session.execute(update(Account).values(mail_refused_at=NOW))

    frozen.move_to(NEXT_DIGEST)
    work_off()

    db.session.rollback()
    assert db.session.scalars(select(Account.mail_refused_at)).one() is None


def test_who_wants_none_of_it_by_a_channel_does_not_wish_it(anne):
    with transaction():
        db.session.add(Preference(person_id=anne.id, kind=ASSIGNED, channel=Channel.PUSH, when=When.NEVER))
    assert those_who_wish(ASSIGNED) == set()

    with transaction():
        db.session.add(Preference(person_id=anne.id, kind=ASSIGNED, channel=MAIL, when=When.DAILY))
    assert those_who_wish(ASSIGNED) == {anne.id}


def test_what_is_wanted_no_more_is_not_sent(anne, choose, frozen, work_off, posting):
    choose(poll=When.DAILY)
    with transaction():
        notify(POLL_PROPOSED, [anne.id], About("poll:1"), by=None, now=clock.now())

    with transaction():
        choice_actions.hear_no_more(anne.id, [kind_named(POLL_PROPOSED)], MAIL, now=clock.now())

    assert [row.state for row in rows()] == [State.VOID]


def test_at_night_only_what_answers_ones_own_act_goes_at_once(anne, seats, frozen):
    night = NOW.replace(hour=22)
    frozen.move_to(night)
    account_id = db.session.scalar(select(Account.id).where(Account.person_id == anne.id))

    give(seats[:1], anne)
    give(seats[1:2], anne, by=account_id, includes_actor=True)

    morning = (night + timedelta(days=1)).replace(hour=5)
    assert [row.due_at for row in rows()] == [morning, night]


def test_told_together_at_night_others_wait_and_who_did_it_does_not(make, anne, seats, frozen):
    night = NOW.replace(hour=22)
    frozen.move_to(night)
    account_id, luc = db.session.scalar(select(Account.id)), make.account(name="Luc Martin")
    duty = {"line": "Nuit", "starts_at": seats[0].starts_at, "ends_at": seats[0].ends_at}

    with transaction():
        about = About(f"seat:{seats[0].id}", after=duty, begins_at=seats[0].starts_at)
        notify(ASSIGNED, [anne.id, luc.person_id], about, by=account_id, now=night, includes_actor=True)

    due = dict(db.session.execute(select(Notice.person_id, Delivery.due_at).join(Delivery)).all())
    assert due == {anne.id: night, luc.person_id: (night + timedelta(days=1)).replace(hour=5)}
