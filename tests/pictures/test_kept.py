"""What is kept is what a fresh making would give."""

import threading
from contextlib import suppress
from datetime import timedelta

import pytest
from flask_babel import force_locale

from cpts_net import clock
from cpts_net.pictures.kept import Kept, Made
from cpts_net.storage import revisions
from cpts_net.storage.transaction import transaction


@pytest.fixture
def memory():
    return Kept(1000)


@pytest.fixture
def ask(app, memory):
    """Ask for something of two scopes; the answer tells how often it was made."""
    made = []

    def make(old, valid_until=None, size=10):
        made.append(old)
        return Made(f"making {len(made)}", size, valid_until)

    def asked(key="board", scopes=("continuity", "directory"), now=None, **how):
        with app.test_request_context():
            return memory.get(key, scopes, now or clock.now(), lambda old: make(old, **how))

    asked.made = made
    return asked


def test_it_is_made_once_while_nothing_changes(ask):
    assert [ask(), ask(), ask()] == ["making 1"] * 3


@pytest.mark.parametrize("scope", ["continuity", "directory"])
def test_a_change_of_any_of_its_scopes_makes_it_anew(ask, make, scope):
    ask()

    make.announce(scope)

    assert ask() == "making 2"
    assert ask.made == [None, "making 1"]  # The one that stood before helps to make the next.


def test_a_change_of_another_scope_leaves_it(ask, make):
    ask()

    make.announce("meetings", "poll:7", "sessions")

    assert ask() == "making 1"


def test_the_clock_makes_it_anew(ask):
    now = clock.now()
    ask(now=now, valid_until=now + timedelta(minutes=5))

    assert ask(now=now + timedelta(minutes=5) - timedelta(microseconds=1)) == "making 1"
    assert ask(now=now + timedelta(minutes=5)) == "making 2"


def test_what_may_not_be_kept_is_made_for_each(ask):
    assert [ask(valid_until=clock.now()), ask(valid_until=clock.now())] == ["making 1", "making 2"]


def test_what_may_not_be_kept_leaves_nothing_behind(ask, memory):
    """Whoever is unknown under many keys would fill the memory."""
    for number in range(50):
        ask(("nobody", number), valid_until=clock.now(), size=0)

    assert len(memory._entries) == 0


def test_each_language_has_its_own(app, memory):
    def told():
        with app.test_request_context(), force_locale("en"):
            return memory.get("board", ("continuity",), clock.now(), lambda _old: Made("english", 10))

    with app.test_request_context():
        french = memory.get("board", ("continuity",), clock.now(), lambda _old: Made("français", 10))

    assert (french, told()) == ("français", "english")


def test_what_was_not_asked_for_the_longest_goes_first(ask):
    for key in ("a", "b"):
        ask(key, size=400)
    ask("a")

    ask("c", size=400)

    assert [ask("a"), ask("c"), ask("b")] == ["making 1", "making 3", "making 4"]


def test_what_is_made_in_the_midst_of_a_write_is_nobody_elses(app, memory):
    """It shows what is not committed, under a number that another change may yet get."""

    def get(value):
        return memory.get("board", ("continuity",), clock.now(), lambda _old: Made(value, 10))

    with app.app_context(), suppress(ZeroDivisionError), transaction():
        revisions.bump("continuity")
        assert get("not committed") == "not committed"
        _ = 1 / 0
    with app.app_context(), transaction():
        revisions.bump("continuity")

    with app.app_context():
        assert get("committed") == "committed"


def test_what_is_changed_while_it_is_made_is_made_again(app, memory, make):
    def changed_meanwhile(_old):
        make.announce("continuity")
        return Made("old", 10)

    with app.app_context():
        memory.get("board", ("continuity",), clock.now(), changed_meanwhile)
    with app.app_context():
        assert memory.get("board", ("continuity",), clock.now(), lambda _old: Made("new", 10)) == "new"


def test_a_failed_making_leaves_nothing_and_the_next_begins_anew(app, memory):
    with app.app_context():
        with pytest.raises(ZeroDivisionError):
            memory.get("board", ("continuity",), clock.now(), lambda _old: 1 / 0)
        assert memory.get("board", ("continuity",), clock.now(), lambda _old: Made("whole", 10)) == "whole"


def test_many_who_ask_at_once_have_it_made_once(app, memory):
    is_begun, may_end, made, answers = threading.Event(), threading.Event(), [], []

    def slowly(_old):
        made.append(1)
        is_begun.set()
        may_end.wait(30)
        return Made("board", 10)

    def asking():
        with app.app_context():
            answers.append(memory.get("board", ("continuity",), clock.now(), slowly))

    many = [threading.Thread(target=asking) for _ in range(8)]
    many[0].start()
    assert is_begun.wait(30)
    for each in many[1:]:
        each.start()
    may_end.set()
    for each in many:
        each.join()

    assert (answers, made) == (["board"] * 8, [1])


def test_a_request_that_began_before_a_change_makes_nothing_anew_that_others_made_since(app, memory, ask):
    """It may show what was so when it began, or what is so now; it does not draw once more what is there."""
    with app.test_request_context():
        for _look in range(2):  # What is not there yet needs none.
            memory.get("another", ("continuity",), clock.now(), lambda _old: Made("looked at before", 10))

        def change_and_ask():
            with app.app_context(), transaction():
                revisions.bump("continuity")
            ask()

        others = threading.Thread(target=change_and_ask)
        others.start()
        others.join()

        found = memory.get("board", ("continuity", "directory"), clock.now(), lambda _old: Made("drawn again", 10))

    assert found == "making 1"
