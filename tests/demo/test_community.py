"""What the demonstration promises on every date."""

from collections import defaultdict
from datetime import time, timedelta
from itertools import pairwise

from cpts_net.demo.duties import NIGHT, NURSING, PHARMACY, UNSCHEDULED
from cpts_net.directory.models import Kind
from cpts_net.leave.rules import absence_span
from cpts_net.leave.standing_in import FOREVER, Leg, Whereabouts, effective_relay
from cpts_net.roles import Role
from cpts_net.spans import local_instant
from tests.demo.conftest import PARIS


def spans_of_holders(picture):
    """The duties of each member, in time order."""
    held = defaultdict(list)
    for slot in picture.slots:
        for seat in slot.seats:
            held[seat.person_id].append(seat.span)
    return {person_id: sorted(spans) for person_id, spans in held.items()}


def kept_in_spite_of_leave(picture):
    """The duties whose holder is away."""
    away = defaultdict(list)
    for absence in picture.absences:
        away[absence.person_id].append(absence_span(absence, PARIS))
    return [
        span
        for person_id, spans in spans_of_holders(picture).items()
        for span in spans
        if any(span.overlaps(absent) for absent in away[person_id])
    ]


def test_community_has_the_numbers_it_is_known_for(picture):
    assert len(picture.members) == 226
    assert len(picture.groups) == 8
    assert len(picture.meetings) == 33
    assert [line.slug for line in picture.lines] == [UNSCHEDULED, NIGHT, NURSING, PHARMACY]
    assert len([poll for poll in picture.polls if poll.closed_at is None]) == 1


def test_some_practise_something_else_beside_their_first_profession(picture):
    further = [person for person in picture.members if len(person.practices) > 1]

    assert {person.practices[1].trade.masculine for person in further} == {
        "urgentiste",
        "orthopédiste-orthésiste",
        "ostéopathe",
    }
    assert len(further) == 7
    assert all(person.practices[0].profession_code == person.profession_code for person in picture.members)


def test_everybody_has_an_account_of_their_own_without_password(picture):
    members = [account for account in picture.accounts if account.role == Role.MEMBER]

    assert {account.person_id for account in members} == {member.id for member in picture.members}
    assert len({account.email for account in picture.accounts}) == len(picture.accounts) == 229
    assert all(account.email.endswith("@cpts-dunois.example") for account in picture.accounts)
    assert all(account.password_hash is None for account in picture.accounts)


def test_staff_is_complete_and_of_the_team(picture):
    staff = {account.role: account.person for account in picture.accounts if account.role != Role.MEMBER}

    assert {role: (person.function, person.kind) for role, person in staff.items()} == {
        Role.ADMINISTRATOR: ("Administrateur", Kind.TEAM),
        Role.COORDINATOR: ("Coordinatrice", Kind.TEAM),
        Role.SECRETARY: ("Secrétaire", Kind.TEAM),
    }


def test_one_has_left_and_another_was_written_down_twice(picture):
    departed, double = picture.former
    same = next(member for member in picture.members if member.id == double.merged_into_id)

    assert departed.left_on == picture.today - timedelta(days=20)
    assert (double.family_name, double.given_name) == (same.family_name, same.given_name)
    assert same.rpps not in {picture.community.member, picture.community.lead}


def test_groups_have_two_leads_and_a_fitting_size(picture):
    for group in picture.groups:
        assert len([membership for membership in group.memberships if membership.is_lead]) == 2
        assert 9 <= len(group.memberships) <= 16
    assert len([group for group in picture.groups if group.is_private]) == 1


def test_every_group_talks_and_only_its_people_do(picture):
    people = {group.id: {membership.person_id for membership in group.memberships} for group in picture.groups}

    assert {post.group_id for post in picture.posts} == set(people)
    assert all(post.author_id in people[post.group_id] for post in picture.posts)


def test_meetings_fill_a_year_on_tuesdays_and_thursdays(picture):
    starts = sorted(meeting.starts_at.astimezone(PARIS) for meeting in picture.meetings)

    assert {start.strftime("%a %H:%M") for start in starts} <= {"Tue 12:30", "Tue 20:00", "Thu 12:30", "Thu 20:00"}
    assert starts[0].date() < picture.today - timedelta(150)
    assert picture.today + timedelta(150) < starts[-1].date()
    assert len({start.date() for start in starts}) == 33


def test_open_poll_waits_for_the_visitor(picture):
    (poll,) = picture.polls
    visitor = next(member.id for member in picture.members if member.rpps == picture.community.member)
    answered = {answer.person_id for option in poll.options for answer in option.answers}

    assert timedelta(2) < poll.deadline.astimezone(PARIS).date() - picture.today < timedelta(6)
    assert answered
    assert visitor not in answered
    assert visitor in {membership.person_id for membership in picture.groups[0].memberships}
    assert len(poll.options) == 4


def test_nobody_has_two_duties_at_once(picture):
    for spans in spans_of_holders(picture).values():
        assert not any(first.overlaps(second) for first, second in pairwise(spans))


def test_nobody_is_away_twice_at_once(picture):
    away = defaultdict(list)
    for absence in picture.absences:
        away[absence.person_id].append(absence)

    for absences in away.values():
        in_order = sorted(absences, key=lambda absence: absence.first_day)
        assert all(first.last_day < second.first_day for first, second in pairwise(in_order))


def test_one_duty_is_kept_in_spite_of_a_leave_and_one_seeks_somebody(picture):
    hit = kept_in_spite_of_leave(picture)

    assert len(hit) == 2
    assert all(timedelta(0) < span.start.astimezone(PARIS).date() - picture.today < timedelta(20) for span in hit)


def test_only_those_who_may_serve_hold_a_seat(picture):
    professions = {UNSCHEDULED: "10", NIGHT: "10", NURSING: "60", PHARMACY: "21"}

    for slot in picture.slots:
        for seat in slot.seats:
            assert seat.person.profession_code == professions[slot.line.slug]


def test_today_is_held_on_every_open_line(picture):
    today = picture.slots_in(0, 0)

    assert len({slot.line.slug for slot in today}) >= 2
    assert all(slot.seats for slot in today)


def test_coming_week_has_one_gap_on_a_line_that_is_closed_today(picture):
    begun_today = {
        slot.line.slug for slot in picture.slots_in(0, 0) if slot.starts_at.astimezone(PARIS).date() == picture.today
    }

    (gap,) = [slot for slot in picture.slots_in(0, 6) if not slot.seats]

    assert gap.line.slug not in begun_today


def test_following_weeks_have_a_few_gaps(picture):
    assert 2 <= len([slot for slot in picture.slots_in(7, 28) if not slot.seats]) <= 6


def test_duty_is_shared_fairly(picture):
    for line in picture.lines:
        hours = defaultdict(timedelta)
        for slot in picture.slots_in(-30, 28):
            for seat in slot.seats if slot.line.slug == line.slug else ():
                hours[seat.person_id] += slot.ends_at - slot.starts_at

        assert len(hours) >= 13
        assert max(hours.values()) <= 3 * sorted(hours.values())[len(hours) // 2]


def test_weeks_behind_are_told_too(picture):
    past = picture.slots_in(-28, -1)

    assert len([slot for slot in past if slot.seats]) / len(past) > 0.9


def test_visitors_are_there_and_the_member_serves_soon(picture):
    visitors = {
        member.id for member in picture.members if member.rpps in {picture.community.member, picture.community.lead}
    }
    serving = {seat.person.rpps for slot in picture.slots_in(1, 7) for seat in slot.seats}

    assert not visitors & {absence.person_id for absence in picture.away_at(10)}
    assert picture.community.member in serving


def test_today_has_a_chain_of_relays_and_a_broken_one(picture):
    away, moment = picture.away_at(10), local_instant(picture.today, time(10), PARIS)
    relays = {absence.person_id: [relay.person_id for relay in absence.relays] for absence in away}
    legs = {person_id: [Leg(moment, FOREVER, named)] for person_id, named in relays.items()}
    chains = [effective_relay(person_id, named, moment, Whereabouts(legs)) for person_id, named in relays.items()]

    assert [chain for chain in chains if len(chain.people) > 1 and chain.effective is not None]
    assert [chain for chain in chains if chain.people and chain.effective is None]


def test_the_weeks_ahead_have_every_kind_of_relay_and_of_answer(picture):
    soon = [
        absence
        for absence in picture.absences
        if picture.today - timedelta(days=2) < absence.first_day < picture.today + timedelta(days=21)
    ]
    relays = [relay for absence in soon for relay in absence.relays]

    for kind in ("person_id", "structure_id", "line_id", "outsider_phone"):
        assert [relay for relay in relays if getattr(relay, kind)], kind
    assert {relay.answer for relay in relays} == {"", "accepted", "declined"}
    assert [relay for relay in relays if relay.is_declined and relay.word]
    member = next(each for each in picture.members if each.rpps == picture.community.member)
    assert [(relay.answer, relay.asked_at is not None) for relay in relays if relay.person_id == member.id][-1:] == [
        ("", True)
    ]


def test_in_two_weeks_a_relay_leaves_in_the_middle(picture):
    away = {absence.person_id: absence for absence in picture.absences if absence.first_day > picture.today}
    found = [
        absence
        for absence in away.values()
        for relay in absence.relays[:1]
        if (theirs := away.get(relay.person_id))
        if absence.first_day < theirs.first_day <= absence.last_day and not theirs.relays
    ]

    assert [absence.first_day - picture.today for absence in found] == [timedelta(days=11)]


def test_today_has_some_of_everything(picture):
    today = [absence for absence in picture.absences if absence.first_day <= picture.today <= absence.last_day]

    assert {True} == {any(absence.from_time for absence in today), any(absence.until_time for absence in today)}
    assert [absence for absence in today if (absence.last_day - absence.first_day).days > 100]
    speaks_for = {account.id: account.person_id for account in picture.accounts}
    assert [absence for absence in today if speaks_for[absence.declared_by_id] != absence.person_id]
    assert len({absence.person.profession_code for absence in today}) >= 6


def test_some_are_off_week_by_week(picture):
    weekdays = {absence.weekdays for absence in picture.days_off}

    assert weekdays == {str(picture.today.weekday()), "24"}
    assert [absence for absence in picture.days_off if absence.relays]
    assert [absence for absence in picture.days_off if absence.from_time]


def test_no_day_near_is_empty(picture):
    for number in range(-30, 90):
        day = picture.today + timedelta(number)
        assert [absence for absence in picture.absences if absence.first_day <= day <= absence.last_day], day


def test_a_meeting_is_of_two_groups_and_another_of_none(picture):
    held_by = {meeting.title: len(meeting.meeting_groups) for meeting in picture.meetings}
    coordinator = next(account.person_id for account in picture.accounts if account.role == Role.COORDINATOR)

    assert sorted(held_by.values()).count(2) == 1
    (huddle,) = [meeting for meeting in picture.meetings if not meeting.meeting_groups]
    assert huddle.title == "Préparer la rencontre avec l’hôpital"
    assert huddle.created_by_id == coordinator
    assert coordinator in {membership.person_id for membership in picture.groups[0].memberships}


def test_the_poll_was_put_right_and_its_last_date_asks_again(picture):
    (poll,) = picture.polls
    *others, last = sorted(poll.options, key=lambda option: option.id)

    assert len(last.answers) == 1
    assert all(len(option.answers) > 1 for option in others)
