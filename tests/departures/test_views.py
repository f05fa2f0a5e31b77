import re
from datetime import UTC, date, datetime, timedelta

import pytest

from cpts_net.directory.models import Person
from cpts_net.oncall.models import DutySeat
from cpts_net.roles import Role
from cpts_net.storage.connections import db

EIGHT = datetime(2026, 8, 14, 6, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def desk(make, sign_in):
    return sign_in(make.account(role=Role.COORDINATOR))


@pytest.fixture
def anne(make):
    return make.person("Anne", "Petit", specialty="SM54")


@pytest.fixture
def again(make):
    return make.person("Anne", "Petit", profession="60", title="DR", commune="Brou")


def person(app, person_id):
    with app.app_context():
        return db.session.get(Person, person_id)


def choices(page, side="one"):
    """Every question of the page, answered alike."""
    return dict.fromkeys(dict.fromkeys(re.findall(r'name="(choix-[^"]+)"', page)), side)


def test_the_staff_chooses_the_other_row_by_name(desk, anne, again):
    address = f"/annuaire/{anne.id}/fusionner"

    found = desk.get(f"/annuaire/choisir?pour=fusion&fiche={anne.id}&q=petit").json["people"]
    response = desk.post(address, data={"person": again.id})

    assert [each["id"] for each in found] == [again.id]
    assert (response.status_code, response.location) == (303, f"{address}/{again.id}")
    assert "Choisissez l’autre fiche." in desk.post(address, data={"person": 0}).text
    assert "C’est la même fiche" in desk.post(address, data={"person": anne.id}).text


def test_the_page_shows_what_each_has_and_asks_what_cannot_be_both(make, desk, anne, again):
    line = make.line(name="Médecin de nuit", professions=["10", "60"])
    for starts_at, who in ((EIGHT, anne), (EIGHT + HOUR, again)):
        make.seat(make.slot(line, starts_at, starts_at + 2 * HOUR), who)

    page = desk.get(f"/annuaire/{anne.id}/fusionner/{again.id}").text

    assert "3 points à décider" in page
    for said in ("Quel numéro porter sur la fiche", f"RPPS {again.rpps}", "Médecin généraliste", "Infirmier"):
        assert said in page, said
    assert "Deux astreintes en même temps" in page
    assert page.count("Médecin de nuit, vendredi 14 août") == 2
    assert "checked" not in page


def test_what_is_not_decided_is_said_beside_it_and_nothing_is_done(desk, app, anne, again):
    address = f"/annuaire/{anne.id}/fusionner/{again.id}"

    response = desk.post(address, data={"choix-number": "other"})

    assert response.status_code == 422
    assert response.text.count("Choisissez l’une des deux") == 1
    assert re.search(r'id="choix-number-other"[^>]*checked', response.text)
    assert person(app, again.id).merged_into_id is None


def test_two_become_one_and_the_old_address_leads_to_it(desk, app, make, anne, again, rows):
    seat = make.seat(make.slot(make.line(professions=["60"]), EIGHT, EIGHT + HOUR), again)
    address = f"/annuaire/{anne.id}/fusionner/{again.id}"

    response = desk.post(address, data=choices(desk.get(address).text))

    assert (response.status_code, response.location) == (303, f"/annuaire/{anne.id}")
    assert [each.person_id for each in rows(DutySeat) if each.id == seat.id] == [anne.id]
    assert desk.get(f"/annuaire/{again.id}").location == f"/annuaire/{anne.id}"
    page = desk.get(f"/annuaire/{anne.id}").text
    assert "Médecin généraliste · Infirmier" in page
    assert desk.get(address).status_code == 404


def test_an_account_of_a_higher_role_is_not_decided_over(make, sign_in, app, anne, again):
    make.account(again, Role.ADMINISTRATOR)
    make.account(anne)
    coordinator = sign_in(make.account(role=Role.COORDINATOR))
    address = f"/annuaire/{anne.id}/fusionner/{again.id}"

    page = coordinator.get(address).text
    response = coordinator.post(address, data=choices(page))

    assert "Son compte a plus de droits que le vôtre" in page
    assert "Fusionner, sans retour" not in page
    assert response.status_code == 422
    assert person(app, again.id).merged_into_id is None


def test_a_secretary_merges_the_accounts_of_members(make, sign_in, app, anne, again):
    make.account(anne)
    make.account(again)
    secretary = sign_in(make.account(role=Role.SECRETARY))
    address = f"/annuaire/{anne.id}/fusionner/{again.id}"

    response = secretary.post(address, data=choices(secretary.get(address).text, "other"))

    assert response.location == f"/annuaire/{again.id}"
    assert person(app, anne.id).merged_into_id == again.id


def test_the_name_of_a_private_group_stays_private(make, desk, anne, again):
    group = make.group("Affaire délicate", leads=[anne, make.person("Luc", "Roy")], members=[again], is_private=True)

    page = desk.get(f"/annuaire/{anne.id}/fusionner/{again.id}").text
    leaving = desk.get(f"/annuaire/{anne.id}/depart?left_on=2026-08-20").text

    assert "un groupe privé, anime le groupe" in page
    assert "un groupe privé" in leaving
    assert group.name not in page + leaving


def test_the_departure_lists_what_ends_and_settles_it(make, desk, app, anne):
    line = make.line(name="Médecin de nuit")
    make.seat(make.slot(line, EIGHT, EIGHT + HOUR), anne)
    make.absence(make.person("Zoé", "Ay"), date(2026, 8, 20), date(2026, 8, 21), relays=[anne])
    make.group("Diabète", leads=[make.person("Luc", "Roy")], members=[anne])
    account = make.account(anne)
    address = f"/annuaire/{anne.id}/depart"

    page = desk.get(f"{address}?left_on=14/08/2026").text
    seen = re.search(r'name="seen" value="([^"]+)"', page)[1]
    response = desk.post(address, data={"left_on": "2026-08-14", "seen": seen})

    for said in ("Médecin de nuit, vendredi 14 août", "Dr Zoé Ay, du jeudi 20", "Diabète, membre", account.email):
        assert said in page, said
    assert response.location == f"/annuaire/{anne.id}"
    profile = desk.get(f"/annuaire/{anne.id}").text
    assert "Quitte la communauté le vendredi 14 août." in profile
    assert "Annuler ce départ" in profile
    assert person(app, anne.id).left_on == date(2026, 8, 14)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Dites à partir de quel jour."),
        ("2026-08-11", "Ce jour est passé"),
        ("2028-01-01", "Dans plus d’un an"),
        ("bientôt", "Écrivez la date"),
    ],
)
def test_a_day_that_cannot_be_gets_a_sentence_beside_the_field(desk, anne, typed, sentence):
    for response in (
        desk.get(f"/annuaire/{anne.id}/depart?left_on={typed}"),
        desk.post(f"/annuaire/{anne.id}/depart", data={"left_on": typed, "seen": ""}),
    ):
        assert response.status_code == 422
        assert sentence in re.search(r'(?s)id="left_on-error"[^>]*>(.*?)</p>', response.text)[1]


def test_what_changed_since_it_was_seen_is_shown_again(desk, app, anne):
    response = desk.post(f"/annuaire/{anne.id}/depart", data={"left_on": "2026-08-14", "seen": "other"})

    assert response.status_code == 422
    assert "Quelque chose a changé entre-temps" in response.text
    assert person(app, anne.id).left_on is None


def test_who_leads_alone_is_marked_and_stays(make, desk, app, anne):
    make.group("Diabète", leads=[anne])
    address = f"/annuaire/{anne.id}/depart"

    page = desk.get(f"{address}?left_on=2026-08-14").text
    seen = re.search(r'name="seen" value="([^"]+)"', page)[1]
    response = desk.post(address, data={"left_on": "2026-08-14", "seen": seen})

    assert "personne d’autre ne l’anime" in page
    assert "Nommez d’abord quelqu’un d’autre" in response.text
    assert person(app, anne.id).left_on is None


def test_who_has_left_keeps_a_name_alone_and_is_found_nowhere(make, desk, sign_in, app, anne):
    gone = make.person("Anne", "Petit", civility="MME", left_on=date(2026, 8, 12))
    colleague = sign_in(make.account(make.person("Luc", "Roy")))

    page = colleague.get(f"/annuaire/{gone.id}").text

    assert "Partie de la communauté le mercredi 12 août." in page
    assert "Lieu d’exercice" not in page
    assert f"/annuaire/{gone.id}" not in colleague.get("/annuaire/?q=petit").text
    assert [each["id"] for each in colleague.get("/annuaire/choisir?q=petit").json["people"]] == [anne.id]
    response = desk.post(f"/annuaire/{gone.id}/retour")
    assert response.location == f"/annuaire/{gone.id}"
    assert f"/annuaire/{gone.id}" in colleague.get("/annuaire/?q=petit").text


def test_colleagues_neither_merge_nor_retire_anybody(make, sign_in, anne, again):
    browser = sign_in(make.account(make.person("Luc", "Roy")))

    for address in (
        f"/annuaire/{anne.id}/fusionner",
        f"/annuaire/{anne.id}/fusionner/{again.id}",
        f"/annuaire/{anne.id}/depart",
    ):
        assert browser.get(address).status_code == 404
    assert "Fusionner" not in browser.get(f"/annuaire/{anne.id}").text
