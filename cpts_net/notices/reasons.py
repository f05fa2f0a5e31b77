"""Why somebody gets a mail, as its foot says it."""

from flask_babel import lazy_gettext as _

from cpts_net.notices.rules import Family

REASONS = {
    Family.DUTY: _("Vous recevez ce message parce que vous tenez des astreintes."),
    Family.ABSENCE: _("Vous recevez ce message parce que cette absence vous concerne."),
    Family.MEETING: _("Vous recevez ce message parce que cette réunion vous concerne."),
    Family.GROUP: _("Vous recevez ce message parce que ce groupe vous concerne."),
    Family.COORDINATION: _("Vous recevez ce message parce que vous veillez à la continuité des soins."),
    Family.ACCOUNT: _("Vous recevez ce message parce qu’il concerne l’accès à votre compte."),
}


def reason(family: Family) -> str:
    """Why somebody is told of what belongs to a family, in a sentence."""
    return str(REASONS[family])
