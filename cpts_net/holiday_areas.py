"""Which public holidays a territory has beside the national ones, by what its operator calls it."""

from collections.abc import Iterator

from holidays.countries.france import France

from cpts_net.folding import fold

# Where the code of the département is not that of its holidays.
OWN = {"67": "6AE", "68": "6AE", "975": "PM", "977": "BL", "978": "MF", "986": "WF", "987": "PF", "988": "NC"}
NAMES = {"Bas-Rhin": "6AE", "Haut-Rhin": "6AE", "Réunion": "974", "SPM": "PM"}
MAINLAND = (*(f"{number:02}" for number in range(1, 96)), *map(str, range(1, 10)), "2A", "2B")


def holiday_area(text: str) -> str:
    """The subdivision whose holidays apply, as the library ``holidays`` names it; nothing for none of its own.

    Understands a département (``67``, ``2A``, ``974``), the library's codes and
    names (``6AE``, ``RE``, ``Moselle``) and those with ``FR-`` before them.

    Raises:
        ValueError: for a text that is none of them.
    """
    known = dict(_known())
    wanted = fold(text).removeprefix("fr ")
    if wanted and wanted not in known:
        raise ValueError(
            f"is {text!r}, which is not known; known are the départements 01 to 95, 2A, 2B, 971 to 978 and 986 to 988, "
            f"and {', '.join(sorted({*France.subdivisions_aliases, *NAMES, '6AE'}))}"
        )
    return known.get(wanted, "")


def _known() -> Iterator[tuple[str, str]]:
    """Each name, folded, with its subdivision."""
    yield from ((fold(code), "") for code in MAINLAND)
    for code in France.subdivisions:
        if not code.startswith("Zone"):  # Those are the school holidays'.
            yield fold(code), code
    for name, code in {**France.subdivisions_aliases, **NAMES, **OWN}.items():
        yield fold(name), code
