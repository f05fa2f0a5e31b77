"""Two rows of one person become one: what states something passes on, what cannot be both is decided."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from cpts_net import clock
from cpts_net.accounts.identity import start_session
from cpts_net.accounts.models import Account, LoginSession
from cpts_net.admin.actions import LastAdministrator
from cpts_net.admin.references import names
from cpts_net.audit.models import AuditEntry
from cpts_net.departures.actions import GuestRemains, NotTwo, merge
from cpts_net.departures.queries import belongings
from cpts_net.departures.rules import Side, Unsettled, clashes
from cpts_net.directory import queries as directory
from cpts_net.directory.actions import import_extract
from cpts_net.directory.models import Person
from cpts_net.directory.practices import practised_by
from cpts_net.directory.presence import survivors
from cpts_net.groups.models import Membership
from cpts_net.leave.models import Absence, Relay
from cpts_net.meetings.models import Invitation, Meeting, MeetingGroup, Poll, PollAnswer, PollOption
from cpts_net.oncall import actions as oncall
from cpts_net.oncall import seat_facts
from cpts_net.oncall.models import DutySeat
from cpts_net.roles import Role
from cpts_net.storage.connections import db
from cpts_net.storage.transaction import transaction
from tests.directory.extracts import LINES, changed, written

pytestmark = pytest.mark.usefixtures("context")
EIGHT = datetime(2026, 8, 14, 6, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def anne(make):
    return make.person("Anne", "Petit", specialty="SM54", phone="")


@pytest.fixture
def again(make):
    return make.person("Anne", "Petit", profession="60", title="DR")


@pytest.fixture
def desk(make):
    return make.account(role=Role.COORDINATOR)


@pytest.fixture
def merged(desk):
    """Merges two, with what is chosen for each clash in its order; returns whose row remains."""

    def do(one, other, *sides):
        found = clashes(*(belongings(each.id, clock.now()).standing for each in (one, other)))
        chosen = {clash.key: side for clash, side in zip(found, sides, strict=True)}
        with transaction():
            survivor = merge(one.id, other.id, chosen, actor_id=desk.id, now=clock.now())
        db.session.expire_all()
        return survivor

    return do


NUMBER_AND_TRADE = (Side.ONE, Side.ONE)


def test_the_row_of_the_account_remains_and_the_other_leads_to_it(make, anne, again, merged):
    seat = make.seat(make.slot(make.line(professions=["60"]), EIGHT, EIGHT + 2 * HOUR), again)
    account = make.account(again)

    survivor = merged(anne, again, *NUMBER_AND_TRADE)

    assert survivor == again.id
    assert db.session.get(Person, anne.id).merged_into_id == again.id
    assert db.session.get(Account, account.id).person_id == again.id
    assert db.session.get(DutySeat, seat.id).person_id == again.id
    assert survivors([anne.id, again.id]) == {anne.id: again.id, again.id: again.id}


def test_everything_of_the_row_without_an_account_moves(make, anne, again, merged):
    make.account(anne)
    seat = make.seat(make.slot(make.line(), EIGHT, EIGHT + 2 * HOUR), again)
    past = make.seat(make.slot(make.line("nuit"), EIGHT - 72 * HOUR, EIGHT - 70 * HOUR), again)
    absence = make.absence(again, date(2026, 9, 1), date(2026, 9, 4))
    relayed = make.absence(make.person("Zoé", "Ay"), date(2026, 9, 7), date(2026, 9, 8), relays=[again])
    group = make.group(members=[again])

    assert merged(anne, again, *NUMBER_AND_TRADE) == anne.id

    assert db.session.get(DutySeat, seat.id).person_id == anne.id
    assert db.session.get(Absence, absence.id).person_id == anne.id
    assert db.session.scalars(select(Relay.person_id).where(Relay.absence_id == relayed.id)).all() == [anne.id]
    assert db.session.scalars(select(Membership.person_id).where(Membership.group_id == group.id)).all() == [anne.id]
    # What is over was done under the number that it was written with.
    assert db.session.get(DutySeat, past.id).person_id == again.id


def test_both_practise_on_and_the_number_that_is_not_chosen_leads_to_the_survivor(anne, again, merged):
    numbers = anne.rpps, again.rpps

    survivor = merged(anne, again, Side.OTHER, Side.OTHER)

    found = directory.person(survivor)
    assert [each.profession_code for each in practised_by([survivor])[survivor]] == ["60", "10"]
    assert found.trade_label == "Infirmier"
    assert (found.rpps, db.session.get(Person, again.id).rpps) == (numbers[1], numbers[0])
    assert [entry.id for entry in directory.book().search("petit")] == [survivor]


def test_nothing_is_done_before_everything_is_decided(make, anne, again, desk):
    line = make.line()
    make.seat(make.slot(line, EIGHT, EIGHT + 2 * HOUR), anne)
    kept = make.seat(make.slot(line, EIGHT + HOUR, EIGHT + 3 * HOUR), again)

    with pytest.raises(Unsettled) as unsettled, transaction():
        merge(anne.id, again.id, {"number": Side.ONE, "trade": Side.ONE}, actor_id=desk.id, now=clock.now())

    assert len(unsettled.value.keys) == 1
    assert db.session.get(DutySeat, kept.id).person_id == again.id
    assert db.session.get(Person, again.id).merged_into_id is None


def test_of_two_duties_at_once_the_chosen_one_stands_and_the_other_is_free(make, anne, again, merged):
    line = make.line(professions=("10", "60"))
    make.seat(make.slot(line, EIGHT, EIGHT + 2 * HOUR), anne)
    kept = make.seat(make.slot(line, EIGHT + HOUR, EIGHT + 3 * HOUR), again)

    survivor = merged(anne, again, *NUMBER_AND_TRADE, Side.OTHER)

    held = [seat.id for seat in belongings(survivor, clock.now()).seats]
    assert held == [kept.id]


def test_the_facts_of_a_seat_lead_to_whoever_holds_it_now(make, anne, again, merged, desk):
    make.account(anne)
    slot = make.slot(make.line(professions=("10", "60")), EIGHT, EIGHT + 2 * HOUR)
    with transaction():
        done = oncall.take_seat(slot.id, again.id, now=clock.now(), actor_id=desk.id)
    absence = make.absence(again, date(2026, 8, 14), date(2026, 8, 14))
    db.session.rollback()
    with transaction():
        kept = oncall.keep_seat(done.seat_id, now=clock.now(), actor_id=desk.id)

    survivor = merged(anne, again, *NUMBER_AND_TRADE)

    assert survivor == anne.id
    seat = seat_facts.seat_now(done.seat_id)
    assert (seat.person_id, seat.kept) == (survivor, {absence.id})
    assert db.session.get(DutySeat, done.seat_id).person_id == survivor
    assert seat_facts.kept_facts([done.seat_id]) == [(done.seat_id, survivor, absence.id)]
    assert seat_facts.change(kept.change_id).to_id == again.id  # As it was written.


def test_a_duty_under_way_that_is_not_chosen_ends_now(make, anne, again, merged):
    line, now = make.line(professions=("10", "60")), clock.now()
    ended = make.seat(make.slot(line, now - HOUR, now + HOUR), anne)
    kept = make.seat(make.slot(line, now - 2 * HOUR, now + 2 * HOUR), again)

    survivor = merged(anne, again, *NUMBER_AND_TRADE, Side.OTHER)

    assert db.session.get(DutySeat, ended.id).ends_at == now
    assert [seat.id for seat in belongings(survivor, now).seats] == [kept.id]


def test_of_two_absences_at_once_one_is_cancelled_and_a_relay_of_oneself_ends(make, anne, again, merged):
    mine = make.absence(anne, date(2026, 9, 1), date(2026, 9, 4))
    theirs = make.absence(again, date(2026, 9, 3), date(2026, 9, 8), relays=[anne, make.person("Zoé", "Ay")])

    survivor = merged(anne, again, *NUMBER_AND_TRADE, Side.OTHER)

    assert db.session.get(Absence, mine.id).cancelled_at == clock.now()
    assert [absence.id for absence in belongings(survivor, clock.now()).absences] == [theirs.id]
    named = db.session.scalars(
        select(Relay.person_id).where(Relay.absence_id == theirs.id, Relay.withdrawn_at.is_(None))
    ).all()
    assert survivor not in named
    assert len(named) == 1


def test_double_places_and_answers_are_one(make, anne, again, merged):
    group = make.group(leads=[anne, make.person("Luc", "Roy")], members=[again])
    meeting = make.save(
        Meeting(
            meeting_groups=[MeetingGroup(group_id=group.id)],
            title="Bilan",
            starts_at=EIGHT,
            ends_at=EIGHT + HOUR,
            created_at=clock.now(),
            invitations=[
                Invitation(person_id=anne.id, answer="no", answered_at=clock.now()),
                Invitation(person_id=again.id, answer="yes", answered_at=clock.now()),
            ],
        )
    )
    poll = make.save(Poll(group_id=group.id, title="Date", deadline=EIGHT, created_at=clock.now()))
    option = make.save(PollOption(poll_id=poll.id, starts_at=EIGHT, ends_at=EIGHT + HOUR))
    answers = [
        PollAnswer(option_id=option.id, person_id=each.id, answer=said, answered_at=clock.now())
        for each, said in ((anne, "yes"), (again, "no"))
    ]
    make.save(*answers)

    survivor = merged(anne, again, *NUMBER_AND_TRADE, Side.ONE, Side.OTHER, Side.ONE)

    stays = db.session.execute(
        select(Membership.person_id, Membership.role).where(
            Membership.group_id == group.id, Membership.left_at.is_(None), Membership.person_id.in_([anne.id, again.id])
        )
    ).all()
    assert [tuple(stay) for stay in stays] == [(survivor, "lead")]
    asked = db.session.execute(
        select(Invitation.person_id, Invitation.answer).where(Invitation.meeting_id == meeting.id)
    )
    assert [tuple(row) for row in asked] == [(survivor, "yes")]
    said = db.session.execute(select(PollAnswer.person_id, PollAnswer.answer).where(PollAnswer.option_id == option.id))
    assert [tuple(row) for row in said] == [(survivor, "yes")]


def test_of_two_accounts_the_chosen_one_goes_on_and_the_other_is_closed_on_the_merged_row(make, anne, again, merged):
    first, second = make.account(anne), make.account(again)
    with transaction():
        start_session(first.id, user_agent="", address="", now=clock.now())

    survivor = merged(anne, again, Side.OTHER, *NUMBER_AND_TRADE)

    assert survivor == again.id
    closed, open_one = db.session.get(Account, first.id), db.session.get(Account, second.id)
    assert (closed.person_id, closed.suspended_at) == (anne.id, clock.now())
    assert (open_one.person_id, open_one.suspended_at) == (again.id, None)
    assert db.session.scalars(select(LoginSession).where(LoginSession.account_id == first.id)).all() == []
    assert directory.person(survivor).rpps == anne.rpps  # As chosen, whosever row it was.


def test_the_next_import_leads_the_other_number_to_the_survivor(tmp_path, merged):
    nurse = next(line for line in LINES if line.split("|")[9] == "60")
    again = changed(
        nurse, Identification_nationale_PP="899728999991", Code_profession="71", Raison_sociale_site="Ailleurs"
    )
    file = written(tmp_path, nurse, again)
    import_extract(file)
    first, second = db.session.scalars(select(Person).where(Person.rpps.is_not(None)).order_by(Person.id)).all()
    survivor = merged(first, second, *NUMBER_AND_TRADE)

    for _ in range(2):
        report = import_extract(file)

        assert (report.created, report.updated, report.unchanged) == (0, 0, 2)
    db.session.expire_all()
    assert [each.profession_code for each in practised_by([survivor])[survivor]] == ["60", "71"]
    assert len(directory.person(survivor).places) == 2
    assert [entry.id for entry in directory.book().search("ailleurs")] == [survivor]


def test_whoever_was_merged_before_leads_to_the_last(make, anne, again, merged):
    third = make.person("Anne", "Petit", profession="60", title="DR")
    merged(again, third, Side.ONE)

    survivor = merged(anne, again, *NUMBER_AND_TRADE)

    assert survivors([third.id]) == {third.id: survivor}
    assert db.session.get(Person, third.id).merged_into_id == survivor


def test_the_same_row_twice_is_no_pair(anne, again, merged, desk):
    with pytest.raises(NotTwo), transaction():
        merge(anne.id, anne.id, {}, actor_id=desk.id, now=clock.now())
    merged(anne, again, *NUMBER_AND_TRADE)
    with pytest.raises(NotTwo), transaction():
        merge(anne.id, again.id, {}, actor_id=desk.id, now=clock.now())


def test_the_last_administrator_is_not_closed_by_a_merge(make, anne, again, merged):
    make.account(anne, Role.ADMINISTRATOR, password_hash="x")
    make.account(again)

    with pytest.raises(LastAdministrator):
        merged(anne, again, Side.OTHER, *NUMBER_AND_TRADE)


def test_a_guests_account_does_not_go_on_for_a_member_of_a_group(make, anne, again, merged):
    make.account(again, "guest")
    make.group(members=[anne])

    with pytest.raises(GuestRemains):
        merged(anne, again, *NUMBER_AND_TRADE)


def test_a_merge_writes_who_did_it_into_the_trail(make, anne, again, merged, desk, rows):
    survivor = merged(anne, again, *NUMBER_AND_TRADE)

    (entry,) = [entry for entry in rows(AuditEntry) if entry.action == "directory.merged"]
    assert (entry.actor_id, entry.subject, entry.detail) == (desk.id, f"person:{survivor}", f"person:{again.id}")


def test_the_trail_names_whoever_was_merged_as_they_are_known_now(make, anne, again, merged):
    entry = make.save(AuditEntry(action="oncall.taken", at=EIGHT, subject="seat:9", detail=f"person:{again.id}"))
    survivor = merged(anne, again, *NUMBER_AND_TRADE)

    assert names([entry])["person", again.id] == db.session.get_one(Person, survivor).display_name
