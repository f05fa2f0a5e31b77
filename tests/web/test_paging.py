"""Which page of a list an address means, and where the next one is."""

import pytest

from cpts_net.web.paging import ListPages, page_address, page_number


@pytest.mark.parametrize(
    ("asked", "number"),
    [("", 1), ("?page=3", 3), ("?page=0", 1), ("?page=-2", 1), ("?page=x", 1), (f"?page={9**30}", 1)],
)
def test_a_page_is_asked_for_by_number_and_nonsense_means_the_first(app, asked, number):
    with app.test_request_context(f"/annuaire/{asked}"):
        assert page_number() == number


@pytest.mark.parametrize(
    ("asked", "number", "address"),
    [
        ("?q=petit&page=2", 3, "/annuaire/?q=petit&page=3"),
        ("?q=petit&page=2", 1, "/annuaire/?q=petit"),
        ("", 1, "/annuaire/"),
        ("?commune=&q=a%26b", 2, "/annuaire/?q=a%26b&page=2"),
        ("?_scheme=javascript&_external=1", 2, "/annuaire/?_scheme=javascript&_external=1&page=2"),
    ],
)
def test_another_page_keeps_the_filters_and_stays_on_the_site(app, asked, number, address):
    with app.test_request_context(f"/annuaire/{asked}"):
        assert page_address(number) == address


def test_a_list_in_memory_has_the_pages_of_a_query(app):
    with app.test_request_context("/"):
        pages = ListPages(page=2, per_page=2, error_out=False, items="abcde")

    assert (pages.items, pages.total, pages.pages, pages.has_prev, pages.has_next) == (["c", "d"], 5, 3, True, True)
