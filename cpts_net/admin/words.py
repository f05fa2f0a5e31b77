"""The trail in sentences."""

from flask_babel import lazy_gettext

SAID = {
    "account.signed_in": lazy_gettext("s’est connecté"),
    "account.sign_in_failed": lazy_gettext("connexion refusée"),
    "account.signed_out": lazy_gettext("s’est déconnecté"),
    "account.session_ended": lazy_gettext("a déconnecté un appareil"),
    "account.reset_requested": lazy_gettext("lien de mot de passe demandé"),
    "account.password_reset": lazy_gettext("a choisi un nouveau mot de passe"),
    "account.password_changed": lazy_gettext("a changé son mot de passe"),
    "account.invitation_accepted": lazy_gettext("a accepté l’invitation"),
    "account.created": lazy_gettext("a ouvert un compte"),
    "account.invited": lazy_gettext("a envoyé une invitation"),
    "account.role_changed": lazy_gettext("a changé un rôle"),
    "account.suspended": lazy_gettext("a suspendu un compte"),
    "account.reactivated": lazy_gettext("a réactivé un compte"),
}


def said(action: str) -> str:
    """What happened, in words; the action's own name when there are none for it yet."""
    return str(SAID.get(action, action))
