import re

import pytest
from itsdangerous import URLSafeSerializer
from sqlalchemy import select

from cpts_net import clock
from cpts_net.accounts.queries import account_of_person
from cpts_net.meetings.answer_links import PURPOSE, answer_token, read_token
from cpts_net.meetings.models import Answer, Invitation
from cpts_net.storage.connections import db
from cpts_net.web import signed_links

MOVED = {"title": "Bilan de l’été", "agenda": "", "place": "", "minutes": "120", "day": "2026-08-28", "at": "12:30"}


@pytest.fixture
def link(app, make, ines):
    """The address in a member's mail that stands for an answer."""
    if not has_account(app, ines):
        make.account(ines)

    def address(meeting, word="yes"):
        return f"/reunions/reponse/{token(app, meeting, ines, word)}"

    return address


def has_account(app, person):
    with app.app_context():
        return account_of_person(person.id) is not None


def token(app, meeting, person, word):
    with app.app_context():
        return answer_token(invitation_id(meeting, person), word, meeting.as_seen)


def invitation_id(meeting, person):
    query = select(Invitation.id).where(Invitation.meeting_id == meeting.id, Invitation.person_id == person.id)
    return db.session.scalar(query)


def said(app, meeting, person):
    with app.app_context():
        query = select(Invitation.answer).where(Invitation.meeting_id == meeting.id, Invitation.person_id == person.id)
        return db.session.scalar(query)


def test_looking_at_the_link_changes_nothing(app, client, make_meeting, link, ines, revision_of):
    meeting = make_meeting()
    before = revision_of("meetings")

    page = client.get(link(meeting))

    assert page.status_code == 200
    for text in ("Bilan de l’été", "jeudi 27 août", "Confirmer ma réponse"):
        assert text in page.text
    assert said(app, meeting, ines) is None
    assert revision_of("meetings") == before


def test_the_page_says_nothing_of_others(client, make_meeting, link):
    page = client.get(link(make_meeting(agenda="Secret de groupe"))).text

    assert "Anne Petit" not in page
    assert "Secret de groupe" not in page


@pytest.mark.parametrize("word", [*Answer])
def test_the_button_records_the_answer(app, client, make_meeting, link, ines, anne, word):
    meeting = make_meeting()

    response = client.post(link(meeting, word), follow_redirects=True)

    assert "votre réponse est enregistrée" in response.text
    assert "Confirmer ma réponse" not in response.text
    assert said(app, meeting, ines) == word
    assert said(app, meeting, anne) is None


def test_another_link_changes_the_answer(app, client, make_meeting, link, ines):
    meeting = make_meeting()
    client.post(link(meeting, "yes"))

    client.post(link(meeting, "no"))

    assert said(app, meeting, ines) == "no"


def test_the_link_of_a_private_group_opens_for_its_holder(client, make_meeting, hidden, link):
    meeting = make_meeting(hidden)

    assert client.get(link(meeting)).status_code == 200
    assert client.get(f"/reunions/{meeting.id}").status_code == 303


@pytest.mark.parametrize("how", ["over", "cancelled"])
def test_after_the_meeting_the_link_records_nothing(app, client, make_meeting, link, frozen, ines, how):
    meeting = make_meeting(cancelled_at=clock.now() if how == "cancelled" else None)
    frozen.move_to(meeting.ends_at)

    page = client.get(link(meeting))
    response = client.post(link(meeting), follow_redirects=True)

    assert "Confirmer" not in page.text
    assert "annulée ou passée" in response.text
    assert said(app, meeting, ines) is None


def test_whoever_left_the_group_holds_a_dead_link(client, browsers, make_meeting, group, link):
    address = link(make_meeting())

    browsers["member"].post(f"/groupes/{group.id}/quitter")

    assert client.get(address).status_code == 410
    assert client.post(address).status_code == 410


@pytest.mark.parametrize(
    "forge", [lambda text: text[:-1], lambda text: "x" + text, lambda text: "x", lambda text: text.replace("W", "X", 1)]
)
def test_a_link_that_we_did_not_make_is_404(client, make_meeting, link, forge):
    address = link(make_meeting())
    root, _, made = address.rpartition("/")

    assert client.get(f"{root}/{forge(made)}").status_code == 404


def test_a_token_signed_for_something_else_is_none(context, settings):
    stray = URLSafeSerializer(settings.secret_key, salt="another purpose").dumps([1, "yes"])

    assert read_token(stray) is None
    assert read_token(answer_token(7, "no", "abc")) == (7, Answer.NO, "abc", 0, 0)
    assert read_token(signed_links.sign(PURPOSE, [7, "no"])) == (
        7,
        Answer.NO,
        "",
        0,
        0,
    )  # As the first version made them.


def test_an_answer_page_opened_before_a_move_records_nothing_and_asks_again(
    app, client, browsers, make_meeting, link, ines
):
    meeting = make_meeting()
    address = link(meeting)
    page = client.get(address).text
    seen = re.search(r'name="seen" value="(\w+)"', page)[1]
    browsers["lead"].post(f"/reunions/{meeting.id}/modifier", data=MOVED)

    page = client.post(address, data={"seen": seen}, follow_redirects=True).text

    assert "Cette réunion vient de changer" in page
    assert "vendredi 28 août" in page
    assert said(app, meeting, ines) is None


def test_the_first_mail_s_link_shows_the_move_and_takes_an_answer_to_it(
    app, client, browsers, make_meeting, link, ines
):
    meeting = make_meeting()
    address = link(meeting)
    browsers["lead"].post(f"/reunions/{meeting.id}/modifier", data=MOVED)

    client.post(address)
    assert said(app, meeting, ines) is None

    page = client.get(address).text
    assert "Cette réunion a changé depuis le message que vous avez ouvert" in page
    seen = re.search(r'name="seen" value="(\w+)"', page)[1]
    page = client.post(address, data={"seen": seen, "answer": "no"}, follow_redirects=True).text
    assert "votre réponse est enregistrée" in page
    assert said(app, meeting, ines) == "no"


@pytest.mark.usefixtures("link")
def test_a_link_of_the_first_version_is_asked_again(app, client, make_meeting, ines):
    meeting = make_meeting()
    with app.app_context():
        old = signed_links.sign("meetings.answer", [invitation_id(meeting, ines), "yes"])

    client.post(f"/reunions/reponse/{old}")
    assert said(app, meeting, ines) is None

    page = client.get(f"/reunions/reponse/{old}").text
    assert page.count('name="answer"') == 3


def test_another_word_than_the_three_is_404(client, make_meeting, link):
    meeting = make_meeting()

    assert client.post(link(meeting), data={"seen": meeting.as_seen, "answer": "maybe"}).status_code == 404
