import re
from datetime import timedelta

import pytest

from cpts_net import clock
from cpts_net.meetings.models import Meeting
from cpts_net.roles import Role
from tests.counting import counted
from tests.factories import held_by
from tests.house.page import read

STAFF = (Role.SECRETARY, Role.COORDINATOR, Role.ADMINISTRATOR)


def meeting(make, group, title="Réunion", days=7, **columns):
    start = clock.now() + timedelta(days=days)
    times = {"starts_at": start, "ends_at": start + timedelta(hours=2), "created_at": clock.now()}
    return make.save(Meeting(meeting_groups=held_by(group.id), title=title, **times, **columns))


def test_my_groups_come_before_the_open_ones(make, sign_in):
    anne = make.person()
    make.group("Asthme")
    make.group("Zona", members=[anne])

    page = sign_in(make.account(anne)).get("/groupes/").text

    assert page.index("Mes groupes") < page.index("Zona") < page.index("Groupes ouverts") < page.index("Asthme")
    assert page.count("Zona") == 1


def test_each_group_says_who_leads_it_how_many_are_in_it_and_when_it_meets(make, sign_in):
    anne, ines = make.person(), make.person("Inès", "Boyer")
    group = make.group(leads=[anne, ines], members=[make.person()])
    meeting(make, group, days=9)
    meeting(make, group, days=2)
    meeting(make, group, days=1, cancelled_at=clock.now())

    page = read(sign_in(make.account()).get("/groupes/").text)

    assert "3 personnes" in page
    assert "animé par Dr Inès Boyer et Dr Anne Petit" in page
    assert re.search(r"Prochaine réunion.*vendredi 14 août à 10", page)


def test_a_private_group_is_listed_to_its_members_only(make, sign_in):
    anne = make.person()
    make.group("Comité discret", members=[anne], is_private=True)

    inside = sign_in(make.account(anne)).get("/groupes/").text
    outside = [sign_in(make.account(make.person(), role)).get("/groupes/").text for role in Role]

    assert "Comité discret" in inside
    assert not any("Comité discret" in page for page in outside)


def test_staff_see_open_groups_and_may_join(make, sign_in):
    make.group("Asthme")

    page = sign_in(make.account(role=Role.SECRETARY)).get("/groupes/").text

    assert "Asthme" in page
    assert "Rejoindre" in page
    assert "Mes groupes" in page


def test_only_staff_is_offered_to_open_a_group(make, sign_in):
    offers = {role: "Ouvrir un groupe" in sign_in(make.account(role=role)).get("/groupes/").text for role in Role}

    assert offers == {role: role in STAFF for role in Role}


def test_open_groups_are_paged(make, sign_in):
    for number in range(31):
        make.group(f"Groupe {number:02}")
    browser = sign_in(make.account())

    first, second = browser.get("/groupes/").text, browser.get("/groupes/?page=2").text

    assert ("Groupe 29" in first, "Groupe 30" in first, "Groupe 30" in second) == (True, False, True)
    assert "Cette page est vide" in browser.get("/groupes/?page=3").text


@pytest.mark.parametrize("path", ["/groupes/", "/groupes/{id}", "/groupes/{id}/membres"])
def test_pages_ask_no_more_questions_when_there_is_more(make, sign_in, app, path):
    anne = make.person()
    group = make.group("Premier", leads=[anne])
    meeting(make, group)
    browser = sign_in(make.account(anne))
    address = path.format(id=group.id)
    browser.get(address)  # Who asks is known from here on.
    with counted(app) as few:
        browser.get(address)

    for number in range(4):
        another = make.group(f"Groupe {number}", leads=[make.person()], members=[anne])
        meeting(make, another)
        meeting(make, group, days=8 + number)
        browser.post(f"/groupes/{group.id}/messages", data={"body": f"Message {number}"})
        browser.post(f"/groupes/{group.id}/membres", data={"person_id": make.person().id})
    browser.get(address)  # What is kept is made anew after a change.
    with counted(app) as many:
        browser.get(address)

    assert len(few) == len(many)


def test_groups_stand_in_the_order_of_a_french_dictionary(make, sign_in):
    anne, ines = make.person(), make.person("Inès", "Boyer", profession="60")
    names = ["addictions", "Dépistage", "Éducation thérapeutique", "Vaccination"]
    for name in reversed(names):
        make.group(name, leads=[anne])

    for reader in (anne, ines):
        page = sign_in(make.account(reader)).get("/groupes/").text
        assert sorted(names, key=page.index) == names


def test_the_list_names_the_next_meeting_once_the_one_before_is_over(make, sign_in, frozen):
    group = make.group("Asthme")
    soon = meeting(make, group, days=2)
    meeting(make, group, days=9)
    browser = sign_in(make.account())
    before = read(browser.get("/groupes/").text)

    frozen.move_to(soon.ends_at)

    after = read(browser.get("/groupes/").text)
    assert [re.search(r"Prochaine réunion\W+(\S+ \d+)", page)[1] for page in (before, after)] == [
        "vendredi 14",
        "vendredi 21",
    ]
