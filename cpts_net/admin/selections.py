"""Choosing whom to invite."""

from flask import abort
from flask_babel import gettext as _
from flask_login import current_user

from cpts_net.accounts.policy import MANAGERS
from cpts_net.admin import queries
from cpts_net.directory.choosing import Said, Selection


def without_account(_said: Said) -> Selection:
    """Somebody who has no account yet; for those who may invite."""
    if current_user.role not in MANAGERS:
        abort(404)
    return Selection(
        hindrances=lambda person_ids: dict.fromkeys(queries.those_with_account(person_ids), str(_("a déjà un compte")))
    )
