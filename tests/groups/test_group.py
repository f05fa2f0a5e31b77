import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from cpts_net import clock
from cpts_net.audit.models import AuditEntry
from cpts_net.groups import actions, views
from cpts_net.groups.models import Group, Post
from cpts_net.meetings.models import Meeting
from cpts_net.roles import STAFF, Role
from cpts_net.storage.connections import db
from cpts_net.storage.transaction import transaction
from tests.conftest import NOW
from tests.factories import held_by
from tests.house.page import read

NIR = "1 55 08 14 168 025 88"


def bodies(app):
    with app.app_context():
        return db.session.scalars(select(Post.body).order_by(Post.id)).all()


def post(make, group, author, body="Bonjour"):
    return make.save(Post(group_id=group.id, author_id=author.id, body=body, created_at=clock.now()))


def test_the_page_says_what_the_group_is_for_and_who_is_in_it(browsers, group):
    page = read(browsers["stranger"].get(f"/groupes/{group.id}").text)

    for text in ("Avancer ensemble.", "Animé par Dr Anne Petit", "2 personnes", "Inès Boyer", "Rejoindre le groupe"):
        assert text in page
    assert "Proposer des dates" not in page
    assert "Votre message" not in page


@pytest.mark.parametrize("who", ["lead", "staff"])
def test_those_who_look_after_a_group_are_offered_dates_and_people(browsers, group, who):
    page = browsers[who].get(f"/groupes/{group.id}").text

    for text in ("Proposer des dates", "Fixer une réunion", "Gérer les membres", "Modifier le groupe"):
        assert text in page


def test_an_unknown_group_is_404(browsers):
    assert browsers["staff"].get("/groupes/12345").status_code == 404


def test_a_message_appears_with_its_line_breaks_and_no_html(browsers, group, revision_of):
    before = revision_of(f"group:{group.id}")

    response = browsers["member"].post(f"/groupes/{group.id}/messages", data={"body": "Bonjour,\n<b>à tous</b>"})

    assert (response.status_code, response.location) == (303, f"/groupes/{group.id}#messages")
    assert "Bonjour,<br>&lt;b&gt;à tous&lt;/b&gt;" in browsers["stranger"].get(f"/groupes/{group.id}").text
    assert revision_of(f"group:{group.id}") == before + 1


def test_a_message_sent_twice_is_there_once(app, browsers, group, frozen):
    for minutes in (0, 0, 2):
        frozen.shift(timedelta(minutes=minutes))
        browsers["lead"].post(f"/groupes/{group.id}/messages", data={"body": "Merci"})

    assert bodies(app) == ["Merci", "Merci"]


def test_control_characters_are_left_out_of_a_message(app, browsers, group):
    browsers["member"].post(f"/groupes/{group.id}/messages", data={"body": " Bon\0jour\x1b,\r\n\tà tous\x07 "})

    assert bodies(app) == ["Bonjour,\n\tà tous"]


@pytest.mark.parametrize("body", ["", "   ", "\0", f"Patient {NIR}", "a" * 5001])
def test_a_message_that_cannot_be_is_kept_in_the_form(app, browsers, group, body):
    response = browsers["member"].post(f"/groupes/{group.id}/messages", data={"body": body})

    assert response.status_code == 422
    assert "field-error" in response.text
    assert body.strip(" \0") in response.text
    assert bodies(app) == []


def test_newest_messages_come_first_and_are_paged(make, browsers, group, ines, frozen):
    for number in range(21):
        frozen.move_to(clock.now() + timedelta(minutes=1))
        post(make, group, ines, f"Message {number:02}")

    first = browsers["member"].get(f"/groupes/{group.id}").text
    second = browsers["member"].get(f"/groupes/{group.id}?page=2").text

    assert first.index("Message 20") < first.index("Message 01")
    assert ("Message 00" in first, "Message 00" in second) == (False, True)


@pytest.mark.parametrize("who", ["stranger", "staff"])
def test_whoever_is_not_in_an_open_group_does_not_write_in_it(app, browsers, group, who):
    response = browsers[who].post(f"/groupes/{group.id}/messages", data={"body": "Bonjour"})

    assert response.status_code == 404
    assert bodies(app) == []


@pytest.mark.parametrize(("who", "left"), [("member", 0), ("lead", 0), ("staff", 0), ("stranger", 1)])
def test_a_message_is_deleted_by_its_author_and_those_who_look_after_the_group(
    app, make, browsers, group, ines, who, left
):
    message = post(make, group, ines)

    response = browsers[who].post(f"/groupes/{group.id}/messages/{message.id}/supprimer")

    assert response.status_code == (404 if left else 303)
    assert len(bodies(app)) == left


def test_a_member_does_not_delete_the_message_of_another(app, make, browsers, group, anne):
    message = post(make, group, anne)

    response = browsers["member"].post(f"/groupes/{group.id}/messages/{message.id}/supprimer")

    assert response.status_code == 404
    assert bodies(app) == ["Bonjour"]


def test_a_message_is_deleted_only_through_its_own_group(app, make, browsers, group, hidden, anne, luc):
    elsewhere = make.group("Ailleurs", leads=[luc])
    message = post(make, group, anne)

    response = browsers["stranger"].post(f"/groupes/{elsewhere.id}/messages/{message.id}/supprimer")

    assert response.status_code == 404
    assert bodies(app) == ["Bonjour"]


@pytest.mark.parametrize("who", ["lead", "staff"])
def test_a_group_is_renamed_and_made_private(app, browsers, group, who, revision_of):
    typed = {"name": " Soins urgents ", "purpose": "Mieux.", "is_private": "y"}
    before = revision_of("groups")

    response = browsers[who].post(f"/groupes/{group.id}/modifier", data=typed)

    # For the staff, who are not in it, the group does not exist any more.
    assert (response.status_code, response.location) == (303, f"/groupes/{group.id}" if who == "lead" else "/groupes/")
    with app.app_context():
        changed = db.session.get(Group, group.id)
        assert (changed.name, changed.purpose, changed.is_private) == ("Soins urgents", "Mieux.", True)
        assert db.session.scalars(select(AuditEntry.action)).all() == ["group.changed"]
    assert revision_of("groups") == before + 1


@pytest.mark.parametrize("who", ["member", "stranger"])
def test_others_do_not_change_a_group(browsers, group, who):
    address = f"/groupes/{group.id}/modifier"

    assert browsers[who].get(address).status_code == 404
    assert browsers[who].post(address, data={"name": "Autre"}).status_code == 404


@pytest.mark.parametrize("name", ["", "comite DISCRET", "a" * 101, NIR])
def test_a_name_that_cannot_be_is_refused_beside_the_field(app, browsers, group, hidden, name):
    response = browsers["lead"].post(f"/groupes/{group.id}/modifier", data={"name": name, "purpose": "Gardé"})

    assert response.status_code == 422
    assert "name-error" in response.text
    assert "Gardé" in response.text
    with app.app_context():
        assert db.session.get(Group, group.id).name == "Soins non programmés"


def test_staff_opens_a_group_with_those_who_lead_it(app, browsers, anne, ines):
    typed = {"name": "Diabète", "purpose": "Parcours.", "leads": [anne.id, ines.id]}

    response = browsers["staff"].post("/groupes/nouveau", data=typed)

    page = read(browsers["staff"].get(response.location).text)
    assert response.status_code == 303
    assert "Animé par Inès Boyer et Dr Anne Petit" in page
    with app.app_context():
        assert db.session.scalars(select(AuditEntry.action)).all() == ["group.created"]


def test_staff_who_opens_a_private_group_does_not_see_it_afterwards(browsers, anne):
    typed = {"name": "Cellule de crise", "leads": anne.id, "is_private": "y"}

    response = browsers["staff"].post("/groupes/nouveau", data=typed)

    assert (response.status_code, response.location) == (303, "/groupes/")
    assert "Cellule de crise" not in browsers["staff"].get("/groupes/").text
    assert "Cellule de crise" in browsers["lead"].get("/groupes/").text


@pytest.mark.parametrize(
    ("leads", "said"),
    [
        ({}, "Nommez au moins une personne."),
        ({"leads-q": "Zorro"}, "Vous avez cherché"),
        ({"leads-q": "Petit"}, "Dr Paul Petit"),
        ({"leads": ["999"]}, "n’est pas dans l’annuaire"),
        ({"leads": "x"}, "n’est pas dans l’annuaire"),
        ({"leads": [str(number) for number in range(1, 33)]}, "n’est pas dans l’annuaire"),
    ],
)
def test_a_lead_must_be_a_known_person(app, make, browsers, anne, leads, said):
    make.person("Paul", "Petit")

    response = browsers["staff"].post("/groupes/nouveau", data={"name": "Diabète", **leads})

    assert response.status_code == 422
    assert said in response.text
    assert 'value="Diabète"' in response.text
    with app.app_context():
        assert db.session.scalars(select(Group)).all() == []


def test_searching_without_javascript_keeps_all_that_was_typed(app, browsers, anne, ines):
    typed = {"name": "Diabète", "purpose": "Parcours.", "is_private": "y", "leads": anne.id, "leads-q": "boyer"}

    page = browsers["staff"].post("/groupes/nouveau", data={**typed, "chercher": "leads"})

    assert page.status_code == 200
    assert 'value="Diabète"' in page.text
    assert "Parcours.</textarea>" in page.text
    assert re.search(r'name="is_private"[^>]*checked|checked[^>]*name="is_private"', page.text)
    assert f'name="leads" value="{anne.id}" checked="checked">' in page.text
    assert f'name="leads" value="{ines.id}">' in page.text
    assert "faults" not in page.text
    with app.app_context():
        assert db.session.scalars(select(Group)).all() == []


def test_a_group_is_not_opened_under_a_name_that_is_taken(browsers, group, anne):
    response = browsers["staff"].post("/groupes/nouveau", data={"name": "soins NON programmés", "leads": anne.id})

    assert response.status_code == 422
    assert "Un groupe porte déjà ce nom." in response.text


def test_only_staff_opens_groups(make, sign_in, browsers):
    for role in Role:
        status = sign_in(make.account(role=role)).get("/groupes/nouveau").status_code

        assert status == (200 if role in STAFF else 404)


def test_a_message_to_a_group_just_left_is_told_and_kept(app, make, sign_in, monkeypatch, rows):
    ines = make.person("Inès", "Boyer")
    group = make.group(members=[ines])
    browser, kept = sign_in(make.account(ines)), views.group_or_404

    def and_then_she_is_taken_out(group_id):
        found = kept(group_id)
        db.session.rollback()
        with transaction():
            actions.remove_member(group_id, ines.id, actor_id=None, now=clock.now())
        return found

    monkeypatch.setattr(views, "group_or_404", and_then_she_is_taken_out)
    answer = browser.post(f"/groupes/{group.id}/messages", data={"body": "Bonjour à tous"})

    assert (answer.status_code, rows(Post)) == (422, [])
    assert "Vous n’êtes plus dans ce groupe" in answer.text
    assert "Bonjour à tous</textarea>" in answer.text


def test_a_kept_page_has_no_token_but_that_of_its_reader(make, sign_in, group, anne):
    post(make, group, anne)
    alike = [sign_in(make.account(role=role)) for role in (Role.SECRETARY, Role.COORDINATOR)]
    pages = [browser.get(f"/groupes/{group.id}").text for browser in alike]

    for page in pages:
        (in_head,) = re.findall(r'X-CSRFToken": "([^"]+)"', page)
        in_forms = re.findall(r'name="csrf_token"[^>]* value="([^"]+)"', page)
        assert "Oui, le supprimer" in page
        assert set(in_forms) == {in_head}


def test_whoever_is_outside_reads_when_a_group_meets_and_opens_no_meeting(make, browsers, group):
    hours = {"starts_at": NOW + timedelta(days=9), "ends_at": NOW + timedelta(days=9, hours=2)}
    meeting = make.save(Meeting(meeting_groups=held_by(group.id), title="Bilan", created_at=NOW, **hours))

    pages = {who: browsers[who].get(f"/groupes/{group.id}").text for who in ("member", "staff", "stranger")}
    lists = {who: browsers[who].get("/groupes/").text for who in ("member", "stranger")}

    assert all("Bilan" in page for page in pages.values())
    link = f'href="/reunions/{meeting.id}"'
    assert {who: link in page for who, page in pages.items()} == {"member": True, "staff": True, "stranger": False}
    assert {who: link in page for who, page in lists.items()} == {"member": True, "stranger": False}
