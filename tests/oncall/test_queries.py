from datetime import UTC, date, datetime, timedelta

from cpts_net.directory.models import Specialty
from cpts_net.oncall import queries
from cpts_net.oncall.availability import servable
from cpts_net.oncall.models import Eligibility, SlotState
from cpts_net.spans import Span

EIGHT = datetime(2026, 8, 12, 6, tzinfo=UTC)
TWO_HOURS = timedelta(hours=2)
MORNING = Span(EIGHT, EIGHT + TWO_HOURS)


def test_lines_come_in_the_order_of_the_board(context, make):
    make.line("pharmacie", position=2)
    make.line("snp", position=1)

    assert [line.slug for line in queries.lines()] == ["snp", "pharmacie"]


def test_line_comes_with_its_patterns_and_who_may_serve_it(context, make):
    make.pattern(make.line("snp", professions=["10", "50"]))

    line = queries.line_by_slug("snp")

    assert [pattern.valid_from for pattern in line.patterns] == [date(2026, 1, 1)]
    assert {eligibility.profession_code for eligibility in line.eligibilities} == {"10", "50"}
    assert queries.line_by_slug("nothing") is None


def test_slots_are_found_when_they_share_an_instant(context, make):
    line = make.line()
    before = make.slot(line, EIGHT - TWO_HOURS, EIGHT)
    within = make.slot(line, EIGHT, EIGHT + TWO_HOURS)
    after = make.slot(line, EIGHT + TWO_HOURS, EIGHT + 2 * TWO_HOURS)

    assert [slot.id for slot in queries.slots_between(MORNING)] == [within.id]
    everything = Span(EIGHT - timedelta(days=1), EIGHT + timedelta(days=1))
    assert [slot.id for slot in queries.slots_between(everything)] == [before.id, within.id, after.id]


def test_slots_of_one_line_come_with_their_seats(context, make):
    snp, other = make.line("snp"), make.line("nuit")
    slot = make.slot(snp, EIGHT, EIGHT + TWO_HOURS)
    make.slot(other, EIGHT, EIGHT + TWO_HOURS)
    make.seat(slot, make.person())

    (found,) = queries.slots_between(MORNING, snp.id)

    assert found.line.name == "Ligne snp"
    assert [seat.person.places[0].phone for seat in found.seats] == ["+33261910001"]


def test_cancelled_slots_are_not_found_and_closed_ones_are(context, make):
    line = make.line()
    make.slot(line, EIGHT, EIGHT + timedelta(hours=1), state=SlotState.CANCELLED)
    closed = make.slot(line, EIGHT + timedelta(hours=1), EIGHT + TWO_HOURS, state=SlotState.CLOSED)

    assert [slot.id for slot in queries.slots_between(MORNING)] == [closed.id]


def test_seats_of_a_member_come_in_time_order(context, make):
    anne, line = make.person(), make.line()
    later = make.seat(make.slot(line, EIGHT + timedelta(hours=1), EIGHT + TWO_HOURS), anne)
    sooner = make.seat(make.slot(line, EIGHT, EIGHT + timedelta(hours=1)), anne)
    make.seat(make.slot(line, EIGHT + TWO_HOURS, EIGHT + 2 * TWO_HOURS), anne)

    seats = queries.seats_of(anne.id, MORNING)

    assert [seat.id for seat in seats] == [sooner.id, later.id]
    assert seats[0].slot.line.slug == "snp"
    assert queries.seats_of(make.person().id, MORNING) == []


def test_a_slot_is_servable_while_somebody_eligible_is_free(app, make):
    make._once(Specialty, "SM54", "Médecine générale")
    permission = Eligibility(profession_code=make.profession("10"), specialty_code="SM54")
    slot = make.slot(make.line(eligibilities=[permission]), EIGHT, EIGHT + TWO_HOURS)
    away = make.person("Anne", "Petit", specialty="SM54")
    busy = make.person("Paul", "Roy", specialty="SM54")
    make.absence(away, date(2026, 8, 12), date(2026, 8, 12))
    make.seat(make.slot(make.line("nuit"), EIGHT, EIGHT + TWO_HOURS), busy)
    make.person("Inès", "Boyer", profession="60")
    make.person("Jean", "Morel")

    def now_servable():
        with app.app_context():
            return servable([(found := queries.slot(slot.id), found.span)])

    before = now_servable()
    make.person("Zoé", "Weber", profession="60", also=["10/SM54"])

    assert (before, now_servable()) == (set(), {slot.id})
