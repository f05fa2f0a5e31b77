"""What the staff of a community of day one finds on its empty board: where to begin."""

from flask import url_for
from flask_babel import gettext as _

from cpts_net.accounts.identity import Identity
from cpts_net.accounts.policy import MANAGERS
from cpts_net.continuity.board import Board
from cpts_net.oncall.policy import may_edit_lines
from cpts_net.web.ways import Way


def first_steps(board: Board, reader: Identity) -> list[Way]:
    """What ``reader`` may do before there is anything to see, in that order; nothing once a line is open."""
    if board.rows or not reader.is_staff:
        return []
    people = Way(
        url_for("people.overview"),
        _("Ajouter les professionnels"),
        _("Un par un\u202f; le RPPS s’importe sur le serveur"),
    )
    invite = Way(url_for("admin.invite"), _("Inviter"), _("Chacun ouvre son compte par un e-mail"))
    line = Way(
        url_for("duty_lines.create"), _("Ouvrir une ligne d’astreinte"), _("Ses heures, ses métiers, son numéro")
    )
    group = Way(url_for("groups.create"), _("Ouvrir un groupe"), _("Ses membres, ses réunions, ses sondages"))
    return [
        people,
        *([invite] if reader.role in MANAGERS else []),
        *([line] if may_edit_lines(reader) else []),
        group,
    ]
