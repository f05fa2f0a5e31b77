"""Whoever wishes to hear of what is left to take does, as far as they could take it; and is told of it once."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from cpts_net import clock
from cpts_net.notices.models import Channel, Preference
from cpts_net.notices.rules import When
from cpts_net.oncall import actions, gap_kinds, notice_kinds
from cpts_net.oncall.gap_reminders import tell_of_gaps_ahead
from cpts_net.oncall.models import DutySeat
from cpts_net.oncall.reminders import remind_of_duties
from cpts_net.roles import Role
from cpts_net.storage.connections import db
from cpts_net.storage.transaction import transaction
from tests.conftest import NOW
from tests.telling import drawn_mails, told

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SOON = NOW + 3 * DAY

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def wishing(make):
    """Somebody who wishes to hear of a kind of news; a doctor unless told otherwise."""

    def made(name, kind=gap_kinds.OFFERED, *, when=When.AT_ONCE, role=Role.MEMBER, **columns):
        person = make.person(name, "Roy", **columns)
        make.account(person, role=role, email=f"{name.lower()}@cpts.example")
        make.save(Preference(person_id=person.id, kind=kind, channel=Channel.MAIL, when=when))
        return person

    return made


@pytest.fixture
def slot(make):
    return make.slot(make.line(), SOON, SOON + 4 * HOUR)


@pytest.fixture
def anne(make):
    return make.account(make.person())


@pytest.fixture
def seat(make, slot, anne):
    return make.seat(slot, type("Person", (), {"id": anne.person_id}))


def give_back(seat, by):
    with transaction():
        actions.give_back_seat(seat.id, now=clock.now(), actor_id=by.id)


def offered():
    return [person for kind, _subject, person in told() if kind == gap_kinds.OFFERED]


def test_who_wishes_it_and_could_take_it_is_told_at_once(wishing, anne, seat):
    paul = wishing("Paul")

    give_back(seat, anne)

    assert offered() == [paul.id]
    (mail,) = drawn_mails()
    assert mail.subject == "Astreinte à prendre : Ligne snp, samedi 15 août de 10 h à 14 h"
    assert "/astreintes/je-prends/" in mail.body


def test_nobody_else_is(make, wishing, anne, seat):
    make.account(make.person("Luc"))
    wishing("Zoé", when=When.NEVER)
    wishing("Inès", profession="60")
    away = wishing("Jean")
    make.absence(away, SOON.date(), SOON.date())
    busy = wishing("Rose")
    make.seat(make.slot(make.line("nuit"), SOON + HOUR, SOON + 2 * HOUR), busy)
    wishing("Marc", left_on=NOW.date())

    give_back(seat, anne)

    assert offered() == []


def test_a_coordinator_who_wishes_it_is_told_once(wishing, anne, seat):
    lea = wishing("Lea", role=Role.COORDINATOR)

    give_back(seat, anne)

    assert told() == [("oncall.gap_opened", f"slot:{seat.slot_id}", lea.id)]


def test_who_has_it_taken_from_them_is_not_offered_it(make, wishing, slot):
    paul, desk = wishing("Paul"), make.account(role=Role.SECRETARY)
    seat = make.seat(slot, paul)

    give_back(seat, desk)

    assert told() == [("oncall.removed", f"seat:{seat.id}", paul.id)]


def test_who_is_busy_by_then_gets_no_mail(make, wishing, anne, seat):
    paul = wishing("Paul")
    give_back(seat, anne)

    make.absence(paul, SOON.date(), SOON.date())

    assert drawn_mails() == []


@pytest.mark.usefixtures("slot")
def test_what_nobody_took_is_offered_two_weeks_before_and_once(wishing):
    paul = wishing("Paul")

    for _ in range(2):
        tell_of_gaps_ahead(now=clock.now())
        db.session.rollback()

    assert offered() == [paul.id]


def test_an_hour_before_only_who_wishes_it_is_reminded(frozen, make, wishing, seat, slot):
    paul = wishing("Paul", notice_kinds.IN_AN_HOUR)
    other = make.seat(make.slot(make.line("nuit"), SOON, SOON + HOUR), paul)

    frozen.move_to(SOON - HOUR)
    remind_of_duties(now=clock.now())

    assert told() == [("oncall.in_an_hour", f"seat:{other.id}", paul.id)]


def test_the_link_in_the_mail_takes_it_without_signing_in(client, wishing, slot):
    zoe = wishing("Zoé")
    tell_of_gaps_ahead(now=NOW)
    db.session.rollback()
    (mail,) = drawn_mails()
    path = re.search(r"http://localhost:8000(/astreintes/je-prends/\S+)", mail.body)[1]

    assert "Il manque quelqu’un pour cette astreinte." in client.get(path).text
    assert "Merci\u202f: cette astreinte est à vous." in client.post(path, follow_redirects=True).text

    assert [seat.person_id for seat in db.session.scalars(select(DutySeat))] == [zoe.id]
    assert client.get("/mon-compte/").status_code == 303
