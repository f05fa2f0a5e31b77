"""What a page says of the two who are one: what they clash about, and what passes on."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext as _
from flask_babel import ngettext

from cpts_net import clock
from cpts_net.accounts.wording import ROLE_NAMES
from cpts_net.departures.queries import Belongings
from cpts_net.departures.rules import VALUES, Clash, Matter
from cpts_net.directory.profiles import Profile
from cpts_net.groups.models import Group, Membership
from cpts_net.groups.rules import MembershipRole
from cpts_net.i18n import day
from cpts_net.leave.models import Absence, Relay
from cpts_net.leave.wording import away
from cpts_net.meetings.models import Answer, Invitation, Meeting, Poll, PollAnswer, PollOption
from cpts_net.oncall.models import DutySeat
from cpts_net.oncall.wording import when
from cpts_net.phones import written
from cpts_net.roles import Role


@dataclass(frozen=True)
class Question:
    """What somebody decides: a clash, in words."""

    key: str
    title: str
    hint: str
    one: Sequence[str]  # What the one says or has, where only one can be right.
    other: Sequence[str]


@dataclass(frozen=True)
class Seen:
    """One of the two as the reader may know them: what they have, and their card."""

    held: Belongings
    card: Profile
    known: AbstractSet[int]  # The groups of which the reader may know.


def questions(clashes: Sequence[Clash], one: Seen, other: Seen) -> list[Question]:
    """Each clash as a question."""
    return [
        Question(
            clash.key,
            titles()[clash.matter],
            hints().get(clash.matter, ""),
            _said(clash.matter, clash.one, one),
            _said(clash.matter, clash.other, other),
        )
        for clash in clashes
    ]


def titles() -> Mapping[Matter, str]:
    """What each matter asks."""
    return {
        Matter.ACCOUNT: _("Quel compte reste ouvert"),
        Matter.NUMBER: _("Quel numéro porter sur la fiche"),
        Matter.NAME: _("Quel nom porter sur la fiche"),
        Matter.TRADE: _("Quel métier compter d’abord"),
        Matter.FUNCTION: _("Quelle fonction porter sur la fiche"),
        Matter.PHONE: _("Quel téléphone privé garder"),
        Matter.MAIL: _("Quelle adresse mail garder"),
        Matter.DUTY: _("Deux astreintes en même temps\u202f: lesquelles tenir"),
        Matter.ABSENCE: _("Deux absences en même temps\u202f: lesquelles garder"),
        Matter.RELAY: _("Deux fois relais de la même absence"),
        Matter.MEMBERSHIP: _("Deux places dans le même groupe"),
        Matter.INVITATION: _("Deux réponses à la même réunion"),
        Matter.POLL: _("Deux réponses au même sondage"),
    }


def hints() -> Mapping[Matter, str]:
    """What becomes of the one that is not chosen."""
    return {
        Matter.ACCOUNT: _("L’autre est suspendu\u202f: ses appareils sont déconnectés, ses agendas prennent fin."),
        Matter.NUMBER: _("L’autre mènera à cette fiche au prochain import."),
        Matter.TRADE: _("L’autre reste sur la fiche, en second."),
        Matter.DUTY: _("Les autres sont rendues\u202f: leur place est libre, la personne est prévenue."),
        Matter.ABSENCE: _("Les autres sont annulées."),
    }


def _said(matter: Matter, rows: Sequence[int], seen: Seen) -> list[str]:
    if matter in VALUES:
        return [_value(matter, seen)]
    return [words for row, words in _rows(matter, seen.held, seen.known) if row in rows]


def _value(matter: Matter, seen: Seen) -> str:
    value, account = seen.held.standing.values[matter], seen.held.account
    if matter is Matter.ACCOUNT and account:
        return f"{value} ({ROLE_NAMES[Role(account.role)]})"
    said = {Matter.NUMBER: f"RPPS {value}", Matter.PHONE: written(seen.card.private_phone), Matter.MAIL: seen.card.mail}
    return said.get(matter, value)


def _rows(matter: Matter, held: Belongings, known: AbstractSet[int]) -> list[tuple[int, str]]:
    """What each row reads like, in its order."""
    return {
        Matter.DUTY: lambda: [(seat.id, duty(seat)) for seat in held.seats],
        Matter.ABSENCE: lambda: [(absence.id, away(absence)) for absence in held.absences],
        Matter.RELAY: lambda: [(each.id, relay(each)) for each in held.relays],
        Matter.MEMBERSHIP: lambda: [(stay.id, stay_said(stay, group, known)) for stay, group in held.stays],
        Matter.INVITATION: lambda: [
            (asked.id, _invitation(asked, meeting, known)) for asked, meeting in held.invitations
        ],
        Matter.POLL: lambda: [(said.id, _answer(said, option, poll, known)) for said, option, poll in held.answers],
    }[matter]()


def duty(seat: DutySeat) -> str:
    """Say « Médecin de nuit, vendredi 14 août de 20 h à 8 h »."""
    return f"{seat.slot.line.name}, {when(seat.starts_at, seat.ends_at)}"


def relay(named: Relay) -> str:
    """Say « Dr Anne Petit, du lundi 3 au vendredi 14 août »."""
    return f"{named.absence.person.display_name}, {away(named.absence)}"


def absence(declared: Absence) -> str:
    """Say « du lundi 3 au vendredi 14 août »."""
    return away(declared)


def group_name(group_id: int, name: str, known: AbstractSet[int]) -> str:
    """The name of a group; a private one has none for whoever is not in it."""
    return name if group_id in known else str(_("un groupe privé"))


def stay_said(stay: Membership, group: Group, known: AbstractSet[int]) -> str:
    """Say « Soins non programmés, anime le groupe »."""
    return f"{group_name(group.id, group.name, known)}, {roles()[MembershipRole(stay.role)]}"


def roles() -> Mapping[MembershipRole, str]:
    """What somebody is in a group."""
    return {
        MembershipRole.LEAD: _("anime le groupe"),
        MembershipRole.MEMBER: _("membre"),
        MembershipRole.GUEST: _("invité"),
    }


def _invitation(asked: Invitation, meeting: Meeting, known: AbstractSet[int]) -> str:
    title = (
        meeting.title
        if known >= {each.group_id for each in meeting.meeting_groups}
        else _("une réunion d’un groupe privé")
    )
    return f"{title}, {day(_local(meeting.starts_at))}\u202f: {_answers().get(asked.answer or '', '')}"


def _answer(said: PollAnswer, option: PollOption, poll: Poll, known: AbstractSet[int]) -> str:
    title = poll.title if poll.group_id in known else _("un sondage d’un groupe privé")
    return f"{title}, {day(_local(option.starts_at))}\u202f: {_answers().get(said.answer, '')}"


def _answers() -> Mapping[str, str]:
    return {Answer.YES: _("oui"), Answer.IF_NEED_BE: _("si besoin"), Answer.NO: _("non")}


def _local(moment: datetime) -> date:
    return moment.astimezone(clock.zone()).date()


def passing_on(held: Belongings) -> list[str]:
    """How much passes on with somebody: « 3 astreintes », « 1 groupe »."""
    counts = [
        (len(held.seats), ngettext("%(num)s astreinte", "%(num)s astreintes", len(held.seats))),
        (len(held.absences), ngettext("%(num)s absence", "%(num)s absences", len(held.absences))),
        (len(held.relays), ngettext("relais d’une absence", "relais de %(num)s absences", len(held.relays))),
        (len(held.stays), ngettext("%(num)s groupe", "%(num)s groupes", len(held.stays))),
        (len(held.invitations), ngettext("%(num)s réunion", "%(num)s réunions", len(held.invitations))),
    ]
    return [words for number, words in counts if number]
