"""What is asked of a mail address that somebody types."""

from flask_babel import lazy_gettext
from wtforms.validators import Email, Length, Regexp

ASCII = r"[\x21-\x7e]*\Z"  # What every mail server takes.
MAIL_ADDRESS = (
    Email(lazy_gettext("Cette adresse e-mail n’est pas complète.")),
    Regexp(ASCII, message=lazy_gettext("Écrivez cette adresse sans accents.")),
    Length(max=254),
)
