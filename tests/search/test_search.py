"""The one search: every kind of thing, and nothing that does not exist for who searches."""

import re
from datetime import timedelta
from html import unescape

import pytest

from cpts_net import clock
from cpts_net.meetings.models import Invitation, Meeting, Poll
from cpts_net.roles import Role
from cpts_net.search import views
from tests.factories import held_by, working_at
from tests.house.community import EVERYBODY, Community
from tests.house.page import read

SIGNED_IN = [name for name, who in EVERYBODY.items() if who.role]
STAFF = {"secretary", "coordinator", "administrator"}


def found(page):
    """What was found, by the title of its kind."""
    sections = re.findall(r'<h2 id="trouve-\w+">(.*?)<span.*?</h2>(.*?)</section>', page.text, re.DOTALL)
    return {
        read(title): [
            unescape(name) for name in re.findall(r'person-name">\s*<a[^>]*>\s*(.*?)\s*</a>', rows, re.DOTALL)
        ]
        for title, rows in sections
    }


@pytest.fixture
def search(make, sign_in):
    browser = sign_in(make.account(make.colleague("Léa Roux")))
    return lambda words, **more: browser.get("/recherche/", query_string={"q": words, **more})


def test_one_search_finds_every_kind(search, make):
    make.person("Anne", "Quintal", positions=[working_at("Maison Quintal", commune="Brou")])
    make.line(name="Nuits Quintal")
    make.group("Club Quintal")
    people = [make.person("Inès", "Boyer")]
    group = make.group("Autre", members=people)
    make.save(Poll(group_id=group.id, title="Date Quintal", deadline=clock.now(), created_at=clock.now()))

    assert found(search("QUINTAL")) == {
        "Personnes": ["Dr Anne Quintal"],
        "Lignes de garde": ["Nuits Quintal"],
        "Structures": ["Maison Quintal"],
        "Groupes": ["Club Quintal"],
        "Réunions": ["Date Quintal"],
    }


@pytest.mark.parametrize("words", ["", "   ", "\x00"])
def test_without_words_nothing_is_sought(search, make, words):
    make.group("Club")

    page = search(words)

    assert page.status_code == 200
    assert found(page) == {}
    assert "Rien ne correspond" not in page.text


def test_without_a_hit_the_page_says_what_to_do(search):
    page = search("zzz <b>")

    assert "Rien ne correspond à «\u202fzzz &lt;b&gt;\u202f»" in page.text or "zzz &lt;b&gt;" in page.text
    assert 'href="/annuaire/"' in page.text


def test_more_than_a_few_of_a_kind_stand_on_pages_of_their_own(search, make, monkeypatch):
    monkeypatch.setattr(views, "PAGE_LENGTH", 4)
    for number in range(views.FIRST_FEW + 1):
        make.group(f"Club {number}")

    first = search("club")
    (pages,) = re.findall(r'href="(/recherche/\?q=club&amp;dans=groupes)"', first.text)
    second = search("club", dans="groupes", page=2)

    assert found(first) == {"Groupes": [f"Club {number}" for number in range(views.FIRST_FEW)]}
    assert pages
    assert found(second) == {"Groupes": ["Club 4", "Club 5", "Club 6"]}
    assert "7 résultats" in first.text


def test_nonsense_in_the_address_is_no_error(search, make):
    make.group("Club")

    assert found(search("club", dans="nulle-part", page="-3")) == {"Groupes": ["Club"]}
    assert search("x" * 5000).status_code == 200


SECRET = "Zwymbrask"


def planted(make):
    """A community with a word of its own in everything that somebody may not see."""
    community = Community(make, is_guarded=True)
    lead, hidden = community.members["lead"], make.person("Paul", SECRET, is_hidden=True)
    inside = {"members": [lead, hidden], "is_private": True}
    secret = make.group(f"Cercle {SECRET}", purpose=f"Parler de {SECRET}", **inside)
    plain = make.group("Cercle", purpose=f"Parler de {SECRET}", **inside)
    times = {"starts_at": clock.now(), "ends_at": clock.now() + timedelta(days=1), "created_at": clock.now()}
    make.save(
        Meeting(
            meeting_groups=held_by(secret.id),
            title=f"Séance {SECRET}",
            invitations=[Invitation(person_id=hidden.id)],
            **times,
        )
    )
    poll = {"title": f"Date {SECRET}", "deadline": clock.now(), "created_at": clock.now()}
    make.save(Poll(group_id=plain.id, **poll))
    return community


@pytest.mark.parametrize("name", SIGNED_IN)
def test_what_does_not_exist_for_somebody_is_neither_listed_nor_counted(make, sign_in, name):
    community = planted(make)
    hits = found(sign_in(community.accounts[name]).get(f"/recherche/?q={SECRET}"))
    expected = {}
    if name in STAFF:  # They know of those left out of the directory, and look after every meeting.
        expected = {"Personnes": [f"Dr Paul {SECRET}"], "Réunions": [f"Séance {SECRET}"]}
    if name == "lead":
        expected = {
            "Groupes": ["Cercle", f"Cercle {SECRET}"],
            "Réunions": [f"Séance {SECRET}", f"Date {SECRET}"],
        }

    assert hits == expected


@pytest.mark.parametrize("name", sorted(set(SIGNED_IN) - STAFF - {"lead"}))
def test_a_page_about_a_secret_reads_like_one_about_nothing(make, sign_in, name):
    browser = sign_in(planted(make).accounts[name])

    secret, nothing = (browser.get(f"/recherche/?q={words}").text for words in (SECRET, "Wzymbrask"))

    assert re.sub(SECRET, "", secret) == re.sub("Wzymbrask", "", nothing)


def test_a_guest_finds_those_of_their_groups_and_nothing_else(make, sign_in):
    guest = make.colleague("Léa Roux")
    make.group("Plaies", leads=[make.person("Anne", "Petit")], guests=[guest])
    make.group("Petits", members=[make.person("Luc", "Petit")])
    make.line(name="Petite garde")
    make.person("Zoé", "Petit", positions=[working_at("Cabinet Petit", commune="Brou")])
    browser = sign_in(make.account(guest, Role.GUEST))

    page = browser.get("/recherche/?q=petit")

    assert found(page) == {"Personnes": ["Dr Anne Petit"]}
    assert "tel:" not in page.text
    assert found(browser.get("/recherche/?q=plaies")) == {"Groupes": ["Plaies"]}


def test_the_search_stands_on_every_page_and_on_those_of_errors(make, sign_in):
    browser = sign_in(make.account())

    for path in ("/plus/", "/nulle-part"):
        page = browser.get(path).text
        assert '<form class="find" action="/recherche/"' in page
        assert 'href="/recherche/#q"' in page
