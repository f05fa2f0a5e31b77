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
    "directory.profile_changed": lazy_gettext("a changé une fiche de l’annuaire"),
    "leave.declared": lazy_gettext("a déclaré une absence"),
    "leave.changed": lazy_gettext("a changé une absence"),
    "leave.cancelled": lazy_gettext("a annulé une absence"),
    "oncall.taken": lazy_gettext("a pris un créneau"),
    "oncall.given_back": lazy_gettext("a rendu un créneau"),
    "oncall.assigned": lazy_gettext("a attribué un créneau"),
    "oncall.handed_over": lazy_gettext("a confié un créneau"),
    "oncall.closed": lazy_gettext("a fermé un créneau"),
    "oncall.opened": lazy_gettext("a rouvert un créneau"),
    "oncall.generated": lazy_gettext("créneaux des semaines à venir"),
    "oncall.line_created": lazy_gettext("a créé une ligne de garde"),
    "oncall.line_changed": lazy_gettext("a changé une ligne de garde"),
    "group.created": lazy_gettext("a créé un groupe"),
    "group.changed": lazy_gettext("a changé un groupe"),
    "group.joined": lazy_gettext("entrée dans un groupe"),
    "group.left": lazy_gettext("sortie d’un groupe"),
    "group.lead_named": lazy_gettext("a nommé une personne à la tête d’un groupe"),
    "group.lead_released": lazy_gettext("a déchargé une personne de la tête d’un groupe"),
    "group.post_deleted": lazy_gettext("a supprimé un message"),
    "poll.opened": lazy_gettext("a proposé des dates"),
    "poll.date_fixed": lazy_gettext("a fixé une date"),
    "poll.given_up": lazy_gettext("a renoncé à une recherche de date"),
    "meeting.planned": lazy_gettext("a convoqué une réunion"),
    "meeting.changed": lazy_gettext("a changé une réunion"),
    "meeting.cancelled": lazy_gettext("a annulé une réunion"),
    "feed.created": lazy_gettext("a créé un abonnement"),
    "feed.renewed": lazy_gettext("a changé l’adresse d’un abonnement"),
    "feed.revoked": lazy_gettext("a révoqué un abonnement"),
}


def in_words(action: str) -> str:
    """What happened, in words; the action's own name when there are none for it yet."""
    return str(SAID.get(action, action))
