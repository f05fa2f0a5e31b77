import re
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from cpts_net import clock
from cpts_net.oncall.actions import hand_over_seat
from cpts_net.oncall.models import DutySeat, DutySlot, SlotState
from cpts_net.oncall.queries import live
from cpts_net.roles import Role
from cpts_net.storage.connections import db
from cpts_net.storage.transaction import transaction
from tests.counting import counted
from tests.house.page import read

EIGHT = datetime(2026, 8, 14, 6, tzinfo=UTC)  # A Friday, 8:00 in Paris.
TWO_HOURS = timedelta(hours=2)


@pytest.fixture
def line(make):
    return make.line(name="Soins non programmés", purpose="Rendez-vous en 48 h")


@pytest.fixture
def slot(make, line):
    return make.slot(line, EIGHT, EIGHT + TWO_HOURS)


@pytest.fixture
def anne(make):
    return make.person()


@pytest.fixture
def browser(make, sign_in, anne):
    return sign_in(make.account(anne))


@pytest.fixture
def desk(make, sign_in):
    return sign_in(make.account(role=Role.SECRETARY))


def seats(app):
    with app.app_context():
        return db.session.scalars(select(DutySeat).where(live())).all()


def test_overview_shows_my_next_duties_and_the_lines(browser, make, anne, line, slot):
    make.seat(slot, anne)
    make.slot(line, EIGHT + TWO_HOURS, EIGHT + 2 * TWO_HOURS)

    page = browser.get("/astreintes/").text

    assert "vendredi 14 août de 8\u202fh à 10\u202fh" in page
    assert "Soins non programmés" in page
    assert "1 place libre en quatre semaines" in page


def test_month_shows_who_serves_what_is_free_and_what_is_closed(browser, make, line, slot):
    make.seat(slot, make.person("Paul", "Roy"))
    free = make.slot(line, EIGHT + TWO_HOURS, EIGHT + 2 * TWO_HOURS)
    make.slot(line, EIGHT + 2 * TWO_HOURS, EIGHT + 3 * TWO_HOURS, state=SlotState.CLOSED, message="Appelez le 15.")

    page = browser.get("/astreintes/snp/?mois=2026-08").text

    assert "Dr Paul Roy" in page
    assert "personne" in page
    assert f"/astreintes/creneaux/{free.id}/prendre" in page
    assert f"/astreintes/creneaux/{slot.id}/prendre" not in page
    assert "Appelez le 15." in page
    assert 'id="jour-2026-08-14"' in page


@pytest.mark.parametrize(
    ("asked", "shown"), [("2026-12", "décembre 2026"), ("2026-13", "août 2026"), ("", "août 2026")]
)
def test_month_is_the_one_asked_for_or_the_present_one(browser, line, asked, shown):
    assert f'<h2 class="months-shown">{shown}</h2>' in browser.get(f"/astreintes/snp/?mois={asked}").text


def test_night_sunday_and_holiday_are_visible(browser, make, line):
    make.slot(line, datetime(2026, 8, 15, 18, tzinfo=UTC), datetime(2026, 8, 16, 6, tzinfo=UTC))

    page = browser.get("/astreintes/snp/").text

    assert "Assomption" in page
    assert "nuit" in page


def test_a_line_that_does_not_exist_is_not_found(browser):
    assert browser.get("/astreintes/rien/").status_code == 404


def test_one_tap_takes_a_seat_and_comes_back_to_it_with_an_undo(browser, app, anne, slot):
    response = browser.post(f"/astreintes/creneaux/{slot.id}/prendre")

    assert response.status_code == 303
    there = rf"/astreintes/snp/\?mois=2026-08&creneau={slot.id}&fait=pris&changement=(\d+)#creneau-{slot.id}"
    change = re.fullmatch(there, response.location)[1]
    (seat,) = seats(app)
    assert seat.person_id == anne.id
    page = browser.get(response.location).text
    assert "C’est noté" in page
    assert f"/astreintes/changements/{change}/annuler" in page
    assert browser.post(f"/astreintes/changements/{change}/annuler").status_code == 303
    assert seats(app) == []


def test_an_undo_is_offered_to_who_did_it_only(browser, sign_in, make, slot):
    place = browser.post(f"/astreintes/creneaux/{slot.id}/prendre").location
    change = re.search(r"changement=(\d+)", place)[1]
    other = sign_in(make.account(make.person()))

    assert "/annuler" not in other.get(place).text
    assert other.post(f"/astreintes/changements/{change}/annuler").status_code == 404


def test_giving_back_frees_the_seat_and_offers_to_undo_it(browser, app, make, anne, slot):
    seat = make.seat(slot, anne)

    response = browser.post(f"/astreintes/sieges/{seat.id}/rendre")

    assert (response.status_code, seats(app)) == (303, [])
    change = re.search(r"changement=(\d+)", response.location)[1]
    assert f"/astreintes/changements/{change}/annuler" in browser.get(response.location).text
    browser.post(f"/astreintes/changements/{change}/annuler")
    assert [each.id for each in seats(app)] == [seat.id]


def test_a_seat_during_my_leave_is_refused_with_the_reason_beside_it(browser, app, make, anne, slot):
    make.absence(anne, date(2026, 8, 10), date(2026, 8, 16))

    response = browser.post(f"/astreintes/creneaux/{slot.id}/prendre")

    assert response.status_code == 422
    assert "Vous avez une absence du lundi 10 au dimanche 16 août" in response.text
    assert seats(app) == []
    assert "pendant votre absence" in browser.get("/astreintes/snp/").text


def test_a_seat_beside_another_duty_is_refused_with_its_line(browser, make, anne, slot):
    night = make.slot(make.line("nuit", name="Nuit"), EIGHT - TWO_HOURS, EIGHT + TWO_HOURS)
    make.seat(night, anne)

    response = browser.post(f"/astreintes/creneaux/{slot.id}/prendre")

    assert response.status_code == 422
    assert "Vous êtes déjà d’astreinte (Nuit), vendredi 14 août de 6\u202fh à 10\u202fh." in response.text


def test_the_last_seat_gone_is_said(browser, make, slot):
    make.seat(slot, make.person())

    response = browser.post(f"/astreintes/creneaux/{slot.id}/prendre")

    assert response.status_code == 422
    assert "Quelqu’un vient de prendre la dernière place." in response.text


def test_a_nurse_is_not_offered_and_not_given_a_doctors_seat(make, sign_in, slot):
    nurse = sign_in(make.account(make.person(profession="60")))

    assert "/prendre" not in nurse.get("/astreintes/snp/").text
    response = nurse.post(f"/astreintes/creneaux/{slot.id}/prendre")
    assert response.status_code == 422
    assert "autres professions" in response.text


def test_a_past_slot_is_refused(browser, make, line):
    slot = make.slot(line, EIGHT - timedelta(days=7), EIGHT + TWO_HOURS - timedelta(days=7))

    response = browser.post(f"/astreintes/creneaux/{slot.id}/prendre")

    assert response.status_code == 422
    assert "Il est trop tard" in response.text


def test_nobody_gives_back_the_seat_of_another(browser, app, make, slot):
    seat = make.seat(slot, make.person())

    assert browser.post(f"/astreintes/sieges/{seat.id}/rendre").status_code == 404
    assert len(seats(app)) == 1


@pytest.mark.parametrize("address", ["/astreintes/creneaux/999/prendre", "/astreintes/sieges/999/rendre"])
def test_what_does_not_exist_is_not_found(browser, address):
    assert browser.post(address).status_code == 404


def test_an_account_without_a_member_takes_nothing(desk, slot):
    assert desk.post(f"/astreintes/creneaux/{slot.id}/prendre").status_code == 404


def test_the_staff_assigns_somebody_who_is_free(desk, app, make, anne, slot):
    away = make.person("Paul", "Roy")
    make.absence(away, date(2026, 8, 14), date(2026, 8, 14))
    nurse = make.person("Inès", "Boyer", profession="60")

    assert "Paul Roy" not in desk.get(f"/astreintes/creneaux/{slot.id}").text
    found = desk.get(f"/annuaire/choisir?pour=creneau&creneau={slot.id}&q=chateaudun").json["people"]
    assert [(each["id"], each["hindrance"]) for each in found] == [
        (anne.id, ""),
        (away.id, "absent le vendredi 14 août"),
        (nurse.id, "ne tient pas cette ligne"),
    ]

    response = desk.post(f"/astreintes/creneaux/{slot.id}/confier", data={"person": anne.id})

    assert response.status_code == 303
    assert [seat.person_id for seat in seats(app)] == [anne.id]


def test_a_second_profession_opens_a_line_to_somebody_and_its_gaps_concern_them(desk, make, sign_in, slot):
    zoe = make.person("Zoé", "Ay", profession="60", also=["10"])

    (found,) = desk.get(f"/annuaire/choisir?pour=creneau&creneau={slot.id}&q=ay").json["people"]

    assert (found["id"], found["hindrance"]) == (zoe.id, "")
    board = sign_in(make.account(zoe)).get("/continuite/").text
    assert 'data-own-professions="10 60"' in board
    assert f'id="gap-{slot.id}" class="row row-apart" data-professions="10" >' in board


def test_searching_whom_to_assign_gives_nobody_the_seat(desk, app, anne, slot):
    page = desk.post(f"/astreintes/creneaux/{slot.id}/confier", data={"chercher": "person", "person-q": "petit"})

    assert page.status_code == 200
    assert f'name="person" value="{anne.id}">' in page.text
    assert seats(app) == []


def test_the_staff_reads_why_somebody_cannot_be_assigned(desk, make, anne, slot):
    make.absence(anne, date(2026, 8, 14), date(2026, 8, 14))

    response = desk.post(f"/astreintes/creneaux/{slot.id}/confier", data={"person": anne.id})

    assert response.status_code == 422
    assert "Dr Anne Petit est absent le vendredi 14 août." in response.text


@pytest.mark.parametrize("given", [{}, {"person": "0"}, {"person": "999"}, {"person": "x"}])
def test_assigning_nobody_is_refused(desk, slot, given):
    response = desk.post(f"/astreintes/creneaux/{slot.id}/confier", data=given)

    assert response.status_code == 422


def test_the_staff_removes_a_holder(desk, app, make, anne, slot):
    seat = make.seat(slot, anne)
    assert f"/astreintes/sieges/{seat.id}/rendre" in desk.get(f"/astreintes/creneaux/{slot.id}").text

    response = desk.post(f"/astreintes/sieges/{seat.id}/rendre")

    assert (response.status_code, seats(app)) == (303, [])


def test_the_staff_closes_a_slot_with_a_message_and_opens_it_again(desk, app, slot):
    response = desk.post(f"/astreintes/creneaux/{slot.id}/fermer", data={"message": "Appelez le 15."})
    assert "Appelez le 15." in desk.get(response.location).text

    desk.post(f"/astreintes/creneaux/{slot.id}/rouvrir")

    with app.app_context():
        assert db.session.get(DutySlot, slot.id).state == SlotState.OPEN


@pytest.mark.parametrize(
    ("message", "sentence"),
    [("", "Dites quoi faire"), ("x" * 201, "200 caractères"), ("1 85 05 78 006 084 91", "sécurité sociale")],
)
def test_a_slot_is_not_closed_without_a_good_message(desk, app, slot, message, sentence):
    response = desk.post(f"/astreintes/creneaux/{slot.id}/fermer", data={"message": message})

    assert response.status_code == 422
    assert sentence in response.text
    with app.app_context():
        assert db.session.get(DutySlot, slot.id).state == SlotState.OPEN


@pytest.mark.parametrize("action", ["", "/confier", "/fermer", "/rouvrir"])
def test_members_do_not_manage_slots(browser, slot, action):
    call = browser.post if action else browser.get

    assert call(f"/astreintes/creneaux/{slot.id}{action}").status_code == 404


def test_month_takes_as_many_queries_for_three_slots_as_for_one(browser, app, make, line, slot):
    make.seat(slot, make.person())
    browser.get("/astreintes/snp/")  # Notes that the session was seen.
    with counted(app) as one:
        browser.get("/astreintes/snp/")
    for number in (1, 2):
        again = make.slot(line, EIGHT + number * TWO_HOURS, EIGHT + (number + 1) * TWO_HOURS)
        make.seat(again, make.person())
    make.announce("continuity")

    browser.get("/astreintes/snp/")  # What is kept is made anew after a change.
    with counted(app) as three:
        browser.get("/astreintes/snp/")

    assert len(three) == len(one)


def test_whom_the_desk_takes_out_is_whom_it_saw(desk, app, make, anne, slot):
    seat = make.seat(slot, anne)
    page = desk.get(f"/astreintes/creneaux/{slot.id}").text
    seen = re.search(r'name="holder" value="(\d+)"', page)[1]
    other = make.person("Luc", "Martin")
    with app.app_context(), transaction():
        hand_over_seat(seat.id, other.id, now=clock.now())

    response = desk.post(f"/astreintes/sieges/{seat.id}/rendre", data={"holder": seen})

    assert response.status_code == 422
    assert "Cette place vient de changer de mains" in response.text
    assert [each.person_id for each in seats(app)] == [other.id]


def test_naming_oneself_does_not_free_the_seat_of_another(browser, app, make, anne, slot):
    other = make.person("Luc", "Martin")
    seat = make.seat(slot, other)

    response = browser.post(f"/astreintes/sieges/{seat.id}/rendre", data={"holder": anne.id})

    assert response.status_code == 422
    assert [each.person_id for each in seats(app)] == [other.id]


def test_overview_asks_no_more_questions_when_there_is_more(browser, make, app, anne, line, slot):
    make.seat(slot, anne)
    browser.get("/astreintes/")  # Who asks is known from here on.
    make.announce("continuity")
    with counted(app) as few:
        browser.get("/astreintes/")
    with counted(app) as again:
        browser.get("/astreintes/")
    for number in (1, 2):
        other = make.line(name=f"Ligne {number}", slug=f"ligne-{number}")
        make.seat(make.slot(other, EIGHT + number * TWO_HOURS, EIGHT + (number + 1) * TWO_HOURS), anne)
    make.announce("continuity")

    with counted(app) as many:
        page = browser.get("/astreintes/").text

    assert "Ligne 2" in page
    assert len(few) == len(many) <= 7  # Two of them ask for the numbers of what is kept.
    assert again == []


def test_a_slot_that_ends_leaves_the_overview_at_that_instant(make, browser, anne, line, slot, frozen):
    make.seat(slot, anne)
    free = make.slot(line, EIGHT + TWO_HOURS / 4, EIGHT + TWO_HOURS / 2)
    before = browser.get("/astreintes/").text

    frozen.move_to(free.ends_at)
    between = browser.get("/astreintes/").text
    frozen.move_to(slot.ends_at)
    after = browser.get("/astreintes/").text

    assert ["En ce moment" in page for page in (before, between, after)] == [False, True, False]
    assert ["Aucune place libre" in page for page in (before, between)] == [False, True]
    assert "Aucune dans les douze semaines" in after


def test_two_who_see_the_same_month_part_when_one_of_them_serves(make, sign_in, browser, anne, line, slot):
    other = sign_in(make.account(make.person()))
    address = f"/astreintes/{line.slug}/?mois=2026-08"

    def forms(each):
        return re.findall(r'action="(/astreintes/\w+/\d+/\w+)"', each.get(address).text)

    before = [forms(each) for each in (browser, other)]
    browser.post(f"/astreintes/creneaux/{slot.id}/prendre")
    after = [forms(each) for each in (browser, other)]

    assert before[0] == before[1] == [f"/astreintes/creneaux/{slot.id}/prendre"]
    assert "/rendre" in after[0][0]
    assert "/rendre" not in "".join(after[1])
    assert "<strong>" in browser.get(address).text
    assert anne.display_name in read(other.get(address).text)
