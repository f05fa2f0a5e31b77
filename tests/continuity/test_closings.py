"""A closing of a structure makes an absence for each person ticked, and moves whoever relies on the structure."""

from datetime import UTC, date, datetime, time

import pytest
from sqlalchemy import select

from cpts_net import clock
from cpts_net.continuity import closings, declaring
from cpts_net.continuity.closings import AlreadyAway, ClosingSaid
from cpts_net.continuity.resolver import resolve
from cpts_net.directory.models import StructureClosing
from cpts_net.leave import queries
from cpts_net.leave.models import Absence, Relay
from cpts_net.leave.rules import Declaration
from cpts_net.roles import Role
from cpts_net.spans import Span
from cpts_net.storage.connections import db
from cpts_net.storage.transaction import transaction
from tests.continuity.test_structures_as_relays import House
from tests.telling import told

MONDAY, FRIDAY = date(2026, 8, 17), date(2026, 8, 21)
WEEK = Span(datetime(2026, 8, 16, 22, tzinfo=UTC), datetime(2026, 8, 21, 22, tzinfo=UTC))
TUESDAY_EIGHT = datetime(2026, 8, 18, 6, tzinfo=UTC)
DAYS = {"first_day": "2026-08-17", "last_day": "2026-08-21"}


@pytest.fixture
def house(make, anne, context):
    make.account(anne)
    return House(make, anne)


@pytest.fixture
def ines(house):
    return house.worker("Inès")


@pytest.fixture
def secretary(make, sign_in):
    return sign_in(make.account(role=Role.SECRETARY))


@pytest.fixture
def page(house):
    return f"/annuaire/structures/{house.id}/fermetures/nouvelle"


def close(house, *people, first_day=MONDAY, last_day=FRIDAY, **noons):
    said = ClosingSaid(first_day, last_day, **noons)
    with transaction():
        return closings.close(house.id, said, [each.id for each in people], actor_id=None, now=clock.now())


def reopen(closing_id, now=None):
    with transaction():
        return closings.reopen(closing_id, actor_id=None, now=now or clock.now())


def made():
    db.session.expire_all()
    return db.session.scalars(select(Absence).order_by(Absence.person_id, Absence.id)).all()


def seen(page):
    """What the second step of the form sends beside the boxes."""
    return {**DAYS, "seen": "2026-08-17 2026-08-21 00"}


def news():
    return [(kind.removeprefix("leave."), person_id) for kind, _, person_id in told()]


def test_each_person_ticked_is_away_because_of_the_closing(house, anne, ines):
    number = close(house, anne, ines, from_noon=True)

    assert [(each.person_id, each.closing_id, each.first_day, each.last_day) for each in made()] == [
        (anne.id, number, MONDAY, FRIDAY),
        (ines.id, number, MONDAY, FRIDAY),
    ]
    assert {(each.from_time, each.until_time) for each in made()} == {(time(12), None)}
    assert ("declared", anne.id) in news()


def test_those_without_a_leave_then_are_ticked(make, secretary, page, anne, ines):
    make.absence(ines, date(2026, 8, 20), date(2026, 8, 28))
    make.absence(anne, date(2026, 8, 1), None, weekdays="4")

    answer = secretary.post(page, data=DAYS)

    assert answer.status_code == 200
    boxes = {
        person.id: "checked" in next(tag for tag in answer.text.split("<") if f'value="{person.id}"' in tag)
        for person in (anne, ines)
    }
    assert boxes == {anne.id: True, ines.id: False}
    assert "Inès Roux · déjà en congé à ce moment" in answer.text
    assert len(made()) == 2


def test_other_days_are_asked_anew(secretary, page, anne):
    secretary.post(page, data={**seen(page), "last_day": "2026-08-20", "people": anne.id})

    assert made() == []
    assert db.session.scalars(select(StructureClosing)).all() == []


def test_who_is_not_ticked_is_there(secretary, page, anne, ines):
    answer = secretary.post(page, data={**seen(page), "people": ines.id}, follow_redirects=True)

    assert [each.person_id for each in made()] == [ines.id]
    assert "La fermeture est notée, avec 1 absence." in answer.text


def test_nobody_of_elsewhere_is_sent_away(make, secretary, page, ines):
    stranger = make.person("Zoé", "Lenoir")

    answer = secretary.post(page, data={**seen(page), "people": stranger.id})

    assert answer.status_code == 422
    assert made() == []


def test_a_leave_declared_meanwhile_undoes_all_of_it(make, secretary, page, anne, ines):
    make.absence(ines, MONDAY, MONDAY)

    answer = secretary.post(page, data={**seen(page), "people": [anne.id, ines.id]})

    assert answer.status_code == 422
    assert "Inès Roux a déjà une absence" in answer.text
    assert [each.closing_id for each in made()] == [None]
    assert db.session.scalars(select(StructureClosing)).all() == []


def test_somebody_away_already_is_refused_by_name(make, house, anne, ines):
    make.absence(ines, MONDAY, MONDAY)

    with pytest.raises(AlreadyAway) as refused:
        close(house, anne, ines)

    assert refused.value.person_id == ines.id


@pytest.mark.parametrize(
    ("days", "sentence"),
    [
        ({"first_day": "2026-08-17", "last_day": "2028-08-17"}, "Un an au plus"),
        ({"first_day": "2024-08-17", "last_day": "2024-08-18"}, "remonte à plus d’un an"),
    ],
)
def test_days_on_which_nobody_can_be_away_get_a_sentence(secretary, page, anne, ines, days, sentence):
    key = f"{days['first_day']} {days['last_day']} 00"

    answer = secretary.post(page, data={**days, "seen": key, "people": ines.id})

    assert answer.status_code == 422
    assert sentence in answer.text


def test_duties_inside_are_counted_and_seek_somebody(make, secretary, house, page, ines):
    slot = make.slot(make.line(name="Soins non programmés"), TUESDAY_EIGHT, TUESDAY_EIGHT.replace(hour=8))
    make.seat(slot, ines)

    text = secretary.post(page, data=DAYS).text
    close(house, ines)

    assert "Inès Roux · 1 garde à remplacer" in text
    (duty,) = resolve(WEEK).duties
    assert (duty.holder.id, duty.seeks) == (ines.id, True)


def test_taking_it_back_cancels_what_has_not_begun(house, anne, ines):
    number = close(house, anne, ines)

    assert reopen(number) == 2

    assert all(each.cancelled_at for each in made())
    assert db.session.get(StructureClosing, number) is None
    assert ("cancelled", ines.id) in news()


def test_taking_it_back_ends_what_is_under_way_now(house, ines):
    number = close(house, ines)

    reopen(number, now=TUESDAY_EIGHT)

    (absence,) = made()
    assert (absence.cancelled_at, absence.last_day, absence.until_time) == (None, date(2026, 8, 18), time(8))
    assert absence.closing_id is None


def test_what_is_over_stays(house, ines):
    number = close(house, ines)

    assert reopen(number, now=datetime(2026, 8, 25, tzinfo=UTC)) == 0

    (absence,) = made()
    assert (absence.cancelled_at, absence.last_day, absence.until_time) == (None, FRIDAY, None)


def test_whoever_gave_theirs_other_days_keeps_it(house, anne, ines):
    number = close(house, anne, ines)
    own = made()[0]
    with transaction():
        longer = Declaration(MONDAY, date(2026, 8, 28))
        declaring.change(own.id, longer, {}, actor_id=None, now=clock.now())
    with transaction():
        other = Declaration(MONDAY, FRIDAY, note="Répondeur")
        declaring.change(made()[1].id, other, {}, actor_id=None, now=clock.now())

    reopen(number)

    assert [each.cancelled_at is None for each in made()] == [True, False]


def test_a_closing_moves_whoever_relies_on_the_structure_to_the_next(make, house, anne, ines):
    zoe, luc = make.person("Zoé", "Lenoir"), make.person("Luc", "Lebrun")
    for person in (zoe, luc):
        make.account(person)
    with transaction():
        wanted = Declaration(MONDAY, FRIDAY, structure_id=house.id)
        absence_id = declaring.declare(zoe.id, wanted, {}, actor_id=None, now=clock.now())
    make.save(Relay(absence_id=absence_id, rank=9, person_id=luc.id))
    before = len(news())

    close(house)

    assert sorted(news()[before:]) == sorted(
        [("relay", luc.id), ("relay_released", anne.id), ("relay_released", ines.id)]
    )
    db.session.expire_all()
    assert [each.asked_at is not None for each in queries.absence(absence_id).relays] == [True, True]


def test_whoever_relies_on_it_alone_is_told_once(make, house, ines):
    zoe = make.person("Zoé", "Lenoir")
    make.account(zoe)
    with transaction():
        declaring.declare(
            zoe.id, Declaration(MONDAY, FRIDAY, structure_id=house.id), {}, actor_id=None, now=clock.now()
        )
    before = len(news())

    number = close(house, ines)
    after = len(news())
    reopen(number)

    assert [each for each in news()[before:after] if each[1] == zoe.id] == [("relay_lost", zoe.id)]
    assert ("relay", ines.id) in [(kind.replace("relay_moved", "relay"), who) for kind, who in news()[after:]]
