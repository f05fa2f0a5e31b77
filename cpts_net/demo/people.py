"""The people of the demonstration: 226 of them, or as many as a measurement needs."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

from stdnum import luhn

from cpts_net.directory.practitioners import Practice, Practitioner
from cpts_net.folding import fold

EXTRACT = Path(__file__).parent / "data" / "PS_LibreAcces_Personne_activite_dunois.txt"
DOMAIN = "cpts-dunois.example"  # A reserved name: no mail can ever leave for it.
RPPS_PREFIX = "99728"  # Real ones begin with 10.
LARGEST = 99_999  # The prefix leaves five digits beside the key.
DOUBLE_NAMES = 0.3
ONE_IN = 11
FURTHER_PRACTICES = {
    "10": Practice("10", "Médecin", "SM59", "Médecine d’urgence"),
    "21": Practice("83", "Orthopédiste-Orthésiste", None, ""),
    "70": Practice("71", "Ostéopathe", None, ""),
}

FAMILY_NAME, GIVEN_NAME = 7, 8  # Places in a line of the extract.
IDENTIFIER, NATIONAL_IDENTIFIER = 1, 2
STRUCTURE = 23  # Its technical id.
ADDRESS = slice(34, 38)  # Bureau cedex, postal code, INSEE code, commune: they go together.
PHONE = 40


@dataclass(frozen=True)
class InventedPerson:
    """A member as the plans need them; the RPPS number tells people apart."""

    rpps: str
    given_name: str
    family_name: str
    profession: str
    specialty: str
    commune: str
    is_woman: bool
    display_name: str


def enlarged(extract: Iterable[str], count: int, random: Random) -> list[str]:
    """The lines of the extract, and new people made from them until there are ``count``.

    A new person has somebody's profession, somebody else's commune, a name of
    their own and a number whose key is right.
    """
    lines = list(extract)
    rows = [line.rstrip("\n").split("|") for line in lines[1:]]
    known = len({row[IDENTIFIER] for row in rows})
    simple_names = sorted({row[FAMILY_NAME] for row in rows if "-" not in row[FAMILY_NAME]})
    for serial in range(known + 1, count + 1):
        row, neighbour, namesake = random.choice(rows), random.choice(rows), random.choice(rows)
        number = f"{RPPS_PREFIX}{serial:05}"
        number += luhn.calc_check_digit(number)
        family = random.sample(simple_names, 2) if random.random() < DOUBLE_NAMES else [random.choice(simple_names)]
        new = [*row]
        new[IDENTIFIER], new[NATIONAL_IDENTIFIER] = number, f"8{number}"
        new[FAMILY_NAME], new[GIVEN_NAME] = "-".join(family), namesake[GIVEN_NAME]
        new[ADDRESS] = neighbour[ADDRESS]
        new[STRUCTURE] = ""  # They moved: another house.
        new[PHONE] = f"026191{random.randrange(10_000):04}"
        lines.append("|".join(new) + "\n")
    return lines


def with_further_practices(people: Iterable[Practitioner]) -> Iterator[Practitioner]:
    """The people, of whom one in eleven of some professions practises something else beside it."""
    seen: Counter[str] = Counter()
    for person in people:
        seen[person.profession_code] += 1
        further = FURTHER_PRACTICES.get(person.profession_code)
        has_one = further is not None and seen[person.profession_code] % ONE_IN == 0
        yield replace(person, practices=(*person.practices, further)) if further and has_one else person


def mail_addresses(people: Sequence[InventedPerson]) -> dict[str, str]:
    """An e-mail address for each person, by RPPS number; namesakes get a figure."""
    namesakes: defaultdict[str, int] = defaultdict(int)
    given = {}
    for person in people:
        name = ".".join(fold(part).replace(" ", "-") for part in (person.given_name, person.family_name))
        namesakes[name] += 1
        figure = namesakes[name] if namesakes[name] > 1 else ""
        given[person.rpps] = f"{name}{figure}@{DOMAIN}"
    return given
