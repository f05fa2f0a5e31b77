"""The push process at a real address: another name than localhost, https, another port."""

from dataclasses import replace

import pytest
import websocket

from cpts_net.app import create_app
from cpts_net.continuity.live_pages import BOARD
from cpts_net.live.pages import LIVE_PAGES
from cpts_net.meetings.models import Poll
from cpts_net.storage.connections import db
from cpts_net.storage.transaction import snapshot
from cpts_net.web.without_request import under_public_url
from tests.conftest import NOW
from tests.live.conftest import Live, Screen, html_of

ADDRESSES = ["https://reseau.cpts.example", "https://reseau.cpts.example:24443", "http://10.1.2.3:8080"]


@pytest.fixture(params=ADDRESSES)
def at_home(request, settings):
    """The tests' settings, for an installation that people know under a name of its own."""
    return replace(settings, public_url=request.param, live_url=request.param)


@pytest.mark.parametrize("at_home", ADDRESSES[:2], indirect=True)
def test_a_screen_is_live_under_the_address_that_people_know(at_home, make, cookie_of, tmp_path):
    anne = make.person()
    live = Live(at_home, tmp_path / "log")
    try:
        live.start()
        screen = Screen(live, cookie_of(make.account()))
        screen.watch("continuity")
        first, proof = screen.news(), screen.beat()
        make.absence(anne, NOW.date(), NOW.date())
        make.announce("continuity")

        assert proof["revision"] == first["revision"]
        assert "Anne Petit" in html_of(screen.news())
        assert "Traceback" not in live.log.read_text()
        screen.socket.close()
    finally:
        live.stop()


def test_on_the_machine_itself_a_screen_is_heard_under_either_name(live, make, cookie_of):
    screen = Screen(live, cookie_of(make.account()), host="127.0.0.1:9999")

    screen.watch("continuity")

    assert screen.beat()["question"] == 1
    screen.socket.close()


def test_under_another_name_a_screen_is_refused_rather_than_mute(live, make, cookie_of):
    with pytest.raises(websocket.WebSocketBadStatusException):
        Screen(live, cookie_of(make.account()), host="elsewhere.example")


def test_every_live_page_is_drawn_under_any_address_and_without_one_in_it(at_home, app, make):
    """What is pushed is put into pages of whatever address: its links begin at the root."""
    line = make.line()
    make.seat(make.slot(line, NOW, NOW.replace(hour=20)), make.person())
    group = make.group(leads=[make.person()])
    poll = make.save(Poll(group_id=group.id, title="Bilan", deadline=NOW.replace(day=20), created_at=NOW))
    keys = {"continuity": "", "group": group.id, "month": f"{line.id}-2026-08", "poll": poll.id, "weeks": "2026-08-10"}
    keys["news"] = make.person().id
    assert keys.keys() == {page.name for page in LIVE_PAGES}
    elsewhere = create_app(at_home)

    for page in LIVE_PAGES:
        with under_public_url(elsewhere), snapshot():
            html = "".join(page.picture(keys[page.name], NOW).sections.values())
        assert "href=" in html or page.name in {"news", "poll"}
        assert "://" not in html.replace("http://www.w3.org", "")
    with elsewhere.app_context():
        db.engine.dispose()


def test_a_drawing_outside_of_requests_is_the_one_inside(app, make):
    make.person()
    with under_public_url(app), snapshot():
        pushed = BOARD.picture("", NOW)
    with app.test_request_context(base_url="http://127.0.0.1:8000"), snapshot():
        asked = BOARD.picture("", NOW)

    assert pushed.sections == asked.sections
