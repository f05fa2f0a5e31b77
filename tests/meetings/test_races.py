from functools import partial

from sqlalchemy import func, select

from cpts_net import clock
from cpts_net.groups import actions as groups
from cpts_net.meetings import actions, poll_actions, queries, rules
from cpts_net.meetings.drafts import Actor, Audience, Plan, Subject
from cpts_net.meetings.models import Answer, Invitation, Meeting, Poll, PollAnswer
from cpts_net.notices.models import Notice
from cpts_net.spans import Span
from cpts_net.storage.connections import db
from cpts_net.storage.transaction import transaction
from tests.meetings.conftest import FRIDAY, THURSDAY, TWO_HOURS
from tests.racing import at_once


def counts(app, *models):
    with app.app_context():
        return [db.session.scalar(select(func.count()).select_from(model)) for model in models]


def test_of_leads_who_fix_a_date_at_once_one_makes_the_meeting(app, make_poll, anne, ines):
    poll = make_poll()

    def fix(option_id):
        found = queries.poll_for_everybody(poll.id)
        return poll_actions.fix_date(found, option_id, by=Actor(None, anne.id), now=clock.now())

    results = at_once(app, *(partial(fix, option) for option in poll.option_ids * 2))

    refused = [result for result in results if not isinstance(result, int)]
    assert [type(error) for error in refused] == [rules.PollClosed] * 3
    assert counts(app, Meeting, Invitation, Notice) == [1, 2, 2]


def test_a_form_sent_twice_at_once_makes_one_poll_and_one_meeting(app, group, anne):
    subject, by = Subject("Astreintes", "", "Mairie", ""), Actor(None, anne.id)
    spans = [Span(THURSDAY, FRIDAY), Span(FRIDAY, FRIDAY + TWO_HOURS)]

    def plan():
        return actions.make_meeting(Audience((group.id,)), Plan(subject, spans[0]), by=by, now=clock.now())

    def propose():
        return poll_actions.propose_dates(group.id, subject, spans, THURSDAY, by=by, now=clock.now())

    meetings, polls = at_once(app, plan, plan, plan), at_once(app, propose, propose, propose)

    assert len(set(meetings)) == len(set(polls)) == 1
    assert counts(app, Meeting, Poll, Notice) == [1, 1, 4]


def test_another_hour_is_another_meeting_and_another_date_another_poll(app, group, anne):
    subject, by = Subject("Astreintes", "", "", ""), Actor(None, anne.id)
    spans = [Span(THURSDAY, THURSDAY + TWO_HOURS), Span(FRIDAY, FRIDAY + TWO_HOURS)]

    for span in spans:
        with app.app_context(), transaction():
            actions.make_meeting(Audience((group.id,)), Plan(subject, span), by=by, now=clock.now())
            poll_actions.propose_dates(group.id, subject, [span], THURSDAY, by=by, now=clock.now())

    assert counts(app, Meeting, Poll) == [2, 2]


def test_an_answer_and_the_fixing_of_a_date_never_cross(app, make_poll, anne, ines):
    poll = make_poll()

    def fix():
        found = queries.poll_for_everybody(poll.id)
        return poll_actions.fix_date(found, poll.option_ids[0], by=Actor(None, anne.id), now=clock.now())

    def answer(person_id):
        found = queries.poll_for_everybody(poll.id)
        poll_actions.answer_poll(found, person_id, {poll.option_ids[0]: "yes"}, now=clock.now())
        return "answered"

    fixed, *answered = at_once(app, fix, partial(answer, anne.id), partial(answer, ines.id))

    taken = [result for result in answered if result == "answered"]
    assert isinstance(fixed, int)
    assert all(isinstance(result, rules.PollOver) for result in answered if result not in taken)
    assert counts(app, PollAnswer) == [len(taken)]


def test_somebody_who_answers_twice_at_once_has_one_answer(app, make_poll, ines):
    poll = make_poll()

    def answer(word):
        found = queries.poll_for_everybody(poll.id)
        poll_actions.answer_poll(found, ines.id, dict.fromkeys(poll.option_ids, word), now=clock.now())

    results = at_once(app, *(partial(answer, word) for word in ("yes", "no", "yes")))

    assert results == [None, None, None]
    assert counts(app, PollAnswer) == [2]


def test_somebody_who_joins_while_a_date_is_fixed_is_asked(app, make_poll, group, anne, luc):
    poll = make_poll()

    def fix():
        found = queries.poll_for_everybody(poll.id)
        return poll_actions.fix_date(found, poll.option_ids[0], by=Actor(None, anne.id), now=clock.now())

    join = partial(groups.add_member, group.id, luc.id, actor_id=None, now=clock.now())
    results = at_once(app, fix, join)

    assert isinstance(results[0], int)
    assert results[1] is None
    assert counts(app, Invitation) == [3]


def test_a_meeting_is_cancelled_once(app, make_meeting):
    meeting = make_meeting()

    def cancel():
        found = queries.meeting(meeting.id)
        actions.cancel_meeting(found, by=Actor(None, None), now=clock.now())

    results = at_once(app, cancel, cancel, cancel)

    assert sorted(str(type(result)) for result in results) == sorted(
        [str(type(None)), *[str(rules.MeetingCancelled)] * 2]
    )
    assert counts(app, Notice) == [2]


def test_an_answer_from_two_windows_at_once_is_one(app, make_meeting, luc):
    meeting = make_meeting(asked=[])

    def answer():
        found = queries.meeting(meeting.id)
        actions.answer_meeting(found, luc.id, Answer.YES, seen=found.as_seen, now=clock.now())

    results = at_once(app, answer, answer, answer)

    assert results == [None, None, None]
    assert counts(app, Invitation) == [1]
