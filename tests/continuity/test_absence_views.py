from datetime import date, time, timedelta

import pytest

from cpts_net import clock
from cpts_net.continuity import absence_views
from cpts_net.leave import actions as leave_actions
from cpts_net.leave.coming_queries import PER_PAGE
from cpts_net.leave.models import Absence
from cpts_net.storage.connections import db
from cpts_net.storage.transaction import transaction
from tests.continuity.declared import WEEK, absences, mails
from tests.counting import counted
from tests.house.page import read


def test_declaring_takes_one_form(browser, app, paul, revision_of):
    before = revision_of("continuity")

    response = browser.post(
        "/absences/nouvelle", data={**WEEK, "relay": paul.id, "note": "Joignable par SMS", "until_noon": "y"}
    )

    assert (response.status_code, response.location) == (303, "/absences/")
    (absence,) = absences(app)
    assert (absence.first_day, absence.last_day) == (date(2026, 8, 10), date(2026, 8, 16))
    assert (absence.from_time, absence.until_time, absence.note) == (None, time(12), "Joignable par SMS")
    assert [relay.person_id for relay in absence.relays] == [paul.id]
    assert revision_of("continuity") > before
    page = browser.get("/absences/").text
    assert "C’est enregistré\u202f: absence du lundi 10 au dimanche 16 août, jusqu’à midi le dernier jour." in page
    assert "relais : Dr Paul Roy" in read(page)


def test_who_is_left_out_of_the_directory_is_no_relay_to_choose(browser, desk, make, anne):
    hidden = make.person("Hélène", "Masson", is_hidden=True)
    theirs = make.absence(anne, date(2026, 8, 20), date(2026, 8, 21), relays=[hidden])

    def found(window):
        return [each["name"] for each in window.get("/annuaire/choisir?pour=relais&q=masson").json["people"]]

    assert found(browser) == []
    assert found(desk) == ["Dr Hélène Masson"]
    assert "Masson" in browser.get(f"/absences/{theirs.id}/modifier").text
    data = {"first_day": "2026-08-20", "last_day": "2026-08-21", "relay": hidden.id}
    assert browser.post(f"/absences/{theirs.id}/modifier", data=data).status_code == 303


def test_who_is_left_out_of_the_directory_is_not_chosen_by_their_number(browser, app, make, seat):
    hidden = make.person("Hélène", "Masson", is_hidden=True)

    relay = browser.post("/absences/nouvelle", data={**WEEK, "relay": hidden.id, f"garde-{seat.id}": "keep"})
    duty = browser.post(
        "/absences/nouvelle", data={**WEEK, f"garde-{seat.id}": "hand_over", f"pour-{seat.id}": hidden.id}
    )

    assert (relay.status_code, duty.status_code) == (422, 422)
    assert "n’est pas dans l’annuaire" in relay.text
    assert "Choisissez à qui." in duty.text
    assert "Masson" not in relay.text + duty.text
    assert absences(app) == []


def test_one_day_needs_one_date_and_a_date_may_be_typed_the_french_way(browser, app):
    browser.post("/absences/nouvelle", data={"first_day": "14/08/2026", "last_day": ""})

    (absence,) = absences(app)
    assert (absence.first_day, absence.last_day) == (date(2026, 8, 14), date(2026, 8, 14))


def test_nobody_relays_themselves(browser, app, anne):
    response = browser.post("/absences/nouvelle", data={**WEEK, "relay": anne.id})

    assert response.status_code == 422
    assert absences(app) == []


def test_an_overlap_with_my_own_leave_is_refused_and_names_it(browser, app, make, anne):
    make.absence(anne, date(2026, 8, 15), date(2026, 8, 20))

    response = browser.post("/absences/nouvelle", data=WEEK)

    assert response.status_code == 422
    assert "Vous avez déjà une absence du samedi 15 au jeudi 20 août" in response.text
    assert len(absences(app)) == 1


def test_relays_of_my_trade_come_first_and_those_away_are_greyed(browser, make, anne, paul):
    nurse = make.person("Inès", "Boyer", profession="60")
    far, near = make.person("Jean", "Morel", commune="Brou"), make.person("Zoé", "Weber")
    make.absence(paul, date(2026, 8, 14), date(2026, 8, 14))

    def found(words):
        return browser.get("/annuaire/choisir", query_string={**WEEK, "pour": "relais", "q": words}).json["people"]

    assert [each["id"] for each in found("medecin")] == [near.id, far.id, paul.id]
    assert [each["id"] for each in found("chateaudun")] == [near.id, paul.id, nurse.id]
    assert [each["hindrance"] for each in found("roy")] == ["absent aussi le vendredi 14 août"]


def test_a_relay_already_chosen_is_never_greyed(browser, make, paul):
    make.absence(paul, date(2026, 8, 14), date(2026, 8, 14))

    page = browser.post("/absences/nouvelle", data={**WEEK, "relay": paul.id, "chercher": "relay"}).text

    assert f'name="relay" value="{paul.id}" checked="checked">' in page


def test_a_relay_who_is_away_too_is_refused_with_the_days(browser, app, make, paul):
    make.absence(paul, date(2026, 8, 14), date(2026, 8, 14))

    response = browser.post("/absences/nouvelle", data={**WEEK, "relay": paul.id})

    assert response.status_code == 422
    assert "Cette personne est absente aussi, le vendredi 14 août" in response.text
    assert len(absences(app)) == 1


def test_a_relay_who_went_away_later_stays(browser, make, anne, paul):
    absence = make.absence(anne, date(2026, 8, 10), date(2026, 8, 16), relays=[paul])
    make.absence(paul, date(2026, 8, 14), date(2026, 8, 14))

    response = browser.post(f"/absences/{absence.id}/modifier", data={**WEEK, "relay": paul.id})

    assert response.status_code == 303


def test_the_preview_says_how_many_of_the_trade_would_be_left_on_the_worst_day(browser, make, paul):
    make.person("Jean", "Morel", specialty="SM54")
    make.absence(make.person("Léa", "Cœur", specialty="SM04"), date(2026, 8, 10), date(2026, 8, 16))
    make.absence(paul, date(2026, 8, 14), date(2026, 8, 20))

    page = browser.post("/absences/apercu", data=WEEK).text

    assert "Il resterait 1 médecin généraliste sur 3 le vendredi 14 août." in page


@pytest.mark.parametrize("typed", [{}, {"first_day": "2026"}, {"first_day": "2026-08-14", "last_day": "2026-08-01"}])
def test_the_preview_of_half_a_form_is_quiet(browser, paul, typed):
    response = browser.post("/absences/apercu", data=typed)

    assert response.status_code == 200
    assert "resterait" not in response.text


def test_changing_shows_what_was_declared_and_saves_the_rest(browser, app, make, anne, paul):
    absence = make.absence(anne, date(2026, 8, 10), date(2026, 8, 16), relays=[paul], note="Au revoir")

    page = browser.get(f"/absences/{absence.id}/modifier").text
    assert 'value="2026-08-10"' in page
    assert "Au revoir" in page
    assert f'name="relay" value="{paul.id}" checked="checked">' in page
    response = browser.post(
        f"/absences/{absence.id}/modifier", data={**WEEK, "last_day": "2026-08-12", "relay": paul.id}
    )

    assert response.status_code == 303
    assert absences(app)[0].last_day == date(2026, 8, 12)


def test_changing_keeps_relays_of_further_ranks(browser, app, make, anne, paul):
    jean = make.person("Jean", "Morel")
    absence = make.absence(anne, date(2026, 8, 10), date(2026, 8, 16), relays=[paul, jean])

    browser.post(f"/absences/{absence.id}/modifier", data={**WEEK, "relay": paul.id})

    assert [relay.person_id for relay in absences(app)[0].relays] == [paul.id, jean.id]


def test_nobody_as_first_relay_keeps_those_that_were_not_shown(browser, app, make, anne, paul):
    jean = make.person("Jean", "Morel")
    absence = make.absence(anne, date(2026, 8, 10), date(2026, 8, 16), relays=[paul, jean])

    browser.post(f"/absences/{absence.id}/modifier", data=WEEK)

    assert [relay.person_id for relay in absences(app)[0].relays] == [jean.id]


def test_relays_of_further_ranks_are_shown_added_and_taken_out(browser, app, make, anne, paul):
    jean, zoe = make.person("Jean", "Morel"), make.person("Zoé", "Weber")
    absence = make.absence(anne, date(2026, 8, 10), date(2026, 8, 16), relays=[paul, jean])
    address = f"/absences/{absence.id}/modifier"

    page = browser.get(address).text
    assert f'name="further" value="{jean.id}" checked="checked">' in page

    browser.post(address, data={**WEEK, "relay": paul.id, "further-q": "", "further": [jean.id, zoe.id]})
    added = [relay.person_id for relay in absences(app)[0].relays]
    browser.post(address, data={**WEEK, "relay": paul.id, "further-q": ""})

    assert added == [paul.id, jean.id, zoe.id]
    assert [relay.person_id for relay in absences(app)[0].relays] == [paul.id]


def test_cancelling_takes_it_back(browser, app, make, anne):
    absence = make.absence(anne, date(2026, 8, 10), date(2026, 8, 16))

    response = browser.post(f"/absences/{absence.id}/annuler")

    assert (response.status_code, response.location) == (303, "/absences/")
    assert absences(app)[0].cancelled_at is not None
    assert browser.post(f"/absences/{absence.id}/annuler").status_code == 404
    assert browser.get(f"/absences/{absence.id}/modifier").status_code == 404


@pytest.mark.parametrize(("method", "action"), [("get", "modifier"), ("post", "modifier"), ("post", "annuler")])
def test_the_absence_of_another_does_not_exist_for_me(browser, app, make, paul, method, action):
    absence = make.absence(paul, date(2026, 8, 10), date(2026, 8, 16))

    assert getattr(browser, method)(f"/absences/{absence.id}/{action}").status_code == 404
    assert absences(app)[0].cancelled_at is None


def test_a_member_declares_for_nobody_else(browser, app, anne, paul):
    browser.post("/absences/nouvelle", data={**WEEK, "person": paul.id})

    assert [absence.person_id for absence in absences(app)] == [anne.id]


def test_the_staff_declares_for_somebody_and_is_not_asked_why(desk, app, make, anne):
    hers = make.account(anne)
    assert "Dr Anne Petit" not in desk.get("/absences/nouvelle").text
    searched = desk.post("/absences/nouvelle", data={**WEEK, "person-q": "petit", "chercher": "person"})
    assert (searched.status_code, f'name="person" value="{anne.id}"' in searched.text) == (200, True)

    assert 'name="reason"' not in searched.text
    response = desk.post("/absences/nouvelle", data={**WEEK, "person": anne.id})

    assert response.status_code == 303
    assert [absence.person_id for absence in absences(app)] == [anne.id]
    assert mails(app) == [hers.email]


def test_the_staff_must_say_for_whom(desk, app):
    response = desk.post("/absences/nouvelle", data={**WEEK, "person": "0"})

    assert response.status_code == 422
    assert "Choisissez qui s’absente." in response.text


def test_the_staff_cancels(desk, app, make, anne):
    absence = make.absence(anne, date(2026, 8, 10), date(2026, 8, 16))

    response = desk.post(f"/absences/{absence.id}/annuler")

    assert response.status_code == 303
    assert absences(app)[0].cancelled_at is not None


def test_the_staff_sees_everybody_to_come_and_filters(desk, make, anne):
    nurse = make.person("Inès", "Boyer", profession="60")
    make.absence(anne, date(2026, 8, 10), date(2026, 8, 16))
    make.absence(nurse, date(2026, 9, 1), date(2026, 9, 2))
    make.absence(nurse, date(2026, 7, 1), date(2026, 7, 2))

    page = desk.get("/absences/").text
    assert page.index("Dr Anne Petit") < page.index("Inès Boyer")
    assert "juillet" not in page

    assert "Dr Anne Petit" not in desk.get("/absences/?metier=infirmier").text
    assert "Inès Boyer" not in desk.get("/absences/?nom=petit").text
    assert "Personne ne correspond au filtre" in desk.get("/absences/?nom=personne").text


def test_the_list_of_everybody_names_the_relay_that_is_asked_first(desk, make, anne, paul):
    first, second = paul, make.person("Luc", "Ferré")
    make.absence(anne, date(2026, 8, 20), date(2026, 8, 21), relays=[first, second])

    page = desk.get("/absences/").text

    assert f'<a class="named" href="/annuaire/{first.id}">{first.display_name}</a>' in page
    assert second.display_name not in page


def test_the_list_of_everybody_asks_no_more_questions_when_there_is_more(desk, app, make, anne, paul):
    make.absence(anne, date(2026, 8, 20), date(2026, 8, 21), relays=[paul])
    desk.get("/absences/")  # Who asks is known from here on.
    make.announce("continuity")
    with counted(app) as few:
        desk.get("/absences/")
    for number in range(3):
        make.absence(make.person(), date(2026, 9, 1 + number), date(2026, 9, 2 + number), relays=[anne, paul])
    make.announce("continuity")

    with counted(app) as many:
        desk.get("/absences/")
    with counted(app) as again:
        desk.get("/absences/")

    assert 0 < len(few) == len(many) <= 10
    assert again == []


def test_the_list_of_everybody_is_paged(desk, make, anne):
    first = date(2026, 8, 20)
    for number in range(PER_PAGE + 1):
        make.absence(anne, first + timedelta(days=2 * number), first + timedelta(days=2 * number))

    page, last = desk.get("/absences/").text, desk.get("/absences/?page=2").text

    assert page.count("/modifier") == PER_PAGE
    assert "Page suivante" in page
    assert last.count("/modifier") == 1
    assert "Page précédente" in last


def test_members_see_their_own_only(browser, make, anne, paul):
    make.absence(paul, date(2026, 8, 20), date(2026, 8, 21))
    make.absence(anne, date(2026, 7, 1), date(2026, 7, 2))

    page = browser.get("/absences/").text

    assert "Toute la communauté" not in page
    assert "Aucune absence à venir" in page
    assert "1 absence passée" in page


def test_whoever_has_no_trade_declares_leave_like_others(make, sign_in, rows):
    lea = make.colleague("Léa Roux", function="Coordinatrice")
    browser = sign_in(make.account(lea))

    days = {"first_day": "2026-08-12", "last_day": "2026-08-14", "kind": "holiday"}
    assert browser.post("/absences/apercu", data=days).status_code == 200
    assert browser.post("/absences/nouvelle", data=days).status_code == 303

    assert [absence.person_id for absence in rows(Absence)] == [lea.id]
    board = browser.get("/continuite/").text
    assert "Équipe et partenaires" in board
    assert "Léa Roux" in board
    assert "Coordinatrice" in board


@pytest.mark.parametrize("action", ["modifier", "annuler"])
def test_an_absence_that_was_cancelled_meanwhile_is_told(app, make, sign_in, monkeypatch, action):
    anne = make.person()
    absence = make.absence(anne, date(2026, 9, 1), date(2026, 9, 4))
    browser, seen = sign_in(make.account(anne)), absence_views.absence_to_change

    def and_then_it_is_cancelled(absence_id):
        found = seen(absence_id)
        monkeypatch.setattr(absence_views, "absence_to_change", seen)
        db.session.rollback()
        with transaction():
            leave_actions.cancel_absence(absence_id, actor_id=None, now=clock.now())
        return found

    monkeypatch.setattr(absence_views, "absence_to_change", and_then_it_is_cancelled)
    data = {"first_day": "2026-09-01", "last_day": "2026-09-05"}
    answer = browser.post(f"/absences/{absence.id}/{action}", data=data, follow_redirects=True)

    assert answer.status_code == 200
    assert "Cette absence était déjà annulée" in answer.text
