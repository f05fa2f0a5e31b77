import pytest
from sqlalchemy import select

from cpts_net import clock
from cpts_net.accounts.models import Account
from cpts_net.directory.actions import change_profile
from cpts_net.groups import actions, queries, rules
from cpts_net.groups.models import Membership, Post
from cpts_net.roles import Role
from cpts_net.storage.connections import db
from cpts_net.storage.transaction import transaction


def people(app, group):
    """Who is in the group, by member id, and whether they lead it."""
    with app.app_context():
        rows = db.session.scalars(select(Membership).where(Membership.group_id == group.id, queries.live()))
        return {row.person_id: row.is_lead for row in rows}


def test_a_member_of_the_community_joins_an_open_group(app, browsers, group, luc, revision_of):
    before = revision_of(f"group:{group.id}")

    response = browsers["stranger"].post(f"/groupes/{group.id}/rejoindre")

    assert (response.status_code, response.location) == (303, f"/groupes/{group.id}")
    assert people(app, group)[luc.id] is False
    assert revision_of(f"group:{group.id}") == before + 1


def test_joining_twice_changes_nothing(app, browsers, group, ines):
    response = browsers["member"].post(f"/groupes/{group.id}/rejoindre")

    assert response.status_code == 303
    assert len(people(app, group)) == 2


def test_staff_join_like_everybody_and_write(app, browsers, group, rows):
    assert browsers["staff"].post(f"/groupes/{group.id}/rejoindre").status_code == 303
    assert len(people(app, group)) == 3
    assert browsers["staff"].post(f"/groupes/{group.id}/messages", data={"body": "Bonjour"}).status_code == 303
    assert [post.body for post in rows(Post)] == ["Bonjour"]


def test_a_member_leaves(app, browsers, group, ines):
    response = browsers["member"].post(f"/groupes/{group.id}/quitter")

    assert (response.status_code, response.location) == (303, "/groupes/")
    assert ines.id not in people(app, group)


def test_a_lead_who_takes_themselves_out_leaves(app, browsers, group, anne, ines):
    browsers["lead"].post(f"/groupes/{group.id}/membres/{ines.id}/animation", data={"anime": "oui"})

    response = browsers["lead"].post(f"/groupes/{group.id}/membres/{anne.id}/retirer")

    assert (response.status_code, response.location) == (303, "/groupes/")
    assert people(app, group) == {ines.id: True}


def test_whoever_is_outside_cannot_leave(browsers, group):
    assert browsers["stranger"].post(f"/groupes/{group.id}/quitter").status_code == 404


def test_the_last_lead_cannot_leave(app, browsers, group, anne):
    response = browsers["lead"].post(f"/groupes/{group.id}/quitter", follow_redirects=True)

    assert "Il faut au moins une personne pour animer le groupe" in response.text
    assert people(app, group)[anne.id] is True


def test_a_lead_finds_people_who_are_not_in_the_group(make, browsers, group, luc):
    make.person("Lucie", "Caché", is_hidden=True)
    searching = {"chercher": "person_id"}

    page = browsers["lead"].post(f"/groupes/{group.id}/membres", data={**searching, "person_id-q": "luc"})
    inside = browsers["lead"].post(f"/groupes/{group.id}/membres", data={**searching, "person_id-q": "boyer"})

    assert page.status_code == 200
    assert f'name="person_id" value="{luc.id}"' in page.text
    assert "Lucie" not in page.text
    assert "déjà dans le groupe" in inside.text


def test_a_member_sees_the_people_and_no_way_to_change_them(browsers, group):
    page = browsers["member"].get(f"/groupes/{group.id}/membres").text

    assert "Inès Boyer" in page
    assert "Luc Martin" not in page
    assert 'method="post"' not in page


@pytest.mark.parametrize("who", ["lead", "staff"])
def test_those_who_look_after_a_group_bring_people_in_and_take_them_out(app, browsers, group, luc, who):
    added = browsers[who].post(f"/groupes/{group.id}/membres", data={"person_id": luc.id})
    inside = people(app, group)
    removed = browsers[who].post(f"/groupes/{group.id}/membres/{luc.id}/retirer")

    assert (added.status_code, removed.status_code) == (303, 303)
    assert luc.id in inside
    assert luc.id not in people(app, group)


@pytest.mark.parametrize("who", ["member", "stranger"])
def test_others_do_not_change_who_is_in_a_group(app, browsers, group, anne, luc, who):
    root = f"/groupes/{group.id}/membres"

    assert browsers[who].post(root, data={"person_id": luc.id}).status_code == 404
    assert browsers[who].post(f"{root}/{anne.id}/retirer").status_code == 404
    assert browsers[who].post(f"{root}/{luc.id}/animation", data={"anime": "oui"}).status_code == 404
    assert len(people(app, group)) == 2


@pytest.mark.parametrize("person_id", ["12345", "", "x", "-1", "9" * 30])
def test_nobody_unknown_is_brought_in(browsers, group, person_id):
    response = browsers["lead"].post(f"/groupes/{group.id}/membres", data={"person_id": person_id})

    assert response.status_code == 422
    assert "Choisissez" in response.text


def test_several_people_come_in_at_once(app, make, browsers, group, luc):
    paul = make.person("Paul", "Roy")

    response = browsers["lead"].post(
        f"/groupes/{group.id}/membres", data={"person_id": [luc.id, paul.id]}, follow_redirects=True
    )

    assert "2 personnes de plus dans le groupe" in response.text
    assert {luc.id, paul.id} <= set(people(app, group))


def test_leading_is_given_and_taken(app, browsers, group, anne, ines):
    root = f"/groupes/{group.id}/membres"
    browsers["lead"].post(f"{root}/{ines.id}/animation", data={"anime": "oui"})
    both = people(app, group)

    browsers["member"].post(f"{root}/{anne.id}/animation", data={"anime": "non"})

    assert both == {anne.id: True, ines.id: True}
    assert people(app, group) == {anne.id: False, ines.id: True}


def test_the_last_lead_keeps_leading(app, browsers, group, anne):
    address = f"/groupes/{group.id}/membres/{anne.id}"

    given_up = browsers["lead"].post(f"{address}/animation", data={"anime": "non"}, follow_redirects=True)
    removed = browsers["staff"].post(f"{address}/retirer", follow_redirects=True)

    assert "Il faut au moins une personne" in given_up.text
    assert "Il faut au moins une personne" in removed.text
    assert people(app, group)[anne.id] is True


def test_a_stranger_is_neither_removed_nor_made_lead(browsers, group, luc):
    address = f"/groupes/{group.id}/membres/{luc.id}"

    assert browsers["lead"].post(f"{address}/retirer").status_code == 404
    assert browsers["lead"].post(f"{address}/animation", data={"anime": "oui"}).status_code == 404


@pytest.mark.parametrize(
    ("leads", "leaving", "is_refused"), [({1}, 1, True), ({1, 2}, 1, False), ({1}, 2, False), (set(), 2, False)]
)
def test_only_the_last_lead_is_kept(leads, leaving, is_refused):
    try:
        rules.check_leads_remain(leads, leaving)
    except rules.LastLeadLeaves:
        assert is_refused
    else:
        assert not is_refused


def test_people_are_named_leads_first(context, make, group, anne, ines):
    names = [membership.person.display_name for membership in queries.people(group.id)]

    assert names == ["Dr Anne Petit", "Inès Boyer"]


def test_the_page_of_a_group_follows_who_comes_goes_and_leads(browsers, group, luc):
    address = f"/groupes/{group.id}"
    assert "2 personnes" in browsers["lead"].get(address).text

    browsers["stranger"].post(f"{address}/rejoindre")
    came = browsers["lead"].get(address).text
    browsers["member"].post(f"{address}/quitter")
    left = browsers["lead"].get(address).text

    assert "3 personnes" in came
    assert luc.display_name in came
    assert "2 personnes" in left
    assert "Inès Boyer" not in left


def test_the_page_of_a_group_follows_the_directory(app, browsers, group, ines):
    address = f"/groupes/{group.id}"
    assert f'href="/annuaire/{ines.id}"' in browsers["lead"].get(address).text

    with app.app_context(), transaction():
        change_profile(ines.id, private_phone="", is_hidden=True, actor_id=None, now=clock.now())

    assert f'href="/annuaire/{ines.id}"' not in browsers["lead"].get(address).text


def stays(app, group, person):
    """Every stay of somebody in the group: whether it ended, and what they were."""
    with app.app_context():
        rows = db.session.scalars(select(Membership).where(Membership.group_id == group.id).order_by(Membership.id))
        return [(row.left_at is not None, row.role) for row in rows if row.person_id == person.id]


def test_leaving_ends_a_stay_and_joining_again_begins_one(app, browsers, group, ines):
    browsers["member"].post(f"/groupes/{group.id}/quitter")
    left = stays(app, group, ines)
    browsers["member"].post(f"/groupes/{group.id}/rejoindre")

    assert left == [(True, "member")]
    assert stays(app, group, ines) == [(True, "member"), (False, "member")]


def test_whoever_led_and_comes_back_leads_no_more(app, make, browsers, anne, ines):
    group = make.group("À deux", leads=[anne, ines])

    browsers["member"].post(f"/groupes/{group.id}/quitter")
    browsers["member"].post(f"/groupes/{group.id}/rejoindre")

    assert stays(app, group, ines) == [(True, "lead"), (False, "member")]
    assert browsers["member"].get(f"/groupes/{group.id}/modifier").status_code == 404


def test_a_second_stay_that_no_rule_saw_changes_nothing(app, make, group, ines, monkeypatch):
    """The index decides, whatever its name is in the words of the database."""
    with app.app_context():
        monkeypatch.setattr(queries, "membership", lambda *_who: None)
        with transaction():
            actions.add_member(group.id, ines.id, actor_id=None, now=clock.now())

    assert stays(app, group, ines) == [(False, "member")]


def test_somebody_comes_as_a_guest(app, browsers, group, luc):
    browsers["lead"].post(f"/groupes/{group.id}/membres", data={"person_id": luc.id, "as_guest": "y"})

    assert stays(app, group, luc) == [(False, "guest")]
    assert "sur invitation" in browsers["lead"].get(f"/groupes/{group.id}/membres").text
    assert browsers["stranger"].get(f"/groupes/{group.id}/modifier").status_code == 404


def test_the_account_of_a_guest_is_a_guest_everywhere(app, make, browsers, group):
    visitor = make.person("Paul", "Roy")
    make.account(visitor, role="guest")
    root = f"/groupes/{group.id}/membres"

    browsers["lead"].post(root, data={"person_id": visitor.id})
    refused = browsers["lead"].post(f"{root}/{visitor.id}/animation", data={"anime": "oui"}, follow_redirects=True)

    assert stays(app, group, visitor) == [(False, "guest")]
    assert "compte d’invité" in refused.text


def test_the_account_of_a_guest_opens_no_group(make, browsers):
    visitor = make.person("Paul", "Roy")
    make.account(visitor, role="guest")

    response = browsers["staff"].post("/groupes/nouveau", data={"name": "Plaies", "leads": visitor.id})

    assert response.status_code == 422
    assert "compte d’invité" in response.text


def test_whose_account_becomes_a_guest_s_is_a_guest_in_their_groups(app, make, sign_in, group, anne, ines):
    account = make.account(ines)
    browser = sign_in(make.account(role=Role.ADMINISTRATOR))

    browser.post(f"/administration/comptes/{account.id}/role", data={"role": "guest"})

    assert stays(app, group, ines) == [(False, "guest")]


def test_the_only_lead_of_a_group_becomes_no_guest(app, make, sign_in, group, anne):
    account = make.account(anne)
    browser = sign_in(make.account(role=Role.ADMINISTRATOR))

    response = browser.post(f"/administration/comptes/{account.id}/role", data={"role": "guest"}, follow_redirects=True)

    assert "seule à animer un groupe" in response.text
    assert stays(app, group, anne) == [(False, "lead")]
    with app.app_context():
        assert db.session.get(Account, account.id).role == Role.MEMBER
