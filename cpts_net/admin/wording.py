"""The trail in sentences, and how the lists of the administration are cut."""

import re
from collections.abc import Callable
from datetime import date, datetime
from functools import lru_cache

from flask_babel import gettext as _
from flask_babel import lazy_gettext, ngettext

from cpts_net.accounts.wording import ROLE_NAMES
from cpts_net.admin.queries import Presence, Standing
from cpts_net.admin.references import KINDS, REFERENCE, WRITTEN_BY_PEOPLE, Names, referred
from cpts_net.admin.trail import Matter
from cpts_net.audit.models import AuditEntry
from cpts_net.calendars.models import FeedKind
from cpts_net.i18n import days, moment
from cpts_net.roles import Role
from cpts_net.texts import language

STANDINGS = {
    Standing.ACTIVE: lazy_gettext("Actifs"),
    Standing.INVITED: lazy_gettext("Invités"),
    Standing.EXPIRED: lazy_gettext("Invitation expirée"),
    Standing.REFUSED: lazy_gettext("Adresse refusée"),
    Standing.SUSPENDED: lazy_gettext("Suspendus"),
}
PRESENCES = {
    Presence.WITHOUT_ACCOUNT: lazy_gettext("Sans compte"),
    Presence.LEFT: lazy_gettext("Partis"),
}
MATTERS = {
    Matter.ACCESS: lazy_gettext("Comptes et connexions"),
    Matter.DIRECTORY: lazy_gettext("Annuaire"),
    Matter.LEAVE: lazy_gettext("Absences"),
    Matter.DUTY: lazy_gettext("Gardes et astreintes"),
    Matter.GROUPS: lazy_gettext("Groupes"),
    Matter.MEETINGS: lazy_gettext("Réunions"),
    Matter.FEEDS: lazy_gettext("Abonnements"),
    Matter.MAILS: lazy_gettext("Envois"),
}

SAID = {
    "account.signed_in": lazy_gettext("s’est connecté"),
    "account.sign_in_failed": lazy_gettext("connexion refusée"),
    "account.signed_out": lazy_gettext("s’est déconnecté"),
    "account.session_ended": lazy_gettext("a déconnecté un appareil"),
    "account.reset_requested": lazy_gettext("lien de mot de passe demandé"),
    "account.password_reset": lazy_gettext("a choisi un nouveau mot de passe"),
    "account.address_asked": lazy_gettext("a demandé une autre adresse de connexion"),
    "account.address_changed": lazy_gettext("a confirmé une adresse de connexion"),
    "account.address_refused": lazy_gettext("a refusé un changement d’adresse"),
    "account.password_changed": lazy_gettext("a changé son mot de passe"),
    "account.invitation_accepted": lazy_gettext("a accepté l’invitation"),
    "account.created": lazy_gettext("a ouvert un compte"),
    "account.invited": lazy_gettext("a envoyé une invitation"),
    "account.role_changed": lazy_gettext("a changé un rôle"),
    "account.suspended": lazy_gettext("a suspendu un compte"),
    "account.reactivated": lazy_gettext("a réactivé un compte"),
    "directory.person_added": lazy_gettext("a ajouté une personne"),
    "directory.structure_added": lazy_gettext("a ajouté une structure"),
    "directory.structure_changed": lazy_gettext("a corrigé une structure"),
    "directory.person_corrected": lazy_gettext("a corrigé une personne"),
    "directory.profile_changed": lazy_gettext("a changé une fiche de l’annuaire"),
    "directory.position_added": lazy_gettext("a ajouté un lieu d’exercice"),
    "directory.position_changed": lazy_gettext("a corrigé un lieu d’exercice"),
    "directory.territory_changed": lazy_gettext("a changé le territoire"),
    "directory.merged": lazy_gettext("a fusionné deux fiches"),
    "directory.left": lazy_gettext("a noté un départ de la communauté"),
    "directory.came_back": lazy_gettext("a noté un retour dans la communauté"),
    "leave.declared": lazy_gettext("a déclaré une absence"),
    "leave.changed": lazy_gettext("a changé une absence"),
    "leave.ended": lazy_gettext("a mis fin à une absence"),
    "leave.relay_answered": lazy_gettext("a répondu comme relais"),
    "leave.excepted": lazy_gettext("a excepté un jour d’une absence"),
    "leave.restored": lazy_gettext("a rétabli un jour d’une absence"),
    "leave.undone": lazy_gettext("est revenu sur un changement d’absence"),
    "leave.cancelled": lazy_gettext("a annulé une absence"),
    "oncall.taken": lazy_gettext("a pris un créneau"),
    "oncall.given_back": lazy_gettext("a rendu un créneau"),
    "oncall.assigned": lazy_gettext("a attribué un créneau"),
    "oncall.handed_over": lazy_gettext("a confié un créneau"),
    "oncall.kept": lazy_gettext("garde son créneau malgré une absence"),
    "oncall.split": lazy_gettext("a partagé un créneau"),
    "oncall.exchanged": lazy_gettext("a échangé un créneau"),
    "oncall.undone": lazy_gettext("est revenu sur un changement de créneau"),
    "oncall.closed": lazy_gettext("a fermé un créneau"),
    "oncall.opened": lazy_gettext("a rouvert un créneau"),
    "oncall.generated": lazy_gettext("créneaux des semaines à venir"),
    "oncall.line_created": lazy_gettext("a créé une ligne d’astreinte"),
    "oncall.line_changed": lazy_gettext("a changé une ligne d’astreinte"),
    "group.created": lazy_gettext("a créé un groupe"),
    "group.changed": lazy_gettext("a changé un groupe"),
    "group.joined": lazy_gettext("entrée dans un groupe"),
    "group.left": lazy_gettext("sortie d’un groupe"),
    "group.lead_named": lazy_gettext("a nommé une personne à la tête d’un groupe"),
    "group.lead_released": lazy_gettext("a déchargé une personne de la tête d’un groupe"),
    "group.post_deleted": lazy_gettext("a supprimé un message"),
    "poll.opened": lazy_gettext("a proposé des dates"),
    "poll.changed": lazy_gettext("a corrigé une recherche de date"),
    "poll.date_fixed": lazy_gettext("a fixé une date"),
    "poll.given_up": lazy_gettext("a renoncé à une recherche de date"),
    "meeting.planned": lazy_gettext("a convoqué une réunion"),
    "meeting.changed": lazy_gettext("a changé une réunion"),
    "meeting.cancelled": lazy_gettext("a annulé une réunion"),
    "meeting.undone": lazy_gettext("est revenu sur un changement de réunion"),
    "poll.undone": lazy_gettext("est revenu sur la clôture d’une recherche de date"),
    "feed.created": lazy_gettext("a créé un abonnement"),
    "feed.renewed": lazy_gettext("a changé l’adresse d’un abonnement"),
    "feed.revoked": lazy_gettext("a révoqué un abonnement"),
    "mail.sent_again": lazy_gettext("a fait repartir un message"),
}


COUNTS = re.compile(r"opened:(\d+) removed:(\d+)")
MOVED = re.compile(r"(\S+T\S+) -> (\S+T\S+)")
DAY = re.compile(r"(?<!\S)(\d{4}-\d\d-\d\d)(?!\S)")
STAY = re.compile(r"(\d{4}-\d\d-\d\d) (\d{4}-\d\d-\d\d)")
ROLE = re.compile(rf"(?<!\S)({'|'.join(Role)})(?!\S)")


def in_words(action: str) -> str:
    """What happened, in words; the action's own name when there are none for it yet."""
    return _in_words(action, language())


@lru_cache(maxsize=1024)
def _in_words(action: str, _language: str) -> str:
    """The same entries say the same few things, two dozen on each page."""
    return str(SAID.get(action, action))


def who(entry: AuditEntry, names: Names) -> str:
    """Who did it: somebody by name, somebody not signed in, the product itself, or the operator."""
    actor = names.get(("account", entry.actor_id)) if entry.actor_id else None
    if actor or entry.address:
        return actor or str(_("Quelqu’un"))
    return str(_("Le réseau") if entry.action == "oncall.generated" else _("En ligne de commande"))


def about(entry: AuditEntry, names: Names) -> list[str]:
    """What an entry was about, in words: names, days, counts; nothing of what only the machine knows."""
    said = _names_in(entry, names)
    if any(names.get(each, "") is None for each in referred(entry)):
        return [_("groupe privé"), *said]
    written = entry.detail if entry.action in WRITTEN_BY_PEOPLE else _without_codes(entry.detail)
    return [*said, written] if written and written not in said else said


def _names_in(entry: AuditEntry, names: Names) -> list[str]:
    """The names of what it refers to; an account stands in the detail with its address, or is the actor's own."""
    refers = [each for each in referred(entry) if each[0] != "account"]
    found = [names.get(each) or (_("quelqu’un qui est parti") if each[0] == "person" else "") for each in refers]
    return list(dict.fromkeys(name for name in found if name))


def _without_codes(detail: str) -> str:
    """A detail with its counts, instants, days and roles in words, without numbers of rows and kinds of feeds."""
    if detail in set(FeedKind):
        return ""
    for pattern, say in _SAYINGS:
        detail = pattern.sub(say, detail)
    return REFERENCE.sub(lambda found: "" if found[1] in _CODES else found[0], detail).strip()


def _counted(found: re.Match[str]) -> str:
    opened, removed = int(found[1]), int(found[2])
    return ", ".join(
        [
            ngettext("%(num)s créneau ouvert", "%(num)s créneaux ouverts", opened),
            ngettext("%(num)s retiré", "%(num)s retirés", removed),
        ]
    )


def _moved(found: re.Match[str]) -> str:
    before, after = (moment(datetime.fromisoformat(found[number])) for number in (1, 2))
    return f"{before} → {after}" if before != after else after


def _stayed(found: re.Match[str]) -> str:
    return days(date.fromisoformat(found[1]), date.fromisoformat(found[2]))


def _day(found: re.Match[str]) -> str:
    day = date.fromisoformat(found[1])
    return days(day, day)


def _role(found: re.Match[str]) -> str:
    return str(ROLE_NAMES[Role(found[1])])


_SAYINGS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    (COUNTS, _counted),
    (MOVED, _moved),
    (STAY, _stayed),
    (DAY, _day),
    (ROLE, _role),
)
_CODES = {*KINDS, "seat", "post", "absence"}
