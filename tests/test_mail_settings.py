"""A mail server is understood as it was meant, or refused by name; a password never leaves in clear."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cpts_net.mail_settings import Security, mail_server, sender


@pytest.mark.parametrize(
    ("url", "security", "port"),
    [
        ("smtp://relay.example", Security.NONE, 25),
        ("smtp://relay.example?starttls=0", Security.NONE, 25),
        ("smtp://relay.example?starttls=1", Security.STARTTLS, 25),
        ("smtp://u:p@relay.example:587?starttls=1", Security.STARTTLS, 587),
        ("smtp://u:p@relay.example:587/?starttls=1", Security.STARTTLS, 587),
        ("smtp://u:p@relay.example:587?starttls=true", Security.STARTTLS, 587),
        ("smtp://u:p@relay.example:587?STARTTLS=Yes", Security.STARTTLS, 587),
        ("smtp://u:p@relay.example:587", Security.STARTTLS, 587),
        ("smtps://u:p@relay.example", Security.TLS, 465),
        ("SMTPS://u:p@relay.example:1465", Security.TLS, 1465),
    ],
)
def test_a_server_is_understood(url, security, port):
    server = mail_server(url)

    assert server is not None
    assert (server.host, server.port, server.security) == ("relay.example", port, security)


def test_a_user_may_be_a_mail_address_and_a_password_hold_any_sign():
    server = mail_server("smtp://prenom.nom@cpts.example:a%23b%3Fc%2F@relay.example")

    assert server is not None
    assert (server.user, server.password) == ("prenom.nom@cpts.example", "a#b?c/")


@pytest.mark.parametrize(
    "url",
    [
        "relay.example:587",
        "submission://u:hush@relay.example",
        "smtp+starttls://u:hush@relay.example",
        "smtp://u:hush@relay.example?tls=1",
        "smtp://u:hush@relay.example?ssl=true",
        "smtp://u:hush@relay.example?starttls=1&tls=1",
        "smtp://u:hush@relay.example?starttls=0",
        "smtp://u:hush@relay.example?starttls=required",
        "smtp://u:hush@relay.example?starttls",
        "smtp://u:hush@relay.example?starttls=1&starttls=0",
        "smtps://u:hush@relay.example?starttls=1",
        "smtp://u:hush@relay.example:465",
        "smtp://u:hush#1@relay.example",
        "smtp://u:1?hush@relay.example",
        "smtp://u:hush/1@relay.example",
        "smtp://u:hush@relay.example/box",
        "smtp://u:hush@relay.example:0",
        "smtp://u:hush@relay.example:99999",
        "smtp://u:hush@",
        "smtp://user@relay.example",
        "smtp://u:hushé@relay.example",
        "smtp://rela y.example",
    ],
)
def test_what_cannot_be_meant_is_refused_without_repeating_the_password(url):
    with pytest.raises(ValueError, match=r"smtps?:|accents") as refused:
        mail_server(url)

    assert "hush" not in str(refused.value)


@given(
    scheme=st.sampled_from(["smtp", "smtps", "SMTP", "submission", "smtp+tls", "http"]),
    port=st.sampled_from(["", ":25", ":465", ":587"]),
    query=st.sampled_from(
        ["", "?starttls=1", "?starttls=0", "?starttls=no", "?tls=1", "?StartTLS=on", "?x", "?starttls"]
    ),
)
def test_no_address_with_a_password_leads_to_a_server_in_clear(scheme, port, query):
    try:
        server = mail_server(f"{scheme}://user:password@relay.example{port}{query}")
    except ValueError:
        return

    assert server is not None
    assert server.security is not Security.NONE


@pytest.mark.parametrize(
    ("written", "name", "address"),
    [
        ("ne-pas-repondre@cpts.example", "", "ne-pas-repondre@cpts.example"),
        ("CPTS de l’Étoile <a@cpts.example>", "CPTS de l’Étoile", "a@cpts.example"),
        ("CPTS Dunois, Sud 28 <a@cpts.example>", "CPTS Dunois, Sud 28", "a@cpts.example"),
        ('"CPTS Dunois, Sud 28" <a@cpts.example>', "CPTS Dunois, Sud 28", "a@cpts.example"),
        ("CPTS (Dunois); Sud: 28 <a@cpts.example>", "CPTS (Dunois); Sud: 28", "a@cpts.example"),
        ("<a@réseau.example>", "", "a@xn--rseau-bsa.example"),
    ],
)
def test_a_sender_is_understood_whatever_its_name(written, name, address):
    found = sender(written)

    assert (found.display_name, found.addr_spec) == (name, address)


@pytest.mark.parametrize(
    "written",
    [
        "CPTS Dunois",
        "secrétariat@cpts.example",
        "CPTS <secrétariat@cpts.example>",
        "a@",
        "@cpts.example",
        "a b@cpts.example",
        "a..b@cpts.example",
        ".a@cpts.example",
        "a@b@cpts.example",
        "<a@cpts.example> <b@cpts.example>",
        "a@cpts.example, b@cpts.example",
    ],
)
def test_a_sender_that_no_server_takes_is_refused(written):
    with pytest.raises(ValueError, match="must be like"):
        sender(written)
