"""The public holidays of the territory."""

from datetime import date

import holidays

from cpts_net.settings import current_settings


def public_holidays(first: date, last: date) -> dict[date, str]:
    """The public holidays from ``first`` to ``last``, each with its French name.

    ``CPTS_HOLIDAY_AREA`` says which ones there are beside the national ones.
    """
    area = current_settings().holiday_area or None
    known = holidays.country_holidays("FR", subdiv=area, years=range(first.year, last.year + 1), language="fr")
    return {day: name for day, name in sorted(known.items()) if first <= day <= last}
