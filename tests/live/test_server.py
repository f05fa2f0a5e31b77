import http.client
import json
import signal
from contextlib import closing, suppress
from datetime import date, time, timedelta

import pytest
import websocket
from sqlalchemy import update

from cpts_net import clock
from cpts_net.accounts.identity import end_session, end_sessions
from cpts_net.accounts.models import Account, LoginSession
from cpts_net.leave.models import Absence
from cpts_net.live.server import _is_still_signed_in
from cpts_net.storage import revisions
from cpts_net.storage.connections import db
from cpts_net.storage.transaction import transaction
from tests.conftest import NOW
from tests.live.conftest import ORIGIN, PATIENT, html_of
from tests.live.test_frames import masked_frame

DAY = date(2026, 8, 12)


def test_a_screen_gets_every_section_at_once_and_then_none_that_it_has(screen, make):
    anne = make.person()
    make.absence(anne, DAY, DAY)
    make.announce("continuity")
    window = screen()

    window.watch("continuity")
    first, answer = window.news(), window.beat()
    window.watch("continuity", first["revision"], question=2)
    again = window.until_answered(2)

    assert "Anne Petit" in first["sections"]["absents"]
    assert {"on-call", "strips", "to-settle"} < first["sections"].keys()
    assert (first["since"], answer["question"], answer["revision"]) == ("", 1, first["revision"])
    assert again[-1]["revision"] == first["revision"]
    assert not any("sections" in each for each in again)


def test_an_absence_reaches_an_open_screen_as_the_rows_that_differ(screen, make):
    for number in range(9):
        make.absence(make.person(f"Anne{number}"), DAY, DAY)
    zoe = make.person("Zoé", "Lenoir")
    make.announce("continuity")
    window = screen()
    window.watch("continuity")
    before = window.news()

    make.absence(zoe, DAY, DAY, until_time=time(12))  # Less than a day: nobody is missed who should stand in.
    make.announce("continuity")

    news = window.news()
    put = {each["id"]: each for each in news["changes"]["put"]}
    assert (put.keys(), news["changes"]["gone"], news["since"]) == (
        {f"absent-{zoe.id}", "absents-medecin-generaliste-title", "absents-total"},
        [],
        before["revision"],
    )
    assert "Zoé Lenoir" in put[f"absent-{zoe.id}"]["html"]
    assert len(json.dumps(news, ensure_ascii=False).encode()) < 1024


def absent(person, note):
    """Write an absence; the caller decides whether it is committed."""
    revisions.bump(revisions.CONTINUITY)
    days = {"first_day": DAY, "last_day": DAY, "declared_at": NOW}
    db.session.add(Absence(person_id=person.id, note=note, **days))
    db.session.flush()


def test_what_is_rolled_back_is_never_pushed(screen, make, app):
    anne = make.person()
    window = screen()
    window.watch("continuity")
    window.news()

    with app.app_context():
        with suppress(ZeroDivisionError), transaction():
            absent(anne, "annulé")
            _ = 1 / 0
        with transaction():
            absent(anne, "gardé")

    html = html_of(window.news())
    assert ("gardé" in html, "annulé" in html) == (True, False)


def test_a_duty_that_ends_by_the_clock_is_pushed_then(screen, make, live):
    slot = make.slot(make.line(), NOW, live.now_at_most() + timedelta(seconds=4))
    make.seat(slot, make.person("Zoé", "Lenoir"))
    make.announce("continuity")
    window = screen()
    window.watch("continuity")

    before, after = html_of(window.news()), html_of(window.news())

    assert ("Zoé Lenoir" in before, "Zoé Lenoir" in after) == (True, False)


def test_a_screen_that_comes_back_after_a_kill_gets_what_it_missed(screen, make, live):
    anne = make.person()
    account = make.account()
    window = screen(account)
    window.watch("continuity")
    shown = window.news()["revision"]

    live.stop(signal.SIGKILL)
    make.absence(anne, DAY, DAY)
    make.announce("continuity")
    live.start()
    again = screen(account)
    again.watch("continuity", shown)

    assert window.is_closed_by_the_server()
    assert "Anne Petit" in again.news()["sections"]["absents"]


def test_ending_a_session_closes_its_screens_and_no_other(screen, make, app):
    leaving, staying = make.account(), make.account()
    closed, kept = screen(leaving), screen(staying)
    for window in (closed, kept):
        window.watch("continuity")
        window.news()

    with app.app_context(), transaction():
        end_sessions(leaving.id)

    assert closed.is_closed_by_the_server()
    kept.watch("continuity")
    assert kept.news()["scope"] == "continuity"


def test_suspending_an_account_closes_its_screens(screen, make, app):
    account = make.account()
    window = screen(account)

    with app.app_context(), transaction():
        revisions.bump(revisions.SESSIONS)
        db.session.execute(update(Account).where(Account.id == account.id).values(suspended_at=clock.now()))

    assert window.is_closed_by_the_server()


def test_a_session_that_has_expired_keeps_no_screen(screen, make, app):
    account = make.account()
    window = screen(account)

    with app.app_context(), transaction():
        revisions.bump(revisions.SESSIONS)
        db.session.execute(update(LoginSession).where(LoginSession.account_id == account.id).values(expires_at=NOW))

    assert window.is_closed_by_the_server()


def test_a_session_that_ended_just_after_the_door_is_asked_for_again_at_the_first_event(app, open_screen):
    """Between the two the watcher may have closed what it knew of, and that was not this screen yet."""
    screen = open_screen()

    with app.app_context():
        before = _is_still_signed_in(screen)
        with transaction():
            end_session(screen.identity.session_id)
        after = _is_still_signed_in(screen)

    assert (before, after) == (True, False)


UPGRADE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Version": "13",
}
WEBSOCKET = "/socket.io/?EIO=4&transport=websocket"


def answer(live, path, headers):
    """What one plain HTTP request gets."""
    with closing(http.client.HTTPConnection("localhost", live.port, timeout=PATIENT)) as connection:
        connection.request("GET", path, headers=headers)
        return connection.getresponse()


@pytest.mark.parametrize(
    ("origin", "is_signed_in", "status"),
    [("http://elsewhere.example", True, 403), (None, True, 403), (ORIGIN, False, 401), (ORIGIN, True, 101)],
)
def test_strangers_are_refused_before_the_upgrade(live, make, cookie_of, origin, is_signed_in, status):
    headers = dict(UPGRADE)
    if origin:
        headers["Origin"] = origin
    if is_signed_in:
        headers["Cookie"] = f"cpts={cookie_of(make.account())}"

    response = answer(live, WEBSOCKET, headers)

    assert response.status == status
    if status != 101:
        assert response.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [("/socket.io/?EIO=4&transport=polling", {}, 400), (WEBSOCKET, {}, 400), ("/continuite/", UPGRADE, 404)],
)
def test_only_websockets_pass(live, make, cookie_of, path, headers, status):
    known = {"Origin": ORIGIN, "Cookie": f"cpts={cookie_of(make.account())}"}

    assert answer(live, path, {**headers, **known}).status == status


def test_compression_that_a_browser_offers_is_not_taken(screen):
    window = screen(header=["Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits"])

    assert "sec-websocket-extensions" not in window.socket.getheaders()


def test_a_long_frame_closes_its_sender_at_the_header_and_nobody_else(screen):
    greedy, other = screen(), screen()

    greedy.socket.sock.sendall(masked_frame(0)[:1] + b"\xff" + (48 << 20).to_bytes(8, "big") + b"mask")

    assert greedy.is_closed_by_the_server()
    other.watch("continuity")
    assert other.news()["scope"] == "continuity"


@pytest.mark.parametrize("scope", ["continuity:5", "poll", "poll:0"])
def test_a_page_has_one_name_and_no_other(screen, make, scope):
    window = screen()
    window.watch(scope)

    window.watch("continuity")

    assert window.news()["scope"] == "continuity"


def test_a_screen_that_does_not_say_goodbye_is_closed_all_the_same(screen):
    window = screen()
    window.socket.send("1")

    assert list(iter(lambda: window.socket.sock.recv(100), b"")) == [b"\x88\x02\x03\xe8"]


def test_nonsense_without_end_is_cut_off_too(screen):
    window = screen()

    with suppress(ConnectionError, websocket.WebSocketException):
        all(window.socket.send("2") for _ in range(10_000))

    assert window.is_closed_by_the_server()


NONSENSE = [
    None,
    7,
    {"scope": 3},
    {"scope": "continuity"},
    {"scope": "continuity", "revision": "", "question": "1"},
    {"scope": "poll:99", "revision": "", "question": 1},
    {"scope": "continuity", "revision": "", "question": 10**12},
]


@pytest.mark.parametrize("what", NONSENSE)
def test_nonsense_is_answered_with_nothing_and_harms_nobody(screen, what):
    window = screen()
    window.socket.send("42" + json.dumps(["watch", what]))

    window.watch("continuity")

    assert window.news()["scope"] == "continuity"


def test_a_screen_that_asks_without_end_is_cut_off(screen):
    window = screen()

    with suppress(ConnectionError, websocket.WebSocketException):
        for number in range(1, 61):
            window.watch("continuity", question=number)

    with pytest.raises((ConnectionError, websocket.WebSocketException)):
        window.until_answered(60)


def test_health_counts_the_screens(live, screen):
    window = screen()
    window.watch("continuity")
    window.news()

    assert live.health() == {"process": "live", "watcher": "ok", "screens": 1}
