"""How the families of news, and how often one hears of them, are called."""

from flask_babel import lazy_gettext as _l

from cpts_net.notices.rules import Family, When

FAMILIES = {
    Family.DUTY: _l("Astreintes"),
    Family.ABSENCE: _l("Absences et relais"),
    Family.MEETING: _l("Réunions et sondages"),
    Family.GROUP: _l("Groupes"),
    Family.COORDINATION: _l("Coordination"),
    Family.ACCOUNT: _l("Compte"),
}
# As addresses say them.
NAMES_IN_ADDRESSES = {
    "astreintes": Family.DUTY,
    "absences": Family.ABSENCE,
    "reunions": Family.MEETING,
    "groupes": Family.GROUP,
    "coordination": Family.COORDINATION,
    "compte": Family.ACCOUNT,
}
OFTEN = {
    When.AT_ONCE: _l("tout de suite"),
    When.DAILY: _l("chaque jour"),
    When.WEEKLY: _l("chaque semaine"),
    When.NEVER: _l("jamais"),
}
WEEKDAYS = (
    _l("lundi"),
    _l("mardi"),
    _l("mercredi"),
    _l("jeudi"),
    _l("vendredi"),
    _l("samedi"),
    _l("dimanche"),
)
# Why what is of a family, and may not be kept quiet, may not.
WHY_ALWAYS = {
    Family.DUTY: _l("Toujours annoncé\u202f: chaque jour au moins, car des patients vous appellent."),
    Family.ABSENCE: _l("Toujours annoncé\u202f: chaque jour au moins, car on compte sur un relais."),
    Family.MEETING: _l("Toujours annoncé."),
    Family.GROUP: _l("Toujours annoncé."),
    Family.COORDINATION: _l("Toujours annoncé\u202f: chaque jour au moins, car des patients en dépendent."),
    Family.ACCOUNT: _l("Toujours annoncé tout de suite\u202f: c’est votre sécurité."),
}
