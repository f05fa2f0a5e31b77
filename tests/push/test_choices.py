"""The second column of « Ce que je reçois »: what devices ring for, where they may ring at all."""

import re

import pytest

from cpts_net.accounts.own_kinds import REFUSED
from cpts_net.meetings.notice_kinds import INVITED
from cpts_net.notices import choice_queries
from cpts_net.notices.models import Channel
from cpts_net.notices.rules import When
from cpts_net.oncall.notice_kinds import IN_A_WEEK, IN_AN_HOUR

PAGE = "/mon-compte/avis"
AS_SHOWN = {
    "is_quiet": "y",
    "quiet_from": "21:00",
    "quiet_until": "07:00",
    "digest_at": "07:30",
    "digest_weekday": "0",
}


@pytest.fixture
def account(make):
    return make.account(make.person("Anne", "Petit"), email="anne@cpts.example")


@pytest.fixture
def kept(app, account):
    def read():
        with app.app_context():
            return choice_queries.choices_of(account.person_id)

    return read


def selected(page, kind, channel):
    """What stands chosen for a kind."""
    name = f"{channel}-{kind.replace('.', '-')}"
    return re.search(rf'<select[^>]*id="{name}".*?<option selected value="(\w+)"', page, re.DOTALL)[1]


def test_without_keys_there_is_one_column(account, sign_in):
    page = sign_in(account).get(PAGE).text

    assert "mail-meetings-invited" in page
    assert "push-meetings-invited" not in page
    assert "Par notification" not in page


@pytest.mark.usefixtures("service")
def test_devices_ring_at_once_or_not_at_all(account, sign_in):
    page = sign_in(account).get(PAGE).text

    field = re.search(r'<select[^>]*id="push-meetings-invited".*?</select>', page, re.DOTALL)[0]
    assert re.findall(r'value="(\w+)"', field) == ["at_once", "never"]
    assert re.search(r'aria-label="[^"]+, par notification"', field)


@pytest.mark.usefixtures("service")
def test_what_rings_until_somebody_chooses(account, sign_in):
    page = sign_in(account).get(PAGE).text

    assert selected(page, INVITED, "push") == "at_once"
    assert (selected(page, IN_AN_HOUR, "mail"), selected(page, IN_AN_HOUR, "push")) == ("never", "at_once")
    assert (selected(page, IN_A_WEEK, "mail"), selected(page, IN_A_WEEK, "push")) == ("daily", "never")


@pytest.mark.usefixtures("service")
def test_each_column_is_chosen_by_itself(account, sign_in, kept):
    browser = sign_in(account)

    browser.post(PAGE, data={**AS_SHOWN, "push-meetings-invited": "never", "push-oncall-in_a_week": "at_once"})

    assert kept() == {(INVITED, Channel.PUSH): When.NEVER, (IN_A_WEEK, Channel.PUSH): When.AT_ONCE}


@pytest.mark.usefixtures("service")
def test_devices_ring_never_by_digest(account, sign_in, kept):
    refused = sign_in(account).post(PAGE, data={**AS_SHOWN, "push-meetings-invited": "daily"})

    assert refused.status_code == 422
    assert kept() == {}


@pytest.mark.usefixtures("service")
def test_what_was_chosen_for_devices_outlives_the_keys(app, settings, account, sign_in, kept, monkeypatch):
    browser = sign_in(account)
    browser.post(PAGE, data={**AS_SHOWN, "push-meetings-invited": "never"})
    monkeypatch.setitem(app.extensions, "settings", settings)

    browser.post(PAGE, data=AS_SHOWN)

    assert kept() == {(INVITED, Channel.PUSH): When.NEVER}


@pytest.mark.usefixtures("service")
def test_where_there_is_nothing_to_choose_it_is_said(account, sign_in, kept):
    browser = sign_in(account)
    page = browser.get(PAGE).text

    assert 'id="mail-accounts-mail_refused"' not in page  # That one's mails are refused is told by no mail.
    assert 'id="push-accounts-mail_refused"' in page
    browser.post(PAGE, data={**AS_SHOWN, "push-accounts-mail_refused": "never"})
    assert kept() == {(REFUSED, Channel.PUSH): When.NEVER}
