"""Nothing typed is lost: what is refused for its session or its token is offered again."""

import re
from html import unescape

import pytest
from html5lib import parse

from cpts_net.accounts.models import LoginSession
from cpts_net.groups.models import Post
from cpts_net.storage import revisions
from cpts_net.storage.connections import db
from cpts_net.storage.transaction import transaction
from cpts_net.web import signed_links
from tests.accounts.conftest import PASSWORD

WORDS = "Qui apporte l’apéritif\u202f?\n<b>Moi</b> non."


@pytest.fixture
def writer(app, make, somebody, enter):
    """Somebody of a group, in a browser; and the address of the group's thread."""
    anne = make.person("Anne", "Petit")
    group = make.group(members=[anne])
    account = somebody(person_id=anne.id)
    browser = app.test_client()
    enter(account.email, browser=browser)
    return account, browser, f"/groupes/{group.id}/messages"


def forms(page):
    """Each form of a page that changes something: where it goes, and its fields."""
    tree = parse(page.text, namespaceHTMLElements=False)
    return [
        (form.get("action"), {field.get("name"): field.get("value") for field in form.iter("input")})
        for form in tree.iter("form")
        if form.get("method") == "post"
    ]


def end_session(browser):
    """As if it had run out: the row is gone, the cookie is not."""
    with browser.application.app_context(), transaction():
        revisions.bump(revisions.SESSIONS)
        db.session.query(LoginSession).delete()


def send(browser, form, **typed):
    """Press the button of a form that a page showed."""
    address, fields = form
    return browser.post(address, data={**fields, **typed}, csrf=False)


def test_what_an_expired_session_kept_back_is_sent_after_signing_in(writer, rows):
    account, browser, thread = writer
    end_session(browser)

    door = browser.post(thread, data={"body": WORDS})
    assert door.status_code == 401
    assert "apporte l’apéritif" in door.text
    inside = send(browser, forms(door)[0], email=account.email, password=PASSWORD)
    assert rows(Post) == []  # Signing in is one thing, sending another.
    sent = send(browser, forms(inside)[0])

    assert sent.status_code == 303
    assert [post.body for post in rows(Post)] == [WORDS]
    assert "send_again.js" in inside.text  # In a browser it leaves by itself.


def test_what_was_typed_outlives_a_wrong_password(writer, rows):
    account, browser, thread = writer
    end_session(browser)
    door = browser.post(thread, data={"body": WORDS})

    again = send(browser, forms(door)[0], email=account.email, password="wrong")
    inside = send(browser, forms(again)[0], email=account.email, password=PASSWORD)
    send(browser, forms(inside)[0])

    assert again.status_code == 422
    assert [post.body for post in rows(Post)] == [WORDS]


def test_a_form_whose_token_is_of_another_session_is_offered_again(writer, rows):
    _account, browser, thread = writer

    expired = browser.post(thread, data={"body": WORDS, "csrf_token": "old"}, csrf=False)
    sent = send(browser, next(form for form in forms(expired) if form[0] == thread))

    assert expired.status_code == 400
    assert sent.status_code == 303
    assert [post.body for post in rows(Post)] == [WORDS]


def test_every_value_comes_back_also_several_of_one_name(client):
    expired = client.post(
        "/connexion?next=/plus/", data={"email": "a@b.example", "box": ["1", "2"], "text": 'a " b\n<i>'}, csrf=False
    )

    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', expired.text)
    values = [(name, unescape(value)) for name, value in found if name != "csrf_token"]
    assert values == [("email", "a@b.example"), ("box", "1"), ("box", "2"), ("text", 'a " b\n<i>')]
    assert forms(expired)[0][0] == "/connexion?next=/plus/"


@pytest.mark.parametrize("name", ["password", "current_password", "csrf_token"])
def test_no_password_and_no_token_is_written_out(client, name):
    expired = client.post("/connexion", data={"email": "a@b.example", name: "s3cret-of-mine"}, csrf=False)

    assert "s3cret-of-mine" not in expired.text
    assert ('type="password"' in expired.text) is ("password" in name)  # To be typed again.


@pytest.mark.parametrize("headers", [{"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://e.vil"}])
@pytest.mark.parametrize("is_signed_in", [True, False])
def test_what_another_site_sends_is_never_offered(writer, headers, is_signed_in):
    _account, browser, thread = writer
    if not is_signed_in:
        end_session(browser)

    refused = browser.post(thread, data={"body": "Envoyez-moi de l’argent"}, headers=headers)

    assert "argent" not in refused.text
    assert not any(address == thread for address, _fields in forms(refused))
    assert not any(fields.get("unsent") for _address, fields in forms(refused))


def test_what_no_browser_vouches_for_waits_for_a_button(writer, rows):
    account, browser, thread = writer
    browser.delete_cookie("cpts")

    door = browser.post(thread, data={"body": WORDS}, csrf=False)
    inside = send(browser, forms(door)[0], email=account.email, password=PASSWORD)

    assert "send_again.js" not in inside.text
    assert "data-send-at-once" not in inside.text
    assert "apporte l’apéritif" in inside.text


def test_what_somebody_else_had_filled_in_waits_for_a_button_and_says_so(writer, somebody, rows):
    _account, browser, thread = writer
    end_session(browser)
    colleague = somebody(email="luc@cpts.example")

    door = browser.post(thread, data={"body": WORDS})
    inside = send(browser, forms(door)[0], email=colleague.email, password=PASSWORD)

    assert inside.status_code == 200
    assert "data-send-at-once" not in inside.text
    assert "send_again.js" not in inside.text
    assert "en votre nom" in inside.text
    assert rows(Post) == []


@pytest.mark.parametrize("forged", ["x", "WyJhIl0.c2ln", "{}"])
def test_a_form_that_we_did_not_keep_is_none(somebody, enter, forged):
    answer = enter(somebody().email, unsent=forged)

    assert (answer.status_code, answer.location) == (303, "/")


def test_a_link_made_for_something_else_is_no_kept_form(app, somebody, enter):
    with app.app_context():
        other = signed_links.sign("answer", {"address": "/", "fields": [], "secrets": [], "is_ours": True})

    assert enter(somebody().email, unsent=other).status_code == 303


@pytest.mark.parametrize(
    "path", ["//elsewhere.example/groupes/1/messages", "/groupes/1/messages?_external=1&_scheme=x"]
)
def test_it_is_offered_to_an_address_of_ours_only(client, path):
    answer = client.post(path, data={"body": "Un mot ou deux"}, csrf=False, headers={"Sec-Fetch-Site": "same-origin"})

    assert all(re.match(r"/(?!/)", address) for address, _fields in forms(answer))


def test_what_is_far_too_large_is_refused_and_not_repeated(client):
    answer = client.post("/connexion", data={"email": "a" * 300_000}, csrf=False)
    larger = client.post("/connexion", data={"email": "a" * 9_000_000}, csrf=False)

    assert answer.status_code == 400
    assert larger.status_code == 413
    assert len(answer.text) + len(larger.text) < 20_000


def test_a_preview_after_the_session_leaves_the_page_as_it_is(make, sign_in):
    browser = sign_in(make.account(make.person()))
    end_session(browser)

    answer = browser.post("/absences/apercu", data={"note": WORDS}, headers={"HX-Request": "true"})

    assert (answer.status_code, answer.text) == (401, "")
    assert answer.headers["HX-Reswap"] == "none"
    assert "HX-Redirect" not in answer.headers


def test_a_script_that_asks_for_json_is_told_in_json(client):
    answer = client.get("/absences/", headers={"Accept": "application/json"})

    assert (answer.status_code, answer.json) == (401, {"error": "signed out"})
