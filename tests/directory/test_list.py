"""The list of the directory: letters, density, faces, and people of one name told apart."""

import re

import pytest

from cpts_net.directory import views
from cpts_net.storage.revisions import DIRECTORY
from tests.factories import working_at


@pytest.fixture
def browser(make, sign_in):
    return sign_in(make.account(make.colleague(is_hidden=True)))


@pytest.fixture
def short_pages(monkeypatch):
    monkeypatch.setattr(views, "PAGE_LENGTH", 2)


def lines(page):
    return re.findall(r'<li class="person">.*?</li>', page.text, re.DOTALL)


def test_letters_lead_to_the_page_on_which_they_begin(short_pages, browser, make):
    for given, family in [("Anne", "Adam"), ("Luc", "Étienne"), ("Zoé", "Eude"), ("Inès", "Martin")]:
        make.person(given, family)

    page = browser.get("/annuaire/")

    assert re.findall(r'<a href="([^"]*#lettre-\w)">(\w)</a>', page.text) == [
        ("/annuaire/#lettre-A", "A"),
        ("/annuaire/#lettre-E", "E"),
        ("/annuaire/?page=2#lettre-M", "M"),
    ]
    assert re.findall(r'id="lettre-(\w)"', page.text) == ["A", "E"]
    assert re.findall(r'id="lettre-(\w)"', browser.get("/annuaire/?page=2").text) == ["E", "M"]


def test_what_fits_on_a_page_has_no_letters(browser, make):
    make.person("Anne", "Adam")

    assert 'class="letters' not in browser.get("/annuaire/").text


def test_compact_is_chosen_and_stays_with_words_and_pages(short_pages, browser, make):
    for family in ("Adam", "Aubert", "Aubry"):
        make.person("Anne", family)

    page = browser.get("/annuaire/?q=anne&lignes=serrees")

    assert "people-dense" in page.text
    assert '<input type="hidden" name="lignes" value="serrees">' in page.text
    assert 'href="/annuaire/?q=anne&amp;lignes=serrees&amp;page=2"' in page.text
    assert 'href="/annuaire/?q=anne"' in page.text
    assert "people-dense" not in browser.get("/annuaire/?q=anne&lignes=autres").text


def test_people_who_read_alike_are_told_apart(browser, make):
    for street in ("1 rue du Mail", "9 rue Haute"):
        make.person("Inès", "Boyer", profession="60", positions=[working_at("", street=street, commune="Brou")])
    make.person("Inès", "Boyer", profession="70", commune="Brou")
    make.announce(DIRECTORY)

    nurse, other, masseuse = lines(browser.get("/annuaire/?q=boyer"))

    assert "Infirmier · Brou · 1 rue du Mail" in nurse
    assert "Infirmier · Brou · 9 rue Haute" in other
    assert " rue " not in masseuse


def test_a_line_has_a_face_and_a_number_that_rings(browser, make):
    make.person("Inès", "Boyer", profession="60", phone="+33261910002")

    (line,) = lines(browser.get("/annuaire/"))

    assert '<b class="face face-care" data-i="IB"></b>' in line
    assert 'href="tel:+33261910002"' in line
