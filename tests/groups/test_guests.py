"""A guest sees their groups, and nothing else of the community."""

import re
from datetime import UTC, date, datetime

import pytest

from cpts_net.accounts.queries import account_of_person
from cpts_net.directory.models import Kind
from cpts_net.groups import queries
from cpts_net.groups.rules import MembershipRole
from cpts_net.meetings.models import Invitation, Meeting
from cpts_net.roles import Role
from tests.factories import held_by


@pytest.fixture
def sarah(make):
    return make.colleague("Sarah Lopez", kind=Kind.GUEST, function="Directrice de l’EHPAD")


@pytest.fixture
def own_group(make, anne, sarah):
    return make.group("Sortie d’hôpital", leads=[anne], guests=[sarah])


@pytest.fixture
def guest(make, sign_in, sarah, own_group):
    return sign_in(make.account(sarah, Role.GUEST))


def test_a_guest_lands_in_their_group_and_is_led_nowhere_else(guest, own_group, group):
    landed = guest.get("/")
    assert landed.location == f"/groupes/{own_group.id}"

    page = guest.get(landed.location).text
    addresses = set(re.findall(r'href="(/[^"#?]*)"', page))
    opened = {address: guest.get(address).status_code for address in addresses if not address.startswith("/static")}
    assert set(opened.values()) <= {200, 303}, opened
    assert not {"/continuite/", "/annuaire/", f"/groupes/{group.id}"} & addresses


def test_a_guest_of_two_groups_chooses(make, guest, own_group, sarah, group):
    make.group("Plaies", guests=[sarah])

    assert guest.get("/").location == "/groupes/"
    page = guest.get("/groupes/").text
    assert "Plaies" in page
    assert own_group.name in page
    assert group.name not in page
    assert "Groupes ouverts" not in page


@pytest.mark.parametrize(
    "address", ["/continuite/", "/continuite/sections", "/annuaire/", "/astreintes/", "/absences/", "/annuaire/choisir"]
)
def test_for_a_guest_the_rest_does_not_exist(guest, address):
    response = guest.get(address)

    assert response.status_code == 404
    assert "/continuite/" not in response.text
    assert "/annuaire/" not in response.text


def test_an_open_group_of_others_does_not_exist_for_a_guest(guest, group):
    assert guest.get(f"/groupes/{group.id}").status_code == 404
    assert guest.get(f"/groupes/{group.id}/membres").status_code == 404


def test_a_guest_reads_the_cards_of_their_group_without_leave(make, guest, anne, luc):
    make.absence(anne, date(2026, 8, 12), date(2026, 8, 12))

    card = guest.get(f"/annuaire/{anne.id}")
    assert card.status_code == 200
    assert "absent" not in card.text.lower()
    assert guest.get(f"/annuaire/{luc.id}").status_code == 404


def test_a_guest_subscribes_to_their_own_agenda_alone(guest):
    page = guest.get("/abonnements/").text

    assert "nouveau/mine" in page
    assert "nouveau/duty" not in page
    assert guest.post("/abonnements/nouveau/mine").status_code == 303
    assert guest.post("/abonnements/nouveau/duty").status_code == 404


def test_a_guest_watches_their_group_and_no_other(app, guest, own_group, group, sarah, luc):
    with app.app_context():
        assert queries.those_who_see(group.id, {sarah.id, luc.id}) == {luc.id}
        assert queries.those_who_see(own_group.id, {sarah.id, luc.id}) == {sarah.id, luc.id}


def test_a_guest_answers_and_writes_in_their_group(guest, own_group):
    assert guest.post(f"/groupes/{own_group.id}/messages", data={"body": "Merci"}).status_code == 303
    assert "Merci" in guest.get(f"/groupes/{own_group.id}").text


def test_a_partner_sees_like_a_member_and_takes_no_duty(make, sign_in):
    browser = sign_in(make.account(make.person(), Role.PARTNER))
    slot = make.slot(make.line(), datetime(2026, 9, 1, 8, tzinfo=UTC), datetime(2026, 9, 1, 10, tzinfo=UTC))

    assert browser.get("/continuite/").status_code == 200
    assert (
        browser.post("/absences/nouvelle", data={"first_day": "2026-09-01", "last_day": "2026-09-01"}).status_code
        == 303
    )
    assert browser.post(f"/astreintes/creneaux/{slot.id}/prendre").status_code == 404


def test_whom_a_guest_meets_only_in_a_meeting_is_named_without_a_way_to_their_card(make, guest, own_group, anne, luc):
    times = {"starts_at": datetime(2026, 9, 3, 18, tzinfo=UTC), "ends_at": datetime(2026, 9, 3, 20, tzinfo=UTC)}
    asked = [Invitation(person_id=each.id) for each in (anne, luc)]
    meeting = make.save(
        Meeting(
            meeting_groups=held_by(own_group.id),
            title="Bilan",
            invitations=asked,
            created_at=datetime(2026, 8, 1, tzinfo=UTC),
            **times,
        )
    )

    page = guest.get(f"/reunions/{meeting.id}").text

    assert luc.display_name in page
    assert f"/annuaire/{luc.id}" not in page
    assert f"/annuaire/{anne.id}" in page


@pytest.mark.parametrize("role", [Role.MEMBER, Role.SECRETARY])
def test_the_staff_alone_finds_a_guest_for_a_second_group(make, sign_in, guest, luc, role):
    second = make.group("Plaies", leads=[luc])
    browser = sign_in(make.account(luc, role))

    found = browser.get(f"/annuaire/choisir?pour=groupe&groupe={second.id}&q=lopez").text
    elsewhere = browser.get("/annuaire/choisir?q=lopez").text

    assert ("Sarah Lopez" in found) is (role == Role.SECRETARY)
    assert "Sarah Lopez" not in elsewhere


def test_nobody_is_offered_to_let_a_guest_lead(make, sign_in, anne, guest, own_group, sarah):
    lead = sign_in(make.account(anne))

    page = lead.get(f"/groupes/{own_group.id}/membres").text

    assert sarah.display_name in page
    assert f"/membres/{sarah.id}/animation" not in page


def test_a_guest_comes_into_a_second_group(make, sign_in, guest, anne, sarah):
    second = make.group("Plaies", leads=[anne])
    lead = sign_in(make.account(anne))

    lead.post(f"/groupes/{second.id}/membres", data={"person_id": sarah.id})

    assert guest.get(f"/groupes/{second.id}").status_code == 200


@pytest.mark.parametrize("role", [Role.MEMBER, Role.PARTNER])
def test_a_guest_who_becomes_more_belongs_to_the_groups_that_they_visited(
    app, make, sign_in, guest, own_group, sarah, role
):
    coordinator = sign_in(make.account(role=Role.COORDINATOR))
    with app.app_context():
        account = account_of_person(sarah.id)

    coordinator.post(f"/administration/comptes/{account.id}/role", data={"role": role})

    with app.app_context():
        assert queries.membership(own_group.id, sarah.id).role == MembershipRole.MEMBER
    assert sign_in(account).get("/continuite/").status_code == 200
