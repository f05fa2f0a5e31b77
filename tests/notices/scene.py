"""A little scene for all that people are told: Anne Petit reads, Claire Morel does, Léa Roux coordinates."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from cpts_net import clock
from cpts_net.calendars.models import SentInvitation
from cpts_net.directory.models import Person, ProfileValue
from cpts_net.directory.profile_fields import MAIL, Audience
from cpts_net.leave.models import Absence
from cpts_net.leave.wording import spans_written
from cpts_net.meetings.models import Invitation, Meeting, Poll, PollOption
from cpts_net.notices.actions import About, notify, write_letter
from cpts_net.oncall.models import DutySlot
from cpts_net.roles import Role
from cpts_net.spans import Span
from cpts_net.storage.transaction import transaction
from tests.factories import LONG_AGO, Factory, held_by

TOMORROW = Span(datetime(2026, 8, 13, 6, tzinfo=UTC), datetime(2026, 8, 13, 8, tzinfo=UTC))  # 8 h – 10 h in Paris.
EVENING = Span(datetime(2026, 8, 20, 16, tzinfo=UTC), datetime(2026, 8, 20, 18, tzinfo=UTC))
HOLIDAYS = (date(2026, 8, 24), date(2026, 9, 4))
AWAY = Span(datetime(2026, 8, 23, 22, tzinfo=UTC), datetime(2026, 9, 4, 22, tzinfo=UTC))
DEADLINE = datetime(2026, 8, 17, 21, 59, tzinfo=UTC)
TWO_HOURS, A_DAY = timedelta(hours=2), timedelta(days=1)
LINK = "https://reseau.example/mot-de-passe/a-secret-of-more-than-twenty-signs"


class Scene:
    """The people, and what they tell of; ``planted`` is added to everything that somebody typed."""

    def __init__(self, make: Factory, planted: str = "") -> None:
        self.make, self.planted = make, planted
        self.anne = make.person("Anne", self.typed("Petit"))
        self.claire = make.person("Claire", self.typed("Morel"))
        self.paul = make.person("Paul", self.typed("Noir"))
        self.account = make.account(self.anne, email="anne.petit@cpts-dunois.example").id
        self.by = make.account(self.claire).id
        self.lea = make.colleague(self.typed("Léa Roux"))
        make.account(self.lea, Role.COORDINATOR, email="coordination@cpts-dunois.example")
        shown = {"field": MAIL.key, "value": "claire.morel@cabinet.example", "audience": Audience.COMMUNITY}
        make.save(ProfileValue(person_id=self.claire.id, **shown))
        self.group = make.group(self.typed("Parcours diabète"), leads=[self.claire], members=[self.anne])
        self.line = make.line(name=self.typed("Soins non programmés"))
        self.seat = make.seat(make.slot(self.line, TOMORROW.start, TOMORROW.end), self.anne)
        make.announce("directory", "continuity", "groups", "meetings")

    def typed(self, words: str) -> str:
        return words + self.planted

    def tell(self, kind: str, about: About, *, to: Person | None = None, by: int | None = None) -> None:
        with self.make.app.app_context(), transaction():
            notify(kind, [(to or self.anne).id], about, by=by, now=clock.now())

    def write(self, kind: str, **values: Any) -> None:
        with self.make.app.app_context(), transaction():
            name = self.typed("Dr Anne Petit")
            write_letter("anne.petit@cpts-dunois.example", kind, clock.now(), name=name, **values)

    def duty(self, **hours: Any) -> dict[str, Any]:
        return {"line": self.line.name, "starts_at": TOMORROW.start, "ends_at": TOMORROW.end, **hours}

    def absence(self, person: Person, *, relays: tuple[Person, ...] = (), **columns: Any) -> Absence:
        return self.make.absence(person, *HOLIDAYS, relays=relays, **columns)

    def cover(self, kind: str, *, to: Person | None = None, **given: Any) -> None:
        """Claire is away, and counts on Anne."""
        note = self.typed("Les résultats arrivent au secrétariat lundi.")
        absence = self.absence(self.claire, relays=(self.anne,), note=note)
        spans = {"spans": spans_written([AWAY])}
        self.tell(kind, About(f"absence:{absence.id}", **(given or {"after": spans})), to=to, by=self.by)

    def slot(self, hours: Span) -> DutySlot:
        return self.make.slot(self.line, hours.start, hours.end)

    def remind(self, kind: str, hours: Span) -> None:
        """Anne has a duty at these hours, and is reminded of it."""
        seat = self.make.seat(self.slot(hours), self.anne)
        self.tell(kind, About(f"seat:{seat.id}", after=self.duty(starts_at=hours.start, ends_at=hours.end)))

    def poll(self, **columns: Any) -> Poll:
        said = {"title": self.typed("Bilan de l’été"), "place": self.typed("Maison de santé de Châteaudun")}
        times = {"deadline": DEADLINE, "created_at": LONG_AGO}
        poll = self.make.save(Poll(group_id=self.group.id, **said, **times, **columns))
        starts = [EVENING.start, EVENING.start + A_DAY, EVENING.start + 5 * A_DAY]
        options = [PollOption(poll_id=poll.id, starts_at=start, ends_at=start + TWO_HOURS) for start in starts]
        self.make.save(*options)
        poll.option_ids = [option.id for option in options]
        return poll

    def meeting(self, **columns: Any) -> Meeting:
        said = {"title": self.typed("Bilan de l’été"), "place": self.typed("Maison de santé de Châteaudun")}
        agenda = self.typed("1. Les appels de l’été\n2. Les créneaux de septembre")
        times = {"starts_at": EVENING.start, "ends_at": EVENING.end, "created_at": LONG_AGO}
        invited = {"invitations": [Invitation(person_id=self.anne.id)], "meeting_groups": held_by(self.group.id)}
        return self.make.save(Meeting(**{**said, **times, **invited, "agenda": agenda, **columns}))

    def has_told(self, meeting: Meeting, **other: datetime) -> None:
        """Anne knows of the meeting, perhaps at another time."""
        names = ("title", "starts_at", "ends_at", "place", "video_url")
        known = {name: getattr(meeting, name) for name in names} | other
        told = {"sequence": 0, "is_cancelled": False, "sent_at": LONG_AGO}
        self.make.save(SentInvitation(meeting_id=meeting.id, person_id=self.anne.id, **told, **known))
