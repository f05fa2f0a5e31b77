from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from cpts_net.continuity.board import Board, board, window
from cpts_net.continuity.resolver import lines, resolve
from cpts_net.spans import days_span
from tests.conftest import NOW

PARIS = ZoneInfo("Europe/Paris")
NOON = datetime(2026, 8, 12, 10, 0, tzinfo=UTC)


@pytest.fixture
def board_at(app):
    def drawn(moment: datetime) -> Board:
        with app.app_context():
            return board(resolve(window(moment, PARIS)), lines(), moment, PARIS)

    return drawn


def test_a_line_shows_who_is_on_now_and_who_is_next(make, board_at):
    line = make.line()
    make.seat(make.slot(line, NOW, NOON), make.person("Anne", "A"))
    make.seat(make.slot(line, NOON, NOON + timedelta(hours=2)), make.person("Bruno", "B"))

    (row,) = board_at(NOW).rows
    (at_the_change,) = board_at(NOON).rows

    assert ([duty.holder.name for duty in row.now], [duty.holder.name for duty in row.next]) == (
        ["Dr Anne A"],
        ["Dr Bruno B"],
    )
    assert [duty.holder.name for duty in at_the_change.now] == ["Dr Bruno B"]


def test_a_gap_now_makes_the_line_short_and_something_to_settle(make, board_at):
    make.slot(make.line(), NOW, NOON)

    shown = board_at(NOW)

    assert shown.rows[0].is_short
    assert len(shown.to_settle.gaps) == 1


def test_a_gap_beyond_seven_days_waits(make, board_at):
    later = NOW + timedelta(days=7)
    make.slot(make.line(), later, later + timedelta(hours=2))

    shown = board_at(NOW)

    assert not shown.to_settle
    assert [len(day.gaps) for day in shown.strips[0][1]].index(1) == 7


def test_absences_that_touch_give_one_return(make, board_at):
    anne = make.person()
    make.absence(anne, date(2026, 8, 10), date(2026, 8, 14))
    make.absence(anne, date(2026, 8, 15), date(2026, 8, 21))
    make.absence(anne, date(2026, 8, 24), date(2026, 8, 28))

    (absent,) = board_at(NOW).absents["medecin-generaliste"]

    assert (absent.back_on, absent.back_at) == (date(2026, 8, 22), None)


def test_who_leaves_this_afternoon_is_absent_today_and_who_leaves_tomorrow_is_not(make, board_at):
    make.absence(make.person("Anne", "A"), date(2026, 8, 12), date(2026, 8, 12), from_time=time(12))
    make.absence(make.person("Bruno", "B"), date(2026, 8, 13), date(2026, 8, 13))

    assert [absent.away.person.name for absent in board_at(NOW).absents["medecin-generaliste"]] == ["Dr Anne A"]


def test_the_board_is_another_at_the_next_edge(make, board_at):
    midnight = datetime(2026, 8, 12, 22, 0, tzinfo=UTC)

    alone = board_at(NOW)
    make.slot(make.line(), NOW - timedelta(hours=1), NOON)
    before_noon = board_at(NOW)
    at_noon = board_at(NOON)

    assert (alone.valid_until, before_noon.valid_until, at_noon.valid_until) == (midnight, NOON, midnight)


def test_a_night_under_way_stands_on_today(make, board_at):
    line = make.line()
    make.seat(make.slot(line, NOW - timedelta(hours=14), NOW + timedelta(hours=1)), make.person())

    first_day = board_at(NOW).strips[0][1][0]

    assert (first_day.day, len(first_day.stretches)) == (date(2026, 8, 12), 1)


@pytest.mark.parametrize("today", [date(2026, 3, 28), date(2026, 10, 24), date(2026, 12, 31)])
def test_four_weeks_are_shown_across_every_change_of_the_clock(make, board_at, today):
    make.line()

    days = board_at(datetime(today.year, today.month, today.day, 11, tzinfo=UTC)).strips[0][1]

    assert [day.day for day in days] == [today + timedelta(days=ahead) for ahead in range(28)]


def test_a_relay_chain_that_ends_nowhere_is_to_settle_and_no_relay_at_all_is_not(make, board_at):
    anne, bruno, chloe = make.person("Anne", "A"), make.person("Bruno", "B"), make.person("Chloé", "C")
    make.absence(anne, date(2026, 8, 12), date(2026, 8, 14), relays=[bruno])
    make.absence(bruno, date(2026, 8, 12), date(2026, 8, 14))
    make.absence(chloe, date(2026, 8, 12), date(2026, 8, 14))

    assert [broken.away.person.name for broken in board_at(NOW).to_settle.broken_relays] == ["Dr Anne A"]


def test_a_relay_who_leaves_in_the_middle_is_to_settle_weeks_ahead(app, make, board_at):
    anne, bruno = make.person("Anne", "A"), make.person("Bruno", "B")
    make.absence(anne, date(2026, 8, 24), date(2026, 9, 4), relays=[bruno])
    make.absence(bruno, date(2026, 9, 1), date(2026, 9, 2))
    make.absence(bruno, date(2026, 9, 10), date(2026, 9, 11))

    (broken,) = board_at(NOW).to_settle.broken_relays

    assert broken.away.person.name == "Dr Anne A"
    assert [each.span for each in broken.stretches] == [days_span(date(2026, 9, 1), date(2026, 9, 2), PARIS)]


def test_a_broken_relay_is_told_as_far_as_the_board_looks(make, board_at):
    anne, bruno = make.person("Anne", "A"), make.person("Bruno", "B")
    make.absence(anne, date(2026, 9, 8), date(2026, 9, 8), relays=[bruno])
    make.absence(anne, date(2026, 9, 9), date(2026, 9, 9), relays=[bruno])
    make.absence(bruno, date(2026, 9, 8), date(2026, 9, 21))

    broken = board_at(NOW).to_settle.broken_relays

    assert [each.away.span.start.astimezone(PARIS).day for each in broken] == [8]


def test_the_board_is_another_when_another_relay_stands_in(make, board_at):
    anne, bruno, chloe = make.person("Anne", "A"), make.person("Bruno", "B"), make.person("Chloé", "C")
    make.absence(anne, date(2026, 8, 10), date(2026, 8, 14), relays=[bruno, chloe])
    make.absence(bruno, date(2026, 8, 12), date(2026, 8, 12), from_time=time(12))

    board = board_at(NOW)

    absent = board.absent[anne.id]
    assert [each.relay.name for each in (absent.now, *absent.later)] == ["Dr Bruno B", "Dr Chloé C", "Dr Bruno B"]
    assert board.valid_until == absent.now.span.end
