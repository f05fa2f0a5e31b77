"""Nothing typed is lost, and nothing is sent twice, in a real browser."""

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import delete, select

from cpts_net.accounts.models import LoginSession
from cpts_net.accounts.passwords import hash_password
from cpts_net.groups.models import Post
from cpts_net.storage import revisions
from cpts_net.storage.connections import db
from cpts_net.storage.transaction import transaction
from tests.journeys import proxy

PASSWORD = "tournesol-vent-grenier"
WORDS = "Qui apporte l’apéritif jeudi\u202f?"


@pytest.fixture
def writer(make, product):
    """Somebody of a group, with a password, and the address of the group."""
    anne = make.person("Anne", "Petit")
    group = make.group(members=[anne])
    with product.app.app_context():
        password_hash = hash_password(PASSWORD)
    return make.account(anne, password_hash=password_hash), f"/groupes/{group.id}"


def posts(product):
    with product.app.app_context():
        return list(db.session.scalars(select(Post.body).order_by(Post.id)))


@pytest.mark.parametrize("address", ["", proxy.USUAL, proxy.OTHER_PORT])
def test_what_an_expired_session_kept_back_leaves_after_signing_in(product, windows, writer):
    account, group = writer
    # The window that is signed out asks once more to be let in.
    windows.tolerate(r"socket\.io|status of 401")
    page: Page = windows.open(account)
    page.goto(group)
    page.locator("textarea[name=body]").fill(WORDS)
    with product.app.app_context(), transaction():
        revisions.bump(revisions.SESSIONS)
        db.session.execute(delete(LoginSession))

    page.locator(".post-form button").click()
    expect(page.locator(".written")).to_have_text(WORDS)
    page.get_by_label("Adresse e-mail").fill(account.email)
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Me connecter").click()

    expect(page.locator("main")).to_contain_text("Message publié.")
    assert posts(product) == [WORDS]


def test_a_form_pressed_twice_is_sent_once(product, windows, writer):
    account, group = writer
    page: Page = windows.open(account)
    sent = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    page.goto(group)
    page.locator("textarea[name=body]").fill(WORDS)

    page.locator(".post-form button").dblclick(no_wait_after=True)

    expect(page.locator("main")).to_contain_text("Message publié.")
    assert len(sent) == 1
    page.go_back()
    expect(page.locator(".post-form button")).not_to_have_attribute("aria-disabled", "true")
