from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier, BoundedSemaphore, Event, Lock, Semaphore, current_thread

import pytest
from argon2 import PasswordHasher

from cpts_net.accounts import passwords
from cpts_net.accounts.identity import fingerprint
from cpts_net.accounts.mail_addresses import AccountAddresses
from cpts_net.accounts.models import Account, Attempt, LoginSession
from cpts_net.audit.models import AuditEntry
from cpts_net.storage.connections import db
from cpts_net.storage.transaction import transaction
from tests.accounts.conftest import PASSWORD
from tests.accounts.test_rules import BAD_PATHS
from tests.conftest import NOW


def test_sign_in_opens_the_door(somebody, enter, client):
    person = somebody()

    response = enter(person.email, browser=client)

    assert (response.status_code, response.location) == (303, "/")
    assert client.get("/mon-compte/").status_code == 200


def test_sign_in_takes_the_address_in_any_case_and_with_spaces(somebody, enter):
    somebody(email="anne.petit@cpts.example")

    assert enter("  Anne.Petit@CPTS.example ").status_code == 303


def test_sign_in_works_with_an_accent_typed_in_two_ways(app, make, enter, somebody):
    with app.app_context():
        person = make.account(password_hash=passwords.hash_password("pelle-r\u00e2teau-orni\u00e8re"))

    assert enter(person.email, "pelle-ra\u0302teau-ornie\u0300re").status_code == 303


def test_sign_in_keeps_only_a_hash_of_what_the_cookie_holds(somebody, enter, client, rows):
    person = somebody()
    enter(person.email, browser=client)

    with client.session_transaction() as cookie:
        token = cookie["_user_id"]
    kept = rows(LoginSession)

    assert [session.token_hash for session in kept] == [fingerprint(token)]
    assert len(token) >= 43  # 256 bits.
    assert kept[0].account_id == person.id


def test_sign_in_empties_the_cookie_first(somebody, enter, client):
    with client.session_transaction() as cookie:
        cookie["csrf_token"] = "from before"
        cookie["planted"] = "by somebody else"

    enter(somebody().email, browser=client)

    with client.session_transaction() as cookie:
        assert "planted" not in cookie
        assert cookie.get("csrf_token") != "from before"
        assert cookie.permanent


def test_sign_in_again_ends_the_session_that_the_browser_had(somebody, enter, client, rows):
    person = somebody()
    enter(person.email, browser=client)
    before = rows(LoginSession)[0]

    enter(person.email, browser=client)

    assert [session.id == before.id for session in rows(LoginSession)] == [False]


@pytest.mark.parametrize("who", ["unknown", "wrong password", "invited", "suspended"])
def test_sign_in_refuses_all_alike(who, somebody, make, enter, rows, trail):
    email = {
        "unknown": lambda: "nobody@cpts.example",
        "wrong password": lambda: somebody().email,
        "invited": lambda: make.account().email,
        "suspended": lambda: somebody(suspended_at=NOW).email,
    }[who]()

    page = enter(email, PASSWORD + ("!" if who == "wrong password" else ""))

    assert page.status_code == 422
    assert "L’adresse ou le mot de passe ne convient pas." in page.text
    assert f'value="{email}"' in page.text
    assert PASSWORD not in page.text
    assert rows(LoginSession) == []
    assert trail() == ["account.sign_in_failed"]


def test_an_unknown_address_costs_a_hash_like_a_known_one(somebody, enter, monkeypatch):
    costs = []
    verify = PasswordHasher.verify
    monkeypatch.setattr(
        PasswordHasher,
        "verify",
        lambda self, kept, typed: costs.append(kept.split("$")[:4]) or verify(self, kept, typed),
    )

    enter(somebody().email, "not the password")
    enter("nobody@cpts.example", "not the password")

    assert len(costs) == 2
    assert costs[0] == costs[1]  # "$argon2id$v=19$m=…,t=…,p=…": the same algorithm at the same cost.


def test_sign_in_says_what_is_missing(enter):
    page = enter("", "")

    assert page.status_code == 422
    assert "Indiquez votre adresse e-mail." in page.text
    assert "Indiquez votre mot de passe." in page.text


def test_sign_in_needs_the_form_that_we_gave(somebody, app):
    response = app.test_client().post("/connexion", data={"email": somebody().email, "password": PASSWORD}, csrf=False)

    assert response.status_code == 400


def test_sign_in_goes_where_the_person_was_going(somebody, enter):
    assert enter(somebody().email, next="/plus/").location == "/plus/"


# NUL is gone before any page reads it.
@pytest.mark.parametrize("path", [path for path in BAD_PATHS if path and "\x00" not in path])
def test_sign_in_goes_nowhere_else(path, somebody, enter):
    response = enter(somebody().email, next=path)

    assert (response.status_code, response.location) == (303, "/")


def test_the_form_carries_where_the_person_was_going(client):
    assert 'name="next" type="hidden" value="/plus/"' in client.get("/connexion?next=/plus/").text


def test_who_is_signed_in_needs_no_form(sign_in, make):
    response = sign_in(make.account()).get("/connexion?next=/plus/")

    assert (response.status_code, response.location) == (303, "/plus/")


def test_sign_in_hashes_again_when_the_cost_has_changed(make, enter, rows, somebody):
    person = make.account(password_hash=PasswordHasher(time_cost=2, memory_cost=128, parallelism=1).hash(PASSWORD))

    enter(person.email)

    renewed = rows(Account)[0].password_hash
    assert "m=64,t=1,p=1" in renewed
    assert enter(person.email).status_code == 303
    assert rows(Account)[0].password_hash == renewed


def test_sign_in_is_told_and_so_is_a_refusal(somebody, enter, rows):
    person = somebody()

    enter(person.email, "wrong")
    enter("nobody@cpts.example", "wrong")
    enter(person.email)

    entries = rows(AuditEntry)
    assert [(entry.action, entry.actor_id) for entry in entries] == [
        ("account.sign_in_failed", person.id),
        ("account.sign_in_failed", None),
        ("account.signed_in", person.id),
    ]
    assert {entry.address for entry in entries} == {"127.0.0.1"}
    assert not any("wrong" in entry.detail or "nobody" in entry.detail for entry in entries)


def test_the_eleventh_attempt_is_refused_and_the_right_password_too(somebody, enter):
    person, other = somebody(), somebody()
    for _ in range(10):
        assert enter(person.email, "wrong").status_code == 422

    refused = enter(person.email)

    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) == 301
    assert enter(person.email.upper()).status_code == 429
    assert enter(other.email).status_code == 303


def test_the_wait_ends_however_often_one_knocks(somebody, enter, frozen):
    person = somebody()
    for _ in range(10):
        enter(person.email, "wrong")
    frozen.move_to(NOW + timedelta(minutes=4))
    assert enter(person.email).status_code == 429

    frozen.move_to(NOW + timedelta(minutes=5, seconds=1))

    assert enter(person.email).status_code == 303


def test_an_unknown_address_is_refused_like_a_known_one(enter):
    answers = [enter("nobody@cpts.example", "wrong").status_code for _ in range(11)]

    assert answers == [422] * 10 + [429]


def test_one_network_address_has_forty_attempts(app, somebody, enter, rows):
    person = somebody()
    for number in range(40):
        enter(f"nobody{number}@cpts.example", "wrong")

    assert enter(person.email).status_code == 429
    elsewhere = app.test_client()
    answer = elsewhere.post(
        "/connexion", data={"email": person.email, "password": PASSWORD}, environ_base={"REMOTE_ADDR": "192.0.2.7"}
    )
    assert answer.status_code == 303


@pytest.mark.parametrize(
    ("tried_from", "refused_at", "free_at"),
    [
        ("2001:db8:1:1::{:x}", "2001:db8:1:1:ffff::1", "2001:db8:1:2::1"),  # A household has a /64.
        ("::ffff:192.0.2.7", "192.0.2.7", "::ffff:192.0.2.8"),
    ],
)
def test_one_network_is_counted_however_its_addresses_are_written(app, somebody, tried_from, refused_at, free_at):
    person = somebody()

    def enter_from(address, email):
        data = {"email": email, "password": PASSWORD}
        return app.test_client().post("/connexion", data=data, environ_base={"REMOTE_ADDR": address}).status_code

    for number in range(40):
        enter_from(tried_from.format(number), f"nobody{number}@cpts.example")

    assert enter_from(refused_at, person.email) == 429
    assert enter_from(free_at, person.email) == 303


def test_a_forged_header_does_not_make_another_address(app, enter):
    for number in range(40):
        enter(f"nobody{number}@cpts.example", "wrong")

    answer = app.test_client().post(
        "/connexion",
        data={"email": "nobody@cpts.example", "password": "wrong"},
        headers={"X-Forwarded-For": "192.0.2.7"},
    )

    assert answer.status_code == 429


def test_who_signs_in_does_not_use_up_what_colleagues_share(somebody, enter, rows):
    person = somebody()

    answers = {enter(person.email).status_code for _ in range(12)}

    assert answers == {303}
    assert rows(Attempt) == []


def test_attempts_keep_nobodys_address(somebody, enter, rows):
    person = somebody()

    enter(person.email, "wrong")

    keys = [attempt.key for attempt in rows(Attempt)]
    assert len(keys) == 2
    assert not {fingerprint(person.email), fingerprint("127.0.0.1")} & set(keys)
    assert all(len(key) == 64 for key in keys)


def test_old_attempts_are_purged(somebody, enter, rows, frozen):
    enter(somebody().email, "wrong")
    frozen.move_to(NOW + timedelta(minutes=6))

    enter("nobody@cpts.example", "wrong")

    assert {attempt.at for attempt in rows(Attempt)} == {NOW + timedelta(minutes=6)}


def test_a_burst_is_counted_before_any_password_is_looked_at(app, somebody, enter, monkeypatch):
    person = somebody()
    looked_at = []
    verify = PasswordHasher.verify
    monkeypatch.setattr(
        PasswordHasher, "verify", lambda self, kept, typed: looked_at.append(typed) or verify(self, kept, typed)
    )

    with ThreadPoolExecutor(20) as threads:
        answers = list(threads.map(lambda _: enter(person.email, "wrong").status_code, range(20)))

    assert sorted(answers) == [422] * 10 + [429] * 10
    assert len(looked_at) == 10


def test_never_more_than_two_hashes_at_once(app, somebody, enter, monkeypatch):
    person, lock, counts = somebody(), Lock(), [0, 0]
    meet, third = Barrier(2), Event()  # Two meet; while they are there a third would come if it could.

    def slow(self, kept, typed):
        with lock:
            counts[0] += 1
            counts[1] = max(counts)
            if counts[0] > 2:
                third.set()
        meet.wait(timeout=20)
        third.wait(timeout=0.3)
        with lock:
            counts[0] -= 1
        return True

    monkeypatch.setattr(PasswordHasher, "verify", slow)
    with ThreadPoolExecutor(6) as threads:
        list(threads.map(lambda _: enter(person.email), range(6)))

    assert counts == [0, 2]


def test_sign_in_is_refused_to_who_is_suspended_while_the_password_is_checked(app, somebody, enter, rows, monkeypatch):
    person = somebody()
    check = passwords.is_password

    def suspended_meanwhile(typed, kept):
        with app.app_context(), transaction():
            db.session.get(Account, person.id).suspended_at = NOW
        return check(typed, kept)

    monkeypatch.setattr(passwords, "is_password", suspended_meanwhile)

    assert enter(person.email).status_code == 422
    assert rows(LoginSession) == []


def test_sign_in_is_refused_whose_password_changes_while_it_is_checked(app, somebody, enter, rows, monkeypatch):
    person = somebody()
    check = passwords.is_password

    def changed_meanwhile(typed, kept):
        with app.app_context(), transaction():
            db.session.get(Account, person.id).password_hash = passwords.hash_password("muret-lavande-orage")
        return check(typed, kept)

    monkeypatch.setattr(passwords, "is_password", changed_meanwhile)

    assert enter(person.email).status_code == 422
    assert rows(LoginSession) == []


def test_a_flood_is_answered_rather_than_piled_up(app, somebody, enter, monkeypatch):
    person, hold, waiting = somebody(), Event(), Semaphore(0)
    places = BoundedSemaphore(2)
    monkeypatch.setattr(passwords, "_places", lambda _threads: places)
    monkeypatch.setattr(PasswordHasher, "verify", lambda *_: waiting.release() or hold.wait(timeout=20))

    with ThreadPoolExecutor(2) as threads:
        held = [threads.submit(enter, person.email) for _ in range(2)]
        for _ in held:
            assert waiting.acquire(timeout=20)
        refused = enter(person.email)
        hold.set()

    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "5")
    assert f'value="{person.email}"' in refused.text
    assert {answer.result().status_code for answer in held} == {303}
    assert enter(person.email).status_code == 303


def test_passwords_are_hashed_in_two_threads_of_their_own(app, somebody, enter, monkeypatch):
    person, seen = somebody(), set()
    verify = PasswordHasher.verify
    monkeypatch.setattr(PasswordHasher, "verify", lambda *given: seen.add(current_thread().name) or verify(*given))

    with ThreadPoolExecutor(6) as threads:
        list(threads.map(lambda _: enter(person.email), range(6)))

    assert seen <= {"argon2_0", "argon2_1"}


def test_whose_address_is_refused_reads_it_as_they_come_in(somebody, enter, client, app):
    person, other = somebody(), somebody()
    with app.app_context(), transaction():
        AccountAddresses().note_refused(person.email, NOW)

    enter(person.email, browser=client)
    page = client.get("/mon-compte/").text

    assert f"Nos e-mails à {person.email} sont refusés" in page
    assert "nos messages y sont refusés" in page
    enter(other.email, browser=client)
    assert "refusés" not in client.get("/mon-compte/").text
