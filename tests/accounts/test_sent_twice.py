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

LEAVE = {"first_day": "2026-10-05", "last_day": "2026-10-09", "note": "Loin"}
PERSON = {"email": "neuve@cpts.example", "display_name": "Neuve", "role": "secretary"}


@pytest.fixture
def coordinator(make, sign_in):
    return sign_in(make.account(role=Role.COORDINATOR))


@pytest.fixture
def anne(make):
    return make.person("Anne", "Petit")


@pytest.fixture
def person(anne, make, sign_in):
    return sign_in(make.account(anne))


def slot(make):
    return make.slot(make.line(), NOW + timedelta(days=30), NOW + timedelta(days=30, hours=4))


def twice(browser, path, data, **kwargs):
    """Both answers: status, and where to."""
    answers = [browser.post(path, data=data, **kwargs) for _ in range(2)]
    return [(answer.status_code, answer.location) for answer in answers]


def test_a_leave(person, rows):
    first, second = twice(person, "/absences/nouvelle", LEAVE)

    assert first == second == (303, "/absences/")
    assert len(rows(Absence)) == 1


def test_a_seat(person, make, rows):
    first, second = twice(person, f"/astreintes/creneaux/{slot(make).id}/prendre", {})

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


def test_the_same_copy_of_a_button_is_answered_alike(person, rows):
    """Without the copy, a second cancelling finds nothing to cancel."""
    person.post("/absences/nouvelle", data=LEAVE)
    cancel = f"/absences/{rows(Absence)[0].id}/annuler"
    page = person.get(f"/absences/{rows(Absence)[0].id}/modifier").text
    token = page.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]

    assert twice(person, cancel, {"csrf_token": token}) == [(303, "/absences/")] * 2
    assert person.post(cancel).status_code == 404


def test_the_former_answer_says_the_same_words(person):
    person.post("/absences/nouvelle", data=LEAVE)
    said = person.get("/absences/").text
    person.post("/absences/nouvelle", data=LEAVE)

    assert "flash" in said
    assert person.get("/absences/").text == said


def test_the_same_words_from_a_page_opened_anew_are_answered_alike(person, rows, frozen):
    person.post("/absences/nouvelle", data=LEAVE)
    frozen.move_to(NOW + timedelta(seconds=90))  # Another token, for another copy of the form.

    assert person.post("/absences/nouvelle", data=LEAVE).location == "/absences/"
    assert len(rows(Absence)) == 1


def test_two_minutes_later_it_is_looked_at_again(person, frozen):
    person.post("/absences/nouvelle", data=LEAVE)
    frozen.move_to(NOW + timedelta(minutes=2))

    assert person.post("/absences/nouvelle", data=LEAVE).status_code == 422


def test_who_changes_what_they_typed_is_looked_at_again(person):
    person.post("/absences/nouvelle", data=LEAVE)

    assert person.post("/absences/nouvelle", data={**LEAVE, "last_day": "2026-10-08"}).status_code == 422


def test_it_may_be_done_again_after_something_else(person, make, rows):
    taken = slot(make)
    take = f"/astreintes/creneaux/{taken.id}/prendre"
    person.post(take)
    person.post(f"/astreintes/sieges/{rows(DutySeat)[0].id}/rendre")

    person.post(take)

    assert [seat.released_at is None for seat in rows(DutySeat)] == [False, True]


def test_somebody_else_is_refused_and_so_is_another_browser(anne, make, sign_in, person):
    account = make.account(make.person("Luc", "Roux"), role=Role.MEMBER)
    only = slot(make)
    take = f"/astreintes/creneaux/{only.id}/prendre"
    person.post(take)

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
def test_two_at_once_are_decided(app, anne, make, person, rows, *, path, data, model):
    group = make.group(members=[anne])
    path = path.format(group=group.id)
    page = person.get("/absences/nouvelle").text
    token = page.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
    cookie = person.get_cookie("cpts").value

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


def test_nothing_that_was_typed_is_kept(person, rows):
    person.post("/absences/nouvelle", data=LEAVE)

    kept = rows(SentForm)[0]
    assert "Loin" not in f"{kept.sheet} {kept.content} {kept.location}"
    assert {len(kept.sheet), len(kept.content)} == {64}


def test_what_was_sent_is_forgotten(app, person, rows):
    person.post("/absences/nouvelle", data=LEAVE)

    with app.app_context(), transaction():
        forget(NOW + timedelta(days=2))

    assert rows(SentForm) == []
