"""A territory's holidays, by whatever its operator calls it."""

from datetime import date

import pytest
from holidays.countries.france import France

from cpts_net.holiday_areas import holiday_area

SAINT_STEPHEN = date(2026, 12, 26)  # A holiday in Alsace and the Moselle only.


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        *(("67", "6AE"), ("68", "6AE"), ("FR-67", "6AE"), ("6AE", "6AE"), ("Alsace", "6AE"), ("Bas-Rhin", "6AE")),
        *(("57", "57"), ("57 ", "57"), ("FR-57", "57"), ("moselle", "57")),
        *((code, code) for code in ("971", "972", "973", "974", "976")),
        *(("RE", "974"), ("La Réunion", "974"), ("réunion", "974"), ("FR-RE", "974"), ("GP", "971")),
        *(("975", "PM"), ("977", "BL"), ("978", "MF"), ("PM", "PM"), ("Saint-Barthélemy", "BL"), ("987", "PF")),
        *((code, "") for code in ("", "01", "1", "28", "20", "2A", "2b", "FR-2B", "75", "95", "FR-75")),
    ],
)
def test_an_area_is_understood(written, meant):
    assert holiday_area(written) == meant


@pytest.mark.parametrize("written", ["Bretagne", "Zone A", "96", "00", "979", "67000", "FR", "FR-", "6 7"])
def test_an_area_that_is_not_known_is_refused(written):
    with pytest.raises(ValueError, match="Moselle"):
        holiday_area(written)


@pytest.mark.parametrize("number", range(1, 96))
def test_every_departement_leads_to_a_calendar_that_exists(number):
    area = holiday_area(f"{number:02}")

    assert (SAINT_STEPHEN in France(subdiv=area or None, years=2026)) == (number in {57, 67, 68})
