"""« Notifications »: turning a device on and off, what its locked screen says, and a try."""

import pytest
from sqlalchemy import select

from cpts_net.push import queries
from cpts_net.push.models import PushDevice
from cpts_net.storage.connections import db
from tests.conftest import NOW
from tests.push.service import Browser

PAGE = "/mon-compte/notifications/"
ADD = f"{PAGE}cet-appareil"


@pytest.fixture
def account(make):
    return make.account(make.person("Anne", "Petit"), email="anne@cpts.example")


@pytest.fixture
def devices(app):
    def read():
        with app.app_context():
            return [
                (row.endpoint, row.shows_all) for row in db.session.scalars(select(PushDevice).order_by(PushDevice.id))
            ]

    return read


@pytest.fixture
def number_of(app):
    def read(browser):
        with app.app_context():
            return db.session.scalars(select(PushDevice.id).where(PushDevice.endpoint == browser.endpoint)).one()

    return read


def test_until_there_are_keys_the_page_says_so(account, sign_in, make, devices):
    assert "n’a pas encore ouvert les notifications" in sign_in(account).get(PAGE).text
    refused = sign_in(account).post(ADD, data=Browser().said, follow_redirects=True)
    assert refused.text.count("n’a pas encore ouvert les notifications") == 2
    assert devices() == []
    operator = sign_in(make.account(role="administrator"))
    assert "cpts-net push keys" in operator.get(PAGE).text
    assert "cpts-net push keys" not in sign_in(account).get(PAGE).text


def test_the_page_gives_the_key_that_a_browser_needs(account, service, sign_in, key):
    page = sign_in(account).get(PAGE)

    assert f'data-push-key="{key.public}"' in page.text


def test_a_device_is_turned_on_and_off(account, subscribe, devices, number_of):
    browser, client = subscribe(account)
    assert devices() == [(browser.endpoint, False)]
    page = client.get(PAGE).text
    assert "Cet appareil vous prévient maintenant." in page
    assert "Envoyer un essai" in page

    left = client.post(f"{PAGE}{number_of(browser)}/fin")

    assert left.status_code == 303
    assert devices() == []
    assert "Activer sur cet appareil" in client.get(PAGE).text


def test_a_browser_that_says_so_again_is_there_once(account, subscribe, devices):
    browser, client = subscribe(account)
    client.post(f"{ADD}/ecran", data={"shows_all": "y"})

    client.post(ADD, data={**browser.said, "endpoint": f"{browser.endpoint}-renewed"})

    assert devices() == [(f"{browser.endpoint}-renewed", True)]


def test_a_browser_rings_for_who_signed_in_there_last(account, make, subscribe, app):
    subscribe(account)
    other = make.account()
    subscribe(other)

    with app.app_context():
        assert queries.people_who_ring([account.person_id, other.person_id], NOW) == {other.person_id}


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"endpoint": "https://push.example/abc"}, "n’est pas connu ici"),
        ({"endpoint": "https://127.0.0.1/abc"}, "n’est pas connu ici"),
        ({"endpoint": ""}, "n’est pas connu ici"),
        ({"p256dh": "abc"}, "pas donné de quoi lui écrire"),
        ({"auth": ""}, "pas donné de quoi lui écrire"),
    ],
)
def test_what_is_no_browser_is_refused(account, service, sign_in, devices, wrong, words):
    answer = sign_in(account).post(ADD, data={**Browser().said, **wrong})

    assert answer.status_code == 422
    assert words in answer.text
    assert devices() == []


def test_what_a_locked_screen_says_is_chosen(account, subscribe, devices):
    browser, client = subscribe(account)

    client.post(f"{ADD}/ecran", data={"shows_all": "y"})
    assert devices() == [(browser.endpoint, True)]
    client.post(f"{ADD}/ecran", data={})

    assert devices() == [(browser.endpoint, False)]


def test_a_try_rings_this_device_alone(account, subscribe, service):
    here, client = subscribe(account, 1)
    there, _ = subscribe(account, 2)

    page = client.post(f"{ADD}/essai", follow_redirects=True)

    assert "L’essai est parti" in page.text
    assert "Dernière notification partie" in page.text
    (heard,) = service.heard_by(here)
    assert (heard["title"], heard["path"]) == ("Essai\u202f: cet appareil vous prévient.", PAGE)
    assert service.heard_by(there) == []


@pytest.mark.parametrize(
    ("status", "words", "is_kept"),
    [
        (410, "Ce navigateur ne reçoit plus rien", False),
        (503, "ne répond pas pour le moment", True),
        (403, "refuse cet appareil", True),
    ],
)
def test_a_try_says_what_went_wrong(account, subscribe, service, devices, status, words, is_kept):
    _browser, client = subscribe(account)
    service.answers["/fcm/send/browser-1"] = status

    page = client.post(f"{ADD}/essai", follow_redirects=True)

    assert words in page.text
    assert bool(devices()) is is_kept


def test_my_other_devices_are_listed_and_ended(account, subscribe, devices, number_of):
    _here, client = subscribe(account, 1)
    there, _ = subscribe(account, 2)
    page = client.get(PAGE).text
    assert "Mes autres appareils" in page
    assert f"/{number_of(there)}/fin" in page

    client.post(f"{PAGE}{number_of(there)}/fin")

    assert there.endpoint not in [endpoint for endpoint, _ in devices()]


def test_nobody_ends_or_tries_that_of_another(account, make, subscribe, sign_in, devices, number_of):
    theirs, _client = subscribe(account)
    other = sign_in(make.account())

    assert other.post(f"{PAGE}{number_of(theirs)}/fin").status_code == 404
    for path in ("essai", "ecran"):
        answer = other.post(f"{ADD}/{path}", data={"shows_all": "y"}, follow_redirects=True)
        assert "Cet appareil ne vous prévient plus" in answer.text
    assert "Mes autres appareils" not in other.get(PAGE).text
    assert devices() == [(theirs.endpoint, False)]


def test_a_page_says_by_itself_what_changed_and_no_word_of_it(account, subscribe, sign_in, devices, number_of):
    browser, client = subscribe(account)
    client.get(PAGE)
    quiet = {"X-Live": "1"}
    renewed = {**browser.said, "endpoint": f"{browser.endpoint}-renewed"}

    assert [client.post(ADD, data=said, headers=quiet).status_code for said in (browser.said, renewed)] == [204, 204]
    assert devices() == [(renewed["endpoint"], False)]
    assert "Cet appareil vous prévient maintenant." not in client.get(PAGE).text
    with_another_session = sign_in(account)
    assert with_another_session.post(ADD, data={**renewed, "again": "1"}, headers=quiet).status_code == 204
    assert devices() == [(renewed["endpoint"], False)]


def test_what_was_ended_from_another_device_stays_ended(account, subscribe, sign_in, devices, number_of):
    browser, client = subscribe(account)
    sign_in(account).post(f"{PAGE}{number_of(browser)}/fin")

    assert client.post(ADD, data=browser.said, headers={"X-Live": "1"}).status_code == 410
    assert devices() == []
