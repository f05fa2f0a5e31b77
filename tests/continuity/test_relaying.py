"""Whoever stands in is asked, answers, and is told of each change, once."""

import re
from datetime import date, time

import pytest
from sqlalchemy import select

from cpts_net import clock
from cpts_net.calendars import items
from cpts_net.continuity import declaring
from cpts_net.continuity.resolver import resolve
from cpts_net.leave import queries
from cpts_net.leave.answer_links import answer_token
from cpts_net.leave.models import Relay
from cpts_net.leave.rules import Answer, AnswerTooLate, Asks, Declaration, Outsider
from cpts_net.roles import Role
from cpts_net.spans import Span, local_instant
from cpts_net.storage.connections import db
from cpts_net.storage.transaction import transaction
from tests.counting import counted
from tests.factories import working_at
from tests.telling import drawn_mails, told

MONDAY, FRIDAY = date(2026, 8, 17), date(2026, 8, 21)


@pytest.fixture
def zoe(make):
    return make.person("Zoé", "Lenoir")


@pytest.fixture
def all_sign_in(context, make, anne, paul, zoe):
    """Everybody has an account, and with it an address."""
    return {person.id: make.account(person) for person in (anne, paul, zoe)}


def declare(anne, *relays, last_day=FRIDAY, **given):
    wanted = Declaration(MONDAY, last_day, relay_ids=tuple(relay.id for relay in relays), **given)
    with transaction():
        return declaring.declare(anne.id, wanted, {}, actor_id=None, now=clock.now())


def change(absence_id, *relays, last_day=FRIDAY, **given):
    wanted = Declaration(MONDAY, last_day, relay_ids=tuple(relay.id for relay in relays), **given)
    with transaction():
        declaring.change(absence_id, wanted, {}, actor_id=None, now=clock.now())


def answer(absence_id, relay, said, word=""):
    with transaction():
        by = {"person_id": relay.id, "actor_id": None}
        declaring.answer(row(absence_id, relay).id, said, word, **by, now=clock.now(), seen=None)


def row(absence_id, relay):
    return db.session.scalars(select(Relay).where(Relay.absence_id == absence_id, Relay.person_id == relay.id)).one()


def news(since=0):
    """Who was told what, since so many notices."""
    return [(kind.removeprefix("leave."), person_id) for kind, _, person_id in told()][since:]


def test_only_on_whom_it_falls_is_asked(all_sign_in, anne, paul, zoe):
    absence_id = declare(anne, paul, zoe)

    assert row(absence_id, paul).asked_at == clock.now()
    assert row(absence_id, zoe).asked_at is None


def test_all_are_asked_at_once_where_the_absent_person_wants_it(all_sign_in, anne, paul, zoe):
    absence_id = declare(anne, paul, zoe, asks=Asks.AT_ONCE)

    assert row(absence_id, zoe).asked_at == clock.now()


def test_who_declines_is_skipped_and_the_next_one_is_asked(all_sign_in, anne, paul, zoe):
    absence_id = declare(anne, paul, zoe)

    answer(absence_id, paul, Answer.DECLINED, "Je pars aussi")

    assert row(absence_id, zoe).asked_at == clock.now()
    assert (row(absence_id, paul).answer, row(absence_id, paul).word) == (Answer.DECLINED, "Je pars aussi")


def test_a_relay_replaced_or_of_a_cancelled_leave_is_told_and_the_row_stays(all_sign_in, anne, paul, zoe):
    absence_id = declare(anne, paul)
    change(absence_id, zoe)
    with transaction():
        declaring.cancel(absence_id, actor_id=None, now=clock.now())

    relays = [each for each in news() if each[1] != anne.id]
    assert relays[:1] == [("relay", paul.id)]
    assert sorted(relays[1:3]) == sorted([("relay_released", paul.id), ("relay", zoe.id)])
    assert relays[3:] == [("relay_released", zoe.id)]
    assert row(absence_id, paul).withdrawn_at == clock.now()


def test_named_again_is_asked_again_in_the_same_row(all_sign_in, anne, paul, zoe):
    absence_id = declare(anne, paul)
    first = row(absence_id, paul).id
    answer(absence_id, paul, Answer.DECLINED)
    change(absence_id, zoe)

    change(absence_id, paul)

    again = row(absence_id, paul)
    assert (again.id, again.answer, again.withdrawn_at) == (first, "", None)
    assert again.asked_at == clock.now()


@pytest.mark.parametrize("shorter", [{"last_day": MONDAY}, {"until_time": time(12)}])
def test_a_shorter_leave_tells_the_relay_and_an_unchanged_one_nobody(all_sign_in, anne, paul, shorter):
    absence_id = declare(anne, paul)
    before = len(told())

    change(absence_id, paul)
    unchanged = news(before)
    change(absence_id, paul, **shorter)

    assert [each for each in unchanged if each[1] == paul.id] == []
    assert [each for each in news(before) if each[1] == paul.id] == [("relay_moved", paul.id)]


def test_who_stands_in_through_another_leave_is_told(all_sign_in, anne, paul, zoe):
    declare(anne, paul)
    before = len(told())

    declare(paul, zoe)

    # Of Paul's leave, and of Anne's that falls on her through it; Paul is released.
    assert sorted(each for each in news(before) if each[0] != "declared") == sorted(
        [("relay", zoe.id), ("relay_through", zoe.id), ("relay_released", paul.id)]
    )


def test_somebody_from_outside_ends_the_chain_with_a_number(all_sign_in, client, anne, paul, make, sign_in):
    declare(anne, outsider=Outsider("Dr Remplaçante", "+33261910203"))

    page = sign_in(make.account(make.person())).get("/continuite/?jour=2026-08-18").text

    assert "Relais absent aussi" not in page


def test_the_link_answers_without_signing_in_and_looking_changes_nothing(all_sign_in, client, anne, paul):
    absence_id = declare(anne, paul)
    (mail,) = [mail for mail in drawn_mails() if mail.to == all_sign_in[paul.id].email]
    address = re.search(r"/absences/relais/\S+", mail.body)[0]

    page = client.get(address)
    assert (page.status_code, row(absence_id, paul).answered_at) == (200, None)
    assert "compte sur vous" in page.text
    client.post(address, data={"answer": "declined", "word": "Désolé"})

    db.session.expire_all()
    assert (row(absence_id, paul).answer, row(absence_id, paul).answered_at) == (Answer.DECLINED, clock.now())
    assert "Désolé" in client.get(address).text


def test_an_answer_to_a_leave_that_was_taken_back_is_refused(all_sign_in, anne, paul):
    absence_id = declare(anne, paul)
    with transaction():
        declaring.cancel(absence_id, actor_id=None, now=clock.now())

    with pytest.raises(AnswerTooLate):
        answer(absence_id, paul, Answer.ACCEPTED)


def test_a_number_without_a_name_and_a_name_without_a_number_are_refused(browser):
    data = {"first_day": "2026-08-17", "last_day": "2026-08-21", "relay": "0"}

    nameless = browser.post("/absences/nouvelle", data={**data, "outsider_phone": "0261910203"})
    numberless = browser.post("/absences/nouvelle", data={**data, "outsider_name": "Dr Remplaçante"})

    assert (nameless.status_code, "de qui est ce numéro" in nameless.text) == (422, True)
    assert (numberless.status_code, "Donnez son numéro" in numberless.text) == (422, True)


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ("paul", "Vous êtes le relais de Dr Anne Petit du lundi 17 au mercredi 19 août."),
        ("desk", "Dr Anne Petit compte sur cette personne du lundi 17 au mercredi 19 août."),
    ],
)
def test_declaring_a_leave_says_for_whom_one_stands_in_meanwhile(make, sign_in, anne, paul, desk, who, expected):
    make.absence(anne, date(2026, 8, 14), date(2026, 8, 19), relays=[paul])
    browser = desk if who == "desk" else sign_in(make.account(paul))

    page = browser.post("/absences/apercu", data={"person": paul.id, "first_day": MONDAY, "last_day": FRIDAY}).text

    assert expected in page


def test_who_was_asked_at_once_is_told_when_it_falls_on_them_and_when_it_is_taken_back(all_sign_in, anne, paul, zoe):
    """Not asked a second time, and released though nothing fell on them."""
    absence_id = declare(anne, paul, zoe, asks=Asks.AT_ONCE)
    first = declare(zoe, last_day=MONDAY)  # Away for a day: what she was asked stands.
    with transaction():
        declaring.cancel(first, actor_id=None, now=clock.now())
    before = len(told())

    answer(absence_id, paul, Answer.DECLINED)
    assert [each for each in news(before) if each[1] == zoe.id] == [("relay_moved", zoe.id)]
    answer(absence_id, paul, Answer.ACCEPTED)
    before = len(told())
    with transaction():
        declaring.cancel(absence_id, actor_id=None, now=clock.now())

    assert sorted(each for each in news(before) if each[1] != anne.id) == sorted(
        [("relay_released", paul.id), ("relay_released", zoe.id)]
    )


def test_a_relay_who_goes_away_tells_the_absent_person_and_the_coordinators_of_the_days_that_nobody_has(
    all_sign_in, make, anne, paul, zoe
):
    coordinator = make.account(role=Role.COORDINATOR)
    declare(anne, paul)
    before = len(told())

    absence_id = declare(paul, last_day=MONDAY)

    lost = [each for each in news(before) if each[0] == "relay_lost"]
    assert lost == [("relay_lost", anne.id), ("relay_lost", coordinator.person_id)]
    assert [mail.subject for mail in drawn_mails()][-2:] == [
        "Plus personne ne vous relaie le lundi 17 août",
        "Plus personne ne relaie Dr Anne Petit le lundi 17 août",
    ]
    before = len(told())
    change(absence_id, zoe, last_day=MONDAY)
    assert [each for each in news(before) if each[0] == "relay_lost"] == []


def test_who_declines_with_nobody_after_them_is_told_of_once_to_each(all_sign_in, make, anne, paul):
    coordinator = make.account(role=Role.COORDINATOR)
    absence_id = declare(anne, paul)
    before = len(told())

    answer(absence_id, paul, Answer.DECLINED)

    assert sorted(news(before)) == sorted([("relay_answered", anne.id), ("relay_lost", coordinator.person_id)])


def test_a_page_that_was_opened_before_the_days_moved_says_yes_to_nothing(all_sign_in, client, anne, paul):
    absence_id = declare(anne, paul)
    address = url_of(row(absence_id, paul), paul)
    seen = re.search(r'name="seen" value="(\w+)"', client.get(address).text)[1]
    change(absence_id, paul, last_day=MONDAY)

    page = client.post(address, data={"answer": "accepted", "seen": seen}, follow_redirects=True).text

    db.session.expire_all()
    assert row(absence_id, paul).answer == ""
    assert "Les jours ont changé entre-temps" in page


def url_of(relay, person):
    return f"/absences/relais/{answer_token(relay.id, person.id)}"


def test_the_state_that_a_form_has_seen_tells_a_structure_from_a_line(make, anne):
    line = make.line()
    place = make.save(working_at("MSP", person_id=anne.id, rank=1)).structure_id
    absences = [make.absence(make.person(), MONDAY, FRIDAY) for _ in range(2)]
    make.save(Relay(absence_id=absences[0].id, rank=0, line_id=line.id))
    make.save(Relay(absence_id=absences[1].id, rank=0, structure_id=place))
    with make.app.app_context():
        one, other = (queries.absence(each.id) for each in absences)
        other.every_relay[0].structure_id = line.id
        assert one.as_seen != other.as_seen
        db.session.rollback()


def test_what_a_feed_calls_a_cover_stays_when_the_relay_answers(all_sign_in, anne, paul):
    absence_id = declare(anne, paul)
    span = Span(local_instant(MONDAY, time(0), clock.zone()), local_instant(date(2026, 8, 22), time(0), clock.zone()))

    def uids():
        return [item.uid.partition("@")[0] for item in items.covers(resolve(span, person_id=paul.id).covers, paul.id)]

    before = uids()
    answer(absence_id, paul, Answer.ACCEPTED)
    after = uids()

    assert before == after == [f"cover-{absence_id}-{paul.id}-20260817T0000"]


def test_the_board_asks_no_more_questions_for_more_structures_lines_and_outsiders(app, make, desk, anne):
    line = make.line()
    places = [make.save(working_at(f"MSP {number}", person_id=anne.id, rank=1 + number)) for number in range(4)]
    targets = [
        *({"structure_id": place.structure_id} for place in places),
        {"line_id": line.id},
        {"outsider_name": "Dr X", "outsider_phone": "+33639980199"},
    ]

    def look(wanted):
        for target in wanted:
            make.save(Relay(absence_id=make.absence(make.person(), MONDAY, FRIDAY).id, rank=0, **target))
        make.announce("continuity")
        with counted(app) as questions:
            desk.get("/continuite/")
        return len(questions)

    desk.get("/continuite/")
    assert 0 < look(targets[:1]) == look(targets[1:])


def test_who_declined_while_nothing_fell_on_them_hears_nothing_more(all_sign_in, anne, paul, zoe):
    absence_id = declare(anne, paul, zoe, asks=Asks.AT_ONCE)
    answer(absence_id, zoe, Answer.DECLINED)
    before = len(told())

    change(absence_id, paul, zoe, last_day=MONDAY, asks=Asks.AT_ONCE)
    with transaction():
        declaring.cancel(absence_id, actor_id=None, now=clock.now())

    assert [each for each in news(before) if each[1] == zoe.id] == []
