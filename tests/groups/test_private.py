"""A private group does not exist for those outside, whoever they are."""

import pytest

from cpts_net.roles import Role

PAGES = ["", "/membres", "/modifier", "/sondages/nouveau", "/reunions/nouvelle"]
DEEDS = ["/messages", "/messages/1/supprimer", "/membres", "/rejoindre", "/quitter", "/modifier", "/sondages/nouveau"]


@pytest.fixture(params=[*Role, "without a member"])
def outsider(request, make, sign_in, luc):
    if request.param in set(Role):
        return sign_in(make.account(luc, role=request.param))
    return sign_in(make.account(role=Role.ADMINISTRATOR))


@pytest.mark.parametrize("page", PAGES)
def test_its_pages_are_those_of_no_group(outsider, hidden, page):
    existing = outsider.get(f"/groupes/{hidden.id}{page}")
    unknown = outsider.get(f"/groupes/{hidden.id + 1}{page}")

    assert (existing.status_code, unknown.status_code) == (404, 404)
    assert existing.text == unknown.text


@pytest.mark.parametrize("deed", DEEDS)
def test_nothing_is_done_to_it_from_outside(outsider, hidden, deed):
    typed = {"body": "Bonjour", "person_id": "1", "name": "Pris", "title": "Ici"}

    assert outsider.post(f"/groupes/{hidden.id}{deed}", data=typed).status_code == 404


def test_its_members_see_it(browsers, hidden):
    for who in ("lead", "member"):
        assert "Comité discret" in browsers[who].get(f"/groupes/{hidden.id}").text


def test_whoever_leaves_it_sees_it_no_more(browsers, hidden):
    browsers["member"].post(f"/groupes/{hidden.id}/quitter")

    assert browsers["member"].get(f"/groupes/{hidden.id}").status_code == 404
    assert "Comité discret" not in browsers["member"].get("/groupes/").text


def test_its_lead_brings_people_in(browsers, hidden, luc):
    browsers["lead"].post(f"/groupes/{hidden.id}/membres", data={"person_id": luc.id})

    assert browsers["stranger"].get(f"/groupes/{hidden.id}").status_code == 200


@pytest.mark.parametrize("deed", ["/groupes/nouveau", "/groupes/{id}/modifier"])
def test_the_staff_is_told_why_a_group_that_it_makes_private_is_not_there(browsers, group, anne, deed):
    typed = {"name": "Comité discret", "purpose": "", "is_private": "y", "leads": anne.id}

    response = browsers["staff"].post(deed.format(id=group.id), data=typed)

    assert (response.status_code, response.location) == (303, "/groupes/")
    assert "seuls ses membres le voient désormais" in browsers["staff"].get("/groupes/").text
