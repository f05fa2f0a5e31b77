"""Everything that people are told, caused once in the scene.

A kind that is declared anew gets its ``@happens`` here; ``make mails`` then writes its mail into ``golden/``.
"""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from cpts_net.accounts import link_mails, own_kinds
from cpts_net.continuity import notice_kinds as continuity_kinds
from cpts_net.directory.models import Person
from cpts_net.groups import notice_kinds as group_kinds
from cpts_net.groups.models import Post
from cpts_net.leave import notice_kinds as leave_kinds
from cpts_net.leave.models import Absence, Relay
from cpts_net.leave.wording import spans_written
from cpts_net.meetings import notice_kinds as meeting_kinds
from cpts_net.meetings.models import Meeting, PollAnswer
from cpts_net.notices.actions import About
from cpts_net.notices.models import Channel, Preference
from cpts_net.notices.rules import When
from cpts_net.oncall import gap_kinds
from cpts_net.oncall import notice_kinds as oncall_kinds
from cpts_net.oncall.replay import SeatKind
from cpts_net.spans import Span
from tests.factories import LONG_AGO
from tests.notices.scene import A_DAY, AWAY, EVENING, LINK, TOMORROW, Scene

Happening = Callable[[Scene], None]
AN_HOUR = timedelta(hours=1)
HAPPENINGS: dict[str, Happening] = {}


def happens(kind: str) -> Callable[[Happening], Happening]:
    """This is how something of the kind comes to be told."""

    def kept(happening: Happening) -> Happening:
        HAPPENINGS[kind] = happening
        return happening

    return kept


def later(hours: Span, by: timedelta) -> Span:
    return Span(hours.start + by, hours.end + by)


def _of_meeting(meeting: Meeting) -> dict[str, Any]:
    return {"title": meeting.title, "starts_at": meeting.starts_at, "ends_at": meeting.ends_at}


@happens(oncall_kinds.ASSIGNED)
def assigned(scene: Scene) -> None:
    about = About(f"seat:{scene.seat.id}", before={"person_id": scene.claire.id}, after=scene.duty())
    scene.tell(oncall_kinds.ASSIGNED, about, by=scene.by)


@happens(oncall_kinds.REMOVED)
def removed(scene: Scene) -> None:
    hours = later(TOMORROW, A_DAY)
    seat = scene.make.seat(scene.slot(hours), scene.claire)
    before = scene.duty(starts_at=hours.start, ends_at=hours.end)
    about = About(f"seat:{seat.id}", before=before, after={"person_id": scene.claire.id})
    scene.tell(oncall_kinds.REMOVED, about, by=scene.by)


@happens(oncall_kinds.LENGTHENED)
def lengthened(scene: Scene) -> None:
    shorter = scene.duty(ends_at=TOMORROW.end - AN_HOUR)
    about = About(f"seat:{scene.seat.id}", before=shorter, after=scene.duty())
    scene.tell(oncall_kinds.LENGTHENED, about, by=scene.by)


@happens(oncall_kinds.KEPT)
def kept(scene: Scene) -> None:
    hours = later(TOMORROW, 19 * A_DAY)
    absence, seat = scene.absence(scene.anne), scene.make.seat(scene.slot(hours), scene.anne)
    scene.make.fact(seat, SeatKind.KEPT, to_id=scene.anne.id, absence_id=absence.id)
    about = About(f"seat:{seat.id}", after=scene.duty(starts_at=hours.start, ends_at=hours.end))
    scene.tell(oncall_kinds.KEPT, about, by=scene.by)


@happens(oncall_kinds.IN_A_WEEK)
def in_a_week(scene: Scene) -> None:
    scene.remind(oncall_kinds.IN_A_WEEK, later(TOMORROW, 6 * A_DAY))


@happens(oncall_kinds.IN_AN_HOUR)
def in_an_hour(scene: Scene) -> None:
    wish(scene, oncall_kinds.IN_AN_HOUR)
    scene.remind(oncall_kinds.IN_AN_HOUR, later(TOMORROW, 3 * AN_HOUR - A_DAY))


@happens(gap_kinds.OPENED)
def gap_opened(scene: Scene) -> None:
    gap(scene, gap_kinds.OPENED, later(TOMORROW, 2 * AN_HOUR), scene.by)


@happens(gap_kinds.AHEAD)
def gap_ahead(scene: Scene) -> None:
    gap(scene, gap_kinds.AHEAD, later(TOMORROW, 7 * A_DAY))


def gap(scene: Scene, kind: str, hours: Span, by: int | None = None, to: Person | None = None) -> None:
    about = About(f"slot:{scene.slot(hours).id}", after=scene.duty(starts_at=hours.start, ends_at=hours.end, missing=1))
    scene.tell(kind, about, to=to or scene.lea, by=by)


@happens(gap_kinds.OFFERED)
def gap_offered(scene: Scene) -> None:
    wish(scene, gap_kinds.OFFERED)
    gap(scene, gap_kinds.OFFERED, later(TOMORROW, 5 * A_DAY), to=scene.anne)


def wish(scene: Scene, kind: str) -> None:
    """Anne chose to hear of what nobody hears of otherwise."""
    scene.make.save(Preference(person_id=scene.anne.id, kind=kind, channel=Channel.MAIL, when=When.AT_ONCE))


@happens(continuity_kinds.SOUGHT)
def sought(scene: Scene) -> None:
    hours = later(TOMORROW, 18 * A_DAY)
    scene.absence(scene.paul)
    seat = scene.make.seat(scene.slot(hours), scene.paul)
    after = scene.duty(starts_at=hours.start, ends_at=hours.end, person_id=scene.paul.id)
    scene.tell(continuity_kinds.SOUGHT, About(f"seat:{seat.id}", after=after), to=scene.lea)


@happens(continuity_kinds.RELAY_TOMORROW)
def relay_tomorrow(scene: Scene) -> None:
    note = scene.typed("Les ordonnances sont au secrétariat.")
    days = date(2026, 8, 13), date(2026, 8, 14)
    absence = scene.make.absence(scene.claire, *days, relays=[scene.anne], note=note)
    after = {"starts_at": TOMORROW.start - 8 * AN_HOUR, "ends_at": TOMORROW.start + 40 * AN_HOUR}
    scene.tell(continuity_kinds.RELAY_TOMORROW, About(f"absence:{absence.id}", after=after))


@happens(oncall_kinds.SHORTENED)
def shortened(scene: Scene) -> None:
    shorter = scene.duty(ends_at=TOMORROW.end - AN_HOUR, person_id=scene.claire.id)
    about = About(f"seat:{scene.seat.id}", before=scene.duty(), after=shorter)
    scene.tell(oncall_kinds.SHORTENED, about, by=scene.by)


@happens(oncall_kinds.TOMORROW)
def tomorrow(scene: Scene) -> None:
    scene.tell(oncall_kinds.TOMORROW, About(f"seat:{scene.seat.id}", after=scene.duty()))


@happens(leave_kinds.DECLARED)
def declared(scene: Scene) -> None:
    absence = scene.absence(scene.anne, relays=(scene.claire,))
    about = About(f"absence:{absence.id}", after=leave_kinds.days_kept(absence))
    scene.tell(leave_kinds.DECLARED, about, by=scene.by)


@happens(leave_kinds.CHANGED)
def changed_absence(scene: Scene) -> None:
    absence = scene.absence(scene.anne, relays=(scene.claire,))
    about = About(f"absence:{absence.id}", after=leave_kinds.days_kept(absence))
    scene.tell(leave_kinds.CHANGED, about, by=scene.by)


@happens(leave_kinds.CANCELLED)
def cancelled_absence(scene: Scene) -> None:
    absence = scene.absence(scene.anne, cancelled_at=LONG_AGO)
    about = About(f"absence:{absence.id}", before=leave_kinds.days_kept(absence))
    scene.tell(leave_kinds.CANCELLED, about, by=scene.by)


@happens(leave_kinds.RELAY)
def relay(scene: Scene) -> None:
    scene.cover(leave_kinds.RELAY)


@happens(leave_kinds.THROUGH)
def through(scene: Scene) -> None:
    scene.cover(leave_kinds.THROUGH)


@happens(leave_kinds.MOVED)
def moved(scene: Scene) -> None:
    earlier, now = later(AWAY, -7 * A_DAY), {"spans": spans_written([AWAY])}
    scene.cover(leave_kinds.MOVED, before={"spans": spans_written([earlier])}, after=now)


@happens(leave_kinds.RELEASED)
def released(scene: Scene) -> None:
    scene.cover(leave_kinds.RELEASED, before={"spans": spans_written([AWAY])})


@happens(leave_kinds.LOST)
def lost(scene: Scene) -> None:
    scene.cover(leave_kinds.LOST, to=scene.lea)


@happens(leave_kinds.ANSWERED)
def answered(scene: Scene) -> None:
    absence = scene.absence(scene.anne)
    word = scene.typed("Avec plaisir, bonnes vacances.")
    relay = scene.make.save(_relay(absence, scene.claire, word))
    about = About(f"absence:{absence.id}", after={"relay": relay.id})
    scene.tell(leave_kinds.ANSWERED, about, by=scene.by)


def _relay(absence: Absence, person: Person, word: str) -> Relay:
    times = {"asked_at": LONG_AGO, "answered_at": LONG_AGO}
    return Relay(absence_id=absence.id, rank=0, person_id=person.id, answer="accepted", word=word, **times)


@happens(group_kinds.LEAD_NAMED)
def named(scene: Scene) -> None:
    group = scene.make.group(scene.typed("Plaies chroniques"), leads=[scene.anne, scene.claire])
    scene.tell(group_kinds.LEAD_NAMED, About(f"group:{group.id}"), by=scene.by)


@happens(group_kinds.ADDED)
def brought_in(scene: Scene) -> None:
    purpose = scene.typed("Suivre ensemble les plaies qui durent, de la ville à l’hôpital.")
    inside = {"leads": [scene.claire], "members": [scene.anne]}
    group = scene.make.group(scene.typed("Plaies et cicatrisation"), **inside, purpose=purpose)
    scene.tell(group_kinds.ADDED, About(f"group:{group.id}"), by=scene.by)


@happens(group_kinds.REMOVED)
def taken_out(scene: Scene) -> None:
    group = scene.make.group(scene.typed("Vaccination d’automne"), leads=[scene.claire])
    scene.tell(group_kinds.REMOVED, About(f"group:{group.id}"), by=scene.by)


@happens(group_kinds.POSTED)
def posted(scene: Scene) -> None:
    body = scene.typed("Le nouveau protocole est prêt.\nQui peut le relire avant jeudi ?")
    post = scene.make.save(Post(group_id=scene.group.id, author_id=scene.claire.id, body=body, created_at=LONG_AGO))
    scene.tell(group_kinds.POSTED, About(f"post:{post.id}"), by=scene.by)


@happens(meeting_kinds.POLL_PROPOSED)
def proposed(scene: Scene) -> None:
    scene.tell(meeting_kinds.POLL_PROPOSED, About(f"poll:{scene.poll().id}"), by=scene.by)


@happens(meeting_kinds.POLL_ENDING)
def ending(scene: Scene) -> None:
    scene.tell(meeting_kinds.POLL_ENDING, About(f"poll:{scene.poll().id}"))


@happens(meeting_kinds.POLL_CHANGED)
def changed_poll(scene: Scene) -> None:
    poll = scene.poll()
    answer = {"person_id": scene.anne.id, "answer": "yes", "answered_at": LONG_AGO}
    scene.make.save(PollAnswer(option_id=poll.option_ids[0], **answer))
    about = About(f"poll:{poll.id}", after={"new": poll.option_ids[2:]})
    scene.tell(meeting_kinds.POLL_CHANGED, about, by=scene.by)


@happens(meeting_kinds.POLL_GIVEN_UP)
def poll_given_up(scene: Scene) -> None:
    scene.tell(meeting_kinds.POLL_GIVEN_UP, About(f"poll:{scene.poll(closed_at=LONG_AGO).id}"), by=scene.by)


@happens(meeting_kinds.NOT_COMING)
def not_coming(scene: Scene) -> None:
    about = About(f"meeting:{scene.meeting().id}", after={"person_id": scene.paul.id})
    scene.tell(meeting_kinds.NOT_COMING, about)


@happens(meeting_kinds.INVITED)
def invited(scene: Scene) -> None:
    meeting = scene.meeting()
    scene.tell(meeting_kinds.INVITED, About(f"meeting:{meeting.id}", after=_of_meeting(meeting)), by=scene.by)


@happens(meeting_kinds.WELCOME)
def welcomed(scene: Scene) -> None:
    first, second = scene.meeting(), scene.meeting(starts_at=EVENING.start + 7 * A_DAY, ends_at=EVENING.end + 7 * A_DAY)
    about = About(f"group:{scene.group.id}", after={"meeting_ids": [first.id, second.id]})
    scene.tell(meeting_kinds.WELCOME, about)


@happens(meeting_kinds.CHANGED)
def moved_meeting(scene: Scene) -> None:
    meeting = scene.meeting()
    before = {"starts_at": EVENING.start - A_DAY, "ends_at": EVENING.end - A_DAY}
    scene.has_told(meeting, **before)
    about = About(f"meeting:{meeting.id}", before=before, after=_of_meeting(meeting))
    scene.tell(meeting_kinds.CHANGED, about, by=scene.by)


@happens(meeting_kinds.CANCELLED)
def cancelled_meeting(scene: Scene) -> None:
    meeting = scene.meeting(cancelled_at=LONG_AGO)
    scene.has_told(meeting)
    scene.tell(meeting_kinds.CANCELLED, About(f"meeting:{meeting.id}", before=_of_meeting(meeting)), by=scene.by)


@happens(meeting_kinds.WITHDRAWN)
def withdrawn(scene: Scene) -> None:
    meeting = scene.meeting(invitations=[])
    scene.has_told(meeting)
    scene.tell(meeting_kinds.WITHDRAWN, About(f"meeting:{meeting.id}", before=_of_meeting(meeting)), by=scene.by)


@happens(link_mails.INVITATION)
def invitation(scene: Scene) -> None:
    scene.write(link_mails.INVITATION, address=LINK)


@happens(link_mails.RESET)
def reset(scene: Scene) -> None:
    scene.write(link_mails.RESET, address=LINK)


@happens(link_mails.NEW_ADDRESS)
def new_address(scene: Scene) -> None:
    scene.write(link_mails.NEW_ADDRESS, address=LINK)


@happens(link_mails.ADDRESS_TAKEN)
def address_taken(scene: Scene) -> None:
    scene.write(link_mails.ADDRESS_TAKEN)


@happens(link_mails.ADDRESS_ASKED)
def address_asked(scene: Scene) -> None:
    scene.write(link_mails.ADDRESS_ASKED, wanted="anne@cabinet.example", address=LINK)


@happens(link_mails.ADDRESS_CHANGED)
def address_changed(scene: Scene) -> None:
    scene.write(link_mails.ADDRESS_CHANGED, wanted="anne@cabinet.example", address=LINK)


@happens(link_mails.PASSWORD_CHANGED)
def password_changed(scene: Scene) -> None:
    scene.write(link_mails.PASSWORD_CHANGED)


@happens(own_kinds.ROLE_CHANGED)
def role_changed(scene: Scene) -> None:
    about = About(f"account:{scene.account}", {"role": "coordinator"}, {"role": "member"})
    scene.tell(own_kinds.ROLE_CHANGED, about)


@happens(own_kinds.REACTIVATED)
def reactivated(scene: Scene) -> None:
    scene.tell(own_kinds.REACTIVATED, About(f"account:{scene.account}"))


@happens(own_kinds.NEW_DEVICE)
def new_device(scene: Scene) -> None:
    used = {"browser": "Firefox", "device": "Android"}
    scene.tell(own_kinds.NEW_DEVICE, About(f"account:{scene.account}", after=used))


@happens(own_kinds.SIGNED_OUT)
def signed_out(scene: Scene) -> None:
    scene.tell(own_kinds.SIGNED_OUT, About(f"account:{scene.account}"))
