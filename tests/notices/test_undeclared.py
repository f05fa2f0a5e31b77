"""A notice of a kind that no room declares any more, after an upgrade or a return from one: passed over, everywhere."""

import re
from datetime import timedelta

import pytest

from cpts_net import clock
from cpts_net.notices import choice_actions
from cpts_net.notices.actions import About, notify
from cpts_net.notices.kinds import KEY, Catalogue
from cpts_net.notices.models import Channel, Delivery, State
from cpts_net.notices.rules import When
from cpts_net.notices.timing import USUAL
from cpts_net.oncall.notice_kinds import ASSIGNED, LENGTHENED
from cpts_net.storage.transaction import transaction
from tests.conftest import NOW

START = NOW + timedelta(days=9)
NEXT_DIGEST = (NOW + timedelta(days=1)).replace(hour=5, minute=30)  # 7:30 in summer.


@pytest.fixture
def anne(make):
    return make.person("Anne", "Petit")


@pytest.fixture
def account(make, anne):
    return make.account(anne, email="anne@cpts.example")


@pytest.fixture
def tell(app, make, anne, account):
    """Tell Anne of her duty, by two kinds."""
    seat = make.seat(make.slot(make.line("Nuit"), START, START + timedelta(hours=2)), anne)
    duty = {"line": "Nuit", "starts_at": seat.starts_at, "ends_at": seat.ends_at}

    def told(when=When.AT_ONCE):
        with app.app_context(), transaction():
            wanted = dict.fromkeys([(ASSIGNED, Channel.MAIL), (LENGTHENED, Channel.MAIL)], when)
            choice_actions.choose(anne.id, wanted, USUAL, now=clock.now())
            for kind in (ASSIGNED, LENGTHENED):
                about = About(f"seat:{seat.id}", before=duty, after=duty)
                notify(kind, [anne.id], about, by=None, now=clock.now())

    return told


@pytest.fixture
def forget(app, monkeypatch):
    """Go on as a version in which nobody declares that a duty lasts longer."""

    def gone():
        known = app.extensions[KEY]
        kinds = {name: kind for name, kind in known.kinds.items() if name != LENGTHENED}
        monkeypatch.setitem(app.extensions, KEY, Catalogue(kinds, known.link_mails))

    return gone


@pytest.mark.parametrize(
    ("place", "line"),
    [("/avis/", "notice-words"), ("/avis/?sorte=astreintes", "notice-words"), ("/mon-planning/", "told-line")],
)
def test_pages_show_the_others(account, sign_in, tell, forget, place, line):
    tell()
    forget()

    page = sign_in(account).get(place)

    assert page.status_code == 200
    assert page.text.count(f'class="{line}"') == 1


def test_the_bell_counts_the_others(account, sign_in, tell, forget):
    tell()
    forget()

    page = sign_in(account).get("/annuaire/").text

    assert re.findall(r'data-bell="(\d+)"', page) == ["1", "1"]


def test_a_mail_of_it_is_dropped_with_the_reason(tell, forget, work_off, posting, rows):
    tell()
    forget()

    assert work_off() == 2

    assert len(posting.mails) == 1
    first, second = rows(Delivery)
    assert first.state == State.SENT
    assert (second.state, second.error) == (State.VOID, "no room declares its kind any more")


def test_a_digest_goes_without_it(tell, forget, frozen, work_off, posting, rows):
    tell(When.DAILY)
    forget()
    frozen.move_to(NEXT_DIGEST)

    work_off()

    assert len(posting.read()) == 1
    assert [(each.state, each.error) for each in rows(Delivery)] == [
        (State.SENT, ""),
        (State.VOID, "no room declares its kind any more"),
    ]


def test_choosing_anew_leaves_it_alone(app, anne, tell, forget, rows):
    tell(When.DAILY)
    forget()

    with app.app_context(), transaction():
        choice_actions.choose_as_usual(anne.id, now=clock.now())

    assert [(each.state, each.in_digest) for each in rows(Delivery)] == [(State.WAITING, False), (State.WAITING, True)]
