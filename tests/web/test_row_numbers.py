import pytest

from cpts_net.web.row_numbers import LARGEST, row_number

HUGE = "9" * 30


@pytest.mark.parametrize("number", [str(LARGEST), str(LARGEST + 1), HUGE])
@pytest.mark.parametrize("address", ["/groupes/{}", "/reunions/{}", "/reunions/sondages/{}", "/groupes/?page={}"])
def test_a_number_that_no_row_has_leads_nowhere(make, sign_in, address, number):
    response = sign_in(make.account(make.person())).get(address.format(number))

    # A page of a list that is not there is an empty one, with the way back to the first.
    assert response.status_code == (200 if "page" in address else 404)


@pytest.mark.parametrize("text", ["-1", "x", "", "1.5", str(LARGEST + 1), HUGE])
def test_what_is_no_number_of_a_row_is_refused(text):
    with pytest.raises(ValueError, match=r"no row|invalid literal"):
        row_number(text)


@pytest.mark.parametrize("number", [0, 1, LARGEST])
def test_numbers_of_rows_are_read(number):
    assert row_number(str(number)) == number
