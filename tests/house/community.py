"""A small community in which everybody of the table of permissions exists, and one of each thing that they may touch."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from cpts_net import clock
from cpts_net.accounts.actions import add_link, make_link
from cpts_net.accounts.identity import start_session
from cpts_net.accounts.models import Account, LoginSession, Purpose
from cpts_net.audit.models import WayBack
from cpts_net.calendars.actions import create_feed
from cpts_net.calendars.feed_addresses import feed_address
from cpts_net.calendars.models import FeedKind
from cpts_net.directory.models import Person, StructureClosing
from cpts_net.groups.models import Post
from cpts_net.leave import answer_links as relay_links
from cpts_net.leave.models import Relay
from cpts_net.meetings.answer_links import answer_token
from cpts_net.meetings.models import Invitation, Meeting, Poll, PollOption
from cpts_net.meetings.notice_kinds import POLL_PROPOSED
from cpts_net.meetings.poll_links import poll_token
from cpts_net.notices.fewer_links import fewer_token
from cpts_net.notices.models import Channel, Delivery, Notice, State
from cpts_net.oncall.models import LineException
from cpts_net.oncall.replay import SeatKind
from cpts_net.oncall.take_links import take_address
from cpts_net.push.models import PushDevice
from cpts_net.roles import Role
from cpts_net.storage.connections import db
from cpts_net.storage.transaction import transaction
from tests.factories import Factory, held_by, working_at

THURSDAY = datetime(2026, 8, 27, 18, tzinfo=UTC)
TWO_HOURS = timedelta(hours=2)


@dataclass(frozen=True)
class Somebody:
    """Who sends a request: a role, and where they stand towards the things of the community."""

    role: Role | None
    is_professional: bool = False
    is_owner: bool = False
    is_in_group: bool = False
    is_lead: bool = False
    is_suspended: bool = False


EVERYBODY = {
    "stranger": Somebody(None),
    "suspended": Somebody(None, is_suspended=True),
    "outsider": Somebody(Role.MEMBER, is_professional=True),
    "owner": Somebody(Role.MEMBER, is_professional=True, is_owner=True, is_in_group=True),
    "lead": Somebody(Role.MEMBER, is_professional=True, is_in_group=True, is_lead=True),
    "partner": Somebody(Role.PARTNER),
    "guest": Somebody(Role.GUEST, is_in_group=True),
    "secretary": Somebody(Role.SECRETARY),
    "coordinator": Somebody(Role.COORDINATOR),
    "administrator": Somebody(Role.ADMINISTRATOR),
}


class Community:
    """The rows, the accounts by name of ``EVERYBODY``, and what stands in addresses and forms.

    In a guarded community the group is private, and the account that is looked
    after is an administrator's.
    """

    def __init__(self, make: Factory, *, is_guarded: bool) -> None:
        self.make = make
        lead, owner, outsider, other = (
            make.person(),
            make.person("Inès", "Boyer"),
            make.person("Luc", "Martin", profession="21"),
            make.person("Zoé", "Ay"),
        )
        self.members = {"lead": lead, "owner": owner}
        self.people = {role.value: make.colleague(f"Compte {role.name}") for role in Role if role is not Role.MEMBER}
        self.accounts = {
            "suspended": make.account(make.person("Paul", "Noir"), suspended_at=clock.now()),
            "outsider": make.account(outsider),
            "owner": make.account(owner),
            "lead": make.account(lead),
            **{role: make.account(person, Role(role)) for role, person in self.people.items()},
        }
        target = make.account(other, Role.ADMINISTRATOR if is_guarded else Role.MEMBER)
        group = make.group(leads=[lead], members=[owner], guests=[self.people["guest"]], is_private=is_guarded)
        line = make.line()
        free = make.slot(line, datetime(2026, 8, 13, 8, tzinfo=UTC), datetime(2026, 8, 13, 10, tzinfo=UTC))
        held = make.slot(line, datetime(2026, 8, 14, 8, tzinfo=UTC), datetime(2026, 8, 14, 10, tzinfo=UTC))
        seat = make.seat(held, owner)
        unlike = {"first_day": date(2026, 10, 1), "last_day": date(2026, 10, 2), "message": "Appelez le 15"}
        exception = make.save(LineException(line_id=line.id, **unlike))
        by = {"by_id": self.accounts["owner"].id, "at": clock.now()}
        given = make.fact(seat, SeatKind.HANDED_OVER, from_id=lead.id, to_id=owner.id, **by)
        absence = make.absence(owner, date(2026, 9, 1), date(2026, 9, 4), relays=[other])
        poll, option = self._poll(group.id)
        meeting = self._meeting(group.id, [lead.id, owner.id])
        self.values = {
            "person_id": owner.id,
            "other_id": outsider.id,
            "account_id": target.id,
            "group_id": group.id,
            "post_id": make.save(
                Post(group_id=group.id, author_id=owner.id, body="Bonjour", created_at=clock.now())
            ).id,
            "poll_id": poll.id,
            "meeting_id": meeting.id,
            "line_id": line.id,
            "slug": line.slug,
            "slot_id": free.id,
            "held_id": held.id,
            "seat_id": seat.id,
            "change_id": given.id,
            "exception_id": exception.id,
            "absence_id": absence.id,
            "day": "2026-08-26",
            "session_id": (session_id := self._session(self.accounts["owner"])),
            "device_id": self._device(session_id),
            "code": "duty",
            "delivery_id": self._failed(owner.id),
            "name": "mon-agenda",
            **self._places(owner),
            **self._ways_back(absence.id, meeting.id, poll.id),
        }
        self.forms = forms(owner.id, outsider.id, option.id)
        self.values["feed_id"], self.tokens = self._secrets(target, meeting)

    def _poll(self, group_id: int) -> tuple[Poll, PollOption]:
        poll = self.make.save(
            Poll(group_id=group_id, title="Bilan", deadline=THURSDAY - timedelta(days=3), created_at=clock.now())
        )
        option = PollOption(poll_id=poll.id, starts_at=THURSDAY, ends_at=THURSDAY + TWO_HOURS)
        return poll, self.make.save(option)

    def _failed(self, person_id: int) -> int:
        notice = {"kind": "oncall.removed", "subject": "seat:1", "occasion": "", "at": clock.now()}
        duty = {
            "line": "Nuit",
            "starts_at": {"instant": THURSDAY.isoformat()},
            "ends_at": {"instant": THURSDAY.isoformat()},
        }
        told = self.make.save(Notice(person_id=person_id, before=duty, **notice))
        times = {"written_at": clock.now(), "due_at": clock.now(), "finished_at": clock.now()}
        lost = {"kind": told.kind, "message_id": "<1@cpts.example>", "state": State.FAILED, "error": "550", **times}
        return self.make.save(Delivery(notice_id=told.id, **lost)).id

    def _meeting(self, group_id: int, asked: list[int]) -> Meeting:
        invitations = [Invitation(person_id=each) for each in asked]
        times = {"starts_at": THURSDAY, "ends_at": THURSDAY + TWO_HOURS, "created_at": clock.now()}
        return self.make.save(
            Meeting(meeting_groups=held_by(group_id), title="Bilan", invitations=invitations, **times)
        )

    def _places(self, owner: Person) -> dict[str, int]:
        """A structure with a closing, and a position of the owner there."""
        position = self.make.save(working_at("MSP du Dunois", person_id=owner.id, rank=1))
        days = {"first_day": date(2026, 9, 1), "last_day": date(2026, 9, 4)}
        closing = self.make.save(StructureClosing(structure_id=position.structure_id, **days))
        return {"position_id": position.id, "structure_id": position.structure_id, "closing_id": closing.id}

    def _ways_back(self, absence_id: int, meeting_id: int, poll_id: int) -> dict[str, int]:
        """From what the owner has just done to an absence, and the lead to a meeting and a poll."""
        done = {
            "way_id": ("owner", f"absence:{absence_id}"),
            "meeting_way_id": ("lead", f"meeting:{meeting_id}"),
            "poll_way_id": ("lead", f"poll:{poll_id}"),
        }
        return {
            name: self.make.save(
                WayBack(account_id=self.accounts[who].id, subject=subject, seen="", at=clock.now(), before={})
            ).id
            for name, (who, subject) in done.items()
        }

    def _session(self, account: Account) -> int:
        with self.make.app.app_context():
            with transaction():
                start_session(account.id, user_agent="elsewhere", address="127.0.0.1", now=clock.now())
            return db.session.scalars(db.select(LoginSession.id).order_by(LoginSession.id.desc())).first()

    def _device(self, session_id: int) -> int:
        keys = {"p256dh": "", "auth": ""}
        endpoint = "https://push.example/owner"  # No service that is known: nothing leaves.
        return self.make.save(PushDevice(session_id=session_id, endpoint=endpoint, created_at=clock.now(), **keys)).id

    def _secrets(self, target: Account, meeting: Meeting) -> tuple[int, dict[str, str]]:
        """The owner's feed, and the token of each address that opens by itself."""
        with self.make.app.app_context(), transaction():
            feed = create_feed(self.accounts["owner"].id, FeedKind.DUTY, "Astreintes", line_id=None, now=clock.now())
            db.session.flush()
            links = {
                f"passwords.{purpose.value}": make_link(target.id, purpose, now=clock.now()).rpartition("/")[2]
                for purpose in (Purpose.RESET, Purpose.INVITATION, Purpose.DEMONSTRATION)
            }
            links |= self._addresses(target)
            answer = answer_token(db.session.scalars(db.select(Invitation.id)).first(), "yes", "")
            return feed.id, {
                **links,
                "feeds.feed": feed_address(feed).split("/")[-2],
                "meetings.answer_by_link": answer,
                "meetings.record_answer_by_link": answer,
                **dict.fromkeys(("relays.show", "relays.record_answer"), self._relay()),
                **dict.fromkeys(("offers.show", "offers.take"), self._offer()),
                **dict.fromkeys(
                    ("choices.fewer", "choices.hear_no_more"),
                    fewer_token(self.members["owner"].id, [POLL_PROPOSED], Channel.MAIL),
                ),
                "meetings.answer_poll_by_link": poll_token(self.values["poll_id"], self.members["owner"].id),
                "meetings.record_poll_answer_by_link": poll_token(self.values["poll_id"], self.members["owner"].id),
            }

    def _addresses(self, target: Account) -> dict[str, str]:
        """The links of somebody who is about to have another address: the owner, and the one who is looked after."""
        owner, now = self.accounts["owner"].id, clock.now()
        made = {
            "address.confirm": add_link(owner, Purpose.ADDRESS, now=now, address="inès@cpts.example"),
            "address.confirm_by_link": add_link(target.id, Purpose.ADDRESS_BY_STAFF, now=now, address="z@cpts.example"),
            "address.keep": add_link(target.id, Purpose.OBJECTION, now=now, address="before@cpts.example"),
        }
        return {view: link.rpartition("/")[2] for view, link in made.items()}

    def _offer(self) -> str:
        return take_address(self.values["slot_id"], self.members["owner"].id).rpartition("/")[2]

    def _relay(self) -> str:
        absence_id = self.values["absence_id"]
        asked = db.session.scalars(db.select(Relay).where(Relay.absence_id == absence_id)).one()
        return relay_links.answer_token(asked.id, asked.person_id)


def forms(owner_id: int, outsider_id: int, option_id: int) -> dict[str, dict[str, object]]:
    """What a browser would send to each view, where it sends more than nothing."""
    days = {"first_day": "2026-10-05", "last_day": "2026-10-07", "note": ""}
    subject = {"title": "Bilan", "agenda": "", "place": "", "video_url": "", "minutes": "60"}
    line = {
        "name": "Nuits",
        "purpose": "",
        "phone": "",
        "patterns-0-seats_min": "1",
        "patterns-0-seats_max": "1",
        "eligible": "10",
    }
    password = {"password": "orage-violon-tabouret-93"}
    return {
        "line_days.overview": {"first_day": "2026-12-24", "message": "Appelez le 15"},
        "seats.hand_over": {"person": outsider_id},
        "seats.split": {"partage-at": "11:00", "partage-reason": "hindered"},
        "absences.declare": {**days, "person": owner_id, "relay": 0},
        "absences.preview": {**days, "person": owner_id, "relay": 0},
        "absences.change": {**days, "relay": 0},
        "absences.cancel": {},
        "absences.end": {},
        "days_off.except_day": {"day": "2026-08-26"},
        "relays.record_answer": {"answer": "declined", "word": "Je pars aussi"},
        "accounts.sign_in": {"email": "a@cpts.example", "password": "wrong"},
        "admin.invite": {"display_name": "Léa", "email": "lea@cpts.example", "role": "member"},
        "people.add": {"family_name": "Lopez", "function": "Assistante sociale", "kind": "partner", "role": "member"},
        "admin.change_role": {"role": "secretary"},
        "calendars.change": {"name": "Astreintes"},
        "departures.choose": {"person": outsider_id},
        "departures.compare": dict.fromkeys(("choix-account", "choix-number", "choix-name", "choix-trade"), "one"),
        "departures.leave": {"left_on": "2026-09-30"},
        "territory.change": {"shown": "28088", "commune": "28088", "bassin-28088": "Dunois"},
        "directory.edit": {"private_phone": "06 39 98 00 01", "family_name": "Boyer", "kind": "professional"},
        "structures.create": {"name": "EHPAD des Tilleuls"},
        "structures.edit": {"name": "MSP du Dunois", "phone": "02 61 91 00 01"},
        "closings.close": {"first_day": "2026-10-05", "last_day": "2026-10-07"},
        "structures.add_worker": {"person": owner_id},
        "structures.edit_position": {"function": "Médecin coordonnateur"},
        "duty_lines.create": line,
        "duty_lines.change": line,
        "duty_lines.preview_week": line,
        "groups.add": {"person_id": outsider_id},
        "groups.create": {"name": "Plaies", "purpose": "", "leads": "Zoé Ay"},
        "groups.edit": {"name": "Plaies et cicatrisation", "purpose": ""},
        "groups.lead": {"anime": "oui"},
        "groups.write": {"body": "Bonjour à toutes et à tous"},
        "meetings.answer": {"answer": "yes"},
        "meetings.answer_poll": {f"date-{option_id}": "yes"},
        "meetings.convene": {**subject, "day": "2026-09-03", "at": "20:00", "people-q": "", "people": outsider_id},
        "meetings.edit": {**subject, "day": "2026-09-03", "at": "20:00"},
        "meetings.fix_date": {"date": option_id},
        "meetings.plan": {**subject, "day": "2026-09-03", "at": "20:00"},
        "meetings.change_poll": {
            **subject,
            "dates-0-day": "2026-09-04",
            "dates-0-at": "20:00",
            "last_day": "2026-08-30",
        },
        "meetings.propose": {
            **subject,
            "dates-0-day": "2026-09-03",
            "dates-0-at": "20:00",
            "last_day": "2026-08-30",
        },
        "oncall.assign": {"person": owner_id},
        "oncall.close": {"message": "Fermé"},
        "address.ask": {"email": "new@cpts.example", "current_password": "wrong"},
        "address_of_others.change": {"email": "other@cpts.example"},
        "own.change_password": {"current_password": "wrong", **password},
        "passwords.advise": password,
        "passwords.forgotten": {"email": "a@cpts.example"},
        "passwords.invitation": password,
        "passwords.reset": password,
    }
