"""A meeting of several groups, of one, or of none: who is asked, who sees it, who changes it."""

import pytest
from sqlalchemy import select

from cpts_net.meetings.models import Invitation, Meeting, MeetingGroup
from cpts_net.storage.connections import db
from tests.meetings.conftest import THURSDAY

WHAT = {"title": "Bilan commun", "minutes": "120", "day": "2026-08-27", "at": "20:00"}


@pytest.fixture
def paul(make):
    return make.person("Paul", "Roy", profession="70")


@pytest.fixture
def other(make, anne, paul):
    """Another group of the same lead."""
    return make.group("Plaies", leads=[anne], members=[paul])


@pytest.fixture
def asked(app):
    """Who is asked to a meeting, by id, and whether by name."""

    def found(meeting_id):
        with app.app_context():
            rows = db.session.scalars(select(Invitation).where(Invitation.meeting_id == meeting_id))
            return {row.person_id: row.is_personal for row in rows}

    return found


@pytest.fixture
def held_by(app):
    def found(meeting_id):
        with app.app_context():
            rows = select(MeetingGroup.group_id).where(MeetingGroup.meeting_id == meeting_id)
            return list(db.session.scalars(rows.order_by(MeetingGroup.id)))

    return found


def convened(browser, **audience):
    """The number of the meeting that a form makes."""
    response = browser.post("/reunions/nouvelle", data={**WHAT, "people-q": "", **audience})
    assert response.status_code == 303, response.text
    return int(response.location.rpartition("/")[2])


def edited(browser, meeting_id, **audience):
    return browser.post(f"/reunions/{meeting_id}/modifier", data={**WHAT, "people-q": "", **audience})


def test_everybody_of_its_groups_is_asked_once(browsers, group, other, asked, anne, ines, paul):
    number = convened(browsers["lead"], groups=[group.id, other.id])

    assert asked(number) == {anne.id: False, ines.id: False, paul.id: False}
    page = browsers["member"].get(f"/reunions/{number}").text
    assert "Soins non programmés" in page
    assert "Plaies" in page
    for group_id in (group.id, other.id):
        assert "Bilan commun" in browsers["lead"].get(f"/groupes/{group_id}").text


def test_people_are_asked_without_a_group_and_whoever_asks_is_too(browsers, asked, held_by, anne, luc, group):
    number = convened(browsers["lead"], people=[luc.id])

    assert asked(number) == {anne.id: True, luc.id: True}
    assert held_by(number) == []
    assert browsers["stranger"].get(f"/reunions/{number}").status_code == 200
    assert browsers["member"].get(f"/reunions/{number}").status_code == 404
    assert "Bilan commun" in browsers["stranger"].get("/reunions/").text
    assert "Bilan commun" in browsers["stranger"].get("/mon-planning/").text


def test_a_meeting_of_nobody_is_refused(app, browsers, group):
    response = browsers["lead"].post("/reunions/nouvelle", data={**WHAT, "people-q": ""})

    assert response.status_code == 422
    assert "Choisissez un groupe, ou au moins une personne" in response.text
    with app.app_context():
        assert db.session.scalars(select(Meeting)).all() == []


@pytest.mark.parametrize("who", ["member", "stranger"])
def test_whoever_leads_no_group_convenes_nobody(browsers, group, luc, who):
    assert browsers[who].get("/reunions/nouvelle").status_code == 404
    assert browsers[who].post("/reunions/nouvelle", data={**WHAT, "people": luc.id}).status_code == 404


def test_a_lead_calls_no_group_that_they_do_not_lead(make, browsers, group, luc):
    foreign = make.group("Nutrition", leads=[luc])

    page = browsers["lead"].get("/reunions/nouvelle").text
    response = browsers["lead"].post("/reunions/nouvelle", data={**WHAT, "people-q": "", "groups": foreign.id})

    assert "Nutrition" not in page
    assert response.status_code == 422


def test_the_same_form_sent_twice_makes_one_meeting(browsers, group, luc):
    assert convened(browsers["lead"], people=[luc.id]) == convened(browsers["lead"], people=[luc.id])
    assert convened(browsers["lead"], groups=[group.id]) == convened(browsers["lead"], groups=[group.id])


def test_the_lead_of_any_of_its_groups_and_its_maker_change_it(make, sign_in, browsers, make_meeting, group, luc, paul):
    theirs = make.group("Nutrition", leads=[luc])
    shared = make_meeting(hosts=[group, theirs])
    made = make_meeting(hosts=[], asked=[], created_by_id=paul.id)

    assert browsers["stranger"].get(f"/reunions/{shared.id}/modifier").status_code == 200
    assert browsers["member"].get(f"/reunions/{shared.id}/modifier").status_code == 404
    assert sign_in(make.account(paul)).get(f"/reunions/{made.id}/modifier").status_code == 200
    assert browsers["stranger"].get(f"/reunions/{made.id}/modifier").status_code == 404


def test_a_lead_keeps_the_groups_that_are_not_theirs_to_call(make, browsers, make_meeting, held_by, group, luc, hidden):
    theirs = make.group("Nutrition", leads=[luc])
    meeting = make_meeting(hosts=[hidden, theirs])

    page = browsers["stranger"].get(f"/reunions/{meeting.id}/modifier").text
    edited(browsers["stranger"], meeting.id, groups=[])

    assert "Comité discret" not in page
    assert held_by(meeting.id) == [hidden.id]


def test_who_is_asked_is_changed(browsers, group, other, asked, anne, ines, paul):
    number = convened(browsers["lead"], groups=[group.id])

    response = edited(browsers["lead"], number, groups=[other.id], people=[ines.id])

    assert response.status_code == 303
    assert asked(number) == {anne.id: False, paul.id: False, ines.id: True}


def test_whoever_leaves_one_group_of_two_is_still_asked(browsers, make, group, asked, anne, ines):
    both = make.group("Plaies", leads=[anne], members=[ines])
    shared, alone = (
        convened(browsers["lead"], groups=[group.id, both.id]),
        convened(browsers["lead"], groups=[group.id]),
    )

    browsers["member"].post(f"/groupes/{group.id}/quitter")

    assert ines.id in asked(shared)
    assert ines.id not in asked(alone)


def test_whoever_was_asked_by_name_is_still_asked_after_leaving(browsers, group, asked, ines):
    number = convened(browsers["lead"], groups=[group.id], people=[ines.id])

    browsers["member"].post(f"/groupes/{group.id}/quitter")

    assert asked(number)[ines.id] is True


def test_each_group_of_a_meeting_names_it_as_its_next(browsers, make_meeting, group, other):
    make_meeting(hosts=[group, other], start=THURSDAY)

    assert browsers["lead"].get("/groupes/").text.count("Prochaine réunion") == 2


def test_the_form_searches_without_javascript(browsers, group, luc):
    page = browsers["lead"].post(
        "/reunions/nouvelle", data={**WHAT, "chercher": "people", "people-q": "martin", "groups": group.id}
    )

    assert page.status_code == 200
    assert f'name="people" value="{luc.id}"' in page.text
    assert 'value="Bilan commun"' in page.text
