"""What a feed is over HTTP: points 1 to 6 of what calendars need, each by its number."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from cpts_net.calendars import actions, tokens
from cpts_net.calendars.models import Feed
from cpts_net.calendars.tokens import FeedKey
from cpts_net.pictures import kept
from cpts_net.storage import revisions
from cpts_net.storage.connections import db
from cpts_net.storage.transaction import transaction
from tests.conftest import NOW

EVENING = datetime(2026, 8, 12, 18, 0, tzinfo=UTC)


@pytest.fixture
def person(make):
    return make.person()


@pytest.fixture
def owner(make, person):
    return make.account(person)


@pytest.fixture
def feed(subscribe, make, owner, person):
    """A feed with one leave."""
    make.absence(person, date(2026, 9, 1), date(2026, 9, 4))
    return subscribe(owner)


@pytest.fixture
def touch(app):
    """Count a change of what feeds show, so that they are made anew."""

    def touched():
        with app.app_context(), transaction():
            revisions.bump(revisions.CONTINUITY)

    return touched


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Accept": "image/png"},
        {"Authorization": "Bearer "},
        {"Authorization": "Basic bm9ib2R5Om5vdGhpbmc="},
        {"Cookie": "cpts=nonsense"},
        {"Accept_Language": "en", "Cookie": "langue=en"},
        {"Accept_Encoding": "gzip, br"},
    ],
)
def test_1_feed_answers_whatever_is_asked_with_it(feed, headers):
    first = feed.get()

    response = feed.get(**headers)

    assert response.status_code == 200
    assert response.content_type == "text/calendar; charset=utf-8"
    assert response.data == first.data
    assert not {"Set-Cookie", "Vary", "Content-Disposition", "Location", "Content-Encoding"} & set(
        response.headers.keys()
    )


def test_1_feed_answers_head_with_the_same_headers(feed):
    got = feed.get()

    head = feed.open("HEAD")

    assert (head.status_code, head.data) == (200, b"")
    assert dict(head.headers) == dict(got.headers)


def test_1_address_is_short_and_ends_in_ics(subscribe, owner):
    address = subscribe(owner, name="Un nom de soixante caractères, c’est long, mais on peut").url
    usual = address.replace("http://localhost:8000", "https://reseau.cpts-beauce-gatinais.fr")

    assert address.endswith(".ics")
    assert len(usual) < 100


def test_2_tag_is_strong_and_of_the_bytes(feed, make, person, touch):
    before = feed.get()
    make.absence(person, date(2026, 10, 1), date(2026, 10, 2))
    touch()

    after = feed.get()

    assert before.headers["ETag"].startswith('"')
    assert before.headers["ETag"] != after.headers["ETag"]


@pytest.mark.parametrize("listed", ["{tag}", "W/{tag}", '"other", {tag}', '"other", W/{tag}', "*"])
def test_2_known_tag_is_not_sent_again(feed, listed):
    tag = feed.get().headers["ETag"]

    response = feed.get(If_None_Match=listed.format(tag=tag))

    assert (response.status_code, response.data) == (304, b"")
    assert response.headers["ETag"] == tag
    assert response.headers["Cache-Control"] == "private, max-age=300"


def test_2_tag_comes_before_the_date(feed):
    date_known = feed.get().headers["Last-Modified"]

    assert feed.get(If_Modified_Since=date_known).status_code == 304
    assert feed.get(If_Modified_Since=date_known, If_None_Match='"other"').status_code == 200


def test_2_date_moves_when_an_entry_only_leaves(feed, make, person, frozen, change, touch):
    absence = make.absence(person, date(2026, 10, 1), date(2026, 10, 2))
    touch()
    before = feed.get().headers["Last-Modified"]
    frozen.move_to(NOW + timedelta(minutes=5))
    change(absence, cancelled_at=NOW)

    assert feed.get(If_Modified_Since=before).status_code == 200


def test_2_date_stays_while_nothing_changes(feed, frozen, touch):
    before = feed.get().headers["Last-Modified"]
    frozen.move_to(NOW + timedelta(minutes=5))
    touch()

    assert feed.get().headers["Last-Modified"] == before


def test_3_same_data_gives_the_same_bytes(feed, app, frozen):
    before = feed.body
    kept.prepare(app)  # As after a restart.
    frozen.move_to(NOW + timedelta(hours=3))

    assert feed.body == before


def test_4_feed_carries_its_headers(feed):
    headers = feed.get().headers

    assert headers["Cache-Control"] == "private, max-age=300"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Robots-Tag"] == "noindex"
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_4_robots_may_read_feeds(client, feed):
    robots = client.get("/robots.txt").text

    assert "Allow: /agenda/" in robots


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "PROPFIND"])
def test_5_other_methods_are_refused(feed, method):
    response = feed.open(method)

    assert response.status_code == 405
    assert set(response.headers["Allow"].split(", ")) == {"GET", "HEAD"}


def assert_nothing(response, status):
    """Plain words, never a page and never an empty calendar."""
    assert response.status_code == status
    assert response.content_type == "text/plain; charset=utf-8"
    assert "n’existe" in response.text
    assert "BEGIN" not in response.text
    assert "Set-Cookie" not in response.headers


@pytest.mark.parametrize("token", ["x", "1-1-", "1-1-AAAAAAAAAAAAAAAAAAAAAAAA"])
def test_5_unknown_address_is_404(client, feed, token):
    assert_nothing(client.get(f"/agenda/{token}/mon-agenda.ics"), 404)


def test_5_revoked_and_unknown_feed_read_alike(feed, app, client):
    end(app, actions.revoke_feed, feed)

    gone = feed.get()

    assert_nothing(gone, 410)
    assert gone.data == client.get("/agenda/x/x.ics").data


def end(app, action, feed):
    with app.app_context(), transaction():
        action(db.session.get_one(Feed, feed.feed_id), now=NOW)


def test_5_old_address_is_410_after_a_renewal(feed, app):
    feed.get()
    end(app, actions.renew_feed, feed)

    assert_nothing(feed.get(), 410)


def test_5_feed_that_was_deleted_is_410(client, app):
    token = tokens.token(FeedKey(123456, 1), app.config["SECRET_KEY"])

    assert_nothing(client.get(f"/agenda/{token}/x.ics"), 410)


def test_6_feed_ends_with_its_account(feed, change, owner):
    feed.get()
    change(owner, "sessions", suspended_at=NOW)

    assert_nothing(feed.get(), 410)


def test_6_database_and_body_hold_no_secret(feed, app):
    mac = feed.path.split("/")[2].split("-", 2)[2]
    body = feed.body.decode()

    with app.app_context():
        row = db.session.execute(select(Feed.__table__)).one()

    assert mac not in body
    assert mac not in str(row)


def test_reading_is_noted_hourly_with_the_name_of_the_reader(feed, app, frozen):
    def read():
        with app.app_context():
            kept = db.session.get_one(Feed, feed.feed_id)
            return kept.last_read_at, kept.last_reader

    feed.get(User_Agent="Google-Calendar-Importer")
    first = read()
    frozen.move_to(NOW + timedelta(minutes=59))
    feed.get(User_Agent="Mozilla/5.0 Thunderbird/153.0")
    second = read()
    frozen.move_to(NOW + timedelta(minutes=60))
    feed.get(User_Agent="Mozilla/5.0 Thunderbird/153.0")
    third = read()

    assert first == second == (NOW, "Google Agenda")
    assert third == (NOW + timedelta(hours=1), "Thunderbird")
