"""« Avis »: what I was told, as I may read it now; seen by a POST of the page."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from cpts_net import clock
from cpts_net.groups import actions as groups
from cpts_net.meetings.models import Invitation, Meeting
from cpts_net.notices.actions import About, notify
from cpts_net.notices.models import Notice
from cpts_net.oncall import actions as oncall
from cpts_net.oncall.notice_kinds import ASSIGNED, REMOVED
from cpts_net.storage.connections import db
from cpts_net.storage.transaction import transaction
from tests.conftest import NOW
from tests.counting import counted

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
    assert "Marquer comme lus" not in page


def test_a_notice_reads_as_its_mail_is_headed_and_leads_to_its_matter(app, reader, make, anne, slot):
    with app.app_context(), transaction():
        oncall.assign_seat(slot.id, anne.id, now=clock.now())

    page = reader.get("/avis/").text

    assert "Vous êtes d’astreinte : Ligne snp, jeudi 27 août de 10 h à 12 h" in page.replace("\u202f", " ")
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


def test_seen_by_the_page_itself_the_answer_is_empty(app, reader, tell):
    tell()
    page = reader.get("/avis/").text
    assert 'hx-trigger="load"' in page

    answer = press(reader, page, **{"HX-Request": "true"})

    assert (answer.status_code, answer.text, seen(app)) == (204, "", [True])


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


def test_what_is_new_stands_first_and_counts_beside_the_menu(app, reader, tell, frozen):
    tell(2)
    frozen.move_to(NOW + timedelta(hours=1))
    tell(kind=ASSIGNED)
    with app.app_context():
        last = max(db.session.scalars(select(Notice.id)))
    reader.post("/avis/vus", data={"avis": [last]})

    page = reader.get("/avis/").text
    assert page.index("nouveau") < page.index("Vous êtes d’astreinte")
    assert re.search(r'class="count">2<span class="visually-hidden"> avis non lus', page)
    assert "2 avis non lus" in reader.get("/plus/").text.replace("\xa0", " ")
    press(reader, page)
    assert 'class="count"' not in reader.get("/continuite/").text


def test_the_count_asks_nothing_while_nobody_was_told_anything(app, reader, tell):
    tell()
    reader.get("/a-propos/")
    reader.get("/a-propos/")

    with counted(app) as asked:
        assert 'class="count"' in reader.get("/a-propos/").text
    assert not [question for question in asked if "notice" in question]


def test_many_are_paged_and_asked_by_kind(app, reader, tell, make, anne):
    tell()
    tell(kind=ASSIGNED)
    reader.get("/avis/")
    with counted(app) as few:
        reader.get("/avis/")
    for number in range(15):
        tell(kind=ASSIGNED if number % 2 else REMOVED)
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
