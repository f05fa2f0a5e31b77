"""Pages follow whatever they show: each names its scopes, and no writer has to know of it."""

import json
from datetime import timedelta

from sqlalchemy import event, update

from cpts_net import clock
from cpts_net.directory.models import Person
from cpts_net.groups.actions import add_member
from cpts_net.meetings.live_pages import POLL
from cpts_net.storage import revisions
from cpts_net.storage.connections import db
from cpts_net.storage.transaction import snapshot, transaction
from cpts_net.web.without_request import under_public_url
from tests.conftest import NOW


def drawn(app, poll):
    with under_public_url(app), snapshot():
        return POLL.picture(poll.id, clock.now())


def rename(app, person, family_name):
    """What an import does: it bumps the directory, never a poll."""
    with app.app_context(), transaction():
        revisions.bump(revisions.DIRECTORY)
        db.session.execute(update(Person).where(Person.id == person.id).values(family_name=family_name))


def test_a_fresh_poll_page_is_not_sent_back_to_an_older_state_after_an_import(
    app, screens, open_screen, make_poll, anne, ines
):
    poll = make_poll()
    open_screen(ines, f"poll:{poll.id}")
    rename(app, anne, "Durand-Nouveau")
    fresh = drawn(app, poll)
    assert any("Durand-Nouveau" in html for html in fresh.sections.values())

    second = open_screen()
    screens.watch(second, f"poll:{poll.id}", fresh.version)

    assert not any("Petit" in sent for sent in second.sent)


def test_an_open_poll_shows_whom_an_import_renamed(app, screens, open_screen, make_poll, anne, ines):
    poll = make_poll()
    watching = open_screen(ines, f"poll:{poll.id}")
    rename(app, anne, "Durand-Nouveau")

    screens.refresh({revisions.DIRECTORY})

    assert "Durand-Nouveau" in watching.sent[-1]


def test_those_who_come_into_a_group_show_on_every_open_poll(app, screens, open_screen, make_poll, group, luc, ines):
    polls = [make_poll(title=f"Sondage {number}") for number in range(11)]
    watching = [open_screen(None, f"poll:{poll.id}") for poll in polls]

    with under_public_url(app), transaction():
        add_member(group.id, luc.id, actor_id=None, now=clock.now())
    screens.refresh({f"group:{group.id}"})

    assert all("Luc Martin" in screen.sent[-1] for screen in watching)


def test_a_closed_poll_page_follows_who_is_in_the_group(app, screens, open_screen, make_poll, group, luc):
    poll = make_poll(closed_at=clock.now())
    open_screen(None, f"poll:{poll.id}")
    with under_public_url(app), transaction():
        add_member(group.id, luc.id, actor_id=None, now=clock.now())
    fresh = drawn(app, poll)
    assert any("Luc Martin" in html for html in fresh.sections.values())

    second = open_screen()
    screens.watch(second, f"poll:{poll.id}", fresh.version)

    assert all("Luc Martin" in json.dumps(each, ensure_ascii=False) for each in second.events("picture"))


def test_a_trade_that_is_new_shows_on_open_boards(make, screens, open_screen):
    """The push tells where it stands: what the page does not know is placed, not dropped."""
    for number in range(9):  # So many that the board does not change by half.
        make.absence(make.person(f"Anne{number}"), NOW.date(), NOW.date())
    screen = open_screen(scope="continuity")

    nurse = make.person("Inès", "Boyer", profession="60")
    make.absence(nurse, NOW.date(), NOW.date() + timedelta(2))
    make.announce("continuity")
    screens.refresh({"continuity"})

    group = {put["id"]: put for put in screen.events("picture")[-1]["changes"]["put"]}["absents-infirmier"]
    assert (group["inside"], group["before"]) == ("absents", "absents-medecin-generaliste")
    assert "Inès Boyer" in group["html"]


def test_one_push_asks_one_question_whoever_watches(app, make, screens, open_screen, make_poll):
    poll = make_poll()

    def queries_with(count):
        for _ in range(count):
            open_screen(None, f"poll:{poll.id}")
        asked = []
        with app.app_context():
            engine = db.engine
        listener = lambda *arguments: asked.append(arguments[2])  # noqa: E731
        event.listen(engine, "before_cursor_execute", listener)
        make.announce(f"poll:{poll.id}")
        screens.refresh({f"poll:{poll.id}"})
        event.remove(engine, "before_cursor_execute", listener)
        return len(asked)

    assert queries_with(1) == queries_with(49)
