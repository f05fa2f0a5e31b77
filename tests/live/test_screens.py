"""Who is shown what, and told that it is true, decided without a socket."""

import json
from dataclasses import replace

import pytest
from sqlalchemy import delete

from cpts_net import clock
from cpts_net.accounts import identity
from cpts_net.accounts.identity import LONGEST_SESSION
from cpts_net.groups.actions import remove_member
from cpts_net.live.pages import page_of
from cpts_net.live.screens import LONGEST_PAUSE, SHORTEST_PAUSE
from cpts_net.live.server import EXPIRE_EVERY, LiveServer
from cpts_net.meetings.models import Poll, PollOption
from cpts_net.storage import revisions
from cpts_net.storage.connections import db
from cpts_net.storage.transaction import transaction
from cpts_net.web.without_request import under_public_url
from tests.conftest import NOW


def test_who_left_a_private_group_sees_its_poll_no_longer_and_is_called_live_no_longer(
    app, screens, open_screen, make_poll, hidden, anne, ines
):
    poll = make_poll(hidden)
    scope = f"poll:{poll.id}"
    staying, leaving = open_screen(anne, scope), open_screen(ines, scope)
    before = len(leaving.sent)

    with under_public_url(app), transaction():
        remove_member(hidden.id, ines.id, actor_id=None, now=clock.now())
    screens.refresh({scope})
    screens.beat(lambda: 1.0, lambda _: None, 0)

    assert len(leaving.sent) == before
    parts = {f"poll-{poll.id}-{part}" for part in ("head", "outcome", "answers")}
    assert staying.events("picture")[-1]["sections"].keys() == parts
    assert staying.events("beat")[-1]["at"] == 1.0
    assert not screens.watch(leaving, scope, "")


def test_a_stranger_may_not_watch_a_private_poll_and_gets_nothing(screens, open_screen, make_poll, hidden, luc):
    poll = make_poll(hidden)

    for screen in (open_screen(luc), open_screen(role="administrator")):
        assert not screens.watch(screen, f"poll:{poll.id}", "")
        assert screen.sent == []


def test_a_page_of_what_is_gone_is_called_live_no_longer_and_the_others_go_on(
    app, screens, open_screen, make_poll, group, anne
):
    poll = make_poll(group)
    scope = f"poll:{poll.id}"
    gone, other = open_screen(anne, scope), open_screen(scope="continuity")
    before = len(gone.sent)
    with app.app_context(), transaction():
        revisions.bump(scope, revisions.CONTINUITY)
        db.session.execute(delete(PollOption).where(PollOption.poll_id == poll.id))
        db.session.execute(delete(Poll).where(Poll.id == poll.id))

    screens.refresh({scope, revisions.CONTINUITY})
    screens.beat(lambda: 1.0, lambda _: None, 0)

    assert len(gone.sent) == before
    assert other.events("beat")[-1]["at"] == 1.0
    assert not screens.watch(gone, scope, "")


def test_a_guest_watches_no_page_of_everybody(screens, open_screen, make, anne):
    line, guest = make.line(), open_screen(role="guest")

    for address in ("continuity", f"month:{line.id}-2026-08"):
        assert not screens.watch(guest, address, "")
    assert screens.watch(open_screen(role="partner"), "continuity", "")
    assert guest.sent == []


def test_who_comes_in_while_sessions_are_asked_about_stays(screens, open_screen, monkeypatch):
    """PostgreSQL lets others run while it answers."""
    there, late = open_screen(), []

    def asked(session_ids, now):
        found = identity.alive_sessions(session_ids, now)
        late.append(open_screen())
        return found

    monkeypatch.setattr("cpts_net.live.screens.alive_sessions", asked)
    screens.close_ended_sessions()

    assert (there.is_open, late[0].is_open) == (True, True)


def test_who_begins_to_watch_while_it_is_asked_who_may_goes_on(
    screens, open_screen, make_poll, hidden, anne, ines, monkeypatch
):
    scope = f"poll:{make_poll(hidden).id}"
    open_screen(anne, scope)
    page, _key = page_of(scope)
    late = []

    def asked(key, person_ids):
        found = page.may_watch(key, person_ids)
        if not late:
            late.append(None)
            late[0] = open_screen(ines, scope)
        return found

    slow = (replace(page, may_watch=asked), _key)
    monkeypatch.setattr("cpts_net.live.screens.page_of", lambda address: slow if address == scope else None)
    with screens.app.app_context(), transaction():
        revisions.bump(scope)
    screens.refresh({scope})

    (room,) = screens.watchers
    assert late[0] in screens.watchers[room]


@pytest.fixture
def server(settings, app, standing):
    """The push process put together, its database the tests'; it does not run."""
    built = LiveServer(settings, "127.0.0.1", 0)
    yield built
    built.server.socket.close()
    with built.app.app_context():
        db.session.remove()
        db.engine.dispose()


def test_a_session_that_expires_unannounced_loses_its_screens_within_a_minute(server, open_screen, screens, standing):
    server.screens = screens
    expiring = open_screen()
    server._on_look()

    standing.move_to(NOW + LONGEST_SESSION / 2)  # Idle for too long, or its end come: nobody says so.
    later = open_screen()
    server._on_look()

    assert (expiring.is_open, later.is_open) == (False, True)
    standing.move_to(clock.now() + EXPIRE_EVERY)
    server._on_look()
    assert later.is_open


def test_without_a_sure_look_no_screen_is_told_that_it_is_live(server, open_screen, screens):
    screen = open_screen(scope="continuity")
    before = len(screen.events("beat"))

    assert server._sure_of() is None  # It has not looked at all.
    screens.beat(server._sure_of, lambda _: None, 0)

    assert len(screen.events("beat")) == before


def test_a_look_that_fails_closes_every_screen(server, open_screen, screens, monkeypatch):
    server.screens = screens
    screen = open_screen(scope="continuity")
    monkeypatch.setattr(screens, "refresh", lambda _: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        server._on_change({"continuity"})

    assert not screen.is_open


def test_a_beat_names_the_version_that_was_pushed_last(app, make, screens, open_screen):
    screen = open_screen(scope="continuity")
    instants = iter([10.0, 20.0])

    screens.beat(lambda: next(instants), lambda _: None, 0)
    make.absence(make.person(), NOW.date(), NOW.date())
    make.announce("continuity")
    screens.refresh({"continuity"})
    screens.beat(lambda: next(instants), lambda _: None, 0)

    first, second = screen.events("picture")
    beats = [(beat["revision"], beat["at"]) for beat in screen.events("beat")[-2:]]
    assert beats == [(first["revision"], 10.0), (second["revision"], 20.0)]
    assert second["since"] == first["revision"]


def test_a_push_between_two_turns_of_a_beat_makes_no_old_version_true(app, make, screens, open_screen, monkeypatch):
    """The beat goes round in turns; those whose turn comes late hear of what they show by then."""
    monkeypatch.setattr("cpts_net.live.screens.BEATS_AT_ONCE", 1)
    both = [open_screen(scope="continuity") for _ in range(2)]
    turns = []

    def meanwhile(_seconds):
        if not turns:
            make.absence(make.person(), NOW.date(), NOW.date())
            make.announce("continuity")
            screens.refresh({"continuity"})
        turns.append(1)

    screens.beat(lambda: 5.0, meanwhile, 0)

    new = both[0].events("picture")[-1]["revision"]
    assert sorted(each.events("beat")[-1]["revision"] == new for each in both) == [False, True]


def test_a_screen_that_is_behind_is_not_told_that_it_is_live(screens, open_screen):
    screen = open_screen(scope="continuity")
    before = len(screen.sent)
    screen.is_behind = True

    screens.beat(lambda: 5.0, lambda _: None, 0)

    assert len(screen.sent) == before


def test_a_change_that_nobody_sees_sends_nothing(app, screens, open_screen):
    screen = open_screen(scope="continuity")
    before = len(screen.sent)

    with app.app_context(), transaction():
        revisions.bump(revisions.CONTINUITY)
    screens.refresh({"continuity"})

    assert len(screen.sent) == before


def test_the_last_watcher_may_leave_while_another_comes(screens, open_screen, make_poll, ines, monkeypatch):
    """PostgreSQL reads let others run; here the read itself lets the first screen leave."""
    poll = make_poll()
    first, second = open_screen(ines, f"poll:{poll.id}"), open_screen()
    draw = screens._picture

    def leaving(room):
        picture = draw(room)
        screens.remove(first)
        return picture

    monkeypatch.setattr(screens, "_picture", leaving)

    assert screens.watch(second, f"poll:{poll.id}", "")
    assert second.events("picture")
    screens.remove(second)
    assert (screens.pictures, screens.watchers, screens._coming, screens._whole_frames) == ({}, {}, {}, {})


def test_what_changes_while_the_first_watcher_comes_is_not_missed(make, screens, open_screen, monkeypatch):
    """The change is noticed after the picture was drawn, and before its first screen watches."""
    screen = open_screen()
    draw = screens._picture

    def drawn_too_early(room):
        picture = draw(room)
        monkeypatch.setattr(screens, "_picture", draw)
        make.absence(make.person(), NOW.date(), NOW.date())
        make.announce("continuity")
        screens.refresh({"continuity"})
        return screens.pictures.get(room, picture)

    monkeypatch.setattr(screens, "_picture", drawn_too_early)
    assert screens.watch(screen, "continuity", "")
    screens.refresh({"continuity"})

    assert "Anne Petit" in "".join(json.dumps(each, ensure_ascii=False) for each in screen.events("picture"))


def test_a_screen_that_hangs_up_while_it_is_drawn_for_is_forgotten(screens, open_screen, monkeypatch):
    screen = open_screen()
    draw = screens._picture

    def hanging_up(room):
        screen.close()
        screens.remove(screen)
        return draw(room)

    monkeypatch.setattr(screens, "_picture", hanging_up)

    assert not screens.watch(screen, "continuity", "")
    assert (screens.watchers, screens.pictures, screen.sent) == ({}, {}, [])


def test_screens_are_counted_by_account_and_uncounted_once(screens, open_screen):
    screen = open_screen()

    assert screens.sockets_of(screen.identity.account_id) == 1
    screens.remove(screen)
    screens.remove(screen)
    assert screens.sockets_of(screen.identity.account_id) == 0


def test_the_more_screens_the_longer_each_waits_before_it_looks_again(screens):
    def pause(count):
        screens.connections = set(range(count))
        return screens.pause

    assert [pause(count) for count in (0, 250, 10_000)] == [SHORTEST_PAUSE, SHORTEST_PAUSE, LONGEST_PAUSE]
    assert SHORTEST_PAUSE < pause(3_000) < LONGEST_PAUSE
