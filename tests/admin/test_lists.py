"""The lists of the administration: cut by state, role and matter, counted, and what waits above them."""

from datetime import timedelta

import pytest

from cpts_net.accounts.models import AccountLink, Purpose
from cpts_net.audit.models import AuditEntry
from cpts_net.directory.models import Kind
from cpts_net.notices.models import Delivery, State
from cpts_net.roles import Role
from tests.conftest import NOW

DAY = timedelta(days=1)


@pytest.fixture
def coordinator(make, sign_in):
    return sign_in(make.account(name="Odile Renard", role=Role.COORDINATOR, password_hash="x"))


@pytest.fixture
def invited(make):
    """Three who were invited: one may still answer, one was asked anew, one may not any more."""
    for name, *lives in (("Anne Petit", DAY), ("Inès Boyer", -DAY, DAY), ("Marc Roux", -DAY)):
        account = make.account(name=name)
        for number, life in enumerate(lives):
            make.save(
                AccountLink(
                    account_id=account.id,
                    purpose=Purpose.INVITATION,
                    token_hash=f"{account.id}-{number}",
                    created_at=NOW - 2 * DAY,
                    expires_at=NOW + life,
                )
            )


def names(page):
    return {name for name in ("Anne Petit", "Inès Boyer", "Marc Roux", "Odile Renard", "Zoé Blanc") if name in page}


@pytest.mark.parametrize(
    ("cut", "found"),
    [
        ("", {"Anne Petit", "Inès Boyer", "Marc Roux", "Odile Renard", "Zoé Blanc"}),
        ("etat=actifs", {"Odile Renard"}),
        ("etat=invites", {"Anne Petit", "Inès Boyer", "Marc Roux"}),
        ("etat=sans-reponse", {"Marc Roux"}),
        ("etat=suspendus", {"Zoé Blanc"}),
        ("role=coordinator", {"Odile Renard"}),
        ("role=coordinator&etat=invites", set()),
        ("etat=nonsense&role=queen", {"Anne Petit", "Inès Boyer", "Marc Roux", "Odile Renard", "Zoé Blanc"}),
    ],
)
def test_accounts_are_cut_by_state_and_role(cut, found, coordinator, invited, make):
    make.account(name="Zoé Blanc", suspended_at=NOW)

    assert names(coordinator.get(f"/administration/?{cut}").text.split("<h1")[1]) == found


def test_each_state_says_how_many_and_none_is_left_out(coordinator, invited):
    page = " ".join(coordinator.get("/administration/").text.split())

    assert 'Invités <span class="number">3</span>' in page
    assert 'Invitation expirée <span class="number">1</span>' in page
    assert "Suspendus" not in page


def test_a_cut_without_a_match_says_how_many_there_are(coordinator, invited):
    page = " ".join(coordinator.get("/administration/?etat=suspendus").text.split())

    assert "Aucun compte ici." in page
    assert "Sans ces choix : 4." in page


def test_people_are_cut_by_account_departure_and_kind(coordinator, make):
    make.person("Zoé", "Blanc")
    make.person("Marc", "Roux", left_on=NOW.date())
    make.account(make.person("Anne", "Petit"))
    make.account(make.person("Inès", "Boyer", kind=Kind.PARTNER))

    def shown(cut):
        return names(coordinator.get(f"/administration/personnes/?{cut}").text.split("<h1")[1])

    assert shown("etat=sans-compte") == {"Zoé Blanc"}
    assert shown("etat=partis") == {"Marc Roux"}
    assert shown("genre=partner") == {"Inès Boyer"}


def test_what_waits_stands_above_and_leads_where_it_is_settled(coordinator, invited, make):
    lost = {"address": "a@b.example", "kind": "invitation", "state": State.FAILED, "finished_at": NOW}
    make.save(Delivery(message_id="<1@cpts.example>", written_at=NOW, due_at=NOW, **lost))
    make.account(name="Zoé Blanc", mail_refused_at=NOW)

    page = coordinator.get("/administration/").text

    assert "1 message n’est pas arrivé" in page
    assert "1 invitation a expiré sans réponse" in page
    assert "1 adresse est refusée" in page
    assert names(coordinator.get("/administration/?etat=adresse-refusee").text.split("<h1")[1]) == {"Zoé Blanc"}


def test_where_nothing_waits_nothing_is_said(coordinator):
    assert "Ce qui attend" not in coordinator.get("/administration/").text


@pytest.mark.parametrize(
    ("cut", "found"),
    [
        ("", {"Anne Petit", "Marc Roux"}),
        ("objet=acces", {"Anne Petit"}),
        ("objet=annuaire", {"Marc Roux"}),
        ("q=petit", {"Anne Petit"}),
        ("q=roux", {"Marc Roux"}),
        ("q=roux&objet=acces", set()),
        ("objet=nonsense", {"Anne Petit", "Marc Roux"}),
    ],
)
def test_the_trail_is_cut_by_matter_and_by_whom_it_names(cut, found, coordinator, make):
    anne, marc = make.account(name="Anne Petit"), make.person("Marc", "Roux")
    make.save(AuditEntry(at=NOW, actor_id=anne.id, action="account.signed_in"))
    make.save(AuditEntry(at=NOW, action="directory.person_added", subject=f"person:{marc.id}"))

    page = coordinator.get(f"/administration/journal?{cut}").text

    assert names(page.split("<h1")[1]) == found


def test_the_trail_goes_a_local_day_at_a_time(coordinator, make):
    midnight = NOW.replace(hour=22, minute=30)  # Past midnight in Paris.
    for at in (midnight - DAY, NOW, midnight):
        make.save(AuditEntry(at=at, action="oncall.generated", detail="opened:1 removed:0"))

    page = coordinator.get("/administration/journal").text

    assert page.count('class="trail-day"') == 2
