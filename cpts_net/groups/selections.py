"""Choosing who comes into a group."""

from flask_babel import gettext as _

from cpts_net.directory.choosing import Said, Selection
from cpts_net.groups import queries
from cpts_net.groups.visible import led_group_or_404
from cpts_net.web.row_numbers import row_number


def newcomers(said: Said) -> Selection:
    """Somebody who is not in the group yet; for those who look after it."""
    group, _standing = led_group_or_404(said.get("groupe", 0, type=row_number))
    return Selection(
        finds_guests=True,
        hindrances=lambda person_ids: dict.fromkeys(
            queries.those_inside(group.id, person_ids), str(_("déjà dans le groupe"))
        ),
    )
