"""What an account may subscribe to."""

from dataclasses import dataclass

from flask_babel import gettext as _

from cpts_net.calendars.models import FeedKind
from cpts_net.continuity.resolver import lines
from cpts_net.settings import current_settings


@dataclass(frozen=True)
class Offer:
    """One thing to subscribe to; ``name`` is what the calendar is called at first."""

    code: str
    kind: FeedKind
    title: str
    shows: str
    name: str
    line_id: int | None = None


def offers(owner: str, *, is_guest: bool = False) -> list[Offer]:
    """Everything that the account of ``owner`` may subscribe to, one's own agenda first; for a guest that alone."""
    community = current_settings().community
    mine = Offer("mine", FeedKind.MINE, _("Mon agenda"), shown(FeedKind.MINE), f"CPTS · {owner}")
    if is_guest:
        return [mine]
    shared = [
        Offer(
            "duty", FeedKind.DUTY, _("Toutes les astreintes"), shown(FeedKind.DUTY), _("Astreintes") + f" · {community}"
        ),
        *(
            Offer(f"line-{line.slug}", FeedKind.LINE, line.name, shown(FeedKind.LINE), line.name, line.id)
            for line in lines()
        ),
        Offer(
            "absences",
            FeedKind.ABSENCES,
            _("Absences de la communauté"),
            shown(FeedKind.ABSENCES),
            _("Absents") + f" · {community}",
        ),
    ]
    return [mine, *shared]


def shown(kind: str, line: str | None = None) -> str:
    """What a feed of this kind shows, in a few words."""
    match FeedKind(kind):
        case FeedKind.MINE:
            return str(_("Mes astreintes, mes absences et mes réunions"))
        case FeedKind.LINE:
            if line is None:
                return str(_("Qui est d’astreinte sur cette ligne"))
            return str(_("Qui est d’astreinte sur la ligne %(line)s", line=line))
        case FeedKind.DUTY:
            return str(_("Qui est d’astreinte, sur toutes les lignes"))
        case FeedKind.ABSENCES:
            return str(_("Qui est absent, et qui prend le relais"))
