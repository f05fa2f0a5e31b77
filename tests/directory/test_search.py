import re
from html import unescape

import pytest

from cpts_net.directory import actions, badges
from cpts_net.directory.badges import Badge, StandIn
from cpts_net.roles import Role
from tests.counting import counted
from tests.directory.extracts import LINES, changed, written
from tests.factories import working_at

PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.fixture
def people(make):
    """Four people who differ in what one searches for."""
    make.person("Anne", "Petit", profession="10", specialty="SM54", commune="Châteaudun")
    make.person("Inès", "Boyer", profession="60", commune="Brou", phone="+33261910002")
    make.person("Marie-Françoise", "Lefèvre-Da Silva", profession="60", commune="Châteaudun")
    make.person("Loïc", "Le Goff", profession="50", commune="Yèvres")


@pytest.fixture
def browser(make, sign_in):
    return sign_in(make.account(make.colleague(is_hidden=True)))


def names(page):
    """The names on the page, in order."""
    return [unescape(name) for name in re.findall(r'<p class="person-name">\s*<a[^>]*>\s*(.*?)\s*</a>', page.text)]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("", ["Inès Boyer", "Loïc Le Goff", "Marie-Françoise Lefèvre-Da Silva", "Dr Anne Petit"]),
        ("lefevre", ["Marie-Françoise Lefèvre-Da Silva"]),
        ("LEFÈVRE marie", ["Marie-Françoise Lefèvre-Da Silva"]),
        ("fèv", ["Marie-Françoise Lefèvre-Da Silva"]),
        ("infirmier", ["Inès Boyer", "Marie-Françoise Lefèvre-Da Silva"]),
        ("infirmier châteaudun", ["Marie-Françoise Lefèvre-Da Silva"]),
        ("chateaudun", ["Marie-Françoise Lefèvre-Da Silva", "Dr Anne Petit"]),
        ("sage-femme", ["Loïc Le Goff"]),
        ("le", ["Loïc Le Goff", "Marie-Françoise Lefèvre-Da Silva"]),
        ("le g", ["Loïc Le Goff"]),
        ("ff", []),
        ("personne de ce nom", []),
        ("% _ ' \x00", ["Inès Boyer", "Loïc Le Goff", "Marie-Françoise Lefèvre-Da Silva", "Dr Anne Petit"]),
    ],
)
def test_search_finds_every_word_in_whatever_case(people, browser, words, found):
    page = browser.get("/annuaire/", query_string={"q": words})

    assert names(page) == found


@pytest.mark.parametrize("words", ["garnier", "coordin", "helene coordinatrice"])
def test_search_finds_those_without_a_trade_by_name_and_function(people, browser, make, words):
    make.colleague("Hélène Garnier", function="Coordinatrice")

    page = browser.get("/annuaire/", query_string={"q": words})

    assert names(page) == ["Hélène Garnier"]
    assert "Coordinatrice" in page.text


@pytest.fixture
def neighbours(make):
    """People whose names and trades are looked for in other words than they are written."""
    cardiologist = {"specialty": "SM04", "civility": "M"}
    sites = [working_at("Cabinet du Mail", postal_code="28160", commune="Brou", phone="+33261910077")]
    make.person("Paul", "Baron", specialty="SM54", positions=sites)
    make.person("Luc", "Cœur", **cardiologist)
    make.person("Zoé", "Dulac", specialty="SM18", civility="MME")
    make.person("Yves", "Esprit", specialty="SM42")
    make.person("Rose", "Faure", specialty="SM40")
    make.person("Lise", "Gros", profession="95", civility="MME")
    make.person("Jean-Pierre", "Hardy", profession="70")
    make.person("Awa", "N'Diaye", profession="60", phone="3237")
    make.person("Maeve", "O’Brien", profession="60")
    make.person("Yann", "Le Goff", profession="60")
    make.person("Alix", "Saint-Jean", profession="60")


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("dr baron", "Baron"),
        ("Dr. Paul BARON", "Baron"),
        ("docteur baron", "Baron"),
        ("MG", "Baron"),
        ("généraliste", "Baron"),
        ("cabinet du mail", "Baron"),
        ("28160", "Baron"),
        ("02 61 91 00 77", "Baron"),
        ("0261910077", "Baron"),
        ("+33 2 61 91 00 77", "Baron"),
        ("0077", "Baron"),
        ("cardiologue", "Cœur"),
        ("coeur", "Cœur"),
        ("gériatre", "Dulac"),
        ("psychiatre", "Esprit"),
        ("pediatre", "Faure"),
        ("diététicienne", "Gros"),
        ("kiné", "Hardy"),
        ("jeanpierre", "Hardy"),
        ("jean pierre", "Hardy"),
        ("ndiaye", "N'Diaye"),
        ("n'diaye", "N'Diaye"),
        ("n diaye", "N'Diaye"),
        ("3237", "N'Diaye"),
        ("obrien", "O’Brien"),
        ("o brien", "O’Brien"),
        ("legoff", "Le Goff"),
        ("st jean", "Saint-Jean"),
        ("saint jean", "Saint-Jean"),
        ("stjean", "Saint-Jean"),
    ],
)
def test_people_are_found_as_they_are_spoken_of(neighbours, browser, words, found):
    people = names(browser.get("/annuaire/", query_string={"q": words}))

    assert len(people) == 1
    assert people[0].endswith(found)


@pytest.mark.parametrize("words", ["baran", "brron", "baronn", "bron", "abron", "dr baran brou", "cardiolgue"])
def test_one_slip_is_forgiven_where_nobody_else_is_meant(neighbours, browser, words):
    (found,) = names(browser.get("/annuaire/", query_string={"q": words}))

    assert found in {"Dr Paul Baron", "Dr Luc Cœur"}


def test_doctor_alone_is_all_doctors(neighbours, browser):
    assert len(names(browser.get("/annuaire/?q=dr"))) == 5


def test_a_private_number_finds_nobody(make, browser):
    make.person(private_phone="+33639980042")

    assert names(browser.get("/annuaire/?q=0639980042")) == []


def test_search_keeps_to_a_trade_and_a_commune(people, browser):
    nurses = browser.get("/annuaire/?metier=infirmier")
    nurses_there = browser.get("/annuaire/?metier=infirmier&commune=Brou")

    assert names(nurses) == ["Inès Boyer", "Marie-Françoise Lefèvre-Da Silva"]
    assert names(nurses_there) == ["Inès Boyer"]
    assert '<option value="infirmier" selected>' in " ".join(nurses.text.split())


@pytest.mark.parametrize(
    "nonsense", ["metier=%00", "commune=%00Brou%FF", "page=0", "page=-3", "page=x", "q=" + "x" * 5000]
)
def test_search_stands_nonsense_in_the_address(people, browser, nonsense):
    assert browser.get(f"/annuaire/?{nonsense}").status_code == 200


def test_search_says_that_a_page_beyond_the_last_is_empty(people, browser):
    page = browser.get("/annuaire/?page=99")

    assert page.status_code == 200
    assert "Cette page est vide." in page.text


def test_search_shows_what_one_needs_to_call(people, browser):
    page = browser.get("/annuaire/?q=boyer")

    assert 'href="tel:+33261910002"' in page.text
    assert "02\u00a061\u00a091\u00a000\u00a002" in page.text
    assert "Infirmier" in page.text
    assert "1 personne" in page.text


def test_search_fills_only_its_part_of_the_page_when_asked(people, browser):
    part = browser.get("/annuaire/?q=boyer&metier=&commune=", headers=PARTIAL)

    assert names(part) == ["Inès Boyer"]
    assert part.headers["HX-Replace-Url"] == "/annuaire/?q=boyer"
    assert "<html" not in part.text
    assert "<h1" not in part.text


def test_search_turns_pages_and_keeps_what_was_asked(make, browser):
    for number in range(51):
        make.person("Anne", f"Petit{number:03}", profession="60")
    make.person("Loïc", "Le Goff")

    first, second = browser.get("/annuaire/?q=petit"), browser.get("/annuaire/?q=petit&page=2")

    assert len(names(first)) == 50
    assert names(second) == ["Anne Petit050"]
    assert "51 personnes" in first.text
    assert 'href="/annuaire/?q=petit&amp;page=2"' in first.text
    assert 'href="/annuaire/?q=petit"' in second.text


def test_search_follows_an_import(app, browser, tmp_path):
    before = names(browser.get("/annuaire/"))
    with app.app_context():
        actions.import_extract(written(tmp_path, LINES[0]))
    imported = names(browser.get("/annuaire/"))
    with app.app_context():
        actions.import_extract(written(tmp_path, changed(LINES[0], Nom_d_exercice="WEBER", Libellé_commune="Brou")))
    renamed = browser.get("/annuaire/?commune=Brou")

    assert (before, imported, names(renamed)) == ([], ["Agnès Langlois"], ["Agnès Weber"])


def test_search_follows_the_wish_to_be_hidden(make, sign_in):
    anne = make.person()
    browser = sign_in(make.account(anne))
    before = names(browser.get("/annuaire/"))

    browser.post(f"/annuaire/{anne.id}/modifier", data={"is_hidden": "y"})

    assert (before, names(browser.get("/annuaire/"))) == (["Dr Anne Petit"], [])


def test_search_says_what_to_do_when_nobody_is_found(people, browser):
    assert "Personne ne correspond" in browser.get("/annuaire/?q=zzz").text


def test_search_of_an_empty_directory_says_so(browser):
    assert "encore vide" in browser.get("/annuaire/").text


def test_search_never_finds_the_hidden(make, sign_in):
    hidden = make.person("Anne", "Cachée", is_hidden=True)
    make.person("Inès", "Boyer", profession="60")

    unseen = make.colleague("Secrétariat", is_hidden=True)
    for account in (make.account(hidden), make.account(unseen, Role.SECRETARY)):
        assert names(sign_in(account).get("/annuaire/")) == ["Inès Boyer"]


def test_search_shows_live_badges(make, browser, monkeypatch, app):
    on_duty, away = make.person("Anne", "Petit"), make.person("Inès", "Boyer")
    given = {
        on_duty.id: Badge("duty", "D’astreinte jusqu’à 20 h"),
        away.id: Badge("away", "Absente jusqu’au 24", relay=StandIn(on_duty.id, "Dr Anne Petit", is_hidden=False)),
    }
    asked = []

    def provider(ids, now):
        asked.append((list(ids), now.isoformat()))
        return given

    monkeypatch.setitem(app.extensions, badges.KEY, provider)

    page = browser.get("/annuaire/")

    assert asked == [([away.id, on_duty.id], "2026-08-12T08:00:00+00:00")]
    text = " ".join(page.text.split())
    assert 'badge-away">Absente jusqu’au 24' in text
    assert f'</svg><a class="named" href="/annuaire/{on_duty.id}">Dr Anne Petit</a></span>' in text
    assert "D’astreinte jusqu’à 20 h" in text


def test_search_asks_the_database_no_more_for_three_than_for_one(app, make, browser):
    def two_sites():
        return [working_at(commune="Brou", phone="+33261910001") for at in range(2)]

    make.person("Anne", "Petit", specialty="SM54", positions=two_sites())
    browser.get("/annuaire/")  # What is told to whoever asks is known from here on.
    make.announce("directory", "notices", "sessions")
    with counted(app) as for_one:
        browser.get("/annuaire/")
    for name in ("Boyer", "Weber"):
        make.person("Anne", name, profession="60", positions=two_sites())
    make.announce("directory", "notices", "sessions")
    with counted(app) as for_three:
        page = browser.get("/annuaire/")

    assert len(names(page)) == 3
    assert len(for_three) == len(for_one)


def test_search_is_for_members_only(client):
    response = client.get("/annuaire/")

    assert (response.status_code, response.location) == (303, "/connexion?next=/annuaire/")
