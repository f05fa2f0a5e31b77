"""The polls and meetings of a private group do not exist for those outside, whoever they are."""

import pytest

from cpts_net.roles import Role
from tests.meetings.conftest import THURSDAY


@pytest.fixture(params=[*Role, "without a member"])
def outsider(request, make, sign_in, luc):
    if request.param in set(Role):
        return sign_in(make.account(luc, role=request.param))
    return sign_in(make.account(role=Role.ADMINISTRATOR))


def test_a_poll_is_that_of_nobody(outsider, make_poll, hidden):
    poll = make_poll(hidden)
    root = f"/reunions/sondages/{poll.id}"

    pages = [outsider.get(address) for address in (root, f"{root}/sections", "/reunions/sondages/12345")]
    deeds = [
        outsider.post(f"{root}/{deed}", data={"date": poll.option_ids[0], f"date-{poll.option_ids[0]}": "yes"})
        for deed in ("reponses", "retenir", "abandonner")
    ]

    assert [page.status_code for page in [*pages, *deeds]] == [404] * 6
    assert len({page.text for page in pages}) == 1


def test_a_meeting_is_that_of_nobody(sign_in, make, luc, make_meeting, hidden):
    outsider = sign_in(make.account(luc))
    root = f"/reunions/{make_meeting(hidden).id}"

    pages = [outsider.get(address) for address in (root, f"{root}/modifier", "/reunions/12345")]
    deeds = [outsider.post(f"{root}/{deed}", data={"answer": "yes"}) for deed in ("reponse", "annuler", "modifier")]

    assert [page.status_code for page in [*pages, *deeds]] == [404] * 6
    assert len({page.text for page in pages}) == 1


@pytest.mark.parametrize("role", [Role.SECRETARY, Role.COORDINATOR, Role.ADMINISTRATOR])
def test_the_staff_sees_its_meeting_and_not_whose_it_is(make, sign_in, luc, make_meeting, hidden, role):
    meeting = make_meeting(hidden)
    staff = sign_in(make.account(luc, role=role))

    for page in ("", "/modifier"):
        shown = staff.get(f"/reunions/{meeting.id}{page}")
        assert shown.status_code == 200
        assert "Comité discret" not in shown.text
        assert f"/groupes/{hidden.id}" not in shown.text


def test_whoever_is_asked_sees_its_meeting_and_not_whose_it_is(browsers, make_meeting, make_poll, hidden, luc):
    meeting = make_meeting(hidden, asked=[luc], title="Affaire discrète")
    make_poll(hidden, title="Affaire à dater")

    page, own = (browsers["stranger"].get(address).text for address in (f"/reunions/{meeting.id}", "/reunions/"))

    assert "Affaire discrète" in page
    assert "Affaire discrète" in own
    assert "Affaire à dater" not in own
    assert not any("Comité" in shown for shown in (page, own))


def test_nothing_of_it_stands_in_lists(outsider, make_meeting, make_poll, hidden):
    make_meeting(hidden, title="Affaire discrète")
    make_poll(hidden, title="Affaire à dater")

    for address in ("/groupes/", "/reunions/"):
        page = outsider.get(address).text
        assert "Affaire" not in page
        assert "Comité discret" not in page


def test_a_conflict_in_a_poll_does_not_name_it_to_others(browsers, make_poll, make_meeting, hidden, luc, group):
    make_meeting(hidden, title="Affaire discrète", start=THURSDAY, asked=[luc])
    poll = make_poll()
    browsers["stranger"].post(f"/groupes/{group.id}/rejoindre")

    page = browsers["stranger"].get(f"/reunions/sondages/{poll.id}").text
    assert "Affaire discrète" in page
    assert "Comité" not in page


def test_its_members_see_it(browsers, make_poll, make_meeting, hidden):
    for who in ("lead", "member"):
        assert browsers[who].get(f"/reunions/sondages/{make_poll(hidden).id}").status_code == 200
        assert browsers[who].get(f"/reunions/{make_meeting(hidden).id}").status_code == 200
