"""Where a digest leads its reader: to what is asked of them, without signing in, and to fewer mails of its sorts."""

import re
from datetime import date, timedelta
from urllib.parse import urlsplit

import pytest

from cpts_net import clock
from cpts_net.accounts.models import Account
from cpts_net.leave.notice_kinds import ANSWERED, DECLARED
from cpts_net.notices import choice_actions, choice_queries
from cpts_net.notices.actions import About, notify
from cpts_net.notices.fewer_links import PURPOSE
from cpts_net.notices.models import Channel
from cpts_net.notices.rules import When
from cpts_net.notices.timing import USUAL
from cpts_net.oncall.notice_kinds import ASSIGNED
from cpts_net.outbox.headers import MAIL
from cpts_net.storage.transaction import transaction
from cpts_net.web import signed_links
from tests.conftest import NOW
from tests.notices.drawing import digest_of, mails_of
from tests.telling import part

NEXT_DIGEST = (NOW + timedelta(days=1)).replace(hour=5, minute=30)  # 7:30 in summer.
ASKED = ("/sondages/reponse/", "/reunions/reponse/", "/astreintes/je-prends/", "/absences/relais/")
LONGEST_LINE = 998  # Of a mail: RFC 5322 2.1.1.


@pytest.fixture
def whole(app, make):
    """A digest of everything that Anne may be told."""
    mails_of(app, make)
    return digest_of(app)


@pytest.mark.parametrize("place", ASKED)
def test_what_is_asked_is_answered_from_the_digest_without_signing_in(whole, client, place):
    links = {urlsplit(each).path for each in re.findall(r"^https?://\S+$", part(whole, "plain"), re.MULTILINE)}
    (link, *_others) = sorted(each for each in links if each.startswith(place))

    page = client.get(link)

    assert page.status_code == 200
    assert "Anne Petit" in page.text
    assert client.get("/mon-planning/").location.startswith("/connexion")


def test_a_meeting_is_answered_from_the_digest_with_any_of_the_answers(whole, client):
    link = re.search(r"/reunions/reponse/\S+", part(whole, "plain"))[0]

    page = client.get(link).text
    assert {"yes", "if_need_be", "no"} <= set(re.findall(r'name="answer"\s+value="(\w+)"', page))
    assert "Cette réunion a changé" not in page
    seen = re.search(r'name="seen" value="([^"]*)"', page)[1]

    assert client.post(link, data={"seen": seen}).status_code == 404  # Nothing was pressed.
    done = client.post(link, data={"answer": "no", "seen": seen}, follow_redirects=True)
    assert "votre réponse est enregistrée" in done.text


def test_the_page_of_notices_holds_no_link_that_answers_a_poll(whole, rows, sign_in):
    (anne,) = [account for account in rows(Account) if account.email == "anne.petit@cpts-dunois.example"]

    page = sign_in(anne).get("/avis/?sorte=reunions").text

    assert 'href="/reunions/sondages/' in page
    assert "/sondages/reponse/" not in page
    assert "/reunions/reponse/" not in page


@pytest.fixture
def sent(app, make, frozen, posting, work_off):
    """A digest of three kinds as a mail server got it; one of them is always told."""
    anne = make.person("Anne", "Petit")
    make.account(anne, email="anne@cpts.example")
    absence = make.absence(anne, date(2026, 9, 1), date(2026, 9, 4))
    start = NOW + timedelta(days=9)
    seat = make.seat(make.slot(make.line("Nuit"), start, start + timedelta(hours=2)), anne)
    duty = {"line": "Nuit", "starts_at": seat.starts_at, "ends_at": seat.ends_at}
    with app.app_context(), transaction():
        wanted = dict.fromkeys([(DECLARED, Channel.MAIL), (ASSIGNED, Channel.MAIL)], When.DAILY)
        choice_actions.choose(anne.id, wanted, USUAL, now=clock.now())
        notify(DECLARED, [anne.id], About(f"absence:{absence.id}"), by=None, now=clock.now())
        notify(ASSIGNED, [anne.id], About(f"seat:{seat.id}", after=duty), by=None, now=clock.now())
    frozen.move_to(NEXT_DIGEST)
    work_off()
    (mail,) = posting.read()
    return anne, mail


def test_a_digest_is_ended_by_one_click_for_all_of_its_kinds_that_may_be_quiet(app, client, sent):
    anne, mail = sent
    assert mail["Subject"].endswith(", et 1 autre nouvelle")
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = urlsplit(mail["List-Unsubscribe"].strip("<>")).path
    assert link in part(mail, "plain")

    asked = client.get(link).text
    assert "Absence déclarée pour vous" in asked
    done = client.post(link, data={"List-Unsubscribe": "One-Click"}, csrf=False)

    assert (done.status_code, "vous ne recevrez plus" in done.text) == (200, True)
    with app.app_context():
        kept = choice_queries.choices_of(anne.id)
    assert kept == {(DECLARED, Channel.MAIL): When.NEVER, (ASSIGNED, Channel.MAIL): When.DAILY}


def test_the_link_of_several_names_each_of_them(app, client, make):
    anne = make.person("Anne", "Petit")
    make.account(anne, email="anne@cpts.example")
    with app.app_context():
        token = signed_links.sign(PURPOSE, [anne.id, [DECLARED, ANSWERED, "gone.kind", ASSIGNED], Channel.MAIL])

    page = client.post(f"/avis/moins/{token}").text

    assert re.findall(r"<li>(.*?)</li>", page) == ["Absence déclarée pour vous", "Réponse d’un relais"]


def test_a_link_of_a_mail_of_before_still_ends_its_kind(app, client, make):
    anne = make.person("Anne", "Petit")
    make.account(anne, email="anne@cpts.example")
    with app.app_context():
        token = signed_links.sign(PURPOSE, [anne.id, DECLARED, Channel.MAIL])

    assert "Absence déclarée pour vous" in client.post(f"/avis/moins/{token}").text


def test_the_longest_digest_has_a_header_that_servers_take(whole):
    lines = whole.as_bytes(policy=MAIL).split(b"\r\n")
    (header,) = [line for line in lines if line.startswith(b"List-Unsubscribe:")]

    assert len(header) < LONGEST_LINE
