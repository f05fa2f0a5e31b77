"""Mails that were given up: who looks after accounts sees to whom and why, never what they said, and sends them again."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from cpts_net import clock, worker
from cpts_net.accounts.actions import send_invitation
from cpts_net.accounts.models import Account
from cpts_net.audit.models import AuditEntry
from cpts_net.mail_settings import mail_server
from cpts_net.notices import choice_actions
from cpts_net.notices.actions import About, notify
from cpts_net.notices.living import sign
from cpts_net.notices.models import Channel, Delivery, Notice, State
from cpts_net.notices.rules import When
from cpts_net.notices.timing import USUAL
from cpts_net.oncall.notice_kinds import ASSIGNED
from cpts_net.roles import Role
from cpts_net.storage.transaction import transaction
from tests.conftest import NOW
from tests.mail_server import running_mail_server

MAIL_OF_THREE = "Vous êtes d’astreinte : Ligne nuit, lundi 17 août de 10 h à 12 h, et 2 autres nouvelles"


@pytest.fixture
def posting(app, settings, monkeypatch):
    with running_mail_server() as server:
        monkeypatch.setitem(app.extensions, "settings", replace(settings, mail_server=mail_server(server.url)))
        yield server


@pytest.fixture
def work_off(app):
    def worked():
        with app.app_context():
            while worker.send_next():
                pass

    return worked


@pytest.fixture
def administrator(make, sign_in):
    return sign_in(make.account(role=Role.ADMINISTRATOR))


@pytest.fixture
def lost(app, make, posting, work_off):
    """A duty that Anne was given and an invitation to Luc: the server knows neither of them."""
    posting.unknown = {"anne@cpts.example", "luc@cpts.example"}
    anne = make.person("Anne", "Petit")
    make.account(anne, email="anne@cpts.example")
    invited = make.account(make.person("Luc", "Martin"), email="luc@cpts.example")
    times = {"starts_at": NOW + timedelta(days=2), "ends_at": NOW + timedelta(days=2, hours=2)}
    seat = make.seat(make.slot(make.line("nuit"), **times), anne)
    with app.app_context(), transaction():
        about = About(f"seat:{seat.id}", after={"line": "Ligne nuit", **times})
        notify(ASSIGNED, [anne.id], about, by=None, now=NOW)
        send_invitation(invited, now=NOW)
    work_off()


@pytest.fixture
def lost_for_now(app, make, posting):
    """A duty that Anne was given; the server asks to come back once."""
    posting.refusals = 1
    anne = make.person("Anne", "Petit")
    make.account(anne, email="anne@cpts.example")
    times = {"starts_at": NOW + timedelta(days=2), "ends_at": NOW + timedelta(days=2, hours=2)}
    seat = make.seat(make.slot(make.line("nuit"), **times), anne)
    with app.app_context(), transaction():
        notify(ASSIGNED, [anne.id], About(f"seat:{seat.id}", after={"line": "Ligne nuit", **times}), by=None, now=NOW)


def test_nothing_lost_is_said(administrator):
    assert "Tout est arrivé." in administrator.get("/administration/envois/").text


def test_the_page_names_whom_and_why_and_not_what(lost, administrator):
    page = administrator.get("/administration/envois/").text

    for words in ("Dr Anne Petit", "Astreinte confiée", "luc@cpts.example", "Invitation", "no such person here"):
        assert words in page
    assert "Ligne nuit" not in page
    assert page.count("Envoyer de nouveau") == 2


def test_one_is_sent_again_as_it_reads_now(lost, administrator, rows, posting, work_off):
    posting.unknown.clear()
    number = next(each.id for each in rows(Delivery) if each.notice_id)

    page = administrator.post(f"/administration/envois/{number}/renvoyer", follow_redirects=True).text
    work_off()

    assert "1 message repart." in page
    assert [mail["To"] for mail in posting.read()] == ["anne@cpts.example"]
    assert rows(AuditEntry)[-1].action == "mail.sent_again"


def test_an_invitation_is_sent_again_with_another_link(lost, administrator, rows, posting, work_off, client):
    posting.unknown.clear()
    first = next(each for each in rows(Delivery) if not each.notice_id)

    administrator.post(f"/administration/envois/{first.id}/renvoyer")
    work_off()

    (mail,) = posting.read()
    assert mail["Message-ID"] != first.message_id
    link = mail.get_body(("plain",)).get_content().split("/invitation/")[1].split()[0]
    assert client.get(f"/invitation/{link}").status_code == 200
    assert [each.state for each in rows(Delivery) if not each.notice_id] == [State.VOID, State.SENT]


def test_one_that_went_meanwhile_is_404(lost, administrator, rows, posting, work_off):
    posting.unknown.clear()
    number = rows(Delivery)[0].id
    administrator.post(f"/administration/envois/{number}/renvoyer")
    work_off()

    assert administrator.post(f"/administration/envois/{number}/renvoyer").status_code == 404


def test_the_account_says_that_its_address_is_refused(lost, administrator, rows):
    (account,) = [each for each in rows(Account) if each.email == "anne@cpts.example"]

    assert account.mail_refused_at == NOW
    assert "nos messages y sont refusés" in administrator.get(f"/administration/comptes/{account.id}/").text


def test_the_page_says_whether_anybody_sends(app, administrator):
    def said_after(*signs):
        for at, ends in signs:
            with app.app_context(), transaction():
                sign(at, ends=ends)
        return administrator.get("/administration/envois/").text

    long_ago = NOW - timedelta(hours=2)
    assert "encore jamais tourné" in said_after()
    assert "Le service d’envoi travaille." in said_after((NOW, False))
    assert "ne donne plus signe de vie depuis" in said_after((long_ago, False))
    assert "est arrêté depuis" in said_after((long_ago, True))


def test_what_waits_is_shown_with_the_words_of_the_server(lost_for_now, administrator, work_off):
    before = administrator.get("/administration/envois/").text
    work_off()
    after = administrator.get("/administration/envois/").text

    assert "part tout de suite" in before
    assert "1 essai" in after
    assert "Come back later" in after
    assert "Essayer maintenant" in after
    assert "Essayer maintenant" not in before  # It goes by itself.
    assert "Ligne nuit" not in before + after


def test_what_waits_is_tried_at_once_when_somebody_asks(lost_for_now, administrator, work_off, posting, rows):
    work_off()
    work_off()
    assert not posting.mails  # It waits for its next time.

    administrator.post(f"/administration/envois/{rows(Delivery)[0].id}/renvoyer")
    work_off()
    assert [mail["To"] for mail in posting.read()] == ["anne@cpts.example"]


def test_all_are_sent_again_at_once(lost, administrator, work_off, posting, rows):
    posting.unknown.clear()

    page = administrator.post("/administration/envois/renvoyer", follow_redirects=True).text
    work_off()

    assert "2 messages repartent." in page
    assert {mail["To"] for mail in posting.read()} == {"anne@cpts.example", "luc@cpts.example"}
    assert [each.action for each in rows(AuditEntry)].count("mail.sent_again") == 2
    assert "Rien à renvoyer." in administrator.post("/administration/envois/renvoyer", follow_redirects=True).text


def test_a_refused_address_is_marked_for_whoever_looks_after_accounts(lost, administrator):
    assert administrator.get("/administration/envois/").text.count("adresse refusée") == 1  # Luc has no account yet.


@pytest.fixture
def lost_digest(app, make, posting, work_off, frozen):
    """The digest of three duties that Anne was given; the server does not know her."""
    posting.unknown = {"anne@cpts.example"}
    anne = make.person("Anne", "Petit")
    make.account(anne, email="anne@cpts.example")
    line = make.line("nuit")
    with app.app_context(), transaction():
        choice_actions.choose(anne.id, {(ASSIGNED, Channel.MAIL): When.DAILY}, USUAL, now=NOW)
    for day in range(5, 8):
        times = {"starts_at": NOW + timedelta(days=day), "ends_at": NOW + timedelta(days=day, hours=2)}
        seat = make.seat(make.slot(line, **times), anne)
        with app.app_context(), transaction():
            about = About(f"seat:{seat.id}", after={"line": "Ligne nuit", **times})
            notify(ASSIGNED, [anne.id], about, by=None, now=NOW)
    frozen.move_to(NOW + timedelta(days=1))
    work_off()


def test_a_digest_is_one_message_that_goes_again_whole(lost_digest, administrator, rows, posting, work_off):
    page = administrator.get("/administration/envois/").text

    assert page.count('class="row row-apart failure"') == 1
    assert "et 2 autres nouvelles" in page
    assert "1 message repart tout de suite" in page  # Before all are sent again.
    assert "1 message n’est pas arrivé" in administrator.get("/administration/").text
    posting.unknown.clear()
    (action,) = re.findall(r'action="(/administration/envois/\d+/renvoyer)"', page)

    assert "1 message repart." in administrator.post(action, follow_redirects=True).text
    work_off()

    assert [mail["Subject"] for mail in posting.read()] == [MAIL_OF_THREE]
    assert {each.state for each in rows(Delivery)} == {State.SENT}
    assert "1 message est parti en vingt-quatre heures." in sent_said(administrator)


def sent_said(administrator):
    with administrator.application.app_context(), transaction():
        sign(clock.now())
    return administrator.get("/administration/envois/").text


def test_a_digest_that_waits_is_one_message_and_all_at_once_counts_it_once(lost_digest, administrator):
    page = administrator.post("/administration/envois/renvoyer", follow_redirects=True).text

    assert "1 message repart." in page
    assert "En attente (1)" in page
    assert "et 2 autres nouvelles" in page


def test_what_was_to_ring_is_no_mail(app, make, administrator):
    anne = make.person("Anne", "Petit")
    make.account(anne, email="anne@cpts.example")
    told = {"kind": ASSIGNED, "subject": "seat:1", "occasion": "", "before": {}, "after": {}, "at": NOW}
    notice = make.save(Notice(person_id=anne.id, **told))
    times = {"written_at": NOW, "due_at": NOW, "finished_at": NOW}
    words = {"error": "fcm.googleapis.com answers 403", "message_id": "<1@cpts.example>"}
    make.save(Delivery(notice_id=notice.id, kind=ASSIGNED, channel=Channel.PUSH, state=State.FAILED, **words, **times))

    page = administrator.get("/administration/envois/").text

    assert "fcm.googleapis.com answers 403" in page
    assert ">notification<" in page
    assert "anne@cpts.example" not in page


def test_what_waits_for_its_hour_is_not_sent_before_it(app, make, administrator, rows, work_off):
    anne = make.person("Anne", "Petit")
    make.account(anne, email="anne@cpts.example")
    seat = make.seat(make.slot(make.line("Nuit"), NOW + timedelta(days=5), NOW + timedelta(days=5, hours=2)), anne)
    with app.app_context(), transaction():
        choice_actions.choose(anne.id, {(ASSIGNED, Channel.MAIL): When.DAILY}, USUAL, now=NOW)
        about = About(f"seat:{seat.id}", after={"line": "Nuit", "starts_at": seat.starts_at, "ends_at": seat.ends_at})
        notify(ASSIGNED, [anne.id], about, by=None, now=NOW)
    (waiting,) = rows(Delivery)

    page = administrator.get("/administration/envois/").text
    assert re.search(r"part <time [^>]+>demain à", page)
    assert "renvoyer" not in page
    assert administrator.post(f"/administration/envois/{waiting.id}/renvoyer").status_code == 404
    work_off()
    assert rows(Delivery)[0].state == State.WAITING
