"""The extract of the Annuaire Santé (RPPS) as a file: its layout, and its lines by person.

Fields are parted by ``|`` and never quoted; the first line names them. The
names differ a little between releases, and columns come and go.
"""

import re
import tempfile
import unicodedata
import zipfile
from array import array
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import IO, NamedTuple

from cpts_net.directory.report import ImportReport
from cpts_net.directory.territory import Place, Territory
from cpts_net.folding import fold

SEPARATOR = "|"
LONGEST_LINE = 64 * 1024
LARGEST_EXTRACT = 4 * 1024**3  # All of France takes less than 2 GiB.
CHUNK = 1024 * 1024
SHOWN_OF_FOREIGN = 60
_ASIDE = re.compile(r"\((coord\.?[^)]*|structure)\)", re.IGNORECASE)
_NOT_TEXT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffd]")
_IDENTIFIER = re.compile(r"8\d{11}|0[0-9A-Z]{9}", re.ASCII)


class Fields(NamedTuple):
    """The fields of a line that the directory uses; empty where the file has no such column."""

    identifier: str
    exercise_civility: str
    civility: str
    family_name: str
    given_name: str
    profession_code: str
    profession: str
    skill_kind: str
    skill_code: str
    skill: str
    mode: str
    siret: str
    finess: str
    technical_id: str
    company: str
    sign: str
    street_number: str
    street_repeat: str
    street_kind: str
    street: str
    cedex: str
    postal_code: str
    commune_code: str
    commune: str
    phone: str
    second_phone: str
    department: str
    activity: str
    older_structure: str

    @property
    def place(self) -> Place:
        """Where the line says that the person works."""
        commune = self.commune or self.cedex.removeprefix(self.postal_code).strip()
        return Place(self.commune_code, self.postal_code, commune, self.department)


COLUMNS = Fields(
    identifier="Identification nationale PP",
    exercise_civility="Code civilité d'exercice",
    civility="Code civilité",
    family_name="Nom d'exercice",
    given_name="Prénom d'exercice",
    profession_code="Code profession",
    profession="Libellé profession",
    skill_kind="Code type savoir-faire",
    skill_code="Code savoir-faire",
    skill="Libellé savoir-faire",
    mode="Code mode exercice",
    siret="Numéro SIRET site",
    finess="Numéro FINESS site",
    technical_id="Identifiant technique de la structure",
    company="Raison sociale site",
    sign="Enseigne commerciale site",
    street_number="Numéro Voie",
    street_repeat="Indice répétition voie",
    street_kind="Libellé type de voie",
    street="Libellé Voie",
    cedex="Bureau cedex",
    postal_code="Code postal",
    commune_code="Code commune",
    commune="Libellé commune",
    phone="Téléphone",
    second_phone="Téléphone 2",
    department="Code département",
    activity="Code secteur d'activité",
    older_structure="Ancien identifiant de la structure",
)
REQUIRED = ("identifier", "family_name", "given_name", "profession_code", "mode")
ONE_OF = ("postal_code", "commune_code")


class ExtractUnreadable(ValueError):
    """The file as a whole is no extract that can be read; says why."""


class LineDamaged(ValueError):
    """One line cannot be used; says why."""


@dataclass(frozen=True)
class Layout:
    """How the lines of one file are written."""

    encoding: str
    width: int
    pick: Callable[[list[str]], tuple[str, ...]]

    def fields(self, raw: bytes) -> Fields:
        """Raises LineDamaged for a line that is cut, too long or no text."""
        if len(raw) > LONGEST_LINE:
            raise LineDamaged(f"longer than {LONGEST_LINE} bytes")
        try:
            text = unicodedata.normalize("NFC", raw.decode(self.encoding).rstrip("\r\n"))
        except UnicodeDecodeError as junk:
            raise LineDamaged(f"not {self.encoding} text") from junk
        parts = text.split(SEPARATOR)
        if len(parts) != self.width:
            raise LineDamaged(f"{len(parts)} fields instead of {self.width}")
        if _NOT_TEXT.search(text):
            raise LineDamaged("holds control characters")
        parts.append("")
        return Fields._make(map(str.strip, self.pick(parts)))


def layout_of(header: bytes) -> Layout:
    """Read the first line.

    The accents of the header tell the encoding: UTF-8, else Windows' cp1252.

    Raises:
        ExtractUnreadable: for a foreign file, or when columns are missing.
    """
    try:
        encoding, text = "utf-8", header.decode("utf-8-sig").rstrip("\r\n")
    except UnicodeDecodeError:
        encoding, text = "cp1252", header.decode("cp1252", errors="replace").rstrip("\r\n")
    names = [_column_key(name) for name in text.split(SEPARATOR)]
    places = {name: index for index, name in reversed(list(enumerate(names))) if name}
    found = {field: places.get(_column_key(name)) for field, name in COLUMNS._asdict().items()}
    if not any(found[field] is not None for field in (*REQUIRED, *ONE_OF)):
        start = repr(text[:SHOWN_OF_FOREIGN])
        raise ExtractUnreadable(f"line 1: not an extract of the Annuaire Santé, it begins with {start}")
    missing = [repr(getattr(COLUMNS, field)) for field in REQUIRED if found[field] is None]
    if all(found[field] is None for field in ONE_OF):
        missing.append(" or ".join(repr(getattr(COLUMNS, field)) for field in ONE_OF))
    if missing:
        raise ExtractUnreadable(f"line 1: columns are missing: {', '.join(missing)}")
    absent = len(names)  # The empty field that is added to each line.
    return Layout(encoding, len(names), itemgetter(*(absent if at is None else at for at in found.values())))


def _column_key(name: str) -> str:
    return fold(_ASIDE.sub("", name))


@contextmanager
def opened(path: Path) -> Iterator[IO[bytes]]:
    """The extract, or the one inside a ``.zip``, as a file that can be read twice.

    Raises:
        ExtractUnreadable: when a zip is broken or holds no extract.
    """
    with ExitStack() as stack:
        if not zipfile.is_zipfile(path):
            yield stack.enter_context(path.open("rb"))
            return
        file = stack.enter_context(tempfile.TemporaryFile())
        try:
            archive = stack.enter_context(zipfile.ZipFile(path))
            with archive.open(_extract_within(archive)) as packed:
                _unpack(packed, file)
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError) as broken:
            raise ExtractUnreadable(f"the zip file cannot be read: {broken}") from broken
        file.seek(0)
        yield file


def _unpack(packed: IO[bytes], file: IO[bytes]) -> None:
    """Copy no more than an extract can hold: a zip of a few kilobytes can fill a disk."""
    left = LARGEST_EXTRACT
    while part := packed.read(CHUNK):
        left -= len(part)
        if left < 0:
            raise ExtractUnreadable(f"the zip file unpacks to more than {LARGEST_EXTRACT >> 30} GiB")
        file.write(part)


def _is_packers(name: str) -> bool:
    """Whether a file in a zip is one of those that packers add for themselves: "__MACOSX/._extract.txt"."""
    folders = name.split("/")
    return "__MACOSX" in folders or folders[-1].startswith(".")


def _extract_within(archive: zipfile.ZipFile) -> str:
    own = [name for name in archive.namelist() if not _is_packers(name)]
    texts = [name for name in own if name.lower().endswith((".txt", ".csv"))]
    people = [name for name in texts if "personne_activite" in name.lower()]
    if len(people or texts) != 1:
        raise ExtractUnreadable(f"the zip file holds {len(people or texts)} extracts instead of one")
    return (people or texts)[0]


def situations(
    file: IO[bytes], territory: Territory, report: ImportReport, advance: Callable[[int], None]
) -> Iterator[list[tuple[int, Fields]]]:
    """For each person inside ``territory``, their lines in order, each with its number.

    A person's lines may be far apart, and an extract has millions: the first
    reading keeps only where each person's lines are, the second fetches them.
    Damaged lines go to ``report``; ``advance`` is told how many bytes were read.

    Raises:
        ExtractUnreadable: for a file that is no extract.
    """
    layout = layout_of(file.readline(LONGEST_LINE))
    people, numbers, offsets = array("q"), array("q"), array("q")
    for number, offset, raw in _lines(file):
        advance(len(raw))
        try:
            fields = _identified(layout.fields(raw))
        except LineDamaged as damage:
            report.refuse(number, str(damage))
            continue
        territory.learn(fields.place)
        if territory.may_hold(fields.place):
            people.append(int(fields.identifier, 36))
            numbers.append(number)
            offsets.append(offset)
    in_order = sorted(range(len(people)), key=people.__getitem__)
    for _, own in groupby(in_order, key=people.__getitem__):
        found = [(numbers[at], _fetch(file, offsets[at], layout, advance)) for at in own]
        if lines := [(number, fields) for number, fields in found if territory.holds(fields.place)]:
            yield lines


def _identified(fields: Fields) -> Fields:
    if _IDENTIFIER.fullmatch(fields.identifier) is None:
        raise LineDamaged(f"no RPPS number: {fields.identifier!r}")
    return fields


def _fetch(file: IO[bytes], offset: int, layout: Layout, advance: Callable[[int], None]) -> Fields:
    file.seek(offset)
    raw = file.readline()
    advance(len(raw))
    return layout.fields(raw)


def _lines(file: IO[bytes]) -> Iterator[tuple[int, int, bytes]]:
    """The number, the offset and the bytes of each line after the header that is not blank.

    Of a line that is too long, no more than what shows it.
    """
    number, offset = 1, file.tell()
    while raw := file.readline(LONGEST_LINE + 1):
        number += 1
        if raw.strip():
            yield number, offset, raw
        while len(raw) > LONGEST_LINE and not raw.endswith(b"\n"):
            raw = file.readline(LONGEST_LINE + 1)
        offset = file.tell()
