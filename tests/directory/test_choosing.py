"""Choosing a person: who is found, in which order, how they are named, and what is refused."""

from datetime import date, timedelta

import pytest

from cpts_net.roles import Role
from tests.continuity.declared import EIGHT, TWO_HOURS, WEEK
from tests.counting import counted
from tests.factories import working_at


@pytest.fixture
def anne(make):
    return make.person()


@pytest.fixture
def browser(make, sign_in, anne):
    return sign_in(make.account(anne))


@pytest.fixture
def desk(make, sign_in):
    return sign_in(make.account(role=Role.COORDINATOR))


def search(browser, words, **said):
    response = browser.get("/annuaire/choisir", query_string={"q": words, **said})
    assert (response.status_code, response.mimetype) == (200, "application/json")
    return response.json


def found(browser, words, **said):
    return [person["name"] for person in search(browser, words, **said)["people"]]


@pytest.mark.parametrize("words", ["", " ", "z", "%", "\x00"])
def test_nobody_is_listed_before_something_is_typed(browser, words):
    assert search(browser, words)["people"] == []


def test_a_row_says_name_trade_in_its_gender_and_commune(browser, make):
    make.person("Inès", "Boyer", profession="60", civility="MME", commune="Brou")

    (row,) = search(browser, "boyer")["people"]

    assert (row["name"], row["about"], row["hindrance"]) == ("Inès Boyer", "Infirmière · Brou", "")
    assert (row["initials"], row["family"]) == ("IB", "care")


def test_at_most_eight_are_shown_and_the_others_counted(browser, make):
    for number in range(11):
        make.person("Paul", f"Roy{number}")

    answer = search(browser, "roy")

    assert len(answer["people"]) == 8
    assert answer["said"] == "Les 8 premières personnes sur 11\u202f: précisez."
    assert search(browser, "roy3")["said"] == "1 personne."


def test_whose_name_is_meant_comes_before_whose_commune_is(browser, make):
    make.person("Anne", "Albert", commune="Brou")
    make.person("Zoé", "Brousse", commune="Yèvres")

    assert found(browser, "brou") == ["Dr Zoé Brousse", "Dr Anne Albert"]


@pytest.mark.parametrize(
    "words", ["dr baron", "Dr. BARON", "baron david", "baorn", "medecin baron", "generaliste brou"]
)
def test_the_words_are_those_of_the_directory(browser, make, words):
    make.person("David", "Baron", commune="Brou")

    assert found(browser, words) == ["Dr David Baron"]


def test_whose_name_is_meant_is_known_by_every_spelling(browser, make):
    make.person("Anne", "Albert", commune="Legoffville")
    make.person("Loïc", "Le Goff", commune="Brou")

    assert found(browser, "legoff") == ["Dr Loïc Le Goff", "Dr Anne Albert"]


def test_namesakes_are_told_apart_by_commune_street_or_number(browser, make):
    def louise(commune, street="", rpps=None):
        site = working_at(street=street, commune=commune)
        return make.person("Louise", "Martin", profession="60", positions=[site], rpps=rpps)

    louise("Bonneval")
    louise("Châteaudun", "3 rue des Lilas")
    louise("Châteaudun", "8 rue du Pont", "10000000214")
    louise("Châteaudun", "8 rue du Pont", "10000000958")

    about = {person["about"] for person in search(browser, "martin")["people"]}

    assert about == {
        "Infirmier · Bonneval",
        "Infirmier · Châteaudun · 3 rue des Lilas",
        "Infirmier · Châteaudun · 8 rue du Pont · RPPS …0214",
        "Infirmier · Châteaudun · 8 rue du Pont · RPPS …0958",
    }


def test_who_is_hidden_is_found_by_the_staff_alone(browser, desk, make):
    make.person("Hélène", "Masson", is_hidden=True)

    assert (found(browser, "masson"), found(desk, "masson")) == ([], ["Dr Hélène Masson"])


def test_a_hidden_namesake_does_not_show_beside_the_other(browser, make):
    make.person("Louise", "Martin")
    make.person("Louise", "Martin", is_hidden=True)

    (row,) = search(browser, "martin")["people"]

    assert "RPPS" not in row["about"]


def test_an_rpps_number_finds_its_owner(browser, make):
    make.person("Inès", "Boyer", profession="60", rpps="10000000214")

    assert found(browser, "10000 000214") == ["Inès Boyer"]
    assert found(browser, "10000000215") == []


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("pour=compte&q=petit", 404),
        ("pour=absence&q=petit", 404),
        ("pour=groupe&q=petit", 404),
        ("pour=groupe&groupe=999999&q=petit", 404),
        ("pour=creneau&creneau=x&q=petit", 404),
        ("pour=relais&absence=7&q=petit", 404),
        ("pour=inconnu&q=petit", 404),
        ("pour=relais&first_day=demain&last_day=2026-08-01&member=x&q=petit", 200),
        ("pour=relais&first_day=2026-08-14&last_day=2026-08-01&q=petit", 200),
        ("q=" + "petit" * 500, 200),
    ],
)
def test_what_the_reader_may_not_choose_for_does_not_exist(browser, address, status):
    assert browser.get(f"/annuaire/choisir?{address}").status_code == status


def test_a_script_that_reads_the_directory_out_is_slowed_down(browser, frozen):
    answers = [browser.get("/annuaire/choisir?q=petit") for _ in range(61)]

    assert {answer.status_code for answer in answers[:60]} == {200}
    assert answers[60].status_code == 429
    assert "attendez" in answers[60].json["said"]
    frozen.shift(timedelta(seconds=int(answers[60].headers["Retry-After"])))
    assert browser.get("/annuaire/choisir?q=petit").status_code == 200


def test_a_search_asks_the_database_no_more_in_a_large_community(app, browser, make):
    def questions():
        search(browser, "roy")
        with counted(app) as asked:
            search(browser, "roy")
        return len(asked)

    make.person("Paul", "Roy")
    with_few = questions()
    for number in range(30):
        make.person("Paul", f"Roy{number}")

    assert questions() == with_few


def test_the_absence_form_weighs_the_same_in_a_large_community(app, browser, desk, make, anne):
    """Some bytes more for the numbers that it says; every question is answered by some rows."""
    make.seat(make.slot(make.line(), EIGHT, EIGHT + TWO_HOURS), anne)
    absence = make.absence(anne, date(2026, 9, 1), date(2026, 9, 4), relays=[make.person("Jean", "Morel")])

    def weight(window):
        with counted(app) as asked:
            pages = [window.get(path).data for path in ("/absences/nouvelle", f"/absences/{absence.id}/modifier")]
            pages.append(window.post("/absences/apercu", data={**WEEK, "person": anne.id}).data)
        assert not [each for each in asked if "FROM person" in each and "WHERE" not in each and "DISTINCT" not in each]
        return [len(page) for page in pages], len(asked)

    def weights():
        """The second time: who asks is known, and the directory is in memory."""
        return [[weight(window), weight(window)][1] for window in (browser, desk)]

    few = weights()
    for number in range(300):
        make.person("Paul", f"Roy{number}")
    make.announce("directory", "sessions")

    for (sizes, questions), (before, as_many) in zip(weights(), few, strict=True):
        assert sizes == pytest.approx(before, abs=8)
        assert questions == as_many
