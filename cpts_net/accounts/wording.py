"""Roles as people say them."""

from flask_babel import lazy_gettext

from cpts_net.roles import Role

ROLE_NAMES = {
    Role.MEMBER: lazy_gettext("Membre"),
    Role.PARTNER: lazy_gettext("Partenaire"),
    Role.GUEST: lazy_gettext("Invitation à un groupe"),
    Role.SECRETARY: lazy_gettext("Secrétariat"),
    Role.COORDINATOR: lazy_gettext("Coordination"),
    Role.ADMINISTRATOR: lazy_gettext("Administration"),
}
