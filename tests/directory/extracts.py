"""Extracts for tests: the sample, and what becomes of it."""

from pathlib import Path

from cpts_net.directory.practitioners import Site
from cpts_net.directory.workplace import address_key
from cpts_net.paths import ROOT

SAMPLE = ROOT / "cpts_net/demo/data/PS_LibreAcces_Personne_activite_dunois.txt"
HEADER, *LINES = SAMPLE.read_text("utf-8").splitlines()
COLUMNS = HEADER.split("|")
OLD_NAMES = {
    "Libellé civilité exercice": "Libellé civilité d'exercice",
    "Indice répétition voie (coord. Structure)": "Indice répétition voie (coord. structure)",
    "Code département (coord. structure)": "Code Département (structure)",
    "Libellé département (coord. structure)": "Libellé Département (structure)",
}
LAST_COLUMN_OF_2021 = 52


def site_of(name: str, *, postal_code: str = "28200", commune: str = "", phone: str = "") -> Site:
    """A place as a line without numbers has it."""
    address = {"name": name, "street": "", "postal_code": postal_code, "commune": commune}
    return Site(
        **dict.fromkeys(Site._fields, "")
        | {"commune_code": None, "phone": phone, "address_key": address_key(**address), **address}
    )


def written(folder: Path, *lines: str, header: str = HEADER, encoding: str = "utf-8") -> Path:
    """A file with these lines under the header."""
    path = folder / "extract.txt"
    path.write_bytes("".join(f"{line}\n" for line in (header, *lines)).encode(encoding))
    return path


def changed(line: str, **values: str) -> str:
    """The line with other values; ``Code_profession`` stands for the column "Code profession"."""
    fields = line.split("|")
    for name, value in values.items():
        at = [column.partition(" (")[0].replace(" ", "_").replace("'", "_") for column in COLUMNS].index(name)
        fields[at] = value
    return "|".join(fields)


def of_2021(folder: Path) -> Path:
    """The sample as a release of 2021 had it: four names differ, the last columns are not there yet."""
    header = [OLD_NAMES.get(name, name) for name in COLUMNS[:LAST_COLUMN_OF_2021]]
    lines = [line.split("|")[:LAST_COLUMN_OF_2021] for line in LINES]
    return written(folder, *("|".join([*line, ""]) for line in lines), header="|".join([*header, ""]))


def without(folder: Path, *names: str) -> Path:
    """The sample without some columns."""
    kept = [index for index, name in enumerate(COLUMNS) if name not in names]
    header, *lines = ("|".join(line.split("|")[index] for index in kept) for line in (HEADER, *LINES))
    return written(folder, *lines, header=header)
