"""The number of what somebody has not read: on their own screens, at once; on nobody else's, and not at their cost."""

import pytest

from cpts_net import clock
from cpts_net.notices.actions import About, notify, see
from cpts_net.notices.models import Notice
from cpts_net.oncall.notice_kinds import REMOVED
from cpts_net.storage.connections import db
from cpts_net.storage.transaction import transaction
from tests.counting import counted

NOTICES = {"notices"}


@pytest.fixture
def tell(app, screens):
    """Tell people of a duty that they have no more, and let the push process notice."""

    def told(*people):
        duty = {"line": "Nuit", "starts_at": clock.now(), "ends_at": clock.now()}
        with app.app_context(), transaction():
            ids = [person.id for person in people]
            notify(REMOVED, ids, About("seat:1", before=duty), by=None, now=clock.now())
        screens.refresh(NOTICES)

    return told


def numbers(screen):
    return [said["unread"] for said in screen.events("unread")]


def test_a_notice_rings_on_every_screen_of_its_person_and_on_no_other(make, open_screen, tell, anne, ines):
    tell(ines)
    account = make.account(anne)
    screens = [open_screen(account=account, scope=scope) for scope in ("continuity", "weeks:2026-08-10")]
    other = open_screen(ines, "continuity")

    tell(anne)

    assert [numbers(screen) for screen in screens] == [[0, 1], [0, 1]]
    assert numbers(other) == [1]


def test_read_on_one_device_the_number_goes_on_the_other(app, open_screen, screens, tell, anne):
    tell(anne)
    phone = open_screen(anne, "continuity")

    with app.app_context(), transaction():
        see(anne.id, [*db.session.scalars(db.select(Notice.id))], now=clock.now())
    screens.refresh(NOTICES)

    assert numbers(phone) == [1, 0]


def test_one_read_and_another_told_at_once_is_not_taken_for_nothing(app, open_screen, screens, tell, anne):
    tell(anne)
    page = open_screen(anne, f"news:{anne.id}")

    with app.app_context(), transaction():
        see(anne.id, [*db.session.scalars(db.select(Notice.id))], now=clock.now())
    tell(anne)

    assert numbers(page) == [1, 1]
    assert len(page.events("picture")) == 2


def test_a_screen_that_has_asked_for_nothing_is_told_nothing_before_it_does(open_screen, screens, tell, anne):
    screen = open_screen(anne)

    tell(anne)
    assert numbers(screen) == []

    assert screens.watch(screen, "continuity", "")
    assert numbers(screen) == [1]


def test_nothing_is_said_to_a_screen_twice(open_screen, screens, tell, anne):
    screen = open_screen(anne, "continuity")

    screens.refresh(NOTICES)
    assert screens.watch(screen, "continuity", "")

    assert numbers(screen) == [0]


def test_many_screens_are_asked_about_in_one_question(app, make, open_screen, tell):
    people = [make.person() for _ in range(5)]
    for person in people:
        account = make.account(person)
        for scope in ("continuity", f"news:{person.id}"):
            open_screen(account=account, scope=scope)

    with counted(app) as asked:
        tell(people[0])

    of_notices = [question for question in asked if question.startswith("SELECT") and "FROM notice " in question]
    assert len(of_notices) == 2  # All bells; and the page of the one who was told something.


def test_one_s_own_page_follows_what_one_is_told_and_is_nobody_else_s(screens, open_screen, tell, anne, ines):
    own, other = open_screen(anne, f"news:{anne.id}"), open_screen(ines, f"news:{ines.id}")
    assert not screens.watch(own, f"news:{ines.id}", "")
    before = len(own.events("picture")), len(other.events("picture"))

    tell(anne)

    assert (len(own.events("picture")), len(other.events("picture"))) == (before[0] + 1, before[1])
    screens.beat(lambda: 1.0, lambda _: None, 0)
    assert own.events("beat")[-1]["revision"] == own.events("picture")[-1]["revision"]


def test_a_guest_follows_their_own_page(make, open_screen, screens, tell):
    guest = open_screen(role="guest")

    assert screens.watch(guest, f"news:{guest.identity.person_id}", "")
    assert numbers(guest) == [0]
