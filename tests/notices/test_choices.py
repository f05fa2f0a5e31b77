"""The page on which people choose what they hear of, and the link in a mail by which they hear no more of it."""

import re
from datetime import date, time

import pytest

from cpts_net import clock
from cpts_net.leave.notice_kinds import ANSWERED, LOST
from cpts_net.meetings.notice_kinds import INVITED, NOT_COMING, POLL_PROPOSED
from cpts_net.notices import choice_queries
from cpts_net.notices.actions import About, notify
from cpts_net.notices.fewer_links import PURPOSE, fewer_token
from cpts_net.notices.models import Channel, Preference
from cpts_net.notices.rules import When
from cpts_net.notices.timing import Hours
from cpts_net.oncall.notice_kinds import ASSIGNED
from cpts_net.storage.connections import db
from cpts_net.storage.transaction import transaction
from cpts_net.web import forgery, signed_links

PAGE = "/mon-compte/avis"
MAIL = Channel.MAIL
AS_SHOWN = {
    "is_quiet": "y",
    "quiet_from": "21:00",
    "quiet_until": "07:00",
    "digest_at": "07:30",
    "digest_weekday": "0",
}


@pytest.fixture
def anne(make):
    return make.person("Anne", "Petit")


@pytest.fixture
def account(make, anne):
    return make.account(anne, email="anne@cpts.example")


@pytest.fixture
def browser(account, sign_in):
    return sign_in(account)


@pytest.fixture
def kept(app, anne):
    def read():
        with app.app_context():
            chosen = choice_queries.choices_of(anne.id)
            return {kind: when for (kind, _channel), when in chosen.items()}, choice_queries.hours([anne.id])

    return read


def test_what_is_chosen_is_kept_and_shown_again(browser, anne, kept):
    typed = {**AS_SHOWN, "mail-meetings-invited": "weekly", "mail-oncall-assigned": "daily", "quiet_from": "22 h"}

    saved = browser.post(PAGE, data={**typed, "digest_at": "18h30", "digest_weekday": "4"})

    assert (saved.status_code, saved.location) == (303, PAGE)
    evening = Hours(time(22), time(7), time(18, 30), 4)
    assert kept() == ({INVITED: When.WEEKLY, ASSIGNED: When.DAILY}, {anne.id: evening})
    page = browser.get(PAGE).text
    assert re.search(r'id="mail-meetings-invited".*?<option selected value="weekly"', page, re.DOTALL)
    assert 'value="18:30"' in page


def test_the_quiet_hours_may_be_none_and_the_usual_choices_come_back(browser, anne, kept):
    browser.post(PAGE, data={"digest_at": "07:30", "digest_weekday": "0", "mail-meetings-invited": "never"})
    assert kept() == ({INVITED: When.NEVER}, {anne.id: Hours(None, None)})

    browser.post(f"{PAGE}/habituels")

    assert kept() == ({}, {})


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"digest_at": "25:00"}, "25:00 n’existe pas"),
        ({"digest_at": "plus tard"}, "Écrivez l’heure ainsi"),
        ({"digest_at": ""}, "Indiquez à quelle heure part le résumé."),
        ({"digest_at": "23:00"}, "C’est pendant vos heures calmes"),
        ({"quiet_from": ""}, "Indiquez l’heure à laquelle le calme commence."),
        ({"quiet_until": ""}, "Indiquez l’heure à laquelle le calme finit."),
        ({"quiet_until": "21:00"}, "Le calme finirait à l’heure où il commence"),
        ({"digest_weekday": "9"}, "Choisissez dans la liste."),
        ({"digest_weekday": "lundi"}, "Choisissez dans la liste."),
        ({"mail-meetings-invited": "hourly"}, "Choisissez dans la liste."),
        ({"mail-oncall-assigned": "never"}, "Choisissez dans la liste."),  # Below its floor.
    ],
)
def test_what_cannot_be_is_said_and_what_was_typed_stays(browser, kept, wrong, words):
    refused = browser.post(PAGE, data={**AS_SHOWN, "mail-meetings-changed": "weekly", **wrong})

    assert refused.status_code == 422
    assert words in refused.text
    assert re.search(r'id="mail-meetings-changed".*?<option selected value="weekly"', refused.text, re.DOTALL)
    assert kept() == ({}, {})


def test_what_is_always_told_says_why_and_offers_no_never(browser):
    page = browser.get(PAGE).text
    assigned = re.search(r'<select[^>]*id="mail-oncall-assigned".*?</select>', page, re.DOTALL)[0]

    assert "des patients vous appellent" in page
    assert 'aria-describedby="mail-oncall-assigned-hint"' in assigned
    assert re.findall(r'value="(\w+)"', assigned) == ["at_once", "daily"]


@pytest.mark.parametrize(
    ("role", "seen", "unseen"),
    [
        ("guest", {INVITED, POLL_PROPOSED}, {ASSIGNED, LOST, NOT_COMING}),
        ("partner", {INVITED, LOST, ANSWERED}, {ASSIGNED}),
        ("member", {INVITED, LOST, ASSIGNED}, set()),
    ],
)
def test_people_choose_among_what_may_concern_them(make, sign_in, role, seen, unseen):
    page = sign_in(make.account(make.person("Léa", "Roy"), email="lea@cpts.example", role=role)).get(PAGE).text
    shown = set(re.findall(r'id="mail-([\w-]+)"', page))

    assert {kind.replace(".", "-") for kind in seen} <= shown
    assert not {kind.replace(".", "-") for kind in unseen} & shown


def test_what_was_chosen_among_more_stays_where_it_is_not_shown(app, anne, account, browser, kept):
    with app.app_context(), transaction():
        db.session.add(Preference(person_id=anne.id, kind="gone.kind", channel=MAIL, when=When.NEVER))

    browser.post(PAGE, data={**AS_SHOWN, "mail-meetings-invited": "daily"})

    assert kept()[0] == {"gone.kind": When.NEVER, INVITED: When.DAILY}


def link(person, kind=POLL_PROPOSED, channel=MAIL):
    return f"/avis/moins/{fewer_token(person.id, [kind], channel)}"


@pytest.fixture
def address(app, anne, account):
    with app.app_context():
        return link(anne)


def test_looking_at_the_link_changes_nothing_and_its_button_does(client, address, kept):
    shown = client.get(address)
    assert "Anne Petit, ne plus recevoir d’e-mail « Sondage de dates »" in shown.text.replace("\u202f", " ").replace(
        "\xa0", " "
    )
    assert kept() == ({}, {})

    done = client.post(address)

    assert done.status_code == 200
    assert "vous ne recevrez plus" in done.text
    assert kept() == ({POLL_PROPOSED: When.NEVER}, {})


@pytest.mark.parametrize("headers", [{}, {"Origin": "https://mail.example"}, {"Sec-Fetch-Site": "cross-site"}])
def test_a_mail_program_asks_by_itself_without_a_form_of_ours_and_twice_is_as_once(client, address, kept, headers):
    for _time in range(2):
        done = client.post(address, data={"List-Unsubscribe": "One-Click"}, headers=headers, csrf=False)
        assert done.status_code == 200

    assert kept()[0] == {POLL_PROPOSED: When.NEVER}


def test_nothing_else_goes_without_the_token_of_a_form():
    assert {"choices.hear_no_more"} == forgery.BY_MAIL_PROGRAMS


def test_the_link_speaks_for_its_person_whoever_is_signed_in_and_signs_nobody_in(
    app, make, sign_in, client, address, kept
):
    other = make.person("Paul", "Roy")
    paul = sign_in(make.account(other, email="paul@cpts.example"))

    paul.post(address)
    client.post(address)

    assert kept()[0] == {POLL_PROPOSED: When.NEVER}
    with app.app_context():
        assert choice_queries.choices_of(other.id) == {}
    assert client.get(PAGE).location.startswith("/connexion")


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_link_that_we_did_not_make_for_this_leads_nowhere(app, client, anne, account, address, method):
    with app.app_context():
        others = {
            f"{address}x",
            f"/avis/moins/{signed_links.sign('meetings.answer_poll', [1, anne.id])}",
            link(anne, ASSIGNED),  # Never kept quiet.
            link(anne, "gone.kind"),
            f"/avis/moins/{signed_links.sign(PURPOSE, [999, POLL_PROPOSED, MAIL])}",
        }

    assert {getattr(client, method)(each).status_code for each in others} == {404}


def test_a_link_is_dead_once_its_person_is_suspended(app, client, account, address, kept):
    with app.app_context(), transaction():
        db.session.get(type(account), account.id).suspended_at = clock.now()

    assert (client.get(address).status_code, client.post(address).status_code) == (404, 404)
    assert kept() == ({}, {})


def test_the_address_in_the_headers_is_that_of_the_link(app, make, anne, account, posting, work_off):
    absence = make.absence(anne, date(2026, 9, 1), date(2026, 9, 4))
    with app.app_context(), transaction():
        notify("leave.declared", [anne.id], About(f"absence:{absence.id}"), by=None, now=clock.now())

    work_off()

    mail = posting.read()[0]
    raw = posting.mails[0].decode()
    found = re.search(r"^List-Unsubscribe: <(http://localhost:8000/avis/moins/[\w.-]+)>\r?$", raw, re.MULTILINE)
    assert found, raw
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert found[1] in mail.get_body(("plain",)).get_content()
