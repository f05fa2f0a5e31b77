"""One's own weeks ahead."""

import re
from datetime import UTC, date, datetime, time, timedelta

import pytest

from cpts_net.meetings.actions import answer_meeting
from cpts_net.meetings.models import Answer, Invitation, Meeting
from cpts_net.storage.connections import db
from cpts_net.storage.transaction import transaction
from tests.calendars import reading
from tests.conftest import NOW
from tests.counting import counted
from tests.factories import held_by

EVENING = datetime(2026, 8, 12, 18, 0, tzinfo=UTC)
MORNING = datetime(2026, 8, 13, 6, 0, tzinfo=UTC)


@pytest.fixture
def anne(make):
    return make.person()


@pytest.fixture
def owner(make, anne):
    return make.account(anne)


@pytest.fixture
def browser(sign_in, owner):
    return sign_in(owner)


@pytest.fixture
def duty(make, anne):
    """Puts Anne on call."""

    def made(starts_at, ends_at):
        return make.seat(make.slot(line, starts_at, ends_at), anne)

    line = make.line("nuit")
    return made


def listed(page):
    """The words of the list alone."""
    return " ".join(re.sub(r"<[^>]+>", " ", page.text.partition('<ol class="agenda">')[2]).split())


def words(page):
    return " ".join(re.sub(r"<[^>]+>", " ", page.text).split())


@pytest.mark.parametrize(
    ("now", "said"),
    [
        (datetime(2026, 8, 10, 8, tzinfo=UTC), "Votre prochaine astreinte : mercredi 12 août à 20 h."),
        (datetime(2026, 8, 11, 8, tzinfo=UTC), "Vous êtes d’astreinte demain à 20 h."),
        (datetime(2026, 8, 12, 8, tzinfo=UTC), "Vous êtes d’astreinte ce soir à 20 h."),
        (datetime(2026, 8, 12, 19, tzinfo=UTC), "Vous êtes d’astreinte jusqu’à demain 8 h."),
        (datetime(2026, 8, 13, 5, tzinfo=UTC), "Vous êtes d’astreinte jusqu’à 8 h."),
    ],
)
def test_next_duty_is_said_as_a_colleague_would(sign_in, owner, duty, frozen, now, said):
    duty(EVENING, MORNING)
    frozen.move_to(now)

    assert said in words(sign_in(owner).get("/mon-planning/"))


def test_duty_in_the_afternoon_is_today(browser, duty):
    duty(NOW + timedelta(hours=4), NOW + timedelta(hours=6))

    assert "Vous êtes d’astreinte aujourd’hui à 14 h." in words(browser.get("/mon-planning/"))


def test_entries_come_day_by_day(browser, duty, make, anne):
    duty(EVENING, MORNING)
    duty(NOW + timedelta(days=20), NOW + timedelta(days=20, hours=2))
    make.absence(anne, date(2026, 8, 10), date(2026, 8, 14), relays=[make.person("Paul", "Durand")])

    page = listed(browser.get("/mon-planning/"))

    assert page.index("Aujourd’hui") < page.index("Absence") < page.index("Astreinte") < page.index("1er septembre")
    assert "jusqu’au vendredi 14 août" in page
    assert "Relais : Dr Paul Durand" in page
    assert "20 h – 8 h, jeudi 13 août" in page
    assert "10 h – 12 h" in page


def test_a_duty_of_this_morning_is_gone_and_the_present_one_stays(browser, duty):
    duty(NOW - timedelta(hours=2), NOW - timedelta(minutes=1))
    duty(NOW - timedelta(minutes=1), NOW + timedelta(hours=2))

    page = " ".join(re.sub(r"<[^>]+>", " ", browser.get("/mon-planning/").text).split())

    assert page.count("Astreinte") == 1


def test_what_is_over_or_beyond_eight_weeks_is_left_out(browser, duty):
    duty(NOW - timedelta(days=2), NOW - timedelta(days=1, hours=20))
    duty(NOW + timedelta(weeks=8), NOW + timedelta(weeks=8, hours=2))

    assert "Rien de prévu" in browser.get("/mon-planning/").text


def test_duties_of_others_are_left_out(browser, duty, sign_in, make):
    duty(EVENING, MORNING)

    assert "Rien de prévu" in sign_in(make.account(make.person("Paul", "Durand"))).get("/mon-planning/").text


def test_account_without_a_member_sees_an_empty_planning(sign_in, make):
    assert "Rien de prévu" in sign_in(make.account()).get("/mon-planning/").text


def test_planning_shows_what_the_feed_shows(browser, subscribe, owner, duty, make, anne):
    duty(EVENING, MORNING)
    make.absence(anne, date(2026, 9, 1), date(2026, 9, 4))

    page = browser.get("/mon-planning/").text

    assert page.count('<li class="agenda-item ') == len(reading.events(subscribe(owner).body))


def test_planning_leads_to_the_subscriptions(browser):
    assert 'href="/abonnements/"' in browser.get("/mon-planning/").text


def test_entries_lead_to_where_they_are_changed(browser, duty, make, anne):
    duty(EVENING, MORNING)
    make.absence(anne, date(2026, 9, 1), date(2026, 9, 4))

    page = browser.get("/mon-planning/").text

    for path in ("/astreintes/nuit/", "/absences/"):
        assert f'href="{path}"' in page
        assert browser.get(path).status_code == 200


def test_planning_is_read_once_until_somebody_changes_it(browser, app, duty):
    duty(EVENING, MORNING)
    browser.get("/mon-planning/")
    browser.get("/mon-planning/")  # Who asks is known from here on.

    with counted(app) as statements:
        page = words(browser.get("/mon-planning/"))

    assert "Astreinte" in page
    assert statements == []


def test_planning_follows_what_one_takes_and_gives_back(browser, make, anne):
    slot = make.slot(make.line(), NOW + timedelta(days=2), NOW + timedelta(days=2, hours=4))
    assert "Astreinte" not in words(browser.get("/mon-planning/"))

    browser.post(f"/astreintes/creneaux/{slot.id}/prendre")

    assert "Astreinte" in words(browser.get("/mon-planning/"))


def test_planning_follows_the_answer_to_a_meeting(browser, make, app, anne):
    group = make.group(leads=[anne])
    hours = {"starts_at": NOW + timedelta(days=3), "ends_at": NOW + timedelta(days=3, hours=2), "created_at": NOW}
    invitations = [Invitation(person_id=anne.id)]
    meeting = make.save(
        Meeting(meeting_groups=held_by(group.id), title="Parcours plaies", invitations=invitations, **hours)
    )
    assert "Parcours plaies" in words(browser.get("/mon-planning/"))

    with app.app_context(), transaction():
        answer_meeting(db.session.get_one(Meeting, meeting.id), anne.id, Answer.NO, seen=None, now=NOW)

    assert "Parcours plaies" not in words(browser.get("/mon-planning/"))


def test_planning_lets_go_of_what_is_over_and_calls_the_day_by_its_name(browser, duty, sign_in, owner, frozen):
    duty(NOW + timedelta(hours=1), NOW + timedelta(hours=2))
    duty(NOW + timedelta(days=1), NOW + timedelta(days=1, hours=2))
    assert "Vous êtes d’astreinte aujourd’hui à 11 h." in words(browser.get("/mon-planning/"))

    frozen.move_to(NOW + timedelta(hours=3))
    later = words(browser.get("/mon-planning/"))
    frozen.move_to(NOW + timedelta(days=1, hours=-1))
    next_day = words(sign_in(owner).get("/mon-planning/"))

    assert "Vous êtes d’astreinte demain à 10 h." in later
    assert "Vous êtes d’astreinte aujourd’hui à 10 h." in next_day


def test_planning_is_kept_for_each_alone(browser, duty, sign_in, make):
    duty(EVENING, MORNING)
    other, nobody = sign_in(make.account(make.person("Luc", "Martin"))), sign_in(make.account())
    assert "Astreinte" in words(browser.get("/mon-planning/"))

    assert "Astreinte" not in words(other.get("/mon-planning/"))
    assert "Astreinte" not in words(nobody.get("/mon-planning/"))
    assert "Astreinte" in words(browser.get("/mon-planning/"))


def test_whoever_stands_in_finds_it_in_their_planning_and_feed(browser, subscribe, owner, make, anne):
    paul, zoe = make.person("Paul", "Roy"), make.person("Zoé", "Noir")
    absence = make.absence(paul, date(2026, 8, 20), date(2026, 8, 30), relays=[zoe], note="Clés à l’accueil")
    make.absence(zoe, date(2026, 8, 24), date(2026, 8, 25), from_time=time(12), relays=[anne])

    page = words(browser.get("/mon-planning/"))
    events = reading.events(subscribe(owner, "mine").body)

    assert "Relais de Dr Paul Roy Clés à l’accueil du lundi 24 août à 12 h au mardi 25 août" in page
    assert "Relais de Dr Zoé Noir" in page
    uid = f"cover-{absence.id}-{anne.id}-20260824T1200@"
    (event,) = (event for name, event in events.items() if name.startswith(uid))
    assert str(event["SUMMARY"]) == "Relais de Dr Paul Roy"
    assert (str(event["TRANSP"]), str(event["X-MICROSOFT-CDO-BUSYSTATUS"])) == ("TRANSPARENT", "FREE")
