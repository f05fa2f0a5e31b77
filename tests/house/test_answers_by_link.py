"""Links of mails by which one person answers one question without signing in: what holds for each of them."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select, update

from cpts_net.accounts.models import Account
from cpts_net.audit.models import AuditEntry
from cpts_net.groups.models import Membership
from cpts_net.leave.answer_links import PURPOSE as RELAY
from cpts_net.leave.models import Absence, Relay
from cpts_net.meetings.answer_links import PURPOSE as INVITATION
from cpts_net.meetings.models import Answer, Invitation, Meeting, Poll, PollAnswer, PollOption
from cpts_net.meetings.poll_links import PURPOSE as POLL
from cpts_net.oncall.models import DutySeat, DutySlot
from cpts_net.oncall.take_links import PURPOSE as TAKE
from cpts_net.storage.connections import db
from cpts_net.web import signed_links
from tests.conftest import NOW

LATER = NOW + timedelta(days=9)
TWO_HOURS = timedelta(hours=2)
PLACES = {
    POLL: "/sondages/reponse/",
    INVITATION: "/reunions/reponse/",
    RELAY: "/absences/relais/",
    TAKE: "/astreintes/je-prends/",
}


@dataclass
class Asked:
    """What Inès is asked: by which links, and what a form of each page sends."""

    ines: object
    contents: dict
    forms: dict


@pytest.fixture
def asked(make, app):
    anne, ines = make.person("Anne", "Petit"), make.person("Inès", "Boyer")
    make.account(ines, email="ines@cpts.example")
    group = make.group(leads=[anne], members=[ines])
    poll = make.save(Poll(group_id=group.id, title="Bilan", deadline=LATER, created_at=NOW))
    option = make.save(PollOption(poll_id=poll.id, starts_at=LATER, ends_at=LATER + TWO_HOURS))
    meeting = make.save(
        Meeting(
            title="Bilan",
            starts_at=LATER,
            ends_at=LATER + TWO_HOURS,
            created_at=NOW,
            invitations=[Invitation(person_id=ines.id)],
        )
    )
    make.absence(anne, date(2026, 9, 1), date(2026, 9, 4), relays=[ines])
    slot = make.slot(make.line(), LATER, LATER + TWO_HOURS)
    with app.app_context():
        invitation, relay = db.session.scalar(select(Invitation.id)), db.session.scalar(select(Relay.id))
    return Asked(
        ines,
        contents={
            POLL: [poll.id, ines.id],
            INVITATION: [invitation, Answer.YES.value, meeting.as_seen],
            RELAY: [relay, ines.id],
            TAKE: [slot.id, ines.id],
        },
        forms={POLL: {f"date-{option.id}": "yes"}, INVITATION: {}, RELAY: {"answer": "accepted"}, TAKE: {}},
    )


@pytest.fixture
def path(app, asked):
    def of(purpose, *, signed_for=None):
        with app.app_context():
            return PLACES[purpose] + signed_links.sign(signed_for or purpose, asked.contents[signed_for or purpose])

    return of


@pytest.fixture
def answered(app, asked):
    """By which links Inès has answered."""

    def read():
        ines = asked.ines.id
        with app.app_context():
            said = {
                POLL: db.session.scalar(select(PollAnswer.id).where(PollAnswer.person_id == ines)),
                INVITATION: db.session.scalar(select(Invitation.answer).where(Invitation.person_id == ines)),
                RELAY: db.session.scalar(select(Relay.answer).where(Relay.person_id == ines)),
                TAKE: db.session.scalar(select(DutySeat.id).where(DutySeat.person_id == ines)),
            }
        return {purpose for purpose, answer in said.items() if answer}

    return read


every_link = pytest.mark.parametrize("purpose", PLACES)


@every_link
def test_looking_changes_nothing_and_says_who_is_asked(purpose, path, client, answered, app):
    page = client.get(path(purpose))

    assert page.status_code == 200
    assert "Réponse de Dr Inès Boyer." in page.text
    assert answered() == set()
    with app.app_context():
        assert db.session.scalar(select(func.count(AuditEntry.id))) == 0


@every_link
def test_one_press_answers_for_whom_it_names_whoever_is_signed_in_and_signs_nobody_in(
    purpose, path, asked, make, sign_in, client, answered
):
    luc = sign_in(make.account(make.person("Luc", "Martin")))
    page = luc.get(path(purpose)).text

    assert "Un autre compte est ouvert sur cet appareil" in page
    luc.post(path(purpose), data=asked.forms[purpose])
    assert answered() == {purpose}
    assert "Luc Martin" in luc.get("/mon-compte/").text
    client.post(path(purpose), data=asked.forms[purpose])
    assert client.get("/mon-compte/").status_code == 303


@every_link
def test_one_that_is_forged_or_of_another_matter_is_404(purpose, path, client, asked):
    other = next(each for each in PLACES if each != purpose)
    address = path(purpose)

    for forged in (address[:-2], f"{address}x", path(purpose, signed_for=other)):
        assert client.get(forged).status_code == 404
        assert client.post(forged, data=asked.forms[purpose]).status_code == 404


@every_link
def test_it_is_dead_once_its_person_is_suspended(purpose, path, client, asked, answered, change):
    change(update(Account).where(Account.email == "ines@cpts.example").values(suspended_at=NOW))

    for response in (client.get(path(purpose)), client.post(path(purpose), data=asked.forms[purpose])):
        assert response.status_code == 410
        assert "est fermé" in response.text
        assert "Inès" not in response.text
    assert answered() == set()


@pytest.mark.parametrize(
    "case",
    [
        (POLL, lambda _: update(Membership).values(left_at=NOW), "vous ne faites plus partie de ce groupe"),
        (POLL, lambda _: update(Poll).values(closed_at=NOW), "Ce sondage est clos"),
        (POLL, lambda _: update(Poll).values(deadline=NOW), "Ce sondage est clos"),
        (INVITATION, lambda _: Invitation.__table__.delete(), "Vous n’êtes plus sur la liste de cette réunion"),
        (INVITATION, lambda _: update(Meeting).values(cancelled_at=NOW), "Cette réunion est annulée."),
        (INVITATION, lambda _: update(Meeting).values(starts_at=NOW - TWO_HOURS, ends_at=NOW), "a eu lieu"),
        (RELAY, lambda _: update(Relay).values(withdrawn_at=NOW), "Dr Anne Petit ne compte plus sur vous"),
        (RELAY, lambda _: update(Absence).values(cancelled_at=NOW), "Dr Anne Petit a annulé cette absence"),
        (RELAY, lambda _: update(Absence).values(first_day=date(2026, 8, 1), last_day=date(2026, 8, 2)), "est passée"),
        (TAKE, lambda _: update(DutySlot).values(state="closed"), "Ce créneau est fermé"),
        (TAKE, lambda _: update(DutySlot).values(starts_at=NOW - TWO_HOURS, ends_at=NOW), "Il est trop tard"),
        (TAKE, lambda _: DutySlot.__table__.delete(), "Ce créneau n’existe plus"),
    ],
)
def test_it_says_what_became_of_the_matter_and_changes_nothing(case, path, client, asked, answered, change):
    purpose, changed, words = case
    address = path(purpose)
    change(changed(asked))

    page = client.get(address)
    client.post(address, data=asked.forms[purpose])

    assert words in page.text
    assert page.text.count("<button") == 0
    assert answered() == set()


def test_a_duty_that_somebody_took_meanwhile_is_full(make, path, client, asked, answered, rows):
    (slot,) = rows(DutySlot)
    make.seat(slot, make.person("Luc", "Martin"))
    make.announce("continuity")

    client.post(path(TAKE))

    assert "Quelqu’un vient de prendre la dernière place." in client.get(path(TAKE)).text
    assert answered() == set()


def test_a_duty_on_a_day_off_is_taken_with_a_second_word(make, path, client, asked, answered):
    make.absence(asked.ines, LATER.date(), LATER.date(), weekdays=str(LATER.weekday()))

    client.post(path(TAKE))
    assert "C’est l’un de vos jours de repos" in client.get(path(TAKE)).text
    assert answered() == set()

    page = client.post(path(TAKE), data={"jour-de-repos": "oui"}, follow_redirects=True).text
    assert "Cette astreinte est à vous." in page
    assert answered() == {TAKE}


def test_whoever_takes_a_duty_by_a_link_is_who_did_it(path, client, asked, app):
    client.post(path(TAKE))

    with app.app_context():
        entry = db.session.scalars(select(AuditEntry)).one()
        assert db.session.get(Account, entry.actor_id).person_id == asked.ines.id
