"""How duties are spoken of."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup, escape

from cpts_net import clock
from cpts_net.directory.agreement import agreed
from cpts_net.i18n import day, hour, moment
from cpts_net.leave.wording import away
from cpts_net.oncall.replay import Reason, SeatKind, Told
from cpts_net.oncall.rules import (
    DayOff,
    DutiesOverlap,
    HolderChanged,
    HolderIsAway,
    HolderIsPresent,
    MomentOutside,
    NotEligible,
    NotUndone,
    SeatRefused,
    SlotClosed,
    SlotFull,
    SlotHeld,
    SlotOver,
)

REASONS = {
    Reason.HINDERED: _l("empêchement"),
    Reason.AGREED: _l("accord entre collègues"),
    Reason.PLANNED: _l("tour de garde corrigé"),
    Reason.MISTAKE: _l("erreur de saisie"),
}
A_DAY = timedelta(days=1)


def when(start: datetime, end: datetime) -> str:
    """Say « mercredi 12 août de 8 h à 10 h », « samedi 15 août 20 h au dimanche 16 août 8 h »."""
    opens, closes = (moment.astimezone(clock.zone()) for moment in (start, end))
    first, last = opens.date(), closes.date()
    is_a_day = last - first == A_DAY and opens.time() == closes.time()
    if first == last or is_a_day:  # The day belongs to it: « de 8 h à 8 h ».
        return str(_("%(day)s de %(start)s à %(end)s", day=day(first), start=hour(start), end=hour(end)))
    return str(
        _(
            "du %(first)s %(start)s au %(last)s %(end)s",
            first=day(first),
            start=hour(start),
            last=day(last),
            end=hour(end),
        )
    )


def soon(start: datetime, end: datetime, now: datetime) -> str:
    """Say « demain 8 h – 10 h », « aujourd’hui 20 h – minuit »; of another day « jeudi 12 août 8 h – 10 h »."""
    first, today = (moment.astimezone(clock.zone()).date() for moment in (start, now))
    near = {today: _("aujourd’hui"), today + A_DAY: _("demain")}
    return str(_("%(day)s %(start)s – %(end)s", day=near.get(first, day(first)), start=hour(start), end=hour(end)))


def refusal(error: SeatRefused, name: str = "", civility: str = "") -> str:
    """Why somebody cannot have a seat: to the person, or about the one called ``name``."""
    if isinstance(error, HolderIsAway):
        return _away(error, name, civility)
    if isinstance(error, DutiesOverlap):
        values = {"line": error.line_name, "when": when(error.span.start, error.span.end)}
        if name:
            return str(_("%(name)s est déjà d’astreinte (%(line)s), %(when)s.", name=name, **values))
        return str(_("Vous êtes déjà d’astreinte (%(line)s), %(when)s.", **values))
    if isinstance(error, MomentOutside):
        bounds = {"start": hour(error.span.start), "end": hour(error.span.end)}
        return str(_("Choisissez un moment de cette astreinte, entre %(start)s et %(end)s.", **bounds))
    return str(_sentences(name).get(type(error)) or _("Ce créneau n’existe plus."))


def _away(error: HolderIsAway, name: str, civility: str) -> str:
    said = {"name": name, "days": away(error.absence)}
    if name:
        words = _("%(name)s est absent %(days)s.", **said), _("%(name)s est absente %(days)s.", **said)
        return str(agreed(civility, *words))
    if isinstance(error, DayOff):
        return str(_("C’est l’un de vos jours de repos (%(days)s).", **said))
    return str(_("Vous avez une absence %(days)s\u202f: modifiez-la d’abord.", **said))


def _sentences(name: str) -> dict[type[SeatRefused], str]:
    return {
        NotEligible: _("La profession de %(name)s ne tient pas cette ligne.", name=name)
        if name
        else _("Cette ligne est tenue par d’autres professions que la vôtre."),
        SlotFull: _("Quelqu’un vient de prendre la dernière place."),
        SlotOver: _("Il est trop tard pour changer ce créneau\u202f: appelez la coordination."),
        SlotClosed: _("Ce créneau est fermé\u202f: personne ne l’assure."),
        HolderChanged: _("Cette place vient de changer de mains\u202f: rien n’a été fait."),
        HolderIsPresent: _("Il n’y a pas d’absence à ce moment\u202f: cette astreinte est déjà assurée."),
        NotUndone: _("Ce n’est plus à annuler\u202f: une demi-heure est passée, ou la place a changé depuis."),
        SlotHeld: _("Quelqu’un tient ce créneau\u202f: retirez-le d’abord."),
    }


def facts_said(facts: Iterable[Told]) -> list[str]:
    """What happened to a seat, a line for each fact."""
    return [_fact_said(fact) for fact in facts]


def _fact_said(fact: Told) -> str:
    names = {"taker": fact.to, "giver": fact.since}
    words = {
        SeatKind.TAKEN: _("prise par %(taker)s", **names),
        SeatKind.ASSIGNED: _("confiée à %(taker)s", **names),
        SeatKind.RELEASED: _("rendue par %(giver)s", **names),
        SeatKind.HANDED_OVER: _("passée de %(giver)s à %(taker)s", **names)
        if fact.since
        else _("passée à %(taker)s", **names),
        SeatKind.EXCHANGED: _("échangée\u202f: %(taker)s à la place de %(giver)s", **names),
        SeatKind.SPLIT: _("partagée à %(hour)s", hour=hour(fact.effective_at) if fact.effective_at else ""),
        SeatKind.KEPT: _("gardée malgré une absence"),
        SeatKind.UNDONE: _("dernier changement annulé"),
    }[fact.kind]
    parts = [moment(fact.at), words, str(REASONS[Reason(fact.reason)]) if fact.reason else "", fact.words]
    return " · ".join(part for part in parts if part)


def filled(button: Markup, number: int, about: str) -> Markup:
    """A button that was drawn once for a whole month, for one slot or seat of it; ``about`` says when that is."""
    text = str(button).replace("{id}", str(number)).replace("{about}", escape(about))
    return Markup(text)  # noqa: S704  Our own template, and what is put in is escaped.
