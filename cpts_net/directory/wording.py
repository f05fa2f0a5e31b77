"""How structures are said."""

from flask_babel import lazy_gettext

from cpts_net.directory.models import Sector

SECTORS = {
    Sector.HEALTH.value: lazy_gettext("Sanitaire"),
    Sector.MEDICO_SOCIAL.value: lazy_gettext("Médico-social"),
    Sector.SOCIAL.value: lazy_gettext("Social"),
}
TIERS = {
    "1": lazy_gettext("1re ligne"),
    "2": lazy_gettext("2e ligne"),
    "3": lazy_gettext("3e ligne"),
}
