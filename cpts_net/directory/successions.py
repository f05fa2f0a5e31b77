"""Who is new under an RPPS number and was known by an older one, that of ADELI. Since 2024 nobody gets that any more."""

from collections import defaultdict
from collections.abc import Sequence

from cpts_net.directory import imported_queries
from cpts_net.directory.imported_queries import Imported
from cpts_net.directory.practitioners import ADELI_PREFIX, Practitioner
from cpts_net.directory.rules import sort_key


def successions(new: Sequence[Practitioner]) -> tuple[dict[str, Imported], dict[str, Imported]]:
    """By RPPS number, as whom each of the ``new`` is known; and those who may be known, which is for people to say.

    An extract that names the older number says it. Where it does not, a person
    is taken for the one of the same name and profession who works at one of the
    same places, by number or by commune, provided that there is but one.
    """
    waiting = [person for person in new if not person.rpps.startswith(ADELI_PREFIX)]
    names = {person.rpps: sort_key(person.family_name, person.given_name) for person in waiting}
    adelis = [person.adeli for person in waiting if person.adeli]
    older = imported_queries.known_by_older_numbers(names.values(), adelis) if waiting else []
    sure: dict[str, Imported] = {}
    doubtful: dict[str, Imported] = {}
    claims: defaultdict[int, list[str]] = defaultdict(list)
    for person in waiting:
        alike = [each for each in older if _is_called(each, names[person.rpps], person)]
        said = [each for each in older if person.adeli and each.columns["rpps"] == f"{ADELI_PREFIX}{person.adeli}"]
        if found := said or [each for each in alike if len(alike) == 1 and _works_with(each, person)]:
            sure[person.rpps] = found[0]
            claims[found[0].id].append(person.rpps)
        elif alike:
            doubtful[person.rpps] = alike[0]
    for numbers in claims.values():
        for rpps in numbers if len(numbers) > 1 else ():
            doubtful[rpps] = sure.pop(rpps)
    return sure, doubtful


def _is_called(known: Imported, name: str, person: Practitioner) -> bool:
    return (known.columns["sort_key"], known.columns["profession_code"]) == (name, person.profession_code)


def _works_with(known: Imported, person: Practitioner) -> bool:
    there = {each.place.phone for each in known.held} | {each.place.commune for each in known.held}
    said = {site.phone for site in person.sites} | {site.commune for site in person.sites}
    return bool((there & said) - {""})
