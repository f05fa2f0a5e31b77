"""Feeds as the version before icalendar wrote them: an upgrade changes no byte of them, and no SEQUENCE."""

import json
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert, select

from cpts_net.calendars.models import LedgerEntry
from cpts_net.leave.models import Absence, Relay
from cpts_net.meetings.models import Invitation, Meeting
from cpts_net.oncall.models import DutySlot
from cpts_net.spans import local_instant
from cpts_net.storage.connections import db
from cpts_net.storage.transaction import transaction
from tests.conftest import NOW
from tests.factories import LONG_AGO, held_by

RECORDED = Path(__file__).parent / "recorded"
KINDS = ("mine", "duty", "absences")
PARIS = ZoneInfo("Europe/Paris")
# Each on an evening: an ordinary one, the nights of both clock changes, and New Year’s.
NIGHTS = (date(2026, 8, 12), date(2026, 10, 24), date(2026, 12, 31), date(2027, 3, 27))
AGENDA = (
    "Ordre du jour ; points 1, 2\n\n- « chemin » C:\\Nouveau\\notes, suite\n- 👩‍⚕️ coordination à Châteaudun " + "é" * 90
)


@pytest.fixture
def owner(make):
    """Somebody with duties, leaves and meetings in the words that are hard to write."""
    anne = make.person("Anne", "Petit", id=901)
    paul = make.person("Paul", "Durand-Lefèvre de la Tour d’Auvergne, dit « Popaul »", profession="60", id=902)
    line = make.line(name="Garde, de nuit ; médecine générale")
    for number, (night, holder) in enumerate(zip(NIGHTS, (anne, paul, anne, anne), strict=True), 901):
        starts_at = local_instant(night, time(20), PARIS)
        ends_at = local_instant(night + timedelta(days=1), time(8), PARIS)
        slot = make.save(DutySlot(id=number, line_id=line.id, starts_at=starts_at, ends_at=ends_at))
        make.seat(slot, holder, id=number)
    leave = {"declared_at": LONG_AGO}
    days = [
        (901, anne, date(2026, 9, 1), date(2026, 9, 4), False),
        (902, paul, date(2026, 12, 24), date(2027, 1, 3), True),
    ]
    for number, person, first_day, last_day, from_noon in days:
        relays = [Relay(rank=0, person_id=paul.id)] if person is anne else []
        times = {"first_day": first_day, "last_day": last_day, "from_time": time(12) if from_noon else None}
        make.save(Absence(id=number, person_id=person.id, every_relay=relays, **times, **leave))
    group = make.group("Parcours, diabète", members=[anne, paul])
    meetings = [
        Meeting(id=901, title="Réunion, première ; avec un titre si long qu’il faut bien le plier en plusieurs lignes",
                agenda=AGENDA, place="Salle 3 ; étage \\ 2, au fond", starts_at=datetime(2026, 9, 10, 18, tzinfo=UTC)),
        Meeting(id=902, title="En ligne", video_url="https://visio.example/r/1?a=1,2;b=3", edition=3,
                starts_at=datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        Meeting(id=903, title="Annulée", cancelled_at=NOW - timedelta(days=1), place="Mairie",
                starts_at=datetime(2026, 8, 20, 18, tzinfo=UTC)),
    ]  # fmt: skip
    for meeting in meetings:
        meeting.meeting_groups, meeting.created_at = held_by(group.id), LONG_AGO
        meeting.ends_at = meeting.starts_at + timedelta(hours=2)
        meeting.invitations = [Invitation(person_id=anne.id)]
        make.save(meeting)
    return make.account(anne)


@pytest.fixture
def ledger(app):
    """What the ledger of that version held, beside the ``recorded`` feeds."""
    rows = json.loads((RECORDED / "ledger.json").read_text(encoding="utf-8"))
    with app.app_context(), transaction():
        for row in rows:
            moments = {name: datetime.fromisoformat(row[name]) for name in ("modified_at", "ends_at")}
            db.session.execute(insert(LedgerEntry).values({**row, **moments}))
    return rows


def written(app):
    """What the ledger holds, but for what that version did not know."""
    names = ("uid", "view", "content_hash", "sequence", "modified_at", "ends_at")
    columns = [getattr(LedgerEntry, name) for name in names]
    with app.app_context():
        found = db.session.execute(select(*columns).order_by(LedgerEntry.view, LedgerEntry.uid))
        return [
            {name: value.isoformat() if isinstance(value, datetime) else value for name, value in row._mapping.items()}
            for row in found
        ]


@pytest.mark.parametrize("kind", KINDS)
def test_an_upgrade_changes_no_byte_of_a_feed(subscribe, owner, ledger, kind):
    assert subscribe(owner, kind, name=f"Agenda, {kind}").body == (RECORDED / f"{kind}.ics").read_bytes()


def test_an_upgrade_raises_nothing_in_the_ledger(app, subscribe, owner, ledger):
    for kind in KINDS:
        subscribe(owner, kind, name=f"Agenda, {kind}").get()

    assert written(app) == ledger
