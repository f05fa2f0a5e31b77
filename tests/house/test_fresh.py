"""What a page shows is what a fresh drawing shows, whatever any room has changed before.

Pages are kept by the scopes that their room names. A scope that is forgotten, by a page or by an action,
lets a page show what no longer is so, and this finds it.
"""

from datetime import time, timedelta
from types import SimpleNamespace

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from cpts_net import clock
from cpts_net.calendars.feed_addresses import feed_address
from cpts_net.calendars.models import Feed, FeedKind
from cpts_net.continuity import declaring
from cpts_net.departures.actions import ChangedMeanwhile, OnlyLead
from cpts_net.departures.rules import DepartureRefused
from cpts_net.directory.actions import change_profile, save_people
from cpts_net.directory.models import Position, Source
from cpts_net.directory.practitioners import Practice, Practitioner
from cpts_net.directory.report import ImportReport
from cpts_net.directory.structure_actions import (
    PositionSaid,
    change_position,
    change_structure,
)
from cpts_net.groups import actions as groups
from cpts_net.groups.models import Group
from cpts_net.groups.rules import LastLeadLeaves, PersonUnknown
from cpts_net.leave.rules import (
    AbsenceGone,
    AnsweredBefore,
    AnswerTooLate,
    LeaveOverlaps,
    NotOneOfItsDays,
    NotUnderWay,
    RelayAway,
    RelayRefused,
)
from cpts_net.live.pages import LIVE_PAGES
from cpts_net.meetings import actions as meeting_actions
from cpts_net.meetings import poll_actions
from cpts_net.meetings import queries as meetings
from cpts_net.meetings.drafts import Actor, Audience, Plan, Subject
from cpts_net.meetings.models import Answer, Invitation, Meeting, Poll, PollOption
from cpts_net.meetings.rules import PollClosed, PollOver
from cpts_net.notices import actions as notices
from cpts_net.notices.models import Notice
from cpts_net.oncall.exception_actions import DaysTaken
from cpts_net.oncall.rules import SeatRefused
from cpts_net.pictures import kept
from cpts_net.roles import Role
from cpts_net.spans import Span
from cpts_net.storage.connections import db
from cpts_net.storage.transaction import transaction
from cpts_net.web.without_request import under_public_url
from tests.conftest import NOW, sweep
from tests.directory.extracts import site_of
from tests.factories import held_by, working_at
from tests.house import leave_deeds, seat_deeds
from tests.measuring import unmeasured

pytestmark = [pytest.mark.unmeasured, pytest.mark.alike]

TODAY = NOW.date()
NAMES = ("Petit", "Petit-Roy", "Durand", "Ferré")
REFUSALS = (
    LeaveOverlaps,
    NotUnderWay,
    NotOneOfItsDays,
    AbsenceGone,
    RelayAway,
    RelayRefused,
    declaring.DutiesUnsettled,
    declaring.SettlementRefused,
    SeatRefused,
    PersonUnknown,
    LastLeadLeaves,
    PollClosed,
    PollOver,
    AnswerTooLate,
    AnsweredBefore,
    DaysTaken,
    ChangedMeanwhile,
    DepartureRefused,
    OnlyLead,
)


@pytest.fixture
def community(app, make, sign_in, monkeypatch):
    """A few people who use everything; built anew for each history."""

    # Other tests look at what pages say; here they are compared, by the thousand.
    monkeypatch.setattr(app, "test_client_class", FlaskClient)

    def built():
        with app.app_context():
            sweep()
        people = [
            make.person("Anne", "Petit", specialty="SM54", rpps="99728000001"),
            make.person("Inès", "Boyer", profession="60", rpps="99728000002"),
            make.person("Luc", "Martin", profession="21", rpps="99728000003"),
            make.person("Paul", "Girard", rpps="99728000004"),
        ]
        line = make.line(professions=("10", "60"))
        slots = [make.slot(line, at, at + timedelta(hours=4)) for at in (NOW, NOW + timedelta(days=1))]
        make.pattern(line, weekdays="3", opens_at=time(8), closes_at=time(20), slot_minutes=720)
        make.seat(slots[0], people[0])
        make.seat(slots[1], people[1])
        house = make.save(working_at("MSP du Dunois", person_id=people[0].id, rank=1)).structure_id
        there = {"phone": "", "function": "", "hours": "", "source": Source.OWN}
        make.save(Position(person_id=people[1].id, structure_id=house, rank=1, **there))
        group = make.group(leads=people[:1], members=people[1:2])
        other = make.group("Comité discret", leads=people[1:2], is_private=True)
        hours = {"starts_at": NOW + timedelta(days=9), "ends_at": NOW + timedelta(days=9, hours=2)}
        poll = make.save(Poll(group_id=group.id, title="Bilan", deadline=NOW + timedelta(days=3), created_at=NOW))
        make.save(PollOption(poll_id=poll.id, **hours))
        asked = [Invitation(person_id=person.id) for person in people[:2]]
        meeting = make.save(
            Meeting(meeting_groups=held_by(group.id), title="Réunion", created_at=NOW, invitations=asked, **hours)
        )
        accounts = [make.account(people[0]), make.account(role=Role.SECRETARY)]
        kinds = [(FeedKind.MINE, None), (FeedKind.DUTY, None), (FeedKind.ABSENCES, None), (FeedKind.LINE, line.id)]
        feeds = [
            make.save(Feed(account_id=accounts[0].id, kind=kind, line_id=line_id, name=kind, created_at=NOW))
            for kind, line_id in kinds
        ]
        with app.app_context():
            addresses = [feed_address(feed).partition("8000")[2] for feed in feeds]
        return SimpleNamespace(
            people=people,
            desk=accounts[1],
            slots=slots,
            line=line,
            house=house,
            group=group,
            other=other,
            poll=poll,
            browsers=[sign_in(account) for account in accounts],
            pages=[
                "/continuite/",
                "/continuite/semaines/",
                "/annuaire/",
                "/recherche/?q=a",
                "/annuaire/structures/",
                *(f"/annuaire/{person.id}" for person in people[:2]),
                f"/annuaire/{people[1].id}/depart",
                f"/reunions/sondages/{poll.id}",
                f"/reunions/{meeting.id}",
                "/agenda/",
                "/mon-planning/",
                "/groupes/",
                f"/groupes/{group.id}",
                "/reunions/",
                "/astreintes/",
                "/absences/",
                "/absences/nouvelle",
                "/astreintes/snp/",
                "/avis/",
                "/plus/",
            ],
            feeds=addresses,
            live={
                "continuity": "",
                "weeks": "2026-08-10",
                "group": group.id,
                "month": f"{line.id}-2026-08",
                "poll": poll.id,
                "news": people[0].id,
            },
        )

    return built


# Each does one thing that somebody may do; two numbers choose who and what.


def rename(world, who, what):
    """What an import does."""
    person = world.people[who]
    site = site_of("Cabinet", commune=("Châteaudun", "Brou")[what % 2], phone=f"+3326191000{what}")
    person = Practitioner(
        rpps=person.rpps,
        civility=person.civility,
        title=person.title,
        family_name=NAMES[what],
        given_name=person.given_name,
        practices=(Practice(person.profession_code, "", person.specialty_code, ""),),
        sites=(site,),
        line=1,
    )
    save_people([person], ImportReport())


def hide(world, who, what):
    change_profile(world.people[who].id, private_phone="", is_hidden=bool(what % 2), actor_id=None, now=clock.now())


def show_place(world, who, what):
    place = db.session.scalars(select(Position).where(Position.person_id == world.people[who].id)).first()
    said = PositionSaid("", place.phone, "", is_hidden=bool(what % 2))
    change_position(place.id, said, Source.OWN, actor_id=None, now=clock.now())


def name_structure(world, who, what):
    place = db.session.scalars(select(Position).where(Position.person_id == world.people[who].id)).first()
    said = {"name": f"Maison {what}", "commune": ("Châteaudun", "Brou")[what % 2]}
    change_structure(place.structure_id, said, actor_id=None, now=clock.now())


def join(world, who, _what):
    groups.add_member(world.group.id, world.people[who].id, actor_id=None, now=clock.now())


def part(world, who, _what):
    groups.remove_member(world.group.id, world.people[who].id, actor_id=None, now=clock.now())


def name_group(world, _who, what):
    group = db.session.get_one(Group, world.group.id)
    groups.change_group(group, f"Groupe {what}", "", is_private=what == 3, actor_id=None, now=clock.now())


def say(world, who, what):
    poll = meetings.poll_for_everybody(world.poll.id)
    answers = {option.id: ("yes", "no", "if_need_be", "yes")[what] for option in poll.options}
    poll_actions.answer_poll(poll, world.people[who].id, answers, now=clock.now())


def give_up(world, _who, _what):
    poll = meetings.poll_for_everybody(world.poll.id)
    poll_actions.give_up_poll(poll, by=Actor(None, None), now=clock.now())


def convene(world, who, what):
    """Of both groups, of one, or of none."""
    group_ids = (world.group.id, world.other.id)[: what % 3]
    subject = Subject(f"Réunion {what}", "", "Brou", "")
    start = NOW + timedelta(days=9 + what)
    asked = Audience(group_ids, (world.people[who].id,))
    plan = Plan(subject, Span(start, start + timedelta(hours=1)))
    meeting_actions.make_meeting(asked, plan, by=Actor(None, world.people[who].id), now=clock.now())


def ask_others(world, who, what):
    """Another title, or other groups and people."""
    meeting = db.session.scalars(
        select(Meeting).where(Meeting.cancelled_at.is_(None)).order_by(Meeting.id.desc())
    ).first()
    plan = Plan(Subject(f"Autre {what}", "", "", ""), Span(meeting.starts_at, meeting.ends_at))
    asked = Audience((world.group.id, world.other.id)[what % 2 :], (world.people[who].id,))
    meeting_actions.change_meeting(meeting, plan, asked, by=Actor(None, None), now=clock.now())


def put_right(world, _who, what):
    poll = meetings.poll_for_everybody(world.poll.id)
    start = NOW + timedelta(days=9 + what % 2)
    spans = [Span(start, start + timedelta(hours=2))]
    subject = Subject(f"Bilan {what}", "", "", "")
    deadline = NOW + timedelta(days=3)
    poll_actions.change_poll(poll, subject, spans, deadline, by=Actor(None, None), now=clock.now(), seen=None)


def fix(world, _who, _what):
    poll = meetings.poll_for_everybody(world.poll.id)
    poll_actions.fix_date(poll, poll.options[0].id, by=Actor(None, None), now=clock.now())


def post(world, who, what):
    groups.write_post(world.group.id, world.people[who].id, f"Message {what}", now=clock.now())


def lead(world, who, what):
    groups.set_lead(world.group.id, world.people[who].id, is_lead=bool(what % 2), actor_id=None, now=clock.now())


def come(world, who, what):
    meeting = db.session.scalars(select(Meeting)).first()
    answer = (Answer.YES, Answer.NO, Answer.IF_NEED_BE)[what % 3]
    meeting_actions.answer_meeting(meeting, world.people[who].id, answer, seen=None, now=clock.now())


def look(world, who, _what):
    told = db.session.scalars(select(Notice.id).where(Notice.person_id == world.people[who].id)).all()
    notices.see(world.people[who].id, told, now=clock.now())


DEEDS = (
    look,
    lead,
    come,
    *leave_deeds.DEEDS,
    *seat_deeds.DEEDS,
    rename,
    hide,
    show_place,
    name_structure,
    join,
    part,
    name_group,
    say,
    give_up,
    post,
    convene,
    ask_others,
    put_right,
    fix,
)
HISTORIES = st.lists(st.tuples(st.sampled_from(DEEDS), st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=8)


def shown(app, world):
    """All that anybody reads: every page in every browser, every feed, every live part."""
    pages = {
        (number, path): browser.get(path).text for number, browser in enumerate(world.browsers) for path in world.pages
    }
    feeds = {path: app.test_client().get(path).text for path in world.feeds}
    with under_public_url(app):
        live = {page.name: page.picture(world.live[page.name], clock.now()).version for page in LIVE_PAGES}
    return pages | feeds | live


@unmeasured
def drawn_afresh(app, world):
    """The same, by a process that has kept nothing."""
    memory = app.extensions[kept.KEY]
    with app.app_context():
        kept.prepare(app)
    try:
        return shown(app, world)
    finally:
        app.extensions[kept.KEY] = memory


# Chance seldom chooses whoever may; each of these is done.
DONE_FIRST = {"pass_on": (0, 1), "stand_up": (1, 0), "split": (0, 1)}


@pytest.mark.parametrize(
    "deed", [deed for deed in DEEDS if deed.__name__ in DONE_FIRST], ids=lambda deed: deed.__name__
)
def test_what_is_done_with_a_seat_is_seen_at_once(app, community, deed):
    world = community()
    before = shown(app, world)

    with under_public_url(app), transaction():
        deed(world, *DONE_FIRST[deed.__name__])

    assert shown(app, world) == drawn_afresh(app, world)
    assert shown(app, world) != before


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=HISTORIES)
def test_every_page_shows_what_a_fresh_drawing_shows(app, community, history):
    world = community()
    shown(app, world)

    for deed, who, what in history:
        with under_public_url(app):
            try:
                with transaction():
                    deed(world, who, what)
            except REFUSALS:
                continue  # Rolled back; should it have left anything, the next look finds it.
        assert shown(app, world) == drawn_afresh(app, world), (deed.__name__, who, what)
