"""What is said by those who ring without a notice."""

from datetime import datetime, timedelta

from flask_babel import gettext as _

from cpts_net.notices.devices import Call

SOON = timedelta(minutes=5)


def trial(now: datetime) -> Call:
    """What a device says when its owner tries it."""
    line = str(_("Essai\u202f: cet appareil vous prévient."))
    return Call(
        line, line, "", "/mon-compte/notifications/", "trial", now, now + SOON, names_nobody=True, is_urgent=True
    )
