"""``cpts-net demo``."""

import re
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import exists, func, select

from cpts_net import clock
from cpts_net.accounts.identity import fingerprint
from cpts_net.accounts.models import Account, AccountLink, Purpose
from cpts_net.demo import queries
from cpts_net.demo.cli import demo
from cpts_net.directory.models import Person
from cpts_net.groups.models import Membership
from cpts_net.groups.rules import MembershipRole
from cpts_net.meetings.models import Poll, PollAnswer
from cpts_net.storage.connections import db


def run(app, *arguments):
    return app.test_cli_runner().invoke(demo, arguments)


def links(output):
    return re.findall(r"http://localhost:8000/demonstration/(\S+)", output)


def test_load_says_what_is_there(app):
    result = run(app, "load", "--date", "2026-08-12")

    assert result.exit_code == 0, result.output
    assert "226 membres, 8 groupes de travail, 4 lignes d’astreinte" in result.output


def test_load_makes_a_larger_community(app):
    result = run(app, "load", "--members", "600")

    assert result.exit_code == 0, result.output
    with app.app_context():
        assert (
            db.session.scalar(select(func.count(Person.id))) == 609
        )  # Three more of the staff, four partners, one who has left, one written down twice.
        assert db.session.scalar(select(func.count(Account.id))) == 603  # Partners have none.


def test_load_refuses_a_base_that_is_in_use(app, make):
    make.person()

    result = run(app, "load")

    assert result.exit_code == 1
    assert "la base contient déjà des membres" in result.output
    with app.app_context():
        assert db.session.scalar(select(func.count(Person.id))) == 1


def test_start_loads_an_empty_base_and_opens_a_door_for_everybody_for_an_hour(app):
    result = run(app, "start")

    assert result.exit_code == 0, result.output
    tokens = links(result.output)
    assert len(tokens) == 5
    with app.app_context():
        doors = {link.token_hash: link for link in db.session.scalars(select(AccountLink))}
        assert set(doors) == {fingerprint(token) for token in tokens}
        assert {link.purpose for link in doors.values()} == {Purpose.DEMONSTRATION}
        assert {link.expires_at for link in doors.values()} == {clock.now() + timedelta(hours=1)}
        assert [db.session.get(Account, doors[fingerprint(token)].account_id).role for token in tokens] == [
            "member",
            "member",
            "coordinator",
            "secretary",
            "administrator",
        ]


def test_start_keeps_what_is_there_and_opens_new_doors(app):
    first = links(run(app, "start").output)

    second = run(app, "start")

    assert "prête" not in second.output
    assert len(links(second.output)) == 5
    assert not set(first) & set(links(second.output))


def test_start_does_nothing_outside_of_demonstration_mode(app, monkeypatch, settings):
    monkeypatch.setitem(app.extensions, "settings", replace(settings, demonstration=False))

    result = run(app, "start")

    assert (result.exit_code, result.output) == (0, "")
    with app.app_context():
        assert queries.is_empty()


def test_visiting_member_is_the_doctor_whom_the_poll_waits_for(app):
    run(app, "start")

    with app.app_context():
        member = db.session.get(Person, queries.visiting_person(clock.now()).person_id)
        has_answered = db.session.scalar(select(exists(select(PollAnswer).where(PollAnswer.person_id == member.id))))

    assert (member.profession_code, has_answered) == ("10", False)


def test_visiting_lead_leads_the_group_of_the_poll(app):
    run(app, "start")

    with app.app_context():
        lead = queries.visiting_lead(clock.now())
        led = db.session.scalar(
            select(Membership.group_id).where(
                Membership.person_id == lead.person_id, Membership.role == MembershipRole.LEAD
            )
        )
        polled = db.session.scalar(select(Poll.group_id))

    assert led == polled
