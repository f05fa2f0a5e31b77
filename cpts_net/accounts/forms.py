"""The forms of accounts."""

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext, ngettext
from flask_wtf import FlaskForm
from wtforms import EmailField, Field, HiddenField, PasswordField
from wtforms.validators import DataRequired, InputRequired, Length, ValidationError

from cpts_net.accounts.rules import LONGEST_PASSWORD, SHORTEST_PASSWORD, Flaw, password_flaw
from cpts_net.legible import legible
from cpts_net.settings import current_settings
from cpts_net.web.mail_field import MAIL_ADDRESS


def lower(text: str | None) -> str:
    """An address as the database keeps it."""
    return legible(text or "").lower()


class SignInForm(FlaskForm):
    """Address and password; any address will do, so that a wrong one is answered like a right one."""

    email = EmailField(
        lazy_gettext("Adresse e-mail"),
        filters=[lower],
        validators=[DataRequired(lazy_gettext("Indiquez votre adresse e-mail.")), Length(max=254)],
    )
    password = PasswordField(
        lazy_gettext("Mot de passe"),
        validators=[
            InputRequired(lazy_gettext("Indiquez votre mot de passe.")),
            Length(max=LONGEST_PASSWORD, message=lazy_gettext("Ce mot de passe est trop long.")),
        ],
    )
    next = HiddenField()
    unsent = HiddenField()  # A form that was refused because the session had ended.


class ResetForm(FlaskForm):
    """Where to send a reset link."""

    email = EmailField(
        lazy_gettext("Adresse e-mail"),
        filters=[lower],
        validators=[DataRequired(lazy_gettext("Indiquez votre adresse e-mail.")), Length(max=254)],
    )


class AddressForm(FlaskForm):
    """Another address to sign in with."""

    email = EmailField(
        lazy_gettext("Nouvelle adresse e-mail"),
        filters=[lower],
        validators=[DataRequired(lazy_gettext("Indiquez la nouvelle adresse.")), *MAIL_ADDRESS],
    )

    def __init__(self, present: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.present = present

    def validate_email(self, field: Field) -> None:
        """Refuse the address that the account has already.

        Raises:
            ValidationError: saying so.
        """
        if field.data == self.present:
            raise ValidationError(_("C’est déjà l’adresse de ce compte."))


class OwnAddressForm(AddressForm):
    """The same, from somebody who knows their password."""

    current_password = PasswordField(
        lazy_gettext("Mot de passe"),
        validators=[InputRequired(lazy_gettext("Indiquez votre mot de passe.")), Length(max=LONGEST_PASSWORD)],
    )


class NewPasswordForm(FlaskForm):
    """A password that is hard to guess for those who know the person."""

    password = PasswordField(
        lazy_gettext("Nouveau mot de passe"),
        validators=[InputRequired(lazy_gettext("Choisissez un mot de passe."))],
    )
    # For the advice given while typing; what is saved is checked against the account itself.
    about = HiddenField()

    def __init__(self, *personal: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.personal = personal
        self.about.data = " ".join(personal)

    def validate_password(self, field: Field) -> None:
        """Refuse what the rule refuses, saying why."""
        if flaw := password_flaw(field.data, about(self.personal)):
            raise ValidationError(advice(flaw, len(field.data)))


class ChangePasswordForm(NewPasswordForm):
    """A new password, from somebody who knows the current one."""

    current_password = PasswordField(
        lazy_gettext("Mot de passe actuel"),
        validators=[InputRequired(lazy_gettext("Indiquez votre mot de passe actuel.")), Length(max=LONGEST_PASSWORD)],
    )


def about(personal: Iterable[str]) -> tuple[str, ...]:
    """What a guesser would begin with: words about the person, and the name of the community."""
    return (*personal, current_settings().community)


def advice(flaw: Flaw | None, length: int) -> str:
    """Say what a password of this length lacks, or that it will do."""
    if flaw is Flaw.SHORT:
        missing = SHORTEST_PASSWORD - length
        return str(ngettext("Encore %(num)s caractère.", "Encore %(num)s caractères.", missing))
    words = {
        Flaw.LONG: _("C’est trop long\u202f: %(most)s caractères au plus.", most=LONGEST_PASSWORD),
        Flaw.PERSONAL: _("Trop proche de votre nom, de votre métier ou de la communauté\u202f: ajoutez d’autres mots."),
        Flaw.GUESSABLE: _("Trop facile à deviner. Essayez trois ou quatre mots sans lien entre eux."),
        None: _("Ce mot de passe convient."),
    }
    return str(words[flaw])
