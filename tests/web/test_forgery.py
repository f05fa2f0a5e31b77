"""Forms come from our own pages; which browser tells what of it differs."""

import re
from dataclasses import replace

import pytest

from cpts_net.app import create_app
from tests.house.page import HouseClient

HOME = "https://cpts.example"


@pytest.fixture
def browser_at(settings, app):
    """A browser at the product behind this address."""

    def at(public_url):
        behind = create_app(replace(settings, public_url=public_url, live_url=public_url))
        behind.test_client_class = HouseClient
        return behind.test_client()

    return at


def send(browser, headers, base_url=HOME):
    token = re.search(r'name="csrf_token" type="hidden" value="([^"]+)"', browser.get("/connexion", base_url=HOME).text)
    return browser.post(
        "/connexion", data={"email": "", "csrf_token": token[1]}, headers=headers, base_url=base_url, csrf=False
    )


OURS = [
    {},
    {"Referer": f"{HOME}/connexion"},
    {"Origin": HOME},
    {"Origin": f"{HOME}:443"},
    {"Sec-Fetch-Site": "same-origin"},
    {"Sec-Fetch-Site": "same-origin", "Origin": "null"},  # Of somebody who hides the Referer.
    {"Sec-Fetch-Site": "none", "Origin": "null"},
]
FOREIGN = [
    {"Origin": "null"},
    {"Origin": "https://elsewhere.example"},
    {"Origin": "http://cpts.example"},
    {"Origin": f"{HOME}:8443"},
    {"Origin": "https://cpts.example.elsewhere.example"},
    {"Origin": "https://cpts.example:port"},
    {"Referer": "https://elsewhere.example/cpts.example"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site", "Referer": f"{HOME}/connexion"},
    {"Sec-Fetch-Site": "cross-site", "Origin": HOME},
]


@pytest.mark.parametrize("headers", OURS)
def test_a_form_of_ours_is_taken_whatever_the_browser_hides(browser_at, headers):
    assert send(browser_at(HOME), headers).status_code == 422  # Looked at: the address is missing.


@pytest.mark.parametrize("headers", FOREIGN)
def test_a_form_from_elsewhere_is_refused_even_with_a_token(browser_at, headers):
    refused = send(browser_at(HOME), headers)

    assert refused.status_code == 400
    assert "vient d’ailleurs" in refused.text
    assert f'href="{HOME}"' in refused.text  # What helps.


@pytest.mark.parametrize("headers", [{}, {"Sec-Fetch-Site": "same-origin"}, {"Origin": HOME}])
def test_a_form_without_its_token_is_refused_wherever_it_stood(browser_at, headers):
    refused = browser_at(HOME).post("/connexion", data={"email": "a"}, headers=headers, base_url=HOME, csrf=False)

    assert refused.status_code == 400
    assert "a expiré" in refused.text


@pytest.mark.parametrize("asked", ["https://cpts.example:24443", "https://cpts.example"])
def test_another_port_is_as_good_with_a_proxy_that_drops_it_too(browser_at, asked):
    address = "https://cpts.example:24443"
    browser = browser_at(address)

    assert send(browser, {"Origin": address}, asked).status_code == 422
    assert send(browser, {"Referer": f"{address}/connexion"}, asked).status_code == 422


def test_reading_is_never_refused(browser_at):
    answer = browser_at(HOME).get("/connexion", headers={"Sec-Fetch-Site": "cross-site"}, base_url=HOME)

    assert answer.status_code == 200
