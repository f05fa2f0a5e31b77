"""One's own planning as a grid, the sentence above it, and what changed."""

import re
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser

import pytest

from cpts_net import clock
from cpts_net.meetings.models import Invitation, Meeting
from cpts_net.notices.actions import About, notify
from cpts_net.oncall.notice_kinds import REMOVED
from cpts_net.storage.transaction import transaction
from tests.conftest import NOW
from tests.counting import counted
from tests.factories import held_by

EVENING = datetime(2026, 8, 12, 18, 0, tzinfo=UTC)


@pytest.fixture
def anne(make):
    return make.person()


@pytest.fixture
def browser(make, sign_in, anne):
    return sign_in(make.account(anne))


@pytest.fixture
def meet(make, anne):
    """Asks Anne to a meeting."""
    group = make.group(leads=[anne])

    def met(starts_at, **columns):
        ends_at, invitations = starts_at + timedelta(hours=2), [Invitation(person_id=anne.id)]
        hours = {"starts_at": starts_at, "ends_at": ends_at, "created_at": NOW}
        groups = held_by(group.id)
        return make.save(
            Meeting(meeting_groups=groups, title="Parcours plaies", invitations=invitations, **hours, **columns)
        )

    return met


class Cells(HTMLParser):
    """The cells of the grid, as somebody hears them."""

    def __init__(self, page):
        super().__init__()
        self.cells, self.links = [], []
        self.feed(page.text.partition('<table class="calendar">')[2].partition("</table>")[0])

    def handle_starttag(self, tag, attrs):
        if tag == "td":
            self.cells.append("")
        if tag == "a":
            self.links.append(dict(attrs)["href"])

    def handle_data(self, data):
        if self.cells:
            self.cells[-1] = f"{self.cells[-1]} {data}"

    def heard(self, number):
        return " ".join(self.cells[number].split())


def hero(page):
    return [
        " ".join(re.sub(r"<[^>]+>", " ", each).split())
        for each in re.findall(r'<p class="headline.*?</p>', page.text, re.DOTALL)
    ]


def test_each_day_says_what_is_on_it_and_leads_to_its_place_in_the_list(browser, make, anne):
    make.seat(make.slot(make.line("nuit"), EVENING, EVENING + timedelta(hours=12)), anne)
    make.absence(anne, date(2026, 8, 14), date(2026, 8, 16))

    page = browser.get("/mon-planning/")
    grid = Cells(page)

    # Today is Wednesday, the twelfth.
    assert grid.heard(0) == "10 août"
    assert grid.heard(2) == "12 astreinte 20 h"
    assert [grid.heard(number) for number in (4, 5, 6, 7)] == [
        "14 absence",
        "15 absence férié : Assomption",
        "16 absence",
        "17",
    ]
    assert grid.links == ["#jour-2026-08-12", *["#jour-2026-08-14"] * 3]
    assert all(f'id="{link[1:]}"' in page.text for link in grid.links)


def test_weeks_are_whole_and_their_columns_have_heads(browser, meet):
    meet(EVENING)

    page = browser.get("/mon-planning/").text

    assert page.count('<th scope="col"') == 7
    assert len(Cells(browser.get("/mon-planning/")).cells) % 7 == 0


def test_a_cancelled_meeting_is_not_what_comes_next_and_says_so(browser, meet, make, anne):
    meet(EVENING, cancelled_at=NOW - timedelta(hours=1))
    make.seat(make.slot(make.line("nuit"), EVENING + timedelta(days=1), EVENING + timedelta(days=2)), anne)

    page = browser.get("/mon-planning/")

    assert hero(page)[0] == "Vous êtes d’astreinte demain à 20 h."
    assert Cells(page).heard(2) == "12 réunion, annulée 20 h"


def test_the_next_thing_is_a_meeting_where_it_comes_first(browser, meet, make, anne):
    meet(EVENING)
    make.seat(make.slot(make.line("nuit", name="Nuit"), EVENING + timedelta(days=1), EVENING + timedelta(days=2)), anne)

    said = hero(browser.get("/mon-planning/"))

    assert said[0] == "Votre prochaine réunion : aujourd’hui à 20 h."
    assert said[1].startswith("Parcours plaies")
    assert said[2] == "Ensuite : Nuit, demain à 20 h"


def test_whoever_stands_in_now_reads_it_first_and_for_whom(browser, make, anne):
    make.absence(
        make.person("Zoé", "Noir"), date(2026, 8, 10), date(2026, 8, 14), relays=[anne], note="Clés à l’accueil"
    )

    page = browser.get("/mon-planning/")

    assert hero(page)[0] == "Vous êtes relais de Dr Zoé Noir, jusqu’au vendredi 14 août à minuit."
    assert "Je suis relais de" in page.text


def test_a_cover_under_way_lets_a_duty_of_the_same_day_pass(browser, make, anne):
    make.absence(make.person("Zoé", "Noir"), date(2026, 8, 10), date(2026, 8, 14), relays=[anne])
    make.seat(make.slot(make.line("nuit"), EVENING, EVENING + timedelta(hours=12)), anne)

    said = hero(browser.get("/mon-planning/"))

    assert said[0] == "Vous êtes d’astreinte ce soir à 20 h."
    assert said[-1].startswith("Ensuite : Relais de Dr Zoé Noir")


def test_what_changed_is_told_for_seven_days(app, browser, anne, frozen, sign_in):
    duty = {"line": "Nuit", "starts_at": EVENING, "ends_at": EVENING + timedelta(hours=12)}
    assert "Rien n’a changé" in browser.get("/mon-planning/").text
    with app.app_context(), transaction():
        notify(REMOVED, [anne.id], About("seat:1", before=duty), by=None, now=clock.now())

    told = browser.get("/mon-planning/").text
    frozen.move_to(NOW + timedelta(days=7))

    assert "Vous n’êtes plus d’astreinte" in told
    assert "Rien n’a changé" in browser.get("/mon-planning/").text


def test_planning_of_somebody_who_was_told_is_kept(app, browser, anne):
    duty = {"line": "Nuit", "starts_at": EVENING, "ends_at": EVENING + timedelta(hours=12)}
    with app.app_context(), transaction():
        notify(REMOVED, [anne.id], About("seat:1", before=duty), by=None, now=clock.now())
    browser.get("/mon-planning/")
    browser.get("/mon-planning/")  # Who asks is known from here on.

    with counted(app) as statements:
        browser.get("/mon-planning/")

    assert statements == []


def test_what_lasts_for_days_is_one_bar_a_week_and_says_once_whose_relay_it_is(browser, make, anne):
    make.absence(make.person("Zoé", "Noir"), date(2026, 8, 14), date(2026, 8, 18), relays=[anne])

    page = browser.get("/mon-planning/")

    assert re.findall(r"mark-runs-\d", page.text) == ["mark-runs-3", "mark-runs-2"]
    assert page.text.count('<span class="mark-words">Dr Zoé Noir</span>') == 2
    assert [Cells(page).heard(number) for number in (4, 8)] == ["14 relais Dr Zoé Noir", "18 relais Dr Zoé Noir"]


def test_a_bar_keeps_its_height_when_the_one_above_it_ends(make, browser, anne):
    make.absence(make.person("Zoé", "Noir"), date(2026, 8, 12), date(2026, 8, 13), relays=[anne])
    make.absence(make.person("Luc", "Blanc"), date(2026, 8, 13), date(2026, 8, 15), relays=[anne])

    page = browser.get("/mon-planning/").text
    friday = page.partition('<a class="calendar-cell" href="#jour-2026-08-13"')[2].partition("</a>")[2]

    assert friday.partition("</a>")[0].count('<span class="mark">') == 2
    assert "Dr Luc Blanc" in friday.partition("</a>")[0].rpartition('<span class="mark">')[2]
