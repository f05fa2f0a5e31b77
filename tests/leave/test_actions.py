from datetime import date, time

import pytest
from sqlalchemy import select

from cpts_net import clock
from cpts_net.audit.models import AuditEntry
from cpts_net.leave import actions, queries, rules
from cpts_net.leave.models import Absence
from cpts_net.leave.rules import Declaration
from cpts_net.storage.connections import db
from cpts_net.storage.transaction import transaction
from tests.telling import drawn_mails

MONDAY, FRIDAY = date(2026, 8, 17), date(2026, 8, 28)


def declare(person, first_day=MONDAY, last_day=FRIDAY, *, actor_id=None, **given):
    wanted = Declaration(first_day, last_day, **given)
    with transaction():
        return actions.declare_absence(person.id, wanted, actor_id=actor_id, now=clock.now())


def mails():
    return [mail._asdict() for mail in drawn_mails()]


def test_declaring_saves_the_absence_and_moves_the_board_on(context, make, revision_of):
    anne, paul = make.person(), make.person("Paul", "Roy")
    account = make.account(anne)
    before = revision_of("continuity")

    absence_id = declare(
        anne, actor_id=account.id, note="Joignable par SMS.", until_time=time(12), relay_ids=(paul.id,)
    )

    absence = queries.absence(absence_id)
    assert (absence.first_day, absence.last_day, absence.until_time) == (MONDAY, FRIDAY, time(12))
    assert (absence.note, absence.declared_by_id, absence.declared_at) == (
        "Joignable par SMS.",
        account.id,
        clock.now(),
    )
    assert [relay.person.display_name for relay in absence.relays] == ["Dr Paul Roy"]
    assert revision_of("continuity") == before + 1


def test_the_trail_tells_of_the_absence(context, make):
    declare(make.person())

    (entry,) = db.session.scalars(select(AuditEntry))
    assert (entry.action, entry.subject.split(":")[0]) == ("leave.declared", "absence")


@pytest.mark.parametrize(
    ("first_day", "last_day"), [(FRIDAY, FRIDAY), (date(2026, 8, 1), MONDAY), (date(2026, 8, 20), date(2026, 8, 21))]
)
def test_an_absence_never_overlaps_another_of_the_same_member(context, make, first_day, last_day):
    anne = make.person()
    declare(anne)

    with pytest.raises(rules.LeaveOverlaps) as refused:
        declare(anne, first_day, last_day)
    assert refused.value.other.first_day == MONDAY


def test_half_days_meet_at_noon_without_overlap(context, make):
    anne = make.person()

    declare(anne, MONDAY, MONDAY, until_time=time(12))
    declare(anne, MONDAY, FRIDAY, from_time=time(12))

    assert len(queries.absences_of(anne.id, MONDAY)) == 2


def test_two_members_are_away_at_once(context, make):
    declare(make.person())
    declare(make.person())

    assert len(db.session.scalars(select(Absence)).all()) == 2


def test_nobody_stands_in_for_themselves_and_strangers_do_not_either(context, make):
    anne = make.person()

    for relay in (anne.id, 999):
        with pytest.raises(rules.RelayRefused):
            declare(anne, relay_ids=(relay,))


def test_impossible_days_are_refused(context, make):
    anne = make.person()

    with pytest.raises(rules.DaysReversed):
        declare(anne, FRIDAY, MONDAY)


def test_changing_replaces_days_and_relays(context, make):
    anne, paul, ines = make.person(), make.person("Paul", "Roy"), make.person("Inès", "Boyer")
    absence_id = declare(anne, relay_ids=(paul.id, ines.id))
    wanted = Declaration(MONDAY, MONDAY, relay_ids=(ines.id, paul.id))

    with transaction():
        actions.change_absence(absence_id, wanted, actor_id=None, now=clock.now())

    absence = queries.absence(absence_id)
    assert (absence.first_day, absence.last_day) == (MONDAY, MONDAY)
    assert [relay.person_id for relay in absence.relays] == [ines.id, paul.id]


def test_changing_an_absence_may_overlap_what_it_was(context, make):
    anne = make.person()
    absence_id = declare(anne)
    declare(anne, date(2026, 9, 7), date(2026, 9, 8))

    with transaction():
        actions.change_absence(absence_id, Declaration(MONDAY, date(2026, 8, 30)), actor_id=None, now=clock.now())
    with pytest.raises(rules.LeaveOverlaps), transaction():
        actions.change_absence(absence_id, Declaration(MONDAY, date(2026, 9, 7)), actor_id=None, now=clock.now())


def test_a_cancelled_absence_is_gone_and_its_days_are_free(context, make):
    anne = make.person()
    absence_id = declare(anne)

    with transaction():
        actions.cancel_absence(absence_id, actor_id=None, now=clock.now())

    assert queries.absence(absence_id).cancelled_at == clock.now()
    declare(anne)
    with pytest.raises(rules.AbsenceGone), transaction():
        actions.cancel_absence(absence_id, actor_id=None, now=clock.now())
    with pytest.raises(rules.AbsenceGone), transaction():
        actions.change_absence(absence_id, Declaration(MONDAY, FRIDAY), actor_id=None, now=clock.now())


def test_who_is_declared_absent_by_somebody_else_reads_so(context, make):
    anne = make.person()
    account, secretary = make.account(anne), make.account(role="secretary")

    absence_id = declare(anne, actor_id=secretary.id)
    (declared,) = mails()
    with transaction():
        actions.cancel_absence(absence_id, actor_id=secretary.id, now=clock.now())

    (cancelled,) = mails()  # What was declared is not so any more.
    assert declared["to"] == cancelled["to"] == account.email
    assert declared["subject"] == "Absence déclarée pour vous, du lundi 17 au vendredi 28 août"
    assert "a été annulée pour vous" in cancelled["body"]


def test_who_declares_for_themselves_gets_no_mail(context, make):
    anne = make.person()

    declare(anne, actor_id=make.account(anne).id)

    assert mails() == []
