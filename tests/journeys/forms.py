"""One way to send each form of the product, and the people and things that the forms are about."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import partial
from types import SimpleNamespace
from typing import Any

from playwright.sync_api import Locator
from sqlalchemy import select

from cpts_net.accounts.actions import add_link, make_link
from cpts_net.accounts.models import Account, LoginSession, Purpose
from cpts_net.accounts.passwords import hash_password
from cpts_net.calendars.actions import create_feed
from cpts_net.calendars.models import FeedKind
from cpts_net.directory.models import Structure, StructureClosing
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
from tests.journeys.product import Product

PASSWORD = "tournesol-vent-grenier"
NEW_PASSWORD = "muret-lavande-orage"
MORNING = datetime(2026, 9, 1, 6, tzinfo=UTC)
TWO_HOURS = timedelta(hours=2)
World = SimpleNamespace


@dataclass(frozen=True)
class Recipe:
    """How to send one form: who, on which page, filled in with what.

    ``endpoint`` is where the form leads; ``also`` names those that the page
    asks by itself while it is being filled in. A value that is callable fills
    in what no name of a field tells. Without a ``page`` it is sent where the one ``after`` led.
    """

    endpoint: str
    who: str
    page: str
    values: Mapping[str, str | Callable[..., Any]] = field(default_factory=dict)
    also: tuple[str, ...] = ()
    method: str = "post"
    without_scripts: bool = False  # Where a script presses the button by itself.
    after: "Recipe | None" = None  # What is sent first, for it leads to the page: what is done can be taken back.


def unfolded(field: str, value: str) -> dict[str, Callable[..., Any]]:
    """Choose in a field of a folded part of a form, which is unfolded before."""

    def chosen(form: Any) -> None:
        form.locator(f'details:has([name="{field}"]) > summary').click()
        form.locator(f'[name="{field}"]').select_option(value)

    return {field: chosen}


def choose(field: str, words: str) -> dict[str, Callable[..., Any]]:
    """Search for somebody in a field that chooses people, and take the first who is found."""

    def search(form: Locator) -> None:
        form.locator(f'[name="{field}-q"]').fill(words)
        form.locator("[role=option]").first.click()

    return {field: search}


LINE = {
    "name": "Garde du soir",
    "eligible": "10",
    "patterns-0-weekdays": "0",
    "patterns-0-opens_at": "20:00",
    "patterns-0-closes_at": "23:00",
}
MEETING = {"title": "Préparer l’hiver", "day": "2026-10-06", "at": "20:00"}
POLL = {"title": "Trouver une date", "dates-0-day": "2026-10-06", "dates-0-at": "20:00", "last_day": "2026-10-01"}
LEAVE = {"first_day": "2026-11-02", "last_day": "2026-11-06", **choose("relay", "girard")}

LEAVE_TO_UNDO = Recipe(
    "absences.declare", "anne", "/absences/nouvelle", {"first_day": "2027-02-01", "last_day": "2027-02-05"}
)
MEETING_TO_UNDO = Recipe(
    "meetings.plan", "anne", "/groupes/{group}/reunions/nouvelle", {**MEETING, "day": "2026-10-09"}
)
POLL_TO_UNDO = Recipe("meetings.give_up_poll", "anne", "/reunions/sondages/{reopened_poll}")

RECIPES = [
    Recipe("accounts.sign_in", "", "/connexion", {"email": "{email}", "password": PASSWORD}),
    Recipe("accounts.sign_out", "leaver", "/plus/"),
    Recipe("home.choose_look", "anne", "/plus/"),
    Recipe("passwords.forgotten", "", "/mot-de-passe/oubli", {"email": "{email}"}),
    Recipe("passwords.reset", "", "{reset}", {"password": NEW_PASSWORD}, also=("passwords.advise",)),
    Recipe("passwords.invitation", "", "{invitation}", {"password": NEW_PASSWORD}),
    Recipe("passwords.demonstration", "", "{demonstration}"),
    Recipe("own.change_password", "ines", "/mon-compte/", {"current_password": PASSWORD, "password": NEW_PASSWORD}),
    Recipe("address.ask", "anne", "/mon-compte/adresse", {"email": "a@cpts.example", "current_password": PASSWORD}),
    Recipe("address.confirm", "girard", "{new_address}"),
    Recipe("address.confirm_by_link", "", "{new_address_by_staff}"),
    Recipe("address.keep", "", "{objection}"),
    Recipe(
        "address_of_others.change",
        "secretary",
        "/administration/comptes/{locked_out}/adresse",
        {"email": "b@cpts.example"},
    ),
    Recipe("push.show", "luc", "/mon-compte/notifications/", {"shows_all": "y"}),
    Recipe("push.ring_once", "luc", "/mon-compte/notifications/"),
    Recipe("push.remove", "luc", "/mon-compte/notifications/"),
    Recipe("own.end_session", "luc", "/mon-compte/"),
    Recipe("own.end_other_sessions", "paul", "/mon-compte/"),
    Recipe("absences.declare", "anne", "/absences/nouvelle", LEAVE, also=("absences.preview",)),
    Recipe("absences.change", "anne", "/absences/{kept_absence}/modifier", {"note": "Retour lundi"}),
    Recipe("absences.end", "luc", "/absences/{absence_under_way}/modifier"),
    Recipe("days_off.except_day", "anne", "/absences/{days_off}/modifier", {"day": "2026-12-09"}),
    Recipe("days_off.restore_day", "anne", "/absences/{days_off}/modifier"),
    Recipe("absences.undo", "anne", "", after=LEAVE_TO_UNDO),
    Recipe("meetings.undo", "anne", "", after=MEETING_TO_UNDO),
    Recipe("meetings.undo_closing", "anne", "", after=POLL_TO_UNDO),
    Recipe("absences.cancel", "anne", "/absences/{dropped_absence}/modifier"),
    Recipe("relays.record_answer", "", "/absences/relais/{relay_link}", {"word": "Avec plaisir"}),
    Recipe("absences.overview", "secretary", "/absences/", {"nom": "petit"}, method="get"),
    Recipe("continuity.board", "anne", "/continuite/", {"nom": "petit"}, method="get"),
    Recipe("weeks.show", "anne", "/continuite/semaines/", {"nom": "petit"}, method="get"),
    Recipe("oncall.take", "anne", "/astreintes/snp/?mois=2026-09"),
    Recipe("oncall.give_back", "anne", "/astreintes/snp/?mois=2026-09"),
    Recipe(
        "line_days.overview",
        "coordinator",
        "/astreintes/lignes/{line}/jours",
        {"first_day": "2026-12-24", "message": "Appelez le 15"},
    ),
    Recipe("line_days.remove", "coordinator", "/astreintes/lignes/{line}/jours"),
    Recipe("oncall.undo", "anne", "/astreintes/snp/?mois=2026-10&creneau={undone_slot}&fait=pris&changement={undone}"),
    Recipe("seats.hand_over", "anne", "/astreintes/sieges/{handed}", choose("person", "martin")),
    Recipe("seats.split", "anne", "/astreintes/sieges/{split}", {"partage-at": "09:00", "partage-words": "Merci"}),
    Recipe("seats.keep", "anne", "/astreintes/sieges/{kept}"),
    Recipe("oncall.assign", "secretary", "/astreintes/creneaux/{assigned}", choose("person", "martin")),
    Recipe("oncall.close", "secretary", "/astreintes/creneaux/{closing}", {"message": "Appelez le 15"}),
    Recipe("oncall.reopen", "secretary", "/astreintes/creneaux/{closed}"),
    Recipe("duty_lines.create", "coordinator", "/astreintes/lignes/nouvelle", LINE, also=("duty_lines.preview_week",)),
    Recipe(
        "duty_lines.change",
        "coordinator",
        "/astreintes/lignes/{line}",
        {"purpose": "Soins du jour", "out_of_hours": "Le 116117"},
    ),
    Recipe("directory.edit", "anne", "/annuaire/{anne}/modifier", {"private_phone": "06 39 98 00 01"}),
    Recipe("structures.overview", "anne", "/annuaire/structures/", {"q": "cabinet"}, method="get"),
    Recipe("territory.show", "coordinator", "/annuaire/territoire/", {"q": "brou"}, method="get"),
    Recipe("territory.change", "coordinator", "/annuaire/territoire/", {"bassin-28088": "Dunois"}),
    Recipe("structures.create", "secretary", "/annuaire/structures/nouvelle", {"name": "EHPAD des Tilleuls"}),
    Recipe("structures.edit", "secretary", "/annuaire/structures/{house}/modifier", {"hours": "De 8 h à 19 h"}),
    Recipe(
        "closings.close",
        "secretary",
        "/annuaire/structures/{house}/fermetures/nouvelle",
        {"first_day": "2026-10-05", "last_day": "2026-10-07"},
    ),
    Recipe("closings.reopen", "secretary", "/annuaire/structures/{house}"),
    Recipe("structures.add_worker", "secretary", "/annuaire/structures/{house}", choose("person", "martin")),
    Recipe("structures.work_here", "ines", "/annuaire/structures/{house}"),
    Recipe("structures.edit_position", "anne", "/annuaire/structures/lieux/{position}", {"function": "Associée"}),
    Recipe("departures.choose", "secretary", "/annuaire/{twin}/fusionner", choose("person", "martin")),
    Recipe("departures.compare", "secretary", "/annuaire/{twin}/fusionner/{other_twin}"),
    Recipe("departures.leave", "secretary", "/annuaire/{leaving}/depart", {"left_on": "2026-12-01"}, method="get"),
    Recipe("departures.leave", "secretary", "/annuaire/{leaving}/depart?left_on=2026-12-01"),
    Recipe("departures.come_back", "secretary", "/annuaire/{gone}"),
    Recipe("directory.search", "anne", "/annuaire/", {"q": "petit"}, method="get"),
    Recipe("search.results", "anne", "/recherche/", {"q": "petit"}, method="get"),
    Recipe("groups.create", "secretary", "/groupes/nouveau", {"name": "Plaies", **choose("leads", "boyer")}),
    Recipe("groups.edit", "anne", "/groupes/{group}/modifier", {"purpose": "Avancer encore"}),
    Recipe("groups.add", "anne", "/groupes/{group}/membres", choose("person_id", "paul")),
    Recipe("groups.remove", "anne", "/groupes/{other_group}/membres"),
    Recipe("groups.lead", "anne", "/groupes/{group}/membres"),
    Recipe("groups.join", "paul", "/groupes/{open_group}"),
    Recipe("groups.leave", "luc", "/groupes/{left_group}"),
    Recipe("groups.write", "anne", "/groupes/{group}", {"body": "Bonjour à tous"}),
    Recipe("groups.delete_post", "anne", "/groupes/{group}"),
    Recipe("meetings.plan", "anne", "/groupes/{group}/reunions/nouvelle", MEETING),
    Recipe("meetings.convene", "anne", "/reunions/nouvelle?groupe={group}", {**MEETING, **choose("people", "girard")}),
    Recipe("meetings.edit", "anne", "/reunions/{moved}/modifier", {"day": "2026-10-07"}),
    Recipe("meetings.cancel", "anne", "/reunions/{cancelled}"),
    Recipe("meetings.answer", "ines", "/reunions/{moved}"),
    Recipe("offers.take", "", "/astreintes/je-prends/{offer_link}"),
    Recipe("meetings.record_answer_by_link", "", "/reunions/reponse/{answer}"),
    Recipe("meetings.record_poll_answer_by_link", "", "/sondages/reponse/{poll_link}", {"date-{option}": "yes"}),
    Recipe("meetings.propose", "anne", "/groupes/{group}/sondages/nouveau", POLL),
    Recipe("meetings.change_poll", "anne", "/reunions/sondages/{poll}/modifier", {"place": "Salle des fêtes"}),
    Recipe("meetings.answer_poll", "ines", "/reunions/sondages/{poll}", {"date-{option}": "yes"}),
    Recipe("meetings.fix_date", "anne", "/reunions/sondages/{fixed_poll}"),
    Recipe("meetings.give_up_poll", "anne", "/reunions/sondages/{dropped_poll}"),
    Recipe("calendars.subscribe", "anne", "/abonnements/"),
    Recipe("calendars.change", "anne", "/abonnements/{feed}", {"name": "Mon cabinet"}),
    Recipe("calendars.renew", "anne", "/abonnements/{feed}/nouvelle-adresse"),
    Recipe("calendars.revoke", "anne", "/abonnements/{dropped_feed}/resilier"),
    Recipe("notices.see", "anne", "/avis/", without_scripts=True),
    Recipe(
        "choices.choose",
        "anne",
        "/mon-compte/avis",
        {**unfolded("mail-meetings-invited", "daily"), "digest_at": "18:00"},
    ),
    Recipe("choices.choose_as_usual", "anne", "/mon-compte/avis"),
    Recipe("choices.hear_no_more", "", "/avis/moins/{fewer}"),
    Recipe("deliveries.send_again", "administrator", "/administration/envois/"),
    Recipe("deliveries.send_all_again", "administrator", "/administration/envois/"),
    Recipe("admin.accounts", "administrator", "/administration/", {"q": "petit"}, method="get"),
    Recipe("admin.trail", "administrator", "/administration/journal", {"q": "petit"}, method="get"),
    Recipe(
        "admin.invite",
        "administrator",
        "/administration/inviter",
        {"email": "zoe@cpts-dunois.example", "display_name": "Zoé Roux"},
    ),
    Recipe("people.overview", "administrator", "/administration/personnes/", {"q": "petit"}, method="get"),
    Recipe(
        "people.add",
        "administrator",
        "/administration/personnes/nouvelle",
        {"family_name": "Lopez", "function": "Assistante sociale", "kind": "partner"},
    ),
    Recipe("admin.change_role", "administrator", "/administration/comptes/{promoted}/", {"role": "secretary"}),
    Recipe("admin.invite_again", "administrator", "/administration/comptes/{promoted}/"),
    Recipe("admin.suspend", "administrator", "/administration/comptes/{suspended}/"),
    Recipe("admin.reactivate", "administrator", "/administration/comptes/{reactivated}/"),
    Recipe("admin.end_sessions", "administrator", "/administration/comptes/{watched}/"),
]


def build_world(product: Product) -> World:
    """Fill the product with what the recipes name."""
    make, world = Factory(product.app), World()
    world.let_ring = partial(_let_ring, make, product)
    _people(make, product, world)
    _duties(make, world, product.now())
    _groups(make, world)
    _told(make, world, product.now())
    with product.app.app_context(), transaction():
        now = product.now()
        account = world.accounts["anne"].id
        world.feed = create_feed(account, FeedKind.MINE, "Mon agenda", now=now).id
        world.dropped_feed = create_feed(account, FeedKind.MINE, "Ancien", now=now).id
        world.answer = answer_token(world.invitation_id, "no", "")
        world.poll_link = poll_token(world.poll, world.members["ines"].id)
        world.fewer = fewer_token(world.members["ines"].id, [POLL_PROPOSED], Channel.MAIL)
        world.offer_link = _path(take_address(world.offered, world.members["luc"].id)).rpartition("/")[2]
        world.relay_link = relay_links.answer_token(world.relay_id, world.members["paul"].id)
        for name, purpose in (("reset", Purpose.RESET), ("demonstration", Purpose.DEMONSTRATION)):
            setattr(world, name, _path(make_link(world.accounts["linked"].id, purpose, now=now)))
        for name, who, purpose in (
            ("new_address", "girard", Purpose.ADDRESS),
            ("new_address_by_staff", "promoted", Purpose.ADDRESS_BY_STAFF),
            ("objection", "suspended", Purpose.OBJECTION),
        ):
            address = f"{name}@cpts.example"
            setattr(world, name, _path(add_link(world.accounts[who].id, purpose, now=now, address=address)))
        world.invitation = _path(make_link(world.accounts["invited"].id, Purpose.INVITATION, now=now))
    return world


def _let_ring(make: Factory, product: Product, account: Account) -> None:
    """Have the browser ring in which somebody has just signed in, by a service that is none: nothing leaves."""
    with product.app.app_context():
        sessions = select(LoginSession.id).where(LoginSession.account_id == account.id)
        session_id = db.session.scalars(sessions.order_by(LoginSession.id.desc())).first()
    endpoint = f"https://push.example/{session_id}"
    make.save(PushDevice(session_id=session_id, endpoint=endpoint, p256dh="", auth="", created_at=product.now()))


def _told(make: Factory, world: World, now: datetime) -> None:
    duty = {"line": "Nuit", **{name: {"instant": MORNING.isoformat()} for name in ("starts_at", "ends_at")}}
    told = {"person_id": world.anne, "kind": "oncall.removed", "subject": "seat:1", "occasion": "", "before": duty}
    notice = make.save(Notice(at=now, **told))
    times = {"written_at": now, "due_at": now, "finished_at": now}
    lost = {"kind": notice.kind, "message_id": "<1@cpts.example>", "state": State.FAILED, "error": "550 nobody"}
    make.save(Delivery(notice_id=notice.id, **lost, **times))


def _path(address: str) -> str:
    return "/" + address.split("/", 3)[3]


def _people(make: Factory, product: Product, world: World) -> None:
    with product.app.app_context():
        kept = hash_password(PASSWORD)
    members = {
        "anne": make.person("Anne", "Petit"),
        "ines": make.person("Inès", "Boyer"),
        "luc": make.person("Luc", "Martin"),
        "paul": make.person("Paul", "Girard"),
    }
    world.accounts = {name: make.account(person, password_hash=kept) for name, person in members.items()}
    make.absence(make.person("Zoé", "Roux"), product.now().date(), date(2026, 8, 30))  # For whom the board is filtered.
    for role in (Role.SECRETARY, Role.COORDINATOR, Role.ADMINISTRATOR):
        world.accounts[role.value] = make.account(role=role)
    for name in ("leaver", "linked", "invited", "promoted", "suspended", "watched", "girard", "locked_out"):
        world.accounts[name] = make.account(password_hash=kept)
        setattr(world, name, world.accounts[name].id)
    world.reactivated = make.account(suspended_at=product.now()).id
    world.email = make.account(password_hash=kept).email
    for name in ("luc", "paul", "watched"):
        product.cookie_of(world.accounts[name])  # Somewhere else they are signed in too.
    world.members = members
    place = make.save(working_at("MSP du Dunois", person_id=members["anne"].id, rank=1))
    make.save(Structure(name="EHPAD", commune="Châteaudun", commune_code="28088", typed=[]))
    world.position, world.house = place.id, place.structure_id
    make.save(StructureClosing(structure_id=world.house, first_day=date(2026, 12, 24), last_day=date(2026, 12, 31)))
    world.twin, world.other_twin = make.person("Rose", "Colin").id, make.person("Rose", "Colin", rpps=None).id
    world.leaving = make.person("Jean", "Blin").id
    world.gone = make.person("Léo", "Faure", left_on=date(2026, 12, 24)).id
    world.anne, world.luc = members["anne"].id, members["luc"].id
    for number, name in enumerate(("kept_absence", "dropped_absence")):
        setattr(world, name, make.absence(members["anne"], date(2026, 9, 21 + number), date(2026, 9, 21 + number)).id)
    today = product.now().date()
    world.absence_under_way = make.absence(members["luc"], today - timedelta(days=1), today + timedelta(days=1)).id
    wednesdays = {"weekdays": "2", "but": [date(2026, 12, 2)]}
    world.days_off = make.absence(members["anne"], date(2026, 11, 25), None, **wednesdays).id
    asking = make.absence(members["luc"], date(2026, 9, 28), date(2026, 9, 30))
    world.relay_id = make.save(Relay(absence_id=asking.id, rank=0, person_id=members["paul"].id)).id


def _duties(make: Factory, world: World, now: datetime) -> None:
    line = make.line()
    world.line = line.id
    unlike = {"first_day": date(2026, 12, 1), "last_day": date(2026, 12, 2), "message": "Appelez le 15"}
    make.save(LineException(line_id=line.id, **unlike))
    make.pattern(line, weekdays="0", valid_from=date(2026, 12, 1))
    slots = [make.slot(line, start, start + TWO_HOURS) for start in (MORNING + timedelta(days=day) for day in range(4))]
    _free, held, assigned, closing = slots
    make.seat(held, world.members["anne"])
    world.assigned, world.closing = assigned.id, closing.id
    days = [MORNING + timedelta(days=number) for number in (41, 42, 43, 49)]
    anne = world.members["anne"]
    seats = [make.seat(make.slot(line, day, day + TWO_HOURS), anne) for day in days]
    world.handed, world.split, _undone, world.kept = (seat.id for seat in seats)
    world.undone_slot = seats[2].slot_id
    taken = {"to_id": anne.id, "from_id": world.members["luc"].id, "by_id": world.accounts["anne"].id}
    world.undone = make.fact(seats[2], SeatKind.HANDED_OVER, at=now, **taken).id
    make.absence(anne, days[-1].date(), days[-1].date())
    day = MORNING + timedelta(days=8)
    world.closed = make.slot(line, day, day + TWO_HOURS, state="closed", message="Fermé").id
    world.offered = make.slot(line, day + TWO_HOURS, day + 2 * TWO_HOURS).id


def _groups(make: Factory, world: World) -> None:
    anne, ines, luc = (world.members[name] for name in ("anne", "ines", "luc"))
    group = make.group(leads=[anne], members=[ines])
    world.group = group.id
    world.other_group = make.group("Prévention", leads=[anne], members=[ines]).id
    world.open_group = make.group("Douleur", leads=[anne]).id
    world.left_group = make.group("Nutrition", leads=[anne], members=[luc]).id
    make.save(Post(group_id=group.id, author_id=anne.id, body="À supprimer", created_at=MORNING - timedelta(days=40)))
    common = {"group_id": group.id, "title": "Bilan", "created_at": MORNING - timedelta(days=40)}
    for name in ("moved", "cancelled"):
        held = {**common, "meeting_groups": held_by(common["group_id"])}
        del held["group_id"]
        meeting = make.save(Meeting(**held, starts_at=MORNING, ends_at=MORNING + TWO_HOURS))
        setattr(world, name, meeting.id)
        make.save(Invitation(meeting_id=meeting.id, person_id=anne.id))
    world.invitation_id = make.save(Invitation(meeting_id=world.moved, person_id=ines.id)).id
    for name in ("poll", "fixed_poll", "dropped_poll", "reopened_poll"):
        poll = make.save(Poll(**common, deadline=MORNING - timedelta(days=3)))
        option = make.save(PollOption(poll_id=poll.id, starts_at=MORNING, ends_at=MORNING + TWO_HOURS))
        setattr(world, name, poll.id)
        if name == "poll":
            world.option = option.id
