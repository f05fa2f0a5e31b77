"""What is ahead of a group: the next meeting alone, then meetings and polls in one list in time."""

from datetime import timedelta

from cpts_net.groups.dates import Date, Dates, Search
from tests.conftest import NOW

DAY = timedelta(days=1)


def meeting(number, days, *, is_cancelled=False):
    at = NOW + days * DAY
    return Date(number, f"Réunion {number}", at, at + DAY / 12, "", is_cancelled)


def poll(number, days):
    return Search(number, f"Sondage {number}", NOW + days * DAY, is_open=True)


def test_a_poll_stands_among_the_meetings_where_its_answers_are_due():
    first, second, early, late = meeting(1, 3), meeting(2, 10), poll(3, 1), poll(4, 5)
    dates = Dates(polls=[early, late], upcoming=[first, second])

    assert dates.next == first
    assert dates.later == [early, late, second]


def test_a_cancelled_meeting_is_not_the_next_and_stays_in_the_list():
    off, on = meeting(1, 1, is_cancelled=True), meeting(2, 2)

    assert Dates(upcoming=[off, on]).next == on
    assert Dates(upcoming=[off, on]).later == [off]
    assert Dates(upcoming=[off]).next is None


def test_a_group_without_a_meeting_has_its_polls_in_view():
    assert Dates(polls=[poll(1, 2)]).later == [poll(1, 2)]
