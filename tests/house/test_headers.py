"""The security headers that every answer carries, whatever it answers."""

from dataclasses import replace

import pytest

from cpts_net.app import create_app

EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def broken():
    raise ZeroDivisionError("a secret of the inside")


ANSWERS = {
    "/connexion": 200,
    "/": 303,
    "/nulle-part": 404,
    "/static/css/base.css": 200,
    "/static/css/nothing.css": 404,
    "/robots.txt": 500,
}


@pytest.fixture
def failing(app, monkeypatch):
    monkeypatch.setitem(app.view_functions, "home.robots", broken)
    broken.access = app.view_functions["home.health"].access


@pytest.mark.parametrize("path", ANSWERS)
@pytest.mark.usefixtures("failing")
def test_every_answer_carries_the_headers(client, path):
    response = client.get(path)

    assert response.status_code == ANSWERS[path]
    assert {name: response.headers.get(name) for name in EVERYWHERE} == EVERYWHERE
    policy = directives(response)
    assert (policy["default-src"], policy["script-src"], policy["style-src"]) == ("'none'", "'self'", "'self'")
    assert {policy[name] for name in ("base-uri", "object-src", "frame-ancestors")} == {"'none'"}
    assert policy["form-action"] == "'self'"
    assert not {"unsafe-inline", "unsafe-eval", "*"} & set(" ".join(policy.values()).replace("'", "").split())


def test_a_method_that_is_not_allowed_is_answered_with_them_too(client):
    response = client.delete("/sante", csrf=False)

    assert response.status_code in {400, 405}
    assert {name: response.headers.get(name) for name in EVERYWHERE} == EVERYWHERE


@pytest.mark.usefixtures("failing")
def test_a_fault_of_ours_shows_a_number_and_nothing_of_the_inside(client, caplog):
    page = client.get("/robots.txt").text

    assert "secret of the inside" not in page
    assert "ZeroDivisionError" not in page
    reference = caplog.records[-1].args[0]
    assert len(reference) == 8
    assert reference in page


def test_pages_are_kept_by_nobody_and_files_by_everybody(client):
    assert client.get("/connexion").headers["Cache-Control"] == "no-store"
    assert client.get("/static/css/base.css").headers["Cache-Control"].endswith("max-age=3600")


def test_live_connections_go_to_the_push_process_only(client):
    sources = directives(client.get("/connexion"))["connect-src"].split()

    assert "'self'" in sources
    assert {source.split("://")[1] for source in sources[1:]} == {"localhost:8001", "127.0.0.1:8001"}


def directives(response) -> dict[str, str]:
    parts = response.headers["Content-Security-Policy"].split(";")
    return {name: value for name, _, value in (part.strip().partition(" ") for part in parts)}


@pytest.fixture
def secured(settings):
    """The application as it is behind an address with TLS, with no database behind it."""
    return create_app(replace(settings, public_url="https://cpts.example", live_url="https://cpts.example"))


def test_over_tls_the_browser_is_told_to_stay_there(secured):
    response = secured.test_client().get("/robots.txt", base_url="https://cpts.example")

    assert response.headers["Strict-Transport-Security"] == "max-age=63072000; includeSubDomains"


def test_over_tls_the_cookie_is_bound_to_this_host(secured):
    response = secured.test_client().get("/connexion", base_url="https://cpts.example")

    cookie = response.headers["Set-Cookie"]
    assert cookie.startswith("__Host-cpts=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
    assert "Domain" not in cookie


def test_a_host_that_is_not_ours_is_refused(secured):
    response = secured.test_client().get("/robots.txt", base_url="https://elsewhere.example")

    assert response.status_code == 400
