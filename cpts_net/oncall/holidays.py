"""The public holidays and the school holidays of the territory."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import holidays

from cpts_net.settings import current_settings

# The last day of the school year 2027-2028: arrêté du 21 juillet 2026 (JORFTEXT000054457294), the latest that
# ``holidays`` cites. What it gives beyond is reckoned by the habits of the years before.
PUBLISHED_UNTIL = date(2028, 8, 31)


@dataclass(frozen=True)
class SchoolHoliday:
    """One stretch of school holidays, local days, both included."""

    name: str
    first: date
    last: date

    @property
    def is_published(self) -> bool:
        """Whether an arrêté says so; else it is only likely."""
        return self.last <= PUBLISHED_UNTIL


def public_holidays(first: date, last: date) -> dict[date, str]:
    """The public holidays from ``first`` to ``last``, each with its French name.

    ``CPTS_HOLIDAY_AREA`` says which ones there are beside the national ones.
    """
    area = current_settings().holiday_area or None
    known = holidays.country_holidays("FR", subdiv=area, years=range(first.year, last.year + 1), language="fr")
    return {day: name for day, name in sorted(known.items()) if first <= day <= last}


def school_holidays(first: date, last: date) -> list[SchoolHoliday]:
    """The school holidays that touch ``first`` to ``last``, whole, in time order; none where no zone is set.

    ``CPTS_SCHOOL_ZONE`` names the zone. The Wednesday evening or Saturday noon at which classes end is not told apart.
    """
    zone = current_settings().school_zone
    if not zone:
        return []
    # A stretch that is cut by the end of a year goes on in the next.
    every = _school_holidays(zone, first.year - 1, last.year + 1)
    return [each for each in every if each.first <= last and each.last >= first]


@lru_cache(maxsize=32)
def _school_holidays(zone: str, first_year: int, last_year: int) -> Sequence[SchoolHoliday]:
    years = range(first_year, last_year + 1)
    known = holidays.country_holidays("FR", subdiv=f"Zone {zone}", years=years, categories=("school",), language="fr")
    found: list[SchoolHoliday] = []
    for day, said in sorted(known.items()):
        name = said.replace("'", "’")
        if found and found[-1].name == name and found[-1].last == day - timedelta(days=1):
            found[-1] = SchoolHoliday(name, found[-1].first, day)
        else:
            found.append(SchoolHoliday(name, day, day))
    return found
