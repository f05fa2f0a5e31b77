"""Why something cannot be taken back, in words."""

from flask_babel import gettext as _

from cpts_net.audit.ways_back import ChangedSince, NoWayBack, TooLate, UndoneBefore


def no_way_back(refused: NoWayBack) -> str:
    """What is so instead."""
    words = {
        UndoneBefore: _("C’était déjà revenu en arrière\u202f: rien n’a changé."),
        TooLate: _("Il est trop tard pour revenir en arrière, plus d’une demi-heure après\u202f: rien n’a changé."),
        ChangedSince: _("Cela a changé entre-temps\u202f: rien n’a été défait."),
    }
    return str(words[type(refused)])
