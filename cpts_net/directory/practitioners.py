"""What the lines of an extract say of a person."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from stdnum import luhn

from cpts_net.directory.categories import CATEGORIES
from cpts_net.directory.extract import Fields, LineDamaged
from cpts_net.directory.report import ImportReport
from cpts_net.directory.rules import WORD, goes_on, proper_name
from cpts_net.directory.territory import COMMUNE_CODE
from cpts_net.directory.trades import Practised
from cpts_net.directory.workplace import address_key
from cpts_net.folding import fold
from cpts_net.legible import legible
from cpts_net.phones import all_dialled

DOCTORS = frozenset({"10", "40"})  # TRE_G15: Médecin, Chirurgien-Dentiste.
SPECIALTY = "S"  # TRE_R04: Spécialité ordinale.
# What stands in the place of a name that is not known; signs alone fold to nothing.
NO_NAME = frozenset(
    {"", "null", "nan", "n a", "nc", "xx", "xxx", "xxxx", "sans prenom", "sans nom", "inconnu", "inconnue"}
    | {"neant", "aucun", "non renseigne", "non communique"}
)
ADELI_PREFIX = "0"
RPPS_PREFIX = "8"  # Of the national identifier; an old ADELI number keeps its 0.
LONGEST_NAME = 80
LONGEST_LABEL = 120
LONGEST_TEXT = 200
LONGEST_COMMUNE = 100
_PROFESSION_CODE = re.compile(r"[0-9A-Z]{1,5}", re.ASCII)
_SPECIALTY_CODE = re.compile(r"[0-9A-Z]{1,10}", re.ASCII)
_TECHNICAL_ID = re.compile(r"[0-9A-Za-z]{1,40}", re.ASCII)
_FINESS = re.compile(r"\d[\dAB]\d{7}", re.ASCII)
_SIRET = re.compile(r"\d{14}", re.ASCII)
_OLDER_STRUCTURE = re.compile(r"0(?P<adeli>[0-9A-Z]{9})\d{2,3}", re.ASCII)
_POSTAL_CODE = re.compile(r"\d{5}", re.ASCII)
_CEDEX = re.compile(r"\s+CEDEX\b.*", re.IGNORECASE)
_WORD = re.compile(rf"{WORD.pattern}’?")
_SMALL_WORDS = frozenset(
    {"à", "au", "aux", "d’", "de", "des", "du", "en", "et", "l’", "la", "le", "les", "sous", "sur"}
)
_ACRONYMS = frozenset(
    {"CH", "CHU", "CMP", "CPTS", "DAC", "EHPAD", "HAD", "MSP", "SARL", "SAS", "SCM", "SEL", "SELARL", "SISA", "SSIAD"}
)


class Site(NamedTuple):
    """A place where somebody works, as the extract says it."""

    technical_id: str
    finess: str
    siret: str
    address_key: str
    category_code: str
    name: str
    street: str
    postal_code: str
    commune_code: str | None
    commune: str
    phone: str


class Practice(NamedTuple):
    """A profession and perhaps a specialty, with what the lists call them."""

    profession_code: str
    profession: str
    specialty_code: str | None
    specialty: str


@dataclass(frozen=True, slots=True)
class Practitioner:
    """A person with all that they practise and all their sites, in the order of the extract."""

    rpps: str
    civility: str
    title: str
    family_name: str
    given_name: str
    practices: tuple[Practice, ...]  # One at least.
    sites: tuple[Site, ...]
    line: int  # Of the file, which says who they are.
    adeli: str = ""  # The older number, where a line says it of them.

    @property
    def profession_code(self) -> str:
        return self.practices[0].profession_code

    @property
    def specialty_code(self) -> str | None:
        return self.practices[0].specialty_code

    @property
    def practised(self) -> tuple[Practised, ...]:
        """The codes alone, as the tables keep them."""
        return tuple(Practised(each.profession_code, each.specialty_code) for each in self.practices)


def practitioner_of(lines: Sequence[tuple[int, Fields]], report: ImportReport) -> Practitioner | None:
    """The person whom the lines describe: the first good one says who, each may add a site.

    Damaged lines are refused in ``report``; None when no line is good.
    """
    good = [(number, fields) for number, fields in lines if _is_good(number, fields, report)]
    if not good:
        return None
    number, first = good[0]
    rpps = first.identifier.removeprefix(RPPS_PREFIX)
    if rpps != first.identifier and not luhn.is_valid(rpps):
        report.warn(number, f"the key of RPPS number {rpps} is wrong")
    return Practitioner(
        rpps=rpps,
        civility=first.civility[:10],
        title="DR" if _is_doctor(first) else "",
        family_name=proper_name(first.family_name),
        given_name=_given_name(number, first.given_name, report),
        practices=_practices([fields for _, fields in good]),
        sites=_merged([(number, _site(number, rpps, fields, report)) for number, fields in good], report),
        line=number,
        adeli=next(filter(None, (_adeli(fields) for _, fields in good)), ""),
    )


def _practices(lines: Sequence[Fields]) -> tuple[Practice, ...]:
    """Each profession once for each of its specialties; without one only where no line of it has one."""
    by_profession: dict[str, dict[Practice, None]] = {}
    for fields in lines:
        by_profession.setdefault(fields.profession_code, {})[_practice(fields)] = None
    return tuple(practice for found in by_profession.values() for practice in _with_specialty(found))


def _practice(fields: Fields) -> Practice:
    code, label = _specialty(fields) or (None, "")
    return Practice(fields.profession_code, fields.profession[:LONGEST_LABEL], code, label)


def _with_specialty(found: Iterable[Practice]) -> Iterable[Practice]:
    by_specialty = {practice.specialty_code: practice for practice in reversed([*found])}
    known = [practice for practice in reversed(by_specialty.values()) if practice.specialty_code]
    return known or [by_specialty[None]]


def _merged(sites: Sequence[tuple[int, Site | None]], report: ImportReport) -> tuple[Site, ...]:
    """Each place once; one that stands there without its number too is the one that has it."""
    known = [(number, site) for number, site in sites if site is not None]
    with_number = {site[:-1] for _, site in known if site.phone}
    kept: dict[Site, None] = {}
    for number, site in known:
        if site.phone or site[:-1] not in with_number:
            kept[site] = None
        else:
            report.warn(number, f"the same place again, without its number: {site.name or site.street or site.commune}")
    return tuple(kept)


def _given_name(number: int, given: str, report: ImportReport) -> str:
    """Some people have none; words that stand for none are left out, and said."""
    if fold(given) not in NO_NAME:
        return proper_name(given)
    report.warn(number, f"no given name: {given!r}")
    return ""


def _is_good(number: int, fields: Fields, report: ImportReport) -> bool:
    try:
        _check(fields)
    except LineDamaged as damage:
        report.refuse(number, str(damage))
        return False
    return True


def _check(fields: Fields) -> None:
    if fold(fields.family_name) in NO_NAME:
        raise LineDamaged(f"no family name: {fields.family_name!r}")
    if max(len(fields.family_name), len(fields.given_name)) > LONGEST_NAME:
        raise LineDamaged(f"a name longer than {LONGEST_NAME} letters")
    if not fields.profession_code:
        raise LineDamaged("no profession")
    if _PROFESSION_CODE.fullmatch(fields.profession_code) is None:
        raise LineDamaged(f"no code of a profession: {fields.profession_code!r}")


def _adeli(fields: Fields) -> str:
    """The older number of who works in a practice of their own: it was known by it, with a "0" before and a rank after."""
    known = _OLDER_STRUCTURE.fullmatch(fields.older_structure)
    return known["adeli"] if known else ""


def _is_doctor(fields: Fields) -> bool:
    if fields.exercise_civility:
        return fields.exercise_civility == "DR"
    return fields.profession_code in DOCTORS


def _specialty(fields: Fields) -> tuple[str, str] | None:
    if fields.skill_kind != SPECIALTY or _SPECIALTY_CODE.fullmatch(fields.skill_code) is None:
        return None
    return fields.skill_code, fields.skill[:LONGEST_TEXT]


def _site(number: int, rpps: str, fields: Fields, report: ImportReport) -> Site | None:
    place = fields.place
    street_number = fields.street_number.lstrip("0") + fields.street_repeat.lower()
    street = place_name(f"{fields.street_kind.lower()} {fields.street}", is_start=False)
    address = {
        "name": place_name(fields.sign or fields.company)[:LONGEST_TEXT],
        "street": f"{street_number} {street}".strip()[:LONGEST_TEXT],
        "postal_code": place.postal_code if _POSTAL_CODE.fullmatch(place.postal_code) else "",
        "commune": place_name(_CEDEX.sub("", place.commune))[:LONGEST_COMMUNE],
    }
    site = Site(
        technical_id=fields.technical_id if _TECHNICAL_ID.fullmatch(fields.technical_id) else "",
        finess=fields.finess if _FINESS.fullmatch(fields.finess) else "",
        siret=fields.siret if _SIRET.fullmatch(fields.siret) else "",
        address_key=address_key(**address, owner=rpps),
        category_code=fields.activity if fields.activity in CATEGORIES else "",
        commune_code=place.commune_code if COMMUNE_CODE.fullmatch(place.commune_code) else None,
        phone=_phone(number, fields, report),
        **address,
    )
    is_somewhere = site.name or site.street or site.commune or site.phone
    return site if is_somewhere else None


def _phone(number: int, fields: Fields, report: ImportReport) -> str:
    given = [phone for phone in (fields.phone, fields.second_phone) if phone]
    if not given:
        return ""
    found = [dialled for phone in given for dialled in all_dialled(phone)]
    if not found:
        report.warn(number, f"no phone number: {', '.join(given)}")
        return ""
    if any(len(all_dialled(phone)) > 1 for phone in given):
        report.warn(number, f"several phone numbers in one field, the first is kept: {', '.join(given)}")
    return found[0]


@lru_cache(maxsize=20_000)
def place_name(text: str, *, is_start: bool = True) -> str:
    """A street, a practice or a commune as one writes it: "rue d’Orléans", "MSP du Dunois".

    What already has both cases is left as it is. ``is_start``: the first
    letter is a capital whatever the word.
    """
    name = " ".join(legible(text).replace("'", "’").split())
    written = " ".join(_in_proper_case(word) if word.isupper() else word for word in name.split())
    return written[:1].upper() + written[1:] if is_start else written


def _in_proper_case(text: str) -> str:
    def write(word: re.Match[str]) -> str:
        if word[0] in _ACRONYMS:
            return word[0]
        small = word[0].lower()
        return small if small in _SMALL_WORDS or goes_on(word) else word[0].capitalize()

    return _WORD.sub(write, text)
