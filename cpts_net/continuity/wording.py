"""What people read when an absence is refused, and beside which field."""

from flask_babel import gettext as _

from cpts_net.continuity.consequences import Crowd
from cpts_net.continuity.declaring import DutiesUnsettled, SettlementRefused
from cpts_net.continuity.forms import AbsenceForm
from cpts_net.directory.models import Person
from cpts_net.directory.queries import person
from cpts_net.directory.trades import Trade
from cpts_net.i18n import days
from cpts_net.leave.rules import (
    Days,
    DaysRefused,
    DaysReversed,
    LeaveOverlaps,
    NoneOfTheDays,
    NothingLeft,
    RelayAway,
    RelayRefused,
    TooLong,
    TooOld,
)
from cpts_net.leave.wording import away
from cpts_net.oncall.wording import refusal

REFUSALS = (DaysRefused, LeaveOverlaps, RelayRefused, RelayAway, DutiesUnsettled, SettlementRefused)


def explain(refused: Exception, form: AbsenceForm) -> dict[int, str]:
    """Put the sentence beside the field; return those that belong beside a duty, by seat id."""
    if isinstance(refused, SettlementRefused):
        other = person(refused.person_id)
        return {
            refused.seat_id: refusal(refused.error, other.display_name, other.civility)
            if other
            else _("Choisissez à qui.")
        }
    if isinstance(refused, LeaveOverlaps):
        form.first_day.errors = [_overlap(refused, form)]
    if isinstance(refused, RelayAway):
        sentence = _("Cette personne est absente aussi, %(days)s.", days=away(refused.absence))
        if refused.is_circle:
            sentence = _(
                "Chacun serait le relais de l’autre\u202f: cette personne est absente %(days)s et compte sur vous.",
                days=away(refused.absence),
            )
        field = form.further if refused.person_id in form.further.ids else form.relay
        field.errors = [sentence]
    for kind, name, sentence in _sentences():
        if isinstance(refused, kind):
            form[name].errors = [sentence]
    return {}


def said_of(done: str, form: AbsenceForm, person: Person, absence: Days) -> str:
    """Say « C’est enregistré pour Dr Anne Petit : absence le jeudi 10 décembre. »; whose it is only when not one's own."""
    if form.is_for_another:
        done = _("%(done)s pour %(name)s", done=done, name=person.display_name)
    return str(_("%(done)s\u202f: absence %(days)s.", done=done, days=away(absence)))


def crowd_said(crowd: Crowd, trade: Trade) -> str:
    """Say « Il resterait 30 médecins généralistes sur 31 le lundi 3 août. »; nothing of whoever is alone in their trade.

    The day only where it matters: while nobody else is away, all are alike.
    """
    if crowd.total <= 1:
        return ""
    when = "" if crowd.absent == 1 else f" {days(crowd.day, crowd.day)}"
    if not crowd.left:
        return str(
            _("Il ne resterait %(nobody)s sur %(total)s%(when)s.", nobody=trade.none(), total=crowd.total, when=when)
        )
    people = trade.count(crowd.left)
    return str(_("Il resterait %(people)s sur %(total)s%(when)s.", people=people, total=crowd.total, when=when))


def _overlap(refused: LeaveOverlaps, form: AbsenceForm) -> str:
    if form.is_for_another:
        return str(_("Il y a déjà une absence %(days)s\u202f: modifiez-la plutôt.", days=away(refused.other)))
    return str(_("Vous avez déjà une absence %(days)s\u202f: modifiez-la plutôt.", days=away(refused.other)))


def days_refused(refused: DaysRefused) -> str:
    """Why nobody can be away on these days."""
    return next((sentence for kind, _name, sentence in _sentences() if isinstance(refused, kind)), "")


def _sentences() -> list[tuple[type[Exception], str, str]]:
    return [
        (DaysReversed, "last_day", _("Le dernier jour est avant le premier.")),
        (NothingLeft, "until_time", _("Le même jour, la fin vient après le début\u202f: il ne reste rien à noter.")),
        (NoneOfTheDays, "weekdays", _("Aucun de ces jours ne tombe entre ces deux dates.")),
        (TooLong, "last_day", _("Un an au plus\u202f: vérifiez l’année.")),
        (TooOld, "first_day", _("Cette date remonte à plus d’un an\u202f: vérifiez l’année.")),
        (RelayRefused, "relay", _("Choisissez quelqu’un d’autre dans la liste.")),
    ]


def changed_meanwhile(absence: Days, then: str) -> str:
    """That somebody changed the absence which a page shows; what it is now; what to do ``then``."""
    days = away(absence)
    return str(_("Cette absence a changé entre-temps\u202f: %(days)s. %(then)s", days=days, then=then))
