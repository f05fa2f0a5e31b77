"""« Quoi de neuf »: what I was told, as I may read it now; seen by a POST of the page."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from cpts_net import clock
from cpts_net.groups import actions as groups
from cpts_net.meetings.models import Invitation, Meeting
from cpts_net.meetings.notice_kinds import POLL_PROPOSED
from cpts_net.notices.actions import About, notify
from cpts_net.notices.models import Notice
from cpts_net.oncall import actions as oncall
from cpts_net.oncall.notice_kinds import ASSIGNED, REMOVED, SHORTENED
from cpts_net.storage.connections import db
from cpts_net.storage.transaction import transaction
from tests.conftest import NOW
from tests.counting import counted
from tests.house.page import read

THURSDAY = NOW + timedelta(days=15)


@pytest.fixture
def anne(make):
    return make.person("Anne", "Petit")


@pytest.fixture
def reader(make, sign_in, anne):
    return sign_in(make.account(anne))


@pytest.fixture
def slot(make):
    return make.slot(make.line(), THURSDAY, THURSDAY + timedelta(hours=2))


@pytest.fixture
def tell(app, anne):
    """Tell Anne of a duty that she has no more."""

    def told(count=1, kind=REMOVED, **columns):
        duty = {"line": "Nuit", "starts_at": THURSDAY, "ends_at": THURSDAY + timedelta(hours=2)}
        said = {"before": duty} if kind == REMOVED else {"after": duty}
        with app.app_context(), transaction():
            for number in range(count):
                notify(
                    kind, [anne.id], About(f"seat:{number + 1}", **said), **{"by": None, "now": clock.now(), **columns}
                )

    return told


def seen(app):
    with app.app_context():
        return [notice.seen_at is not None for notice in db.session.scalars(select(Notice).order_by(Notice.id))]


def press(browser, page, **headers):
    ids = re.findall(r'name="avis" value="(\d+)"', page)
    return browser.post("/avis/vus", data={"avis": ids}, headers=headers)


def test_nobody_told_anything_reads_so(reader):
    page = reader.get("/avis/").text

    assert "Rien encore." in page
    assert 'href="/mon-compte/avis"' in page
    assert "Marquer comme lus" not in page


def test_a_notice_reads_as_its_mail_is_headed_and_leads_to_its_matter(app, reader, make, anne, slot):
    with app.app_context(), transaction():
        oncall.assign_seat(slot.id, anne.id, now=clock.now())

    page = reader.get("/avis/").text

    # No line ends between a number and its hour.
    assert "Vous êtes d’astreinte\u202f: Ligne snp, jeudi 27 août de 10\u202fh à 12\u202fh" in page
    assert 'href="/mon-planning/"' in page
    assert "nouveau" in page


def test_a_loss_keeps_its_title_without_a_link(reader, tell):
    tell()

    page = reader.get("/avis/").text

    words = re.search(r'class="notice-words">(.*?)</p>', page, re.DOTALL)[1]
    assert "Vous n’êtes plus d’astreinte" in words
    assert "href" not in words


def test_what_i_may_no_longer_read_says_only_of_what_sort_it_was(app, reader, make, anne, sign_in):
    ines = make.person("Inès", "Boyer")
    group = make.group("Comité discret", leads=[ines], members=[anne], is_private=True)
    lead = sign_in(make.account(ines))
    dates = {"dates-0-day": "2026-08-27", "dates-0-at": "20:00", "last_day": "2026-08-20", "minutes": "60"}
    lead.post(f"/groupes/{group.id}/sondages/nouveau", data={"title": "Affaire secrète", **dates})
    assert "Affaire secrète" in reader.get("/avis/").text
    with app.app_context(), transaction():
        groups.remove_member(group.id, anne.id, actor_id=None, now=clock.now())

    page = reader.get("/avis/").text

    assert "Affaire secrète" not in page
    assert "Comité discret" not in page
    assert "Sondage de dates" in page
    assert "n’est plus visible pour vous" in page


def test_looking_marks_nothing_and_the_post_of_the_page_marks_what_it_showed(app, reader, tell, revision_of):
    tell(2)
    page = reader.get("/avis/").text
    assert seen(app) == [False, False]
    tell()

    answer = press(reader, page)

    assert (answer.status_code, answer.location) == (303, "/avis/")
    assert seen(app) == [True, True, False]


def test_seen_by_the_page_itself_the_answer_is_how_much_is_left(app, reader, tell):
    tell(2)
    page = reader.get("/avis/").text
    tell()

    answer = press(reader, page, **{"X-Live": "1"})

    assert (answer.status_code, answer.json, seen(app)) == (200, {"unread": 1}, [True, True, False])


def test_nothing_is_written_where_nothing_was_unseen(reader, tell, revision_of):
    tell()
    page = reader.get("/avis/").text
    press(reader, page)
    before = revision_of("notices")

    press(reader, page)
    reader.post("/avis/vus", data={})

    assert revision_of("notices") == before


def test_nobody_marks_what_somebody_else_was_told(app, make, sign_in, reader, tell):
    tell()
    page = reader.get("/avis/").text

    press(sign_in(make.account(make.person("Paul", "Roy"))), page)

    assert seen(app) == [False]


def test_whoever_marks_their_own_marks_nobody_else_s_with_it(app, make, sign_in, tell):
    tell()
    paul = make.person("Paul", "Roy")
    browser = sign_in(make.account(paul))
    with app.app_context(), transaction():
        notify(REMOVED, [paul.id], About("seat:9"), by=None, now=clock.now())
    with app.app_context():
        everything = list(db.session.scalars(select(Notice.id)))

    browser.post("/avis/vus", data={"avis": everything})

    assert seen(app) == [False, True]


def test_the_last_stands_first_and_what_is_new_stands_out_where_it_stands(app, reader, tell, frozen):
    tell(2)
    frozen.move_to(NOW + timedelta(hours=1))
    tell(kind=ASSIGNED)
    with app.app_context():
        last = max(db.session.scalars(select(Notice.id)))
    reader.post("/avis/vus", data={"avis": [last]})

    page = reader.get("/avis/").text

    assert page.index("Vous êtes d’astreinte") < page.index("nouveau")
    assert re.findall(r'class="notice (notice-new)?', page) == ["", "notice-new", "notice-new"]


def test_the_days_are_called_as_people_call_them(reader, tell, frozen):
    frozen.move_to(NOW.replace(hour=21, minute=59))  # One minute to midnight here.
    tell()
    frozen.shift(timedelta(minutes=1))
    tell()
    assert headings(reader) == ["aujourd’hui", "hier"]

    frozen.shift(timedelta(days=1))

    assert headings(reader) == ["hier", "mercredi 12 août"]


def headings(browser):
    return re.findall(r'<h2 id="news-[\d-]*">(.*?)</h2>', browser.get("/avis/").text)


def test_a_filter_shows_one_family_stays_in_the_address_and_says_what_it_hides(reader, tell, make, anne, app):
    tell(19)
    group = make.group(leads=[make.person("Inès", "Boyer")], members=[anne])
    with app.app_context(), transaction():
        groups.set_lead(group.id, anne.id, is_lead=True, actor_id=None, now=clock.now())
    tell(2)

    duties, led = (reader.get(f"/avis/?sorte={sort}").text for sort in ("astreintes", "groupes"))

    assert (duties.count('id="notice-'), led.count('id="notice-')) == (20, 1)
    assert "/avis/?sorte=astreintes&amp;page=2" in duties
    assert 'data-fragments="/avis/?sorte=groupes"' in led
    nothing = read(reader.get("/avis/?sorte=reunions").text)
    assert "Rien de cette sorte. Il y a 22 avis en tout. Tout montrer" in nothing
    assert reader.get("/avis/?sorte=nonsense").text.count('id="notice-') == 20


def test_a_notice_says_who_did_it_and_what_became_of_what(app, reader, make, anne, slot):
    claire = make.account(make.person("Claire", "Morel"))
    with app.app_context(), transaction():
        duty = {"line": "Nuit", "starts_at": THURSDAY, "ends_at": THURSDAY + timedelta(hours=2)}
        less = {**duty, "ends_at": THURSDAY + timedelta(hours=1)}
        notify(SHORTENED, [anne.id], About("seat:1", before=duty, after=less), by=claire.id, now=clock.now())

    page = reader.get("/avis/").text

    assert f'<a class="named" href="/annuaire/{claire.person_id}">Dr Claire Morel</a>' in page
    assert 'data-i="CM"' in page
    change = "avant : jeudi 27 août de 10 h à 12 h → maintenant : jeudi 27 août de 10 h à 11 h"
    assert f"{change} par Dr Claire Morel" in read(page).replace("\u202f", " ")


def test_a_meeting_that_moved_says_from_when_to_when(reader, make, anne, sign_in):
    ines = make.person("Inès", "Boyer")
    group = make.group("Plaies", leads=[ines], members=[anne])
    lead = sign_in(make.account(ines))
    typed = {"title": "Bilan", "day": "2026-08-20", "at": "18:00", "minutes": "60"}
    address = lead.post(f"/groupes/{group.id}/reunions/nouvelle", data=typed).location
    lead.post(f"{address}/modifier", data={**typed, "place": "Brou"})
    assert "avant" not in read(reader.get("/avis/").text)

    lead.post(f"{address}/modifier", data={**typed, "day": "2026-08-21", "at": "19:00"})

    page = read(reader.get("/avis/").text).replace("\u202f", " ")
    change = "avant : jeudi 20 août de 18 h à 19 h → maintenant : vendredi 21 août de 19 h à 20 h"
    assert f"{change} par Dr Inès Boyer" in page
    assert change in read(reader.get("/mon-planning/").text).replace("\u202f", " ")


def test_other_days_of_a_relay_say_which_they_were(reader, make, anne, sign_in):
    away = sign_in(make.account(make.person("Inès", "Boyer")))
    week = {"first_day": "2026-08-17", "last_day": "2026-08-18", "relay": anne.id}
    away.post("/absences/nouvelle", data=week)
    (address,) = set(re.findall(r"/absences/\d+/modifier", away.get("/absences/").text))
    seen = re.search(r'name="seen"[^>]*value="([^"]*)"', away.get(address).text)

    away.post(address, data={**week, "last_day": "2026-08-19", **({"seen": seen[1]} if seen else {})})

    page = read(reader.get("/avis/").text)
    assert "avant : du lundi 17 au mardi 18 août → maintenant : du lundi 17 au mercredi 19 août" in page


def test_what_one_did_oneself_says_so_and_asks_for_nobody(app, make, sign_in, anne, tell):
    account = make.account(anne)
    tell(by=account.id, includes_actor=True)

    assert "par vous" in sign_in(account).get("/avis/").text


def test_a_guest_reads_the_name_of_nobody_outside_of_their_groups(app, make, sign_in, tell, anne):
    guest = sign_in(make.account(anne, role="guest"))
    claire = make.account(make.person("Claire", "Morel"))
    tell(by=claire.id)
    assert "Morel" not in guest.get("/avis/").text

    make.group(leads=[claire.person], members=[anne])

    assert "Claire Morel" in guest.get("/avis/").text


def test_of_what_one_may_not_read_not_even_the_author_is_named(app, make, reader, anne):
    claire = make.account(make.person("Claire", "Morel"))
    with app.app_context(), transaction():
        notify(POLL_PROPOSED, [anne.id], About("poll:99"), by=claire.id, now=clock.now())

    page = reader.get("/avis/").text

    assert "n’est plus visible pour vous" in page
    assert "Morel" not in page


@pytest.mark.parametrize(("unread", "shown"), [(0, ""), (1, ", 1 avis non lu"), (3, ", 3 avis non lus")])
def test_every_page_has_a_bell_that_says_how_much_is_unread(reader, tell, unread, shown):
    tell(unread)

    for path in ("/a-propos/", "/continuite/", "/mon-planning/", "/avis/"):
        bells = re.findall(r'<a class="bell [^>]*href="/avis/"\s+aria-label="(.*?)"', reader.get(path).text)
        assert bells == [f"Quoi de neuf{shown}"] * 2, path


def test_a_guest_has_the_bell_and_many_are_not_counted_one_by_one(make, sign_in, anne, tell):
    guest = sign_in(make.account(anne, role="guest"))
    tell(101)

    assert "Quoi de neuf, 99+ avis non lus" in guest.get("/a-propos/").text


def test_read_in_one_browser_the_bell_is_still_in_the_other(make, sign_in, anne, tell):
    account = make.account(anne)
    phone, desk = sign_in(account), sign_in(account)
    tell()
    assert 'data-bell="1"' in desk.get("/a-propos/").text

    press(phone, phone.get("/avis/").text)

    assert 'data-bell="0"' in desk.get("/a-propos/").text


def test_the_bell_asks_nothing_while_nobody_was_told_anything(app, reader, tell):
    tell()
    reader.get("/a-propos/")
    with counted(app) as first:
        reader.get("/a-propos/")

    with counted(app) as asked:
        assert 'data-bell="1"' in reader.get("/a-propos/").text

    assert len(asked) == len(first)
    assert not [question for question in asked if "notice" in question]


def test_many_are_paged_and_asked_by_kind(app, reader, tell, make, anne):
    tell()
    tell(kind=ASSIGNED)
    reader.get("/avis/")
    with counted(app) as few:
        reader.get("/avis/")
    for number in range(15):
        tell(kind=ASSIGNED if number % 2 else REMOVED)
    reader.get("/avis/")
    with counted(app) as many:
        page = reader.get("/avis/").text

    assert len([*filter(_is_reading, many)]) == len([*filter(_is_reading, few)])
    tell(10)
    assert "page 1 sur 2" in reader.get("/avis/").text
    assert page.count('class="notice ') == 17


def _is_reading(question):
    return question.startswith("SELECT") and "count(" not in question and "FROM revision" not in question


def test_a_meeting_that_is_off_keeps_its_name(app, reader, make, anne, sign_in):
    ines = make.person("Inès", "Boyer")
    group = make.group("Plaies", leads=[ines], members=[anne])
    lead = sign_in(make.account(ines))
    typed = {"title": "Bilan", "day": "2026-08-27", "at": "20:00", "minutes": "60"}
    address = lead.post(f"/groupes/{group.id}/reunions/nouvelle", data=typed).location
    assert f'href="{address}"' in reader.get("/avis/").text

    lead.post(f"{address}/annuler")

    page = reader.get("/avis/").text.replace("\u202f", " ")
    assert "Réunion annulée : Bilan, jeudi 27 août à 20 h" in page
    with app.app_context():
        assert db.session.scalars(select(Meeting)).one().cancelled_at
        assert db.session.scalars(select(Invitation)).first()
