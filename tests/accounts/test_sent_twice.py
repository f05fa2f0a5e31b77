"""The impatient thumb: a form sent twice is done once, and answered twice alike."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from cpts_net.accounts.models import Account, SentForm
from cpts_net.accounts.retention import forget
from cpts_net.groups.models import Post
from cpts_net.leave.models import Absence
from cpts_net.meetings.models import Meeting
from cpts_net.oncall.models import DutySeat
from cpts_net.roles import Role
from cpts_net.storage.transaction import transaction
from tests.conftest import NOW

LEAVE = {"first_day": "2026-10-05", "last_day": "2026-10-09", "kind": "holiday", "note": "Loin"}
PERSON = {"email": "neuve@cpts.example", "display_name": "Neuve", "role": "secretary"}


@pytest.fixture
def coordinator(make, sign_in):
    return sign_in(make.account(role=Role.COORDINATOR))


@pytest.fixture
def anne(make):
    return make.member("Anne", "Petit")


@pytest.fixture
def member(anne, make, sign_in):
    return sign_in(make.account(anne))


def slot(make):
    return make.slot(make.line(), NOW + timedelta(days=30), NOW + timedelta(days=30, hours=4))


def twice(browser, path, data, **kwargs):
    """Both answers: status, and where to."""
    answers = [browser.post(path, data=data, **kwargs) for _ in range(2)]
    return [(answer.status_code, answer.location) for answer in answers]


def test_a_leave(member, rows):
    first, second = twice(member, "/absences/nouvelle", LEAVE)

    assert first == second == (303, "/absences/")
    assert len(rows(Absence)) == 1


def test_a_seat(member, make, rows):
    first, second = twice(member, f"/astreintes/creneaux/{slot(make).id}/prendre", {})

    assert first == second
    assert "fait=pris" in first[1]
    assert len(rows(DutySeat)) == 1


def test_an_invitation(coordinator, rows):
    first, second = twice(coordinator, "/administration/inviter", PERSON)

    assert first == second == (303, "/administration/")
    assert [account.email for account in rows(Account)].count(PERSON["email"]) == 1


def test_a_meeting(anne, make, sign_in, rows):
    group = make.group(leads=[anne])
    plan = {"title": "Bilan", "day": "2026-10-05", "at": "20:00", "minutes": "60", "place": "Ici"}

    first, second = twice(sign_in(make.account(anne)), f"/groupes/{group.id}/reunions/nouvelle", plan)

    assert first == second
    assert len(rows(Meeting)) == 1


def test_the_same_copy_of_a_button_is_answered_alike(member, rows):
    """Without the copy, a second cancelling finds nothing to cancel."""
    member.post("/absences/nouvelle", data=LEAVE)
    cancel = f"/absences/{rows(Absence)[0].id}/annuler"
    page = member.get(f"/absences/{rows(Absence)[0].id}/modifier").text
    token = page.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]

    assert twice(member, cancel, {"csrf_token": token}) == [(303, "/absences/")] * 2
    assert member.post(cancel).status_code == 404


def test_the_former_answer_says_the_same_words(member):
    member.post("/absences/nouvelle", data=LEAVE)
    said = member.get("/absences/").text
    member.post("/absences/nouvelle", data=LEAVE)

    assert "flash" in said
    assert member.get("/absences/").text == said


def test_the_same_words_from_a_page_opened_anew_are_answered_alike(member, rows, frozen):
    member.post("/absences/nouvelle", data=LEAVE)
    frozen.move_to(NOW + timedelta(seconds=90))  # Another token, for another copy of the form.

    assert member.post("/absences/nouvelle", data=LEAVE).location == "/absences/"
    assert len(rows(Absence)) == 1


def test_two_minutes_later_it_is_looked_at_again(member, frozen):
    member.post("/absences/nouvelle", data=LEAVE)
    frozen.move_to(NOW + timedelta(minutes=2))

    assert member.post("/absences/nouvelle", data=LEAVE).status_code == 422


def test_who_changes_what_they_typed_is_looked_at_again(member):
    member.post("/absences/nouvelle", data=LEAVE)

    assert member.post("/absences/nouvelle", data={**LEAVE, "last_day": "2026-10-08"}).status_code == 422


def test_it_may_be_done_again_after_something_else(member, make, rows):
    taken = slot(make)
    take = f"/astreintes/creneaux/{taken.id}/prendre"
    member.post(take)
    member.post(f"/astreintes/sieges/{rows(DutySeat)[0].id}/rendre")

    member.post(take)

    assert len(rows(DutySeat)) == 1


def test_somebody_else_is_refused_and_so_is_another_browser(anne, make, sign_in, member):
    account = make.account(make.member("Luc", "Roux"), role=Role.MEMBER)
    only = slot(make)
    take = f"/astreintes/creneaux/{only.id}/prendre"
    member.post(take)

    assert sign_in(account).post(take).status_code == 422


def test_a_refusal_is_not_remembered(coordinator, make, rows):
    person = make.account(role=Role.MEMBER)
    coordinator.post("/administration/inviter", data={**PERSON, "email": person.email})

    assert rows(SentForm) == []
    assert coordinator.post("/administration/inviter", data={**PERSON, "email": person.email}).status_code == 422


def test_what_was_claimed_and_then_refused_is_looked_at_again(somebody, sign_in, rows):
    browser = sign_in(somebody())
    wrong = {"current_password": "wrong", "password": "muret-lavande-orage"}

    answers = twice(browser, "/mon-compte/mot-de-passe", wrong)

    assert [status for status, _where in answers] == [422, 422]
    assert rows(SentForm) == []


@pytest.mark.parametrize(
    ("path", "data", "model"),
    [("/absences/nouvelle", LEAVE, Absence), ("/groupes/{group}/messages", {"body": "Merci à tous"}, Post)],
)
def test_two_at_once_are_decided(app, anne, make, member, rows, *, path, data, model):
    group = make.group(members=[anne])
    path = path.format(group=group.id)
    page = member.get("/absences/nouvelle").text
    token = page.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
    cookie = member.get_cookie("cpts").value

    def send(_number):
        browser = app.test_client()
        browser.set_cookie("cpts", cookie)
        answer = browser.post(path, data={**data, "csrf_token": token}, csrf=False)
        return answer.status_code, answer.location

    with ThreadPoolExecutor(4) as threads:
        answers = set(threads.map(send, range(4)))

    assert len(answers) == 1
    assert {status for status, _where in answers} == {303}
    assert len(rows(model)) == 1


def test_nothing_that_was_typed_is_kept(member, rows):
    member.post("/absences/nouvelle", data=LEAVE)

    kept = rows(SentForm)[0]
    assert "Loin" not in f"{kept.sheet} {kept.content} {kept.location}"
    assert {len(kept.sheet), len(kept.content)} == {64}


def test_what_was_sent_is_forgotten(app, member, rows):
    member.post("/absences/nouvelle", data=LEAVE)

    with app.app_context(), transaction():
        forget(NOW + timedelta(days=2))

    assert rows(SentForm) == []
