"""The board of day one says to those who can where to begin, and is silent once there is something to see."""

import pytest

from cpts_net.roles import Role

TITLE = "Pour commencer"
PEOPLE, INVITE, LINE, GROUP = (
    "/administration/personnes/",
    "/administration/inviter",
    "/astreintes/lignes/nouvelle",
    "/groupes/nouveau",
)


@pytest.mark.parametrize(
    ("role", "ways"),
    [
        (Role.ADMINISTRATOR, [PEOPLE, INVITE, LINE, GROUP]),
        (Role.COORDINATOR, [PEOPLE, INVITE, LINE, GROUP]),
        (Role.SECRETARY, [PEOPLE, GROUP]),
    ],
)
def test_the_staff_finds_what_it_may_do_and_can_go_there(make, sign_in, role, ways):
    browser = sign_in(make.account(role=role))

    steps = browser.get("/continuite/").text.split(TITLE)[1].split("</section>")[0]

    assert [step.split('"')[0] for step in steps.split('href="')[1:]] == ways
    assert [browser.get(way).status_code for way in ways] == [200] * len(ways)


def test_a_member_is_not_asked(make, sign_in):
    assert TITLE not in sign_in(make.account(make.person("Inès", "Boyer"))).get("/continuite/").text


def test_nobody_is_asked_once_a_line_is_open(make, sign_in):
    make.line()

    assert TITLE not in sign_in(make.account(role=Role.ADMINISTRATOR)).get("/continuite/").text
