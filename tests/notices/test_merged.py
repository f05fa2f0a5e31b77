"""Two rows of one person become one: what waits for either reaches them, and what either was told is theirs to read."""

import re
from datetime import timedelta

import pytest

from cpts_net import clock
from cpts_net.departures.actions import merge
from cpts_net.departures.queries import belongings
from cpts_net.departures.rules import Side, clashes
from cpts_net.notices import choice_actions, queries
from cpts_net.notices.actions import About, notify
from cpts_net.notices.models import Channel, Delivery, Notice, State
from cpts_net.notices.rules import When
from cpts_net.notices.timing import USUAL
from cpts_net.oncall.notice_kinds import ASSIGNED, TOMORROW
from cpts_net.roles import Role
from cpts_net.storage.transaction import transaction
from tests.conftest import NOW

START = NOW + timedelta(days=9)
NEXT_DIGEST = (NOW + timedelta(days=1)).replace(hour=5, minute=30)  # 7:30 in summer.


@pytest.fixture
def anne(make):
    return make.person("Anne", "Petit", specialty="SM54", phone="")


@pytest.fixture
def again(make):
    return make.person("Anne", "Petit", specialty="SM54", phone="")


@pytest.fixture
def account(make, anne, again):
    """Anne signs in by either row; she goes on by the first."""
    make.account(again, email="encore@cpts.example")
    return make.account(anne, email="anne@cpts.example")


@pytest.fixture
def seat(make, again):
    return make.seat(make.slot(make.line("Nuit"), START, START + timedelta(hours=2)), again)


@pytest.fixture
def tell(app, again, seat):
    """Tell her of her duty, under the number that will be gone."""
    duty = {"line": "Nuit", "starts_at": seat.starts_at, "ends_at": seat.ends_at}

    def told(when=When.AT_ONCE, occasion=None):
        with app.app_context(), transaction():
            choice_actions.choose(again.id, {(ASSIGNED, Channel.MAIL): when}, USUAL, now=clock.now())
            about = About(f"seat:{seat.id}", after=duty)
            kind = TOMORROW if occasion else ASSIGNED
            notify(kind, [again.id], about, by=None, now=clock.now(), occasion=occasion)

    return told


@pytest.fixture
def merged(app, make, anne, again, account):
    desk = make.account(role=Role.COORDINATOR)

    def done():
        with app.app_context():
            both = [belongings(each.id, clock.now()).standing for each in (anne, again)]
            chosen = {clash.key: Side.ONE for clash in clashes(*both)}
            with transaction():
                assert merge(anne.id, again.id, chosen, actor_id=desk.id, now=clock.now()) == anne.id

    return done


@pytest.fixture
def administrator(make, sign_in):
    return sign_in(make.account(role=Role.ADMINISTRATOR))


@pytest.mark.parametrize("when", [When.AT_ONCE, When.DAILY])
def test_what_waits_reaches_the_survivor(tell, merged, frozen, work_off, posting, rows, when):
    tell(when)
    merged()

    frozen.move_to(NEXT_DIGEST)
    work_off()

    (mail,) = [each for each in posting.read() if "Nuit" in each["Subject"]]
    assert mail["To"] == "anne@cpts.example"
    assert "Vous êtes d’astreinte" in mail["Subject"]
    assert {each.state for each in rows(Delivery)} == {State.SENT}


def test_the_survivor_reads_it_and_notes_that_they_have(tell, merged, account, sign_in, rows, again):
    browser = sign_in(account)
    tell()
    bell = re.compile(r'data-bell="(\d+)"')
    assert set(bell.findall(browser.get("/avis/").text)) == {"0"}

    merged()

    page = browser.get("/avis/?sorte=astreintes").text
    assert "Vous êtes d’astreinte" in page
    assert 'href="/mon-planning/"' in page
    assert set(bell.findall(page)) == {"1"}
    browser.post("/avis/vus", data={"avis": re.findall(r'name="avis" value="(\d+)"', page)})
    assert set(bell.findall(browser.get("/avis/").text)) == {"0"}
    (notice,) = [each for each in rows(Notice) if each.kind == ASSIGNED]
    assert notice.seen_at == NOW
    assert notice.person_id == again.id  # What was said to whom is a fact.


def test_nobody_is_reminded_twice(app, tell, merged, anne, seat):
    tell(occasion=START)
    merged()

    with app.app_context():
        subject = f"seat:{seat.id}"
        assert queries.told_of(TOMORROW, [subject], START) == {(subject, anne.id)}
        assert queries.told_ever([TOMORROW], [subject], [anne.id]) == {(subject, anne.id)}


def test_what_did_not_get_through_is_shown_under_their_name(tell, merged, anne, work_off, posting, administrator):
    posting.unknown = {"encore@cpts.example"}
    tell()
    work_off()
    merged()

    page = administrator.get("/administration/envois/").text

    assert f'href="/annuaire/{anne.id}"' in page
    assert "anne@cpts.example" in page


def test_what_waits_is_placed_as_the_survivor_chooses(app, tell, merged, anne, rows):
    tell(When.DAILY)
    merged()

    with app.app_context(), transaction():
        choice_actions.choose_as_usual(anne.id, now=clock.now())

    assert [(each.in_digest, each.due_at) for each in rows(Delivery)] == [(False, NOW)]
