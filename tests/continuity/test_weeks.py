"""The planning of weeks: four of everybody, a row for whoever has something in them."""

import dataclasses
import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cpts_net import clock
from cpts_net.continuity.live_pages import WEEKS
from cpts_net.continuity.roster import Away, Colleague, Duty, Line, Relayed, Roster
from cpts_net.continuity.weeks import DAYS, Weeks, groups
from cpts_net.continuity.weeks_wording import Said
from cpts_net.meetings.models import Invitation, Meeting
from cpts_net.spans import Span, days_span
from cpts_net.web.without_request import under_public_url
from tests.conftest import NOW
from tests.counting import counted
from tests.factories import held_by
from tests.house.page import read

PARIS = ZoneInfo("Europe/Paris")
MONDAY = date(2026, 8, 10)
WEDNESDAY = date(2026, 8, 12)
PAGE = "/continuite/semaines/"
ANNE = Colleague(1, "Dr Anne Petit", "petit anne", "petit anne", None, "", "MME", "Brou", "")
LINE = Line(1, "snp", "Soins non programmés", "", 0, ())


def local(day, hour):
    return datetime.combine(day, time(hour), tzinfo=PARIS)


def away(first, last):
    span = days_span(first, last, PARIS)
    return Away(1, "absence-1", ANNE, False, span, "", (Relayed(span, (), None),))


def row_of(html, name):
    """The cells of somebody's row, in words."""
    (row,) = [row for row in re.findall(r'<tr id="weeks-\d+".*?</tr>', html, re.DOTALL) if name in row]
    return re.findall(r"<td.*?</td>", row, re.DOTALL)


@given(st.lists(st.tuples(st.integers(-40, 40), st.integers(0, 20)), max_size=4), st.lists(st.integers(-2, 30)))
def test_the_cells_of_a_row_take_every_day_once(absences, nights):
    aways = [
        away(MONDAY + timedelta(days=first), MONDAY + timedelta(days=first + length)) for first, length in absences
    ]
    duties = [
        Duty(
            at,
            at,
            LINE,
            Span(local(MONDAY + timedelta(days=at), 20), local(MONDAY + timedelta(days=at + 1), 8)),
            ANNE,
            False,
        )
        for at in nights
    ]

    found = groups(Roster(tuple(duties), (), (), tuple(aways)), Weeks(MONDAY), PARIS)

    for row in (row for group in found for row in group.rows):
        assert sum(cell.length for cell in row.cells) == DAYS
        assert [cell.first for cell in row.cells] == [
            sum(before.length for before in row.cells[:place]) for place in range(len(row.cells))
        ]
        for day in range(DAYS):
            (cell,) = [cell for cell in row.cells if cell.first <= day < cell.first + cell.length]
            assert cell.bars == tuple(bar for bar in row.bars if bar.on(day))


def test_a_leave_is_one_bar_with_who_stands_in_and_its_days(browser, make, anne, paul):
    make.absence(anne, WEDNESDAY, date(2026, 8, 14), relays=[paul])

    cells = row_of(browser.get(PAGE).text, "Dr Anne Petit")

    assert len(cells) == DAYS - 2
    assert 'colspan="3"' in cells[2]
    assert "→ Dr Paul Roy" in cells[2]
    assert "absent du mercredi 12 au vendredi 14 août, relais Dr Paul Roy" in read(cells[2])


def test_a_night_stands_on_the_day_on_which_it_begins(browser, make, anne):
    line = make.line(name="Médecin de nuit")
    make.seat(make.slot(line, local(WEDNESDAY, 20), local(WEDNESDAY + timedelta(days=1), 8)), anne)

    cells = row_of(browser.get(PAGE).text, "Dr Anne Petit")

    assert [place for place, cell in enumerate(cells) if "bar" in cell] == [2]
    assert "d’astreinte, Médecin de nuit, de 20\u202fh à 8\u202fh" in cells[2]
    assert ">MN<" in cells[2]


def test_slots_of_a_day_that_touch_are_one_bar(browser, make, anne):
    line = make.line()
    for hour in (8, 10, 14):
        make.seat(make.slot(line, local(WEDNESDAY, hour), local(WEDNESDAY, hour + 2)), anne)

    cells = row_of(browser.get(PAGE).text, "Dr Anne Petit")

    assert cells[2].count("bar-duty") == 1
    assert "de 8\u202fh à 12\u202fh, de 14\u202fh à 16\u202fh" in cells[2]


def test_only_those_who_have_something_are_drawn(browser, make, anne, paul):
    make.absence(paul, WEDNESDAY, WEDNESDAY)

    html = browser.get(PAGE).text

    assert re.findall(r'<tr id="weeks-(\d+)"', html) == [str(paul.id)]
    assert "1 personne absente ou d’astreinte" in read(html)


def test_nobody_has_anything(browser):
    assert "Personne n’est noté absent ni d’astreinte dans ces quatre semaines." in read(browser.get(PAGE).text)


@pytest.fixture
def meeting(make, anne, paul):
    """A meeting of a private group, to which Anne is asked."""
    group = make.group("Comité discret", leads=[anne], is_private=True)
    hours = {"starts_at": local(WEDNESDAY, 20), "ends_at": local(WEDNESDAY, 22)}
    asked = [Invitation(person_id=anne.id)]
    return make.save(
        Meeting(meeting_groups=held_by(group.id), title="Budget secret", created_at=NOW, invitations=asked, **hours)
    )


@pytest.mark.usefixtures("meeting")
@pytest.mark.parametrize("has_leave", [True, False])
def test_ones_own_meetings_stand_in_ones_own_row_and_nowhere_else(app, browser, make, sign_in, anne, paul, has_leave):
    if has_leave:
        make.absence(anne, WEDNESDAY + timedelta(days=5), WEDNESDAY + timedelta(days=5))
    other = sign_in(make.account(paul))

    mine, theirs = browser.get(PAGE).text, other.get(PAGE).text
    with under_public_url(app):
        pushed = WEEKS.picture(str(MONDAY), clock.now()).sections

    assert "réunion : Budget secret, de 20\u202fh à 22\u202fh" in mine.replace("\u202f:", " :")
    assert "Budget secret" not in theirs
    assert not any("Budget" in html for html in pushed.values())


def test_a_filter_without_a_match_says_how_many_there_are_without_it(browser, make, anne, paul):
    for person in (anne, paul):
        make.absence(person, WEDNESDAY, WEDNESDAY)

    html = browser.get(PAGE, query_string={"nom": "inconnue"}).text

    assert "Personne ne correspond au filtre · 2 en tout · tout voir" in read(html)
    assert '<tr id="weeks-' not in html


def test_filters_stand_in_the_address_and_in_its_links(browser, make, anne, paul):
    make.absence(anne, WEDNESDAY, WEDNESDAY)
    make.absence(make.person("Zoé", "Noir", profession="60", commune="Brou"), WEDNESDAY, WEDNESDAY)

    html = browser.get(PAGE, query_string={"metier": "infirmier", "commune": "Brou"}).text

    assert "Zoé Noir" in html
    assert '<tr id="weeks-infirmier-title"' in html
    assert '<tr id="weeks-medecin-generaliste-title"' not in html
    assert "du=2026-09-07&amp;metier=infirmier&amp;commune=Brou" in html


@pytest.mark.parametrize(
    ("asked", "said", "first"),
    [
        ({"du": "2026-09-16"}, "", "2026-09-14"),
        ({"du": "2026-08-12", "au": "2027-08-11"}, "Quatre semaines à la fois : du lundi 10 août", "2026-08-10"),
        ({"du": "2020-01-01"}, "Rien n’est gardé d’avant le lundi 4 mai.", "2026-05-04"),
        ({"du": "2026-05-06"}, "", "2026-05-04"),
        ({"du": "9999-12-31"}, "Rien n’est noté après le vendredi 11 août 2028.", "2028-08-07"),
        ({"du": "2026-02-31"}, "Cette date n’existe pas", "2026-08-10"),
        ({"du": "hier"}, "Cette date n’existe pas", "2026-08-10"),
    ],
)
def test_whoever_asks_for_other_weeks_gets_them_or_a_sentence(browser, make, anne, asked, said, first):
    make.absence(anne, date(2026, 5, 4), date(2026, 5, 8))

    html = browser.get(PAGE, query_string=asked).text

    remark = re.search(r'<p class="flash weeks-remark">(.*?)</p>', html)
    assert said in (remark[1].replace("\u202f:", " :") if remark else "")
    assert bool(said) == bool(remark)
    assert f'data-live="weeks:{first}"' in html


@pytest.mark.parametrize("key", ["2026-08-11", "2026-02-31", "2026-99-01"])
def test_weeks_that_begin_on_no_monday_are_no_page(app, key):
    with under_public_url(app), pytest.raises(LookupError):
        WEEKS.picture(key, clock.now())


@pytest.fixture
def zone(app, monkeypatch):
    """Set the zone of the school holidays."""

    def set_zone(name):
        monkeypatch.setitem(
            app.extensions, "settings", dataclasses.replace(app.extensions["settings"], school_zone=name)
        )

    return set_zone


def test_school_holidays_are_drawn_where_a_zone_is_set(browser, zone):
    zone("B")

    page = browser.get(PAGE, query_string={"du": "2027-02-15"}).text

    assert "Vacances, zone B" in page
    assert "Vacances d’hiver" in page
    assert "indicatif" not in page


def test_school_holidays_that_no_decree_names_yet_are_said_to_be_likely(browser, zone):
    zone("A")

    page = read(browser.get(PAGE, query_string={"du": "2028-07-03"}).text)

    assert "Vacances d’été (indicatif)" in page


def test_without_a_zone_the_key_says_that_none_are_drawn(browser):
    page = read(browser.get(PAGE, query_string={"du": "2027-02-15"}).text)

    assert "aucune n’est dessinée, la zone n’est pas réglée" in page
    assert "Vacances d’hiver" not in page


def test_public_holidays_are_named_in_their_column(browser):
    page = browser.get(PAGE).text

    assert "samedi 15 août, férié : Assomption" in read(page).replace("\u202f:", " :")


def test_the_page_asks_as_often_for_one_as_for_many(app, browser, make, anne):
    def absent(count):
        for number in range(count):
            make.absence(make.person(f"Anne{number}"), WEDNESDAY, WEDNESDAY)
        make.announce("continuity")
        browser.get(PAGE)
        make.announce("continuity")
        with counted(app) as queries:
            browser.get(PAGE)
        return len(queries)

    assert absent(1) == absent(5)


@pytest.mark.parametrize(
    ("short", "days", "stands"),
    [("→ Paul Roy", 5, "→ Paul Roy"), ("→ Paul Roy", 1, "→"), ("→ Paul Roy", 0.5, ""), ("SN", 1, "SN")],
)
def test_a_bar_holds_a_name_an_arrow_or_nothing_as_far_as_there_is_room(short, days, stands):
    assert Said(short, "").in_room_of(days) == stands
