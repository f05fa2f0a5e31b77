"""Mails that were given up: who looks after accounts sees to whom and why, never what they said, and sends them again."""

from dataclasses import replace
from datetime import timedelta

import pytest

from cpts_net import worker
from cpts_net.accounts.actions import send_invitation
from cpts_net.accounts.models import Account
from cpts_net.audit.models import AuditEntry
from cpts_net.mail_settings import mail_server
from cpts_net.notices.actions import About, notify
from cpts_net.notices.models import Delivery, State
from cpts_net.oncall.notice_kinds import ASSIGNED
from cpts_net.roles import Role
from cpts_net.storage.transaction import transaction
from tests.conftest import NOW
from tests.mail_server import running_mail_server


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

    assert "Le message repart." in page
    assert [mail["To"] for mail in posting.read()] == ["anne@cpts.example"]
    assert rows(AuditEntry)[-1].action == "mail.sent_again"


def test_an_invitation_is_sent_again_with_another_link(lost, administrator, rows, posting, work_off, client):
    posting.unknown.clear()
    first = next(each for each in rows(Delivery) if not each.notice_id)

    administrator.post(f"/administration/envois/{first.id}/renvoyer")
    work_off()

    (mail,) = posting.read()
    assert mail["Message-ID"] != first.message_id
    link = mail.get_content().split("/invitation/")[1].split()[0]
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
