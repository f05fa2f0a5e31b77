"""Choosing who is the same person."""

from flask import abort
from flask_login import current_user

from cpts_net.directory.choosing import Said, Selection
from cpts_net.web.row_numbers import row_number


def same_person(said: Said) -> Selection:
    """Anybody but the one whose page it is; for the staff."""
    if not current_user.is_staff:
        abort(404)
    return Selection(left_out={said.get("fiche", 0, type=row_number)})
