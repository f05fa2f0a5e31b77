"""No number that names a patient is ever kept: free texts refuse it."""

import re

from flask_babel import gettext as _
from stdnum.fr import nir
from wtforms import Field, Form
from wtforms.validators import ValidationError

# Sex, year, month (20 and above: of the register), département, commune, order,
# perhaps the key; with spaces, dots or hyphens between them, as people write it.
_NIR = re.compile(
    r"(?<![0-9A-Za-z])"
    r"([1-478])[\s.\-]?(\d{2})[\s.\-]?(0[1-9]|1[0-2]|[2-9]\d)[\s.\-]?(\d{2}|2[AB])[\s.\-]?(\d{3})[\s.\-]?(\d{3})"
    r"(?:[\s.\-]?(\d{2}))?"
    r"(?![0-9A-Za-z])",
    re.ASCII | re.IGNORECASE,
)
_ODD_SPACES = str.maketrans(dict.fromkeys("\u00a0\u2009\u202f", " "))


def contains_nir(text: str) -> bool:
    """Whether ``text`` holds a French social security number (NIR, or the INS made of it).

    A number whose key is wrong is none; one written without its key counts.
    """
    return any(_has_right_key(*found.groups()) for found in _NIR.finditer(text.translate(_ODD_SPACES)))


def _has_right_key(*parts: str | None) -> bool:
    *number, key = (part or "" for part in parts)
    return not key or nir.calc_check_digits("".join(number).upper()) == key


def refuse_nir(_form: Form, field: Field) -> None:
    """Validator of every free text field.

    Raises:
        ValidationError: when the text holds a social security number.
    """
    if contains_nir(field.data or ""):
        raise ValidationError(
            _("Ce texte contient un numéro de sécurité sociale\u202f: retirez tout ce qui identifie un patient.")
        )
