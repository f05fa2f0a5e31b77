import re
from datetime import date, timedelta

import pytest

from cpts_net.roles import Role
from tests.conftest import NOW
from tests.counting import counted
from tests.house.page import read

DAY = date(2026, 8, 12)
SECTIONS = ("on-call", "filter-trade", "filter-commune", "absents", "absents-total", "strips", "to-settle")


@pytest.fixture
def reader(make, sign_in):
    """The browser of a nurse who is not on the lines of doctors."""
    nurse = make.person("Inès", "Boyer", profession="60")
    return sign_in(make.account(nurse))


def test_the_board_says_who_to_call_until_when_and_who_is_next(reader, make):
    line = make.line(name="Soins non programmés", phone="+33261919900")
    make.seat(make.slot(line, NOW, NOW + timedelta(hours=2)), make.person("Anne", "Petit"))
    make.seat(make.slot(line, NOW + timedelta(hours=2), NOW + timedelta(hours=4)), make.person("Bruno", "Roy"))

    page = reader.get("/continuite/").text

    assert "Dr Anne Petit" in page
    assert "jusqu’à 12\u202fh" in page
    assert 'href="tel:+33261919900"' in page
    assert "02\u00a061\u00a091\u00a099\u00a000" in page
    assert page.index("Ensuite") < page.index("Dr Bruno Roy")


def test_a_closed_line_says_when_it_opens_and_whom_to_call_meanwhile(reader, make):
    line = make.line(name="Garde infirmière", out_of_hours="La coordination, au 02 61 91 99 09.")
    make.seat(make.slot(line, NOW + timedelta(hours=4), NOW + timedelta(hours=8)), make.person("Anne", "Petit"))

    section = reader.get("/continuite/").text.split('id="on-call"')[1].split("</section>")[0]

    said = read(section).replace("\u202f", " ")
    assert "Aucune ligne n’est ouverte à cette heure." in said
    assert "ouvre aujourd’hui à 14 h · Dr Anne Petit" in said
    assert "En attendant : La coordination, au 02 61 91 99 09." in said
    assert 'href="tel:+33261919909"' in section


def test_a_line_that_is_closed_on_purpose_says_why_and_when_it_opens_again(reader, make):
    line = make.line()
    make.slot(line, NOW - timedelta(hours=1), NOW + timedelta(hours=1), state="closed", message="Inventaire")
    make.slot(line, NOW + timedelta(hours=1), NOW + timedelta(hours=3), state="closed", message="Inventaire")
    make.seat(make.slot(line, NOW + timedelta(hours=3), NOW + timedelta(hours=5)), make.person("Anne", "Petit"))

    said = read(reader.get("/continuite/").text).replace("\u202f", " ")

    assert "Fermé jusqu’à 11 h : Inventaire" in said
    assert "ouvre aujourd’hui à 13 h · Dr Anne Petit" in said
    assert "En attendant" not in said


def test_one_number_for_the_line_is_shown_once_for_all_who_answer(reader, make):
    line = make.line(seats_max=2)
    slot = make.slot(line, NOW, NOW + timedelta(hours=2))
    for number, name in enumerate(("Anne", "Bruno"), start=1):
        make.seat(slot, make.person(name), number=number)

    assert reader.get("/continuite/").text.count('class="call-now"') == 1


def test_what_is_to_be_settled_stands_above_the_absents(reader):
    page = reader.get("/continuite/").text

    assert page.index('id="on-call-title"') < page.index('id="to-settle-title"') < page.index('id="absents-title"')


def test_the_board_says_who_is_away_until_when_and_who_stands_in(reader, make):
    relay = make.person("Chloé", "Vidal", phone="+33261915555")
    make.absence(make.person("Anne", "Petit"), DAY, date(2026, 8, 14), relays=[relay], note="Cabinet ouvert le jeudi")

    page = reader.get("/continuite/").text

    for said in ("Dr Anne Petit", "sam. 15 août", "Dr Chloé Vidal", "tel:+33261915555", "Cabinet ouvert le jeudi"):
        assert said in page, said


def test_what_the_board_says_of_a_woman_agrees_with_her(reader, make):
    anne = make.person("Anne", "Petit", civility="MME")
    make.seat(make.slot(make.line(), NOW, NOW + timedelta(hours=2)), anne)
    make.absence(anne, DAY, DAY)

    page = reader.get("/continuite/").text

    assert "déclarée absente" in page
    assert "Cherche un remplaçant" in page


def test_whoever_is_away_is_said_to_be_so_in_the_directory(reader, make):
    anne, paul = make.person("Anne", "Petit", civility="MME"), make.person("Paul", "Petit", civility="M")
    for person in (anne, paul):
        make.absence(person, DAY, DAY)

    page = reader.get("/annuaire/?q=petit").text

    assert re.findall(r"Absente?, de retour", page) == ["Absente, de retour", "Absent, de retour"]


def test_filters_in_the_address_hide_the_others(reader, make):
    make.absence(make.person("Anne", "Lefèvre", commune="Brou"), DAY, DAY)
    make.absence(make.person("Paul", "Martin", commune="Bonneval"), DAY, DAY)
    make.absence(make.person("Zoé", "Noir", profession="60", commune="Brou"), DAY, DAY)

    def shown(**wanted):
        html = reader.get("/continuite/", query_string=wanted).text
        rows = [row.split(">", 1)[0] for row in html.split('<li class="away"')[1:]]
        return [
            name for name in ("lefevre", "martin", "noir") if any(name in row and "hidden" not in row for row in rows)
        ]

    assert shown() == ["lefevre", "martin", "noir"]
    assert shown(metier="infirmier") == ["noir"]
    assert shown(commune="Brou") == ["lefevre", "noir"]
    assert shown(nom="LEFÈV", metier="medecin-generaliste") == ["lefevre"]
    assert shown(nom="Dr anne lefevre") == ["lefevre"]


def test_a_filter_without_match_says_how_many_are_away(reader, make):
    make.absence(make.person("Anne", "Lefèvre"), DAY, DAY)
    make.absence(make.person("Paul", "Martin"), DAY, DAY)

    html = reader.get("/continuite/", query_string={"nom": "inconnue"}).text

    assert "Aucun absent ne correspond au filtre · 2 en tout · tout voir" in read(html)
    assert re.search('<section id="absents-medecin-generaliste"[^>]* hidden>', html)


def test_the_absent_stand_under_their_trades_and_single_specialists_together(reader, make):
    for name, specialty in (("Petit", "SM54"), ("Roy", "SM04"), ("Vidal", "SM18")):
        make.absence(make.person("Anne", name, specialty=specialty, civility="MME"), DAY, DAY)

    page = reader.get("/continuite/").text

    headings = re.findall(r'<section id="absents-([a-z-]+)"', page)
    assert headings == ["medecin-generaliste", "autre-medecin-specialiste"]
    assert "Médecins généralistes" in page
    assert page.index("Autres médecins spécialistes") < page.index("Cardiologue · ") < page.index("Gériatre · ")
    assert 'data-trade="cardiologue"' in page


def test_ones_own_trade_comes_first(reader, make):
    make.absence(make.person("Anne", "Petit"), DAY, DAY)
    make.absence(make.person("Zoé", "Noir", profession="60"), DAY, DAY)

    absents = reader.get("/continuite/").text.split('id="absents-title"')[1]

    assert absents.index("Zoé Noir") < absents.index("Anne Petit")


def test_the_staff_sees_all_there_is_to_settle_and_a_member_what_concerns_them(reader, make, sign_in):
    anne = make.person("Anne", "Petit")
    make.slot(make.line(name="Ligne des médecins"), NOW, NOW + timedelta(hours=2))

    def entries(browser):
        section = browser.get("/continuite/").text.split('id="to-settle"')[1].split("</section>")[0]
        return [entry.split(">", 1)[0] for entry in section.split("<li")[1:]]

    assert ["hidden" in entry for entry in entries(reader)] == [True]
    assert ["hidden" in entry for entry in entries(sign_in(make.account(anne)))] == [False]
    assert ["hidden" in entry for entry in entries(sign_in(make.account(role=Role.SECRETARY)))] == [False]


def test_the_sections_are_answered_once_for_each_revision(reader, make):
    make.absence(make.person(), DAY, DAY)
    first = reader.get("/continuite/sections")
    again = reader.get("/continuite/sections", headers={"If-None-Match": first.headers["ETag"]})

    make.absence(make.person("Paul", "Martin"), DAY, DAY)
    make.announce("continuity")
    changed = reader.get("/continuite/sections", headers={"If-None-Match": first.headers["ETag"]})

    assert (first.status_code, again.status_code, changed.status_code) == (200, 304, 200)
    assert "Paul Martin" in changed.json["sections"]["absents"]


def test_the_page_and_the_push_show_the_same(reader, make):
    make.absence(make.person("Anne", "Petit"), DAY, DAY)
    make.slot(make.line(), NOW, NOW + timedelta(hours=2))

    page = reader.get("/continuite/").text
    pushed = reader.get("/continuite/sections").json

    assert f'data-revision="{pushed["revision"]}"' in page
    assert pushed["sections"].keys() == set(SECTIONS)
    for name in SECTIONS[:-1]:  # Of the last each reader sees a part.
        assert pushed["sections"][name] in page, name


def test_an_empty_territory_says_what_to_do(reader):
    page = reader.get("/continuite/").text

    assert "Aucune ligne d’astreinte" in page
    assert "Rien à régler" in page


def test_reading_the_board_again_costs_the_same_queries_with_more_rows(reader, make, app):
    make.absence(make.person(), DAY, DAY)
    reader.get("/continuite/")
    with counted(app) as few:
        reader.get("/continuite/")
    for number in range(5):
        make.absence(make.person(f"Anne{number}"), DAY, DAY)
    reader.get("/continuite/")
    with counted(app) as more:
        reader.get("/continuite/")

    assert len(few) == len(more) <= 8
