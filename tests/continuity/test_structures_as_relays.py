"""A structure stands in: those who show that they work there are asked, and the first answer counts."""

import re
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from cpts_net import clock
from cpts_net.continuity import declaring
from cpts_net.continuity.resolver import resolve
from cpts_net.directory.models import Position, Source, StructureClosing
from cpts_net.leave import queries
from cpts_net.leave.answer_links import read_token
from cpts_net.leave.models import Relay
from cpts_net.leave.rules import Answer, AnsweredBefore, AnswerTooLate, Asks, Declaration
from cpts_net.roles import Role
from cpts_net.spans import Span
from cpts_net.storage.connections import db
from cpts_net.storage.transaction import transaction
from tests.counting import counted
from tests.factories import working_at
from tests.telling import drawn_mails, told

MONDAY, FRIDAY = date(2026, 8, 17), date(2026, 8, 21)
WEEK = Span(datetime(2026, 8, 16, 22, tzinfo=UTC), datetime(2026, 8, 21, 22, tzinfo=UTC))


class House:
    """A structure where Anne works, and those who work there with her."""

    def __init__(self, make, anne):
        self.make = make
        self.accounts = {}
        self.id = make.save(working_at("MSP du Dunois", person_id=anne.id, rank=1)).structure_id

    def worker(self, given_name, role=Role.MEMBER, *, has_account=True, **position):
        person = self.make.person(given_name, "Roux")
        columns = {"structure_id": self.id, "rank": 1, "phone": "", "function": "", "hours": "", "source": Source.OWN}
        self.make.save(Position(person_id=person.id, **columns, **position))
        if has_account:
            self.accounts[person.id] = self.make.account(person, role)
        return person


@pytest.fixture
def house(make, anne, context):
    make.account(anne)
    return House(make, anne)


@pytest.fixture
def ines(house):
    return house.worker("Inès")


@pytest.fixture
def luc(house):
    return house.worker("Luc")


@pytest.fixture
def zoe(make, context):
    """Works elsewhere."""
    person = make.person("Zoé", "Lenoir")
    make.account(person)
    return person


def declare(anne, house, *relays, first_day=MONDAY, last_day=FRIDAY, asks=Asks.IN_ORDER):
    ids = tuple(relay.id for relay in relays)
    wanted = Declaration(first_day, last_day, relay_ids=ids, structure_id=house.id, asks=asks)
    with transaction():
        return declaring.declare(anne.id, wanted, {}, actor_id=None, now=clock.now())


def row(absence_id):
    return db.session.scalars(
        select(Relay).where(Relay.absence_id == absence_id, Relay.structure_id.is_not(None))
    ).one()


def answer(absence_id, person, said=Answer.ACCEPTED):
    by = {"person_id": person.id, "actor_id": None}
    with transaction():
        declaring.answer(row(absence_id).id, said, "", **by, now=clock.now(), seen=None)


def news(since=0):
    return [(kind.removeprefix("leave."), person_id) for kind, _, person_id in told()][since:]


def test_those_who_show_that_they_work_there_and_may_sign_in_are_asked_and_nobody_else(anne, house, ines, luc, zoe):
    house.worker("Sans compte", has_account=False)
    house.worker("Cachée", hidden_at=clock.now())
    house.worker("Invité", Role.GUEST)

    absence_id = declare(anne, house)

    assert [each for each in news() if each[0] == "relay"] == [("relay", ines.id), ("relay", luc.id)]
    assert row(absence_id).asked_at == clock.now()


def test_each_who_is_asked_has_it_in_their_planning_and_a_stranger_has_not(anne, house, ines, luc, zoe):
    declare(anne, house)

    covers = {person.given_name: len(resolve(WEEK, person_id=person.id).covers) for person in (ines, luc, zoe, anne)}

    assert covers == {"Inès": 1, "Luc": 1, "Zoé": 0, "Anne": 0}


def test_a_stranger_who_stands_in_through_another_leave_gets_no_link_of_the_structure(anne, house, make, zoe):
    """Paul, who is named first, is away and passes on to her while the structure is closed."""
    paul = make.person("Paul", "Roy")
    make.save(StructureClosing(structure_id=house.id, first_day=MONDAY, last_day=FRIDAY))
    absence_id = declare(anne, house, paul)

    with transaction():
        declaring.declare(paul.id, Declaration(MONDAY, FRIDAY, relay_ids=(zoe.id,)), {}, actor_id=None, now=clock.now())

    assert [kind for kind, person_id in news() if person_id == zoe.id] == ["relay_through", "relay"]
    own = row(absence_id).id
    mails = [mail for mail in drawn_mails() if "/absences/relais/" in mail.body]
    links = [read_token(re.search(r"/absences/relais/(\S+)", mail.body)[1]) for mail in mails]
    assert [link for link in links if link.person_id == zoe.id and link.relay_id == own] == []
    assert len(links) == 1  # Of Paul’s leave alone.


def test_a_notice_that_reaches_a_stranger_all_the_same_reads_nothing(anne, house, ines, zoe):
    """As of somebody who has left the structure since they were asked."""
    absence = queries.absence(declare(anne, house))
    places = queries.asked_at(queries.structure_ids([absence]))

    assert absence.relay_of(ines.id, places) is not None
    assert absence.relay_of(zoe.id, places) is None
    assert absence.relay_of(anne.id, places) is None


def test_who_does_not_work_there_any_more_cannot_answer(anne, house, ines):
    absence_id = declare(anne, house)
    db.session.execute(db.update(Position).where(Position.person_id == ines.id).values(hidden_at=clock.now()))
    db.session.commit()

    with pytest.raises(AnswerTooLate):
        answer(absence_id, ines)


def test_the_first_answer_counts_and_a_later_one_is_told_so(client, anne, house, ines, luc):
    absence_id = declare(anne, house)
    links = {
        mail.to: re.search(r"/absences/relais/\S+", mail.body)[0] for mail in drawn_mails() if "relais/" in mail.body
    }
    first, second = links.values()

    client.post(first, data={"answer": "accepted", "word": "Avec plaisir"})
    later = client.post(second, data={"answer": "declined"}, follow_redirects=True)

    db.session.expire_all()
    assert (row(absence_id).answer, row(absence_id).answered_by_id) == (Answer.ACCEPTED, ines.id)
    assert "a déjà répondu" in later.text
    assert "Inès Roux a répondu" in later.text
    assert 'name="answer"' not in later.text
    assert 'name="answer"' in client.get(first).text


def test_the_first_may_change_their_mind(anne, house, ines, luc):
    absence_id = declare(anne, house)
    answer(absence_id, ines)

    answer(absence_id, ines, Answer.DECLINED)

    assert row(absence_id).is_declined
    with pytest.raises(AnsweredBefore):
        answer(absence_id, luc)


def test_a_structure_that_declines_is_skipped_and_its_people_are_told_but_who_said_so(anne, house, ines, luc):
    absence_id = declare(anne, house)
    before = len(told())

    answer(absence_id, ines, Answer.DECLINED)

    assert sorted(news(before)) == sorted([("relay_answered", anne.id), ("relay_released", luc.id)])
    assert resolve(WEEK).aways[0].stretches[0].relay is None


@pytest.mark.parametrize(
    ("halves", "expected"),
    [({}, [True, False, True]), ({"from_noon": True, "until_noon": True}, [True, False, True])],
)
def test_a_structure_is_there_but_for_its_closings(make, anne, house, halves, expected):
    days = {"first_day": date(2026, 8, 18), "last_day": date(2026, 8, 19)}
    declare(anne, house)
    make.save(StructureClosing(structure_id=house.id, **days, **halves))

    (away,) = resolve(WEEK).aways

    assert [each.relay is not None for each in away.stretches] == expected
    closed = away.stretches[1].span
    hours = (10, 10) if halves else (22, 22)
    assert (closed.start.hour, closed.end.hour) == hours


def test_while_a_structure_is_closed_the_next_one_stands_in(make, anne, house, zoe):
    absence_id = declare(anne, house)
    make.save(Relay(absence_id=absence_id, rank=9, person_id=zoe.id))
    make.save(StructureClosing(structure_id=house.id, first_day=MONDAY, last_day=FRIDAY))

    assert [each.relay.name for each in resolve(WEEK).aways[0].stretches] == ["Dr Zoé Lenoir"]


def test_at_once_asks_those_of_the_structure_too_and_each_once(anne, house, ines, luc, zoe):
    absence_id = declare(anne, house, zoe, asks=Asks.AT_ONCE)

    assert sorted(each for each in news() if each[0] == "relay") == sorted(
        [("relay", zoe.id), ("relay", ines.id), ("relay", luc.id)]
    )
    assert row(absence_id).asked_at == clock.now()


def test_the_page_of_absences_asks_what_waits_for_an_answer_in_one_question(app, sign_in, make, anne, house, ines, zoe):
    browser = sign_in(house.accounts[ines.id])
    browser.get("/absences/")
    declare(anne, house)
    with counted(app) as few:
        page = browser.get("/absences/").text
    for number in range(3):
        declare(make.person(f"Rose{number}"), house)

    with counted(app) as many:
        browser.get("/absences/")

    assert ("On vous demande" in page, "avec MSP du Dunois" in page) == (True, True)
    assert 0 < len(few) == len(many)


def test_the_lists_name_whoever_is_asked_first_be_it_a_structure_or_a_line(make, anne, house, sign_in):
    desk = sign_in(make.account(role=Role.SECRETARY))
    line = make.line(name="Garde de nuit")
    declare(anne, house)
    make.save(Relay(absence_id=make.absence(make.person("Luc"), MONDAY, FRIDAY).id, rank=0, line_id=line.id))
    outside = {"outsider_name": "Dr Remplaçante", "outsider_phone": "+33261910203"}
    make.save(Relay(absence_id=make.absence(make.person("Rémi"), MONDAY, FRIDAY).id, rank=0, **outside))
    make.announce("continuity")

    page = desk.get("/absences/").text

    for name in ("MSP du Dunois", "Garde de nuit", "Dr Remplaçante"):
        assert f"relais\u202f: {name}" in page
    assert "sans relais" not in page


def test_a_structure_that_is_closed_and_nobody_after_it_is_to_settle_weeks_ahead(make, anne, house, sign_in):
    declare(anne, house)
    make.save(StructureClosing(structure_id=house.id, first_day=MONDAY, last_day=MONDAY))
    make.announce("directory")

    page = sign_in(make.account(role=Role.COORDINATOR)).get("/continuite/").text

    assert "relais prévu\u202f: MSP du Dunois, pas disponible" in page
    assert f'data-members="{anne.id}"' in page
