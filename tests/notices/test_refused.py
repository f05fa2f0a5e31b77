"""An address that refuses our mails: its owner reads so on their page, once for each time, and gets no mail of it."""

import re

import pytest

from cpts_net import clock
from cpts_net.accounts.mail_addresses import AccountAddresses
from cpts_net.accounts.own_kinds import REFUSED
from cpts_net.notices.actions import About, notify
from cpts_net.notices.models import Delivery, Notice
from cpts_net.oncall.notice_kinds import ASSIGNED
from cpts_net.storage.transaction import transaction
from tests.conftest import NOW

DUTY = {"line": "Nuit", "starts_at": NOW, "ends_at": NOW.replace(hour=20)}


@pytest.fixture
def anne(make):
    return make.person("Anne", "Petit")


@pytest.fixture
def account(make, anne):
    return make.account(anne, email="anne@cpts.example")


@pytest.fixture
def tell(app, make, anne, account):
    """Write to Anne of her duty."""
    seat = make.seat(make.slot(make.line("Nuit"), DUTY["starts_at"], DUTY["ends_at"]), anne)

    def told():
        with app.app_context(), transaction():
            notify(ASSIGNED, [anne.id], About(f"seat:{seat.id}", after=DUTY), by=None, now=clock.now())

    return told


def refusals(rows):
    return [notice for notice in rows(Notice) if notice.kind == REFUSED]


def test_who_is_refused_reads_so_once_and_is_led_to_their_account(
    tell, account, sign_in, work_off, posting, rows, anne
):
    posting.unknown = {"anne@cpts.example"}
    tell()
    tell()
    work_off()

    (notice,) = refusals(rows)
    assert (notice.person_id, notice.by_id, notice.at) == (anne.id, None, NOW)
    assert {each.kind for each in rows(Delivery)} == {ASSIGNED}
    page = sign_in(account).get("/avis/?sorte=compte").text
    assert re.search(r'href="/mon-compte/">Votre adresse refuse nos e-mails\u202f: vérifiez-la', page)


def test_once_something_got_through_it_reads_so_and_another_refusal_is_news(
    app, tell, account, sign_in, work_off, posting, rows
):
    posting.unknown = {"anne@cpts.example"}
    tell()
    work_off()
    with app.app_context(), transaction():
        AccountAddresses().note_reached("anne@cpts.example")
    page = sign_in(account).get("/avis/?sorte=compte").text
    assert "ils vous parviennent de nouveau" in page

    tell()
    work_off()

    assert len(refusals(rows)) == 2


def test_where_nothing_rings_there_is_nothing_to_choose(account, sign_in):
    assert "E-mails refusés" not in sign_in(account).get("/mon-compte/avis").text
